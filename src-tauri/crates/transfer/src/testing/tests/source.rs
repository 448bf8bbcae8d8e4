//! Files in memory fail as files do.

use std::path::Path;

use crate::layout::ByteRange;
use crate::source::{PIECE_LEN, SourceError, Sources};
use crate::testing::{MemorySources, bytes};
use crate::units::MIB;

const FILM: &str = "/films/one.mp4";

fn with(len: u64) -> MemorySources {
    let sources = MemorySources::new();
    sources.put(FILM, bytes(1, len));
    sources
}

async fn open(sources: &MemorySources) -> std::sync::Arc<dyn crate::source::Source> {
    sources.open(Path::new(FILM), None).await.expect("the file is there")
}

#[tokio::test]
async fn reads_come_in_pieces_and_end_with_the_file() {
    let len = 2 * PIECE_LEN;
    let sources = with(len);
    let film = open(&sources).await;
    let piece = film.read(ByteRange::at(7, len - 7)).await.expect("within the file");
    let expected = bytes(1, len).slice(7..7 + PIECE_LEN as usize);
    assert!(piece == expected, "a piece at most, from the right place");
    assert_eq!(film.read(ByteRange::at(len - 1, 9)).await.expect("a byte is there").len(), 1, "what there is");
    assert!(matches!(film.read(ByteRange::at(len, 1)).await, Err(SourceError::Changed)), "never invented");
    assert!(film.read(ByteRange::at(len, 0)).await.expect("nothing is always there").is_empty(), "an empty range");
    assert_eq!(sources.bytes_read(), PIECE_LEN + 1, "reads are counted");
}

#[tokio::test]
async fn an_edited_file_is_changed_for_those_who_have_it_open_and_those_who_come_back() {
    let sources = with(MIB);
    let film = open(&sources).await;
    film.unchanged().await.expect("nobody touched it");
    sources.edit(FILM, |bytes| bytes[5] ^= 1);
    assert!(matches!(film.unchanged().await, Err(SourceError::Changed)), "its time is another");
    let again = sources.open(Path::new(FILM), Some(film.fingerprint())).await;
    assert!(matches!(again, Err(SourceError::Changed)), "it is not what was promised: {again:?}");
    sources.edit(FILM, |bytes| bytes.truncate(10));
    assert!(matches!(film.read(ByteRange::at(10, 1)).await, Err(SourceError::Changed)), "it shrank");
}

#[tokio::test]
async fn a_file_can_be_gone_denied_failing_or_no_file() {
    let sources = with(10);
    let film = open(&sources).await;
    sources.deny(FILM);
    assert!(matches!(sources.open(Path::new(FILM), None).await, Err(SourceError::Denied(_))), "may not be opened");
    film.read(ByteRange::at(0, 1)).await.expect("who has it open goes on");
    sources.fail_reads(FILM);
    assert!(matches!(film.read(ByteRange::at(0, 1)).await, Err(SourceError::Io { .. })), "the device dies");
    sources.mend(FILM);
    film.read(ByteRange::at(0, 1)).await.expect("and is mended");
    sources.remove(FILM);
    assert!(matches!(film.read(ByteRange::at(0, 1)).await, Err(SourceError::Gone(_))), "the card is out");
    assert!(matches!(film.unchanged().await, Err(SourceError::Gone(_))), "the card is out");
    sources.folder(FILM);
    assert!(matches!(sources.open(Path::new(FILM), None).await, Err(SourceError::NotAFile(_))), "a folder");
}

#[tokio::test]
async fn a_huge_file_takes_no_memory_and_reads_as_its_seed_says() {
    let sources = MemorySources::new();
    sources.pattern(FILM, 9, 1 << 50);
    let film = open(&sources).await;
    assert_eq!(film.fingerprint().size, 1 << 50, "a pebibyte");
    assert_eq!(film.read(ByteRange::at(3, 100)).await.expect("there"), bytes(9, 103).slice(3..), "from the start");
    assert_eq!(film.read(ByteRange::at((1 << 50) - 5, 5)).await.expect("there").len(), 5, "to the end");
}
