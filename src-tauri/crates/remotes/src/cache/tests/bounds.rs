//! No more is kept than was permitted.

use std::fs;
use std::time::{Duration, SystemTime};

use super::*;

/// What a block takes of the disk's bound.
const FILE: u64 = 4096;

fn taken(folder: &TempDir) -> u64 {
    let entries = fs::read_dir(folder.path().join("blocks")).expect("the folder");
    entries.map(|entry| entry.expect("an entry").metadata().expect("it is there").len().next_multiple_of(FILE)).sum()
}

#[tokio::test]
async fn memory_and_disk_keep_their_bounds_and_what_was_used_last() {
    let folder = tempfile::tempdir().expect("a folder");
    let (memory, disk) = (5 * (BLOCK + 256), 10 * FILE);
    let (film, cache) = (Film::new(100 * BLOCK), cache(&folder, memory, disk));
    let reader = over(&cache, &film);
    for block in 0..100 {
        read(reader.as_ref(), block * BLOCK, BLOCK).await.expect("it is there");
        // The first is used again and again.
        read(reader.as_ref(), 0, BLOCK).await.expect("it is there");
        let counts = cache.counts();
        assert!(counts.memory_bytes <= memory, "{} bytes of {memory}", counts.memory_bytes);
        cache.settled().await;
        assert!(cache.counts().disk_bytes <= disk && taken(&folder) <= disk, "at block {block}");
    }
    assert_eq!(film.given(), 100 * BLOCK, "what is used again and again is never lost");
    film.asked();
    read(reader.as_ref(), 99 * BLOCK, BLOCK).await.expect("it is near");
    assert_eq!(film.asked(), [], "what was used last is kept");
    read(reader.as_ref(), 50 * BLOCK, BLOCK).await.expect("it is there");
    assert_eq!(film.asked().len(), 1, "what was used longest ago is not");
}

#[tokio::test]
async fn what_another_run_left_beyond_the_bound_goes_the_use_longest_ago_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = Film::new(20 * BLOCK);
    let (before, mut files) = (cache(&folder, PLENTY, PLENTY), Vec::new());
    let reader = over(&before, &film);
    for block in 0..20 {
        read(reader.as_ref(), block * BLOCK, BLOCK).await.expect("it is there");
        before.settled().await;
        for entry in fs::read_dir(folder.path().join("blocks")).expect("the folder") {
            let path = entry.expect("an entry").path();
            if !files.contains(&path) {
                files.push(path);
            }
        }
    }
    for (age, path) in files.iter().enumerate() {
        // The first blocks were used last.
        let used = SystemTime::now() - Duration::from_secs(60 * age as u64);
        fs::File::open(path).expect("it is there").set_modified(used).expect("it is ours");
    }
    let after = cache(&folder, PLENTY, 8 * FILE);
    after.settled().await;
    assert_eq!(taken(&folder), 8 * FILE, "as much as is permitted");
    film.asked();
    read(over(&after, &film).as_ref(), 0, 8 * BLOCK).await.expect("it is near");
    assert_eq!(film.asked(), [], "what was used last is left");
}

#[tokio::test]
async fn a_cache_that_may_keep_nothing_still_reads() {
    let (film, cache) = (Film::version(9 * BLOCK, "v1", 5000), in_memory(0));
    let reader = over(&cache, &film);
    for _ in 0..2 {
        assert_eq!(read(reader.as_ref(), 3, 8 * BLOCK).await.expect("there"), film.of(3, 8 * BLOCK), "its bytes");
    }
    assert_eq!((film.given(), cache.counts().memory_bytes), (16 * BLOCK, 0), "each time from the remote, in one go");
}

#[tokio::test(start_paused = true)]
async fn a_request_holds_nothing_that_lies_far_behind_its_reader() {
    let (film, cache) = (Film::new(100 * BLOCK), in_memory(0));
    let reader = over(&cache, &film);
    let mut stream = reader.read(ByteRange::at(0, 100 * BLOCK)).await.expect("it is open");
    let position = take(&mut stream, 50_000).await.len() as u64;
    quiet().await;
    film.asked();
    read(reader.as_ref(), position - BLOCK, 10).await.expect("it comes");
    assert_eq!(film.asked(), [], "what lies just behind is at hand");
    read(reader.as_ref(), 0, 10).await.expect("it comes");
    assert_eq!(film.asked(), [ByteRange::at(0, 10)], "where nothing may be kept, the start of the film is gone");
}
