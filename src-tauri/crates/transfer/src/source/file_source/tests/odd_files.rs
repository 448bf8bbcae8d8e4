//! What is no ordinary file, or has no ordinary name.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::thread::{CapabilitySet, capabilities, set_capabilities};

use super::*;

#[tokio::test]
async fn only_regular_files_are_sources_and_a_fifo_does_not_block() {
    let folder = tempfile::tempdir().expect("a folder");
    let (fifo, socket) = (folder.path().join("fifo"), folder.path().join("socket"));
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a FIFO");
    let _listener = UnixListener::bind(&socket).expect("a socket");
    for path in [folder.path(), &fifo, &socket, Path::new("/dev/null")] {
        let error = refusal(path).await;
        assert!(matches!(&error, SourceError::NotAFile(named) if named == path), "{path:?}: {error}");
    }
}

#[tokio::test]
async fn a_link_to_a_film_is_the_film_and_one_to_nothing_is_gone() {
    let (folder, path) = film();
    let (link, dangling) = (folder.path().join("link"), folder.path().join("dangling"));
    symlink(&path, &link).expect("a link");
    symlink("nowhere", &dangling).expect("a link");
    assert_eq!(open(&link).await.fingerprint(), open(&path).await.fingerprint(), "what it points to counts");
    assert!(matches!(refusal(&dangling).await, SourceError::Gone(_)), "what it points to is not there");
}

#[tokio::test]
async fn any_name_that_the_system_allows_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = [&b"\xff\xfe.mkv"[..], b"new\nline", "\u{202e}4pm.exe".as_bytes(), &[b'a'; 255]];
    for name in names.map(OsStr::from_bytes) {
        let path = folder.path().join(name);
        fs::write(&path, b"bytes").expect("the system allows it");
        assert_eq!(open(&path).await.fingerprint().size, 5, "{name:?} is only a name");
    }
}

#[tokio::test]
async fn an_empty_file_and_a_gigantic_one_are_ordinary() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    fs::write(&path, b"").expect("an empty file");
    let empty = open(&path).await;
    assert!(empty.read(ByteRange::at(0, 0)).await.is_ok_and(|bytes| bytes.is_empty()), "nothing reads as nothing");
    assert!(empty.unchanged().await.is_ok(), "and stays it");
    File::create(&path).and_then(|file| file.set_len(100 << 30)).expect("a sparse file");
    let gigantic = open(&path).await;
    let last = gigantic.read(ByteRange::at((100 << 30) - 3, 3)).await.expect("its last bytes");
    assert_eq!(last[..], [0; 3], "offsets past four gigabytes are offsets like others");
}

/// Root may read everything, so this thread and those that its runtime starts give that right up first.
#[test]
fn a_file_without_permission_is_denied_and_named() {
    let (_folder, path) = film();
    let mut mode = fs::metadata(&path).expect("the file").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o000);
    fs::set_permissions(&path, mode).expect("nobody may read it");
    let error = std::thread::spawn({
        let path = path.clone();
        move || {
            give_up_reading_everything();
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(refusal(&path))
        }
    })
    .join()
    .expect("it does not panic");
    assert!(matches!(&error, SourceError::Denied(named) if *named == path), "the system refused: {error}");
}

fn give_up_reading_everything() {
    let mut sets = capabilities(None).expect("the rights of this thread");
    sets.effective.remove(CapabilitySet::DAC_OVERRIDE | CapabilitySet::DAC_READ_SEARCH);
    set_capabilities(None, sets).expect("rights can always be given up");
}
