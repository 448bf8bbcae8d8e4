//! Files that are edited, cut, replaced or taken away while they are open.

use super::*;

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).expect("the file");
    file.write_all_at(bytes, at).expect("written in place");
}

fn is_changed<T>(answer: Result<T, SourceError>) -> bool {
    matches!(answer, Err(SourceError::Changed))
}

fn is_gone<T>(answer: Result<T, SourceError>) -> bool {
    matches!(answer, Err(SourceError::Gone(_)))
}

#[tokio::test]
async fn a_file_that_shrank_has_changed_and_no_byte_is_invented() {
    let (_folder, path) = film();
    let source = open(&path).await;
    OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(1_000)).expect("it shrinks");
    assert!(is_changed(source.unchanged().await), "its size is another");
    assert!(is_changed(source.read(ByteRange::at(999, 2)).await), "half of these bytes do not exist any more");
    assert!(is_changed(source.read(ByteRange::at(LEN as u64, 1)).await), "nor do these at all");
    assert_eq!(source.read(ByteRange::at(0, 1_000)).await.expect("there")[..], content(LEN)[..1_000], "these do");
}

#[tokio::test]
async fn a_file_that_grew_or_was_edited_has_changed() {
    let (_folder, path) = film();
    let source = open(&path).await;
    overwrite(&path, 5, b"edited");
    assert!(is_changed(source.unchanged().await), "the time of an edit shows it");
    write_yesterday(&path, &content(LEN));
    assert!(source.unchanged().await.is_ok(), "as it was");
    overwrite(&path, LEN as u64, b"more");
    set_time(&path, yesterday());
    assert!(is_changed(source.unchanged().await), "the size shows it, whatever the time says");
}

#[tokio::test]
async fn a_mere_change_of_time_is_a_change() {
    let (_folder, path) = film();
    let promised = open(&path).await.fingerprint().clone();
    set_time(&path, yesterday() + Duration::from_nanos(1));
    assert!(
        is_changed(FileSources.open(&path, Some(&promised)).await),
        "nobody knows what happened between the samples"
    );
}

/// Whoever restores size and time is found out where the samples lie, and nowhere else: this is what a fingerprint
/// that costs nothing can promise.
#[tokio::test]
async fn an_edit_that_keeps_size_and_time_shows_in_the_samples_only() {
    let (_folder, path) = film();
    let promised = open(&path).await.fingerprint().clone();
    for (at, sampled) in [(0, true), (LEN as u64 / 2, true), (LEN as u64 - 1, true), (LEN as u64 / 4, false)] {
        write_yesterday(&path, &content(LEN));
        overwrite(&path, at, &[content(LEN)[at as usize] ^ 1]);
        set_time(&path, yesterday());
        let answer = FileSources.open(&path, Some(&promised)).await;
        assert_eq!(is_changed(answer), sampled, "an edited byte at {at}");
    }
}

#[tokio::test]
async fn every_byte_of_a_small_file_is_sampled() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("clip");
    for len in [1usize, 65_536, 196_608] {
        write_yesterday(&path, &content(len));
        let promised = open(&path).await.fingerprint().clone();
        for at in [0, len / 4, len / 2, len - 1] {
            write_yesterday(&path, &content(len));
            overwrite(&path, at as u64, &[content(len)[at] ^ 1]);
            set_time(&path, yesterday());
            assert!(is_changed(FileSources.open(&path, Some(&promised)).await), "byte {at} of {len} was edited");
        }
    }
}

#[tokio::test]
async fn a_file_that_vanishes_is_gone_and_can_come_back() {
    let (folder, path) = film();
    let source = open(&path).await;
    let promised = source.fingerprint().clone();
    let away = folder.path().join("away");
    fs::rename(&path, &away).expect("it moves");
    assert!(is_gone(source.unchanged().await), "nothing is at its path");
    assert!(is_gone(FileSources.open(&path, Some(&promised)).await), "nothing to open either");
    fs::rename(&away, &path).expect("it comes back");
    assert!(source.unchanged().await.is_ok(), "the same file in its place");
    assert!(FileSources.open(&path, Some(&promised)).await.is_ok(), "what was promised is there again");
}

#[tokio::test]
async fn a_folder_that_became_a_file_hides_what_was_in_it() {
    let (_folder, path) = film();
    assert!(is_gone(FileSources.open(&path.join("inner.mp4"), None).await), "a path through a file leads nowhere");
}

#[tokio::test]
async fn another_file_at_the_path_is_looked_at_anew() {
    let (folder, path) = film();
    let source = open(&path).await;
    let promised = source.fingerprint().clone();
    let other = folder.path().join("other");
    write_yesterday(&other, &content(LEN));
    fs::rename(&other, &path).expect("an equal file takes its place");
    assert!(is_gone(source.unchanged().await), "the open one is not at the path any more");
    assert!(FileSources.open(&path, Some(&promised)).await.is_ok(), "the new one is what was promised");
    write_yesterday(&other, &content(LEN - 1));
    fs::rename(&other, &path).expect("a different one takes its place");
    assert!(is_changed(source.unchanged().await), "this one cannot be it");
    fs::remove_file(&path).and_then(|()| fs::create_dir(&path)).expect("a folder takes its place");
    assert!(is_changed(source.unchanged().await), "nor can a folder");
}

#[test]
fn errors_of_the_system_are_understood() {
    let mapped = |code: i32| trouble::of_path(Path::new("film"), io::Error::from_raw_os_error(code));
    let errno = |code: rustix::io::Errno| mapped(code.raw_os_error());
    use rustix::io::Errno;
    for code in [Errno::NOENT, Errno::STALE, Errno::NODEV, Errno::NXIO, Errno::NOTCONN, Errno::NOMEDIUM] {
        assert!(matches!(errno(code), SourceError::Gone(_)), "{code}: a card or a network drive may come back");
    }
    for code in [Errno::ACCESS, Errno::PERM] {
        assert!(matches!(errno(code), SourceError::Denied(_)), "{code}: a person has to permit it");
    }
    for code in [Errno::IO, Errno::NOMEM, Errno::MFILE] {
        assert!(matches!(errno(code), SourceError::Io { .. }), "{code}: waiting for the file does not help");
    }
}

#[test]
fn a_device_that_fails_after_its_file_left_the_path_was_taken_out() {
    let (_folder, path) = film();
    let file = OpenFile::open(path.clone(), None).expect("an ordinary file opens");
    let broken = || io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error());
    assert!(matches!(file.trouble(broken()), SourceError::Io { .. }), "the file is there, so its device is broken");
    fs::remove_file(&path).expect("it leaves");
    assert!(matches!(file.trouble(broken()), SourceError::Gone(_)), "the card went with it");
}
