//! Small disks that are really full or really read-only.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::mount::{MountFlags, UnmountFlags, mount, mount_remount, unmount};

/// A tmpfs of a given size, unmounted when it is dropped. It needs root, as the tests' machines give.
#[derive(Debug)]
pub struct Tmpfs {
    path: PathBuf,
}

impl Tmpfs {
    /// Mounts `bytes` at `path`, which is made.
    pub fn mount(path: &Path, bytes: u64) -> Result<Self> {
        std::fs::create_dir_all(path)?;
        let options = std::ffi::CString::new(format!("size={bytes}"))?;
        mount("tmpfs", path, "tmpfs", MountFlags::empty(), options.as_c_str())
            .context("cannot mount a tmpfs: these tests need root")?;
        Ok(Self { path: path.to_owned() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// From now on nothing can be written.
    pub fn read_only(&self) -> Result<()> {
        mount_remount(&self.path, MountFlags::RDONLY, "").context("cannot make it read-only")
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        // Whoever still has a file open there must not keep the mount.
        if let Err(error) = unmount(&self.path, UnmountFlags::DETACH) {
            eprintln!("{} stays mounted: {error}", self.path.display());
        }
    }
}
