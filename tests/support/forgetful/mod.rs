//! A disk that forgets what was not synced: a FUSE file system in memory, for tests of power loss.
//!
//! Killing a process never tests fsync, for the kernel still holds what was written. Under this disk the kernel's
//! promise is the disk's: [`ForgetfulDisk::cut`] leaves of every file what was synced, and of the rest whatever the
//! seed of the cut decides, torn at sector borders and out of order, as the model describes.
//!
//! ```no_run
//! # use support::forgetful::{DiskSize, ForgetfulDisk};
//! # fn lose_power(directory: &std::path::Path, seed: u64) -> anyhow::Result<()> {
//! let disk = ForgetfulDisk::mount(directory, DiskSize::mebibytes(256))?;
//! // a program works in disk.path(), and then
//! let disk = disk.cut(seed).mount(directory)?;
//! // what the program promised to keep must be in disk.path()
//! # Ok(())
//! # }
//! ```
//!
//! Strictness, where POSIX leaves a choice:
//! - fsync of a new file does not make its name durable; only fsync of its directory does.
//! - `sync_file_range`, `syncfs` and closing give nothing. `O_SYNC` and `O_DSYNC` are refused (EOPNOTSUPP).
//! - A write that meets the full disk writes nothing and fails with ENOSPC.
//! - Modes, owners and times survive every cut. There are no symbolic links, special files and extended attributes.
//!
//! A process that serves a disk must not map files of it, as SQLite does: the page fault holds a lock that the serving
//! thread may need, and both wait for ever. Let a child do that. The same holds for a process that may be killed while
//! it waits for its own disk.
//!
//! The model is pure and has no idea of the kernel; `driver` speaks FUSE; `power` is the switch between them; `mount`
//! owns the mount and its end. Whoever holds a [`ForgetfulDisk`] owns the mount: dropping it unmounts.

mod driver;
mod model;
mod mount;
mod power;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use model::Disk;
use mount::Mount;
use power::Power;

/// How much fits on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiskSize(u64);

impl DiskSize {
    /// A size in bytes. Space is given in sectors of 4 KiB.
    pub const fn bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// A size in MiB.
    pub const fn mebibytes(mebibytes: u64) -> Self {
        Self(mebibytes << 20)
    }
}

/// A mounted disk. Dropping it unmounts, and what was on it is gone.
pub struct ForgetfulDisk {
    mount: Mount,
    power: Arc<Power>,
}

/// What a power cut left. It can be mounted more than once, each time as it was left.
#[derive(Clone)]
pub struct SurvivingImage(Disk);

impl ForgetfulDisk {
    /// Mounts an empty disk at an existing directory.
    ///
    /// # Errors
    /// When `/dev/fuse` is absent, when the directory is absent or a mount point, or when the kernel refuses: the error
    /// says which.
    pub fn mount(directory: impl AsRef<Path>, size: DiskSize) -> Result<Self> {
        let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
        Self::switch_on(Disk::empty(size.0, uid, gid, SystemTime::now()), directory.as_ref())
    }

    /// Where programs find the disk.
    pub fn path(&self) -> &Path {
        self.mount.path()
    }

    /// Cuts the power now and unmounts, though handles are open: they fail from then on, and touching a mapped page may
    /// raise SIGBUS. So what runs in this very process ends first. When an armed cut ([`Self::cut_at`]) has happened
    /// already, this yields what survived that one, and `seed` decides nothing.
    pub fn cut(self, seed: u64) -> SurvivingImage {
        SurvivingImage(self.power.cut(seed))
    }

    /// Arms a cut: when operation number `operation` arrives (see [`Self::operations`]) it does not happen any more.
    /// The disk keeps what survives that instant and answers everything from then on with EIO, but for reads of open
    /// files. A number that has passed cuts at the next operation.
    pub fn cut_at(&self, operation: u64, seed: u64) {
        self.power.arm(operation, seed);
    }

    /// Waits for the armed cut, at most `timeout`. Whether it has happened.
    pub fn wait_cut(&self, timeout: Duration) -> bool {
        self.power.wait_off(timeout)
    }

    /// What a cut at this instant would leave. The disk goes on, so that one run of a program yields many survivors.
    pub fn would_survive(&self, seed: u64) -> SurvivingImage {
        SurvivingImage(self.power.would_survive(seed))
    }

    /// How many operations have arrived that change what is volatile or durable: writes, changes of size, space, mode
    /// or time, of names, and syncs of files and directories.
    pub fn operations(&self) -> u64 {
        self.power.operations()
    }

    /// Leaves `free` space from now on: whatever needs more fails with ENOSPC. `statfs` reports the same figure.
    pub fn fail_after(&self, free: DiskSize) {
        // Refused only when the power is off, and then nothing is written any more.
        self.power.adjust(|disk| disk.limit_free(free.0)).ok();
    }

    /// Refuses every change with EROFS, as a disk does that was remounted read-only after an error; or ends that.
    pub fn deny_writes(&self, deny: bool) {
        self.power.set_read_only(deny);
    }

    /// A lie, for the test of a test: from now on a sync of a file whose name ends with `ending` reports success and
    /// does nothing.
    pub fn ignore_syncs(&self, ending: &str) {
        self.power.ignore_syncs(ending);
    }

    fn switch_on(disk: Disk, directory: &Path) -> Result<Self> {
        let power = Arc::new(Power::on(disk));
        let mount = Mount::new(directory, Arc::clone(&power))?;
        Ok(Self { mount, power })
    }
}

impl Drop for ForgetfulDisk {
    /// The power goes before the mount does, so that nothing that the kernel still writes back is answered.
    fn drop(&mut self) {
        self.power.cut(0);
    }
}

impl SurvivingImage {
    /// Switches the power on again: everything that survived is there and durable.
    ///
    /// # Errors
    /// As [`ForgetfulDisk::mount`].
    pub fn mount(&self, directory: impl AsRef<Path>) -> Result<ForgetfulDisk> {
        ForgetfulDisk::switch_on(self.0.clone(), directory.as_ref())
    }
}
