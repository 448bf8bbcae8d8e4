//! The system's trash (freedesktop.org Trash specification 1.0), by the crate `trash`: a film goes in, and the very same
//! file comes out.
//!
//! Invariant: a film is moved, never copied. Where the trash of its own file system cannot be used there is none.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use ::trash::TrashItem;
use ::trash::os_limited;

/// Which file it was, wherever it lies now on its file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// That of the file at a path.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let found = fs::symlink_metadata(path)?;
        Ok(Self { device: found.dev(), inode: found.ino() })
    }
}

/// Moves a file into the trash.
///
/// # Errors
/// [`io::ErrorKind::Unsupported`] where its file system has none that we may use.
pub(crate) fn put(path: &Path) -> io::Result<()> {
    if !has_trash(path)? {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "there is no trash where it lies"));
    }
    ::trash::delete(path).map_err(io::Error::other)
}

/// Takes the file out again, to `path`, which must be free.
///
/// # Errors
/// [`io::ErrorKind::NotFound`] when it is no longer in the trash.
pub(crate) fn take(identity: Identity, path: &Path) -> io::Result<()> {
    let items = os_limited::list().map_err(io::Error::other)?;
    let gone = || io::Error::new(io::ErrorKind::NotFound, "it is no longer in the trash");
    let mut item = items.into_iter().find(|item| lies(item, identity)).ok_or_else(gone)?;
    let (folder, name) = path.parent().zip(path.file_name()).ok_or_else(gone)?;
    (item.original_parent, item.name) = (folder.to_owned(), name.to_owned());
    os_limited::restore_all([item]).map_err(io::Error::other)
}

/// Whether that item is the file. It lies beside its information, under the same stem.
fn lies(item: &TrashItem, identity: Identity) -> bool {
    let info = Path::new(&item.id);
    let file = info.file_stem().zip(info.parent().and_then(Path::parent));
    file.is_some_and(|(stem, trash)| Identity::of(&trash.join("files").join(stem)).is_ok_and(|it| it == identity))
}

/// The crate would copy a film across file systems where it cannot move it, which may take an hour: so it is asked only
/// where it can.
fn has_trash(path: &Path) -> io::Result<bool> {
    let device = fs::symlink_metadata(path)?.dev();
    if home_trash().is_some_and(|trash| device_of_nearest(&trash).is_ok_and(|home| home == device)) {
        return Ok(true);
    }
    let top = top_of(path, device);
    let user = rustix::process::getuid().as_raw();
    let own = [top.join(".Trash").join(user.to_string()), top.join(format!(".Trash-{user}"))];
    Ok(own.iter().any(|trash| may_write(trash)) || may_write(&top))
}

fn home_trash() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join("Trash"))
}

/// The device of a path, or of what it would be made in.
fn device_of_nearest(path: &Path) -> io::Result<u64> {
    let there = path.ancestors().find_map(|ancestor| fs::metadata(ancestor).ok());
    there.map(|found| found.dev()).ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// The highest folder above a path on the same device.
fn top_of(path: &Path, device: u64) -> PathBuf {
    let same = |folder: &&Path| fs::metadata(folder).is_ok_and(|found| found.dev() == device);
    path.ancestors().skip(1).take_while(same).last().unwrap_or(Path::new(OsStr::new("/"))).to_owned()
}

fn may_write(folder: &Path) -> bool {
    folder.is_dir() && rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells the second process where its home is.
    const HOME: &str = "PAWL_TEST_HOME";

    /// Plays the story in a process of its own, whose data folder, and so whose trash, is its own too.
    fn at_home(test: &str, story: impl FnOnce(&Path)) {
        if let Some(home) = std::env::var_os(HOME) {
            return story(Path::new(&home));
        }
        let home = tempfile::tempdir().expect("a folder");
        let mut second = std::process::Command::new(std::env::current_exe().expect("a test knows its own path"));
        second.args(["--exact", &format!("trash::tests::{test}")]);
        let ended = second.env(HOME, home.path()).env("XDG_DATA_HOME", home.path().join("data")).status();
        assert!(ended.expect("it starts").success(), "the story of {test} went wrong");
    }

    #[test]
    fn what_was_thrown_away_comes_back_as_the_same_file_under_the_name_one_wants() {
        at_home("what_was_thrown_away_comes_back_as_the_same_file_under_the_name_one_wants", |home| {
            let film = home.join("film.mov");
            fs::write(&film, "pictures").expect("a film");
            let identity = Identity::of(&film).expect("it is there");
            put(&film).expect("there is a trash");
            assert!(!film.exists(), "it is in the trash");
            fs::write(&film, "another").expect("its name is free meanwhile");
            let back = home.join("film (2).mov");
            take(identity, &back).expect("it is still there");
            assert_eq!(fs::read_to_string(&back).expect("it is back"), "pictures", "the very film");
            assert_eq!(Identity::of(&back).expect("it is back"), identity, "moved, not copied");
            assert_eq!(fs::read_to_string(&film).expect("untouched"), "another", "nothing is replaced");
        });
    }

    #[test]
    fn what_is_no_longer_in_the_trash_is_told_as_that() {
        at_home("what_is_no_longer_in_the_trash_is_told_as_that", |home| {
            let film = home.join("film.mov");
            fs::write(&film, "pictures").expect("a film");
            let identity = Identity::of(&film).expect("it is there");
            put(&film).expect("there is a trash");
            fs::remove_dir_all(home.join("data/Trash")).expect("somebody empties it");
            let refused = take(identity, &film).expect_err("it is gone for good");
            assert_eq!(refused.kind(), io::ErrorKind::NotFound, "{refused}");
        });
    }
}
