//! One mount of a disk in the file system, and its end.
//!
//! Invariant: dropping a [`Mount`] leaves no mount behind, open handles or not. As root the connection is cut first, so
//! that handles of the old world fail at once; otherwise `fusermount3` detaches it and they fail at their next use,
//! for the power is off by then.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use fuser::{BackgroundSession, Config, MountOption, Session};
use rustix::mount::UnmountFlags;

use super::driver::Driver;
use super::power::Power;

/// How long a thread whose connection could not be cut may take to end before it is left alone: it ends with the last
/// handle, and somebody may still hold one.
const PATIENCE: Duration = Duration::from_secs(2);

/// A mounted disk.
pub(super) struct Mount {
    path: PathBuf,
    session: Option<BackgroundSession>,
}

impl Mount {
    /// Mounts the disk behind `power` at the directory `path`.
    pub(super) fn new(path: &Path, power: Arc<Power>) -> Result<Self> {
        ensure!(
            Path::new("/dev/fuse").exists(),
            "the forgetful disk needs /dev/fuse, and this machine has none: load the kernel module `fuse`, \
             or give the container that device"
        );
        let path = path.canonicalize().with_context(|| format!("no directory {} to mount at", path.display()))?;
        ensure!(!is_mount_point(&path)?, "{} is a mount point already", path.display());
        let mut config = Config::default();
        config.mount_options = vec![
            MountOption::FSName("forgetful".to_owned()),
            MountOption::DefaultPermissions,
            MountOption::NoAtime,
            MountOption::NoDev,
            MountOption::NoSuid,
        ];
        let session = Session::new(Driver::new(power), &path, &config).and_then(Session::spawn).with_context(|| {
            format!("cannot mount at {} (without root rights this needs fusermount3, package fuse3)", path.display())
        })?;
        Ok(Self { path, session: Some(session) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the mount away though handles are open. Whether its connection is cut too, so that its thread ends now.
    fn detach(&self) -> bool {
        let forced = UnmountFlags::FORCE | UnmountFlags::DETACH | UnmountFlags::NOFOLLOW;
        let outcome = rustix::mount::unmount(&self.path, forced);
        if outcome == Err(rustix::io::Errno::PERM) {
            let mut fusermount = Command::new("fusermount3");
            fusermount.args(["-u", "-z", "-q", "--"]).arg(&self.path).stdin(Stdio::null());
            // Without the program there would be no mount to take away.
            fusermount.status().ok();
        }
        outcome.is_ok()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let ends_now = self.detach();
        let Some(session) = self.session.take() else { return };
        let deadline = Instant::now() + PATIENCE;
        while !ends_now && !session.guard.is_finished() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
        if ends_now || session.guard.is_finished() {
            // Its error would be that the connection is gone: that is what was asked for.
            session.join().ok();
        }
    }
}

fn is_mount_point(path: &Path) -> Result<bool> {
    let above = path.parent().map_or_else(|| fs::metadata(path), fs::metadata)?;
    Ok(fs::metadata(path)?.dev() != above.dev())
}
