//! The vault's folder on disk: which path is what, and the calls that make a name durable. All of them block.
//!
//! Finished films stand in the folder under their own names. What is Pawl's own is in `.pawl`: `incoming/<upload>.part`
//! for films that still arrive, and `names/`, empty but for the moment in which a name is tried.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::statvfs;
use transfer::name::FileName;

use super::error::VaultError;
use super::moving::{self, Moved};
use crate::ports::UploadId;

/// The paths of one vault.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: PathBuf,
    incoming: PathBuf,
    names: PathBuf,
}

impl Folder {
    /// The paths of the vault in `root`, whether there is one or not.
    pub(super) fn at(root: &Path) -> Self {
        let own = root.join(".pawl");
        Self { root: root.to_owned(), incoming: own.join("incoming"), names: own.join("names") }
    }

    /// Makes what is missing in `root` and finds out whether it can be written. A full disk is no reason not to open:
    /// its films can be watched.
    pub(super) fn prepare(root: &Path) -> Result<Self, VaultError> {
        let (own, folder) = (root.join(".pawl"), Self::at(root));
        let made = [&own, &folder.incoming, &folder.names].iter().try_for_each(|path| make(path));
        made.and_then(|()| folder.check_writable(&own)).map_err(|error| VaultError::folder(root, error))?;
        Ok(folder)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where films arrive.
    pub(super) fn incoming(&self) -> &Path {
        &self.incoming
    }

    /// Where an upload's bytes are until it is finished.
    pub(super) fn part(&self, upload: &UploadId) -> PathBuf {
        self.incoming.join(format!("{upload}.part"))
    }

    /// Where a finished film is.
    pub(super) fn film(&self, name: &FileName) -> PathBuf {
        self.root.join(name.as_os_str())
    }

    /// Free for us, in bytes.
    pub(super) fn free_bytes(&self) -> io::Result<u64> {
        let disk = statvfs(&self.root)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Whether the file system takes a file of this name: better asked before the film arrives than after.
    pub(super) fn try_name(&self, name: &FileName) -> io::Result<()> {
        let path = self.names.join(name.as_os_str());
        File::create(&path)?;
        fs::remove_file(path)
    }

    /// Whether a file can be made at all. Two at once do not disturb each other.
    pub(super) fn try_writing(&self) -> io::Result<()> {
        let path = self.incoming.with_file_name("writable");
        File::create(&path)?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// The first of `name`, `name (2)`, `name (3)`… that stands for nothing, not even a broken link, and that may be had.
    pub(super) fn free_name(&self, name: &FileName, may_be_had: impl Fn(&FileName) -> bool) -> io::Result<FileName> {
        let candidates = std::iter::once(name.clone()).chain((2..=u32::MAX).map(|number| name.numbered(number)));
        for candidate in candidates {
            match fs::symlink_metadata(self.film(&candidate)) {
                Ok(_) => {}
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Err(_) if may_be_had(&candidate) => return Ok(candidate),
                Err(_) => {}
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Moves the part, whose bytes are durable, to `name` and never onto another file; durably. May be repeated.
    pub(super) fn take_in(&self, upload: &UploadId, name: &FileName, size: u64) -> io::Result<Moved> {
        let (part, film) = (self.part(upload), self.film(name));
        let moved = moving::take_in(&part, &film, size)?;
        match moved {
            Moved::There => self.sync_root().and_then(|()| self.sync_incoming())?,
            // A disk that is not mounted now lacks everything; that is no loss.
            Moved::Lost => self.sync_incoming()?,
            Moved::Taken => {}
        }
        Ok(moved)
    }

    /// Moves a film to another name and never onto another file; durably. May be repeated.
    pub(super) fn rename(&self, film: &FileName, name: &FileName, size: u64) -> io::Result<Moved> {
        let moved = moving::take_in(&self.film(film), &self.film(name), size)?;
        self.sync_root().map(|()| moved)
    }

    /// Makes the names of parts durable.
    pub(super) fn sync_incoming(&self) -> io::Result<()> {
        sync(&self.incoming)
    }

    /// Makes the names of films durable.
    pub(super) fn sync_root(&self) -> io::Result<()> {
        sync(&self.root)
    }

    fn check_writable(&self, own: &Path) -> io::Result<()> {
        match File::create(self.names.join("probe")) {
            Err(error) if error.kind() != io::ErrorKind::StorageFull => return Err(error),
            Ok(_) | Err(_) => {}
        }
        clear(&self.names)?;
        sync(own)?;
        sync(&self.root)?;
        // The folder itself may be as new as the vault. Where its parents cannot be opened we are not the ones who
        // made it.
        self.root.ancestors().skip(1).for_each(|above| drop(sync(above)));
        Ok(())
    }
}

fn make(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// What cannot be removed stays: it is in nobody's way.
fn clear(folder: &Path) -> io::Result<()> {
    fs::read_dir(folder)?.try_for_each(|entry| entry.map(|entry| drop(fs::remove_file(entry.path()))))
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (tempfile::TempDir, Folder, UploadId) {
        let home = tempfile::tempdir().expect("a folder");
        let folder = Folder::prepare(home.path()).expect("a fresh folder can be a vault");
        let upload = UploadId("one".to_owned());
        fs::write(folder.part(&upload), b"film").expect("a part");
        (home, folder, upload)
    }

    fn name(text: &str) -> FileName {
        FileName::new(text).expect("a name")
    }

    #[test]
    fn a_file_that_stands_in_the_folder_is_never_replaced() {
        let (home, folder, upload) = vault();
        fs::write(home.path().join("a.mp4"), b"mine").expect("a file of the user's");
        let moved = folder.take_in(&upload, &name("a.mp4"), 4).expect("an answer");
        assert_eq!(moved, Moved::Taken, "the name is the user's, even where sizes are equal");
        assert_eq!(fs::read(home.path().join("a.mp4")).expect("it"), b"mine", "its bytes are untouched");
        assert!(folder.part(&upload).exists(), "the part waits for another name");
    }

    #[test]
    fn moving_again_after_a_crash_finds_the_film() {
        let (_home, folder, upload) = vault();
        for attempt in ["first", "second"] {
            let moved = folder.take_in(&upload, &name("a.mp4"), 4).expect("an answer");
            assert_eq!(moved, Moved::There, "the {attempt} call ends with the film in its place");
        }
        let lost = folder.take_in(&upload, &name("b.mp4"), 4).expect("an answer");
        assert_eq!(lost, Moved::Lost, "neither part nor film: it must not be called a film");
    }

    #[test]
    fn a_link_that_a_crash_left_half_done_is_finished() {
        let (_home, folder, upload) = vault();
        fs::hard_link(folder.part(&upload), folder.film(&name("a.mp4"))).expect("a link");
        assert_eq!(folder.take_in(&upload, &name("a.mp4"), 4).expect("an answer"), Moved::There, "it is our own film");
        assert!(!folder.part(&upload).exists(), "one name is left");
    }

    #[test]
    fn a_name_that_is_taken_by_anything_is_numbered() {
        let (home, folder, _) = vault();
        std::os::unix::fs::symlink("nowhere", home.path().join("a.mp4")).expect("a broken link");
        fs::create_dir(home.path().join("a (2).mp4")).expect("a folder");
        assert_eq!(
            folder.free_name(&name("a.mp4"), |_| true).expect("a name"),
            name("a (3).mp4"),
            "links and folders are taken"
        );
        let (others, fourth) = (name("a (3).mp4"), name("a (4).mp4"));
        let free = folder.free_name(&name("a.mp4"), |candidate| *candidate != others).expect("a name");
        assert_eq!(free, fourth, "so is what another will be called");
        assert_eq!(
            folder.free_name(&name(".pawl"), |_| true).expect("a name"),
            name(".pawl (2)"),
            "our own folder is taken"
        );
    }

    #[test]
    fn a_name_is_tried_without_leaving_anything() {
        let (home, folder, _) = vault();
        folder
            .try_name(&FileName::new(&b"new\nline \xff.mkv"[..]).expect("a name"))
            .expect("this file system takes it");
        let left = fs::read_dir(home.path().join(".pawl/names")).expect("a folder").count();
        assert_eq!(left, 0, "a tried name is taken away again");
    }
}
