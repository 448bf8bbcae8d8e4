//! Real files and what can happen to them.

use std::fs;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::*;

mod odd_files;
mod troubled_files;

/// Longer than three samples, so that there are bytes between them, and than two pieces.
const LEN: usize = 3 * 1024 * 1024 + 7;

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
}

/// A folder with a file of `LEN` bytes, last modified yesterday: an edit now gives it another time for sure.
fn film() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film.mp4");
    write_yesterday(&path, &content(LEN));
    (folder, path)
}

fn write_yesterday(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("the file is written");
    set_time(path, yesterday());
}

fn yesterday() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789)
}

fn set_time(path: &Path, time: SystemTime) {
    let file = OpenOptions::new().write(true).open(path).expect("the file");
    file.set_modified(time).expect("its time is set");
}

async fn open(path: &Path) -> Arc<dyn Source> {
    FileSources.open(path, None).await.expect("an ordinary file opens")
}

async fn refusal(path: &Path) -> SourceError {
    FileSources.open(path, None).await.expect_err("this is no file to send")
}

async fn read_all(source: &dyn Source, mut range: ByteRange) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !range.is_empty() {
        let piece = source.read(range).await.expect("the bytes are there");
        assert!(!piece.is_empty() && piece.len() <= PIECE_LEN, "a piece is neither nothing nor too much");
        range = range.without_first(piece.len() as u64);
        bytes.extend_from_slice(&piece);
    }
    bytes
}

#[tokio::test]
async fn every_range_reads_as_it_is_in_the_file() {
    let (_folder, path) = film();
    let (source, bytes) = (open(&path).await, content(LEN));
    let edges = [0, 1, PIECE_LEN - 1, PIECE_LEN, PIECE_LEN + 1, 2 * PIECE_LEN + 3, LEN - 1, LEN];
    for start in edges {
        for end in edges.into_iter().filter(|end| *end >= start) {
            let range = ByteRange::at(start as u64, (end - start) as u64);
            assert!(read_all(&*source, range).await == bytes[start..end], "bytes {range:?} are the file's");
        }
    }
    assert_eq!(source.unchanged().await.ok(), Some(()), "reading changes nothing");
}

#[tokio::test]
async fn the_buffers_of_finished_pieces_are_used_again() {
    let (_folder, path) = film();
    let file = OpenFile::open(path, None).expect("an ordinary file opens");
    let range = ByteRange::at(0, PIECE_LEN as u64);
    let first = file.read(range).expect("bytes");
    let (place, second) = (first.as_ptr(), file.read(range).expect("bytes"));
    assert_ne!(place, second.as_ptr(), "a piece that somebody holds is nobody else's");
    let slice = first.slice(5..9);
    drop(first);
    assert_eq!(file.pieces.spares(), 0, "a slice of it holds it too");
    assert_eq!(slice[..], content(LEN)[5..9], "and is still what was read");
    drop(slice);
    assert_eq!(file.read(range).expect("bytes").as_ptr(), place, "then the same memory serves the next piece");
    let many: Vec<_> = (0..40).map(|_| file.read(range).expect("bytes")).collect();
    drop(many);
    assert!(file.pieces.spares() <= 8, "what is kept for later is bounded");
}

#[tokio::test]
async fn a_file_is_known_again_by_its_bytes_and_time_and_not_by_its_inode() {
    let (folder, path) = film();
    let promised = open(&path).await.fingerprint().clone();
    let copy = folder.path().join("the same card in another slot.mp4");
    write_yesterday(&copy, &content(LEN));
    assert!(FileSources.open(&copy, Some(&promised)).await.is_ok(), "inodes change with every mount");
    assert_eq!(promised.size, LEN as u64, "its size in bytes");
    assert_eq!(promised.modified_ns, 1_700_000_000_123_456_789, "its time to the nanosecond");
    assert_eq!(promised.sample.len(), 64, "a BLAKE3 in hex");
}
