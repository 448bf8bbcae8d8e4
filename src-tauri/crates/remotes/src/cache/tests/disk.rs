//! What survives a restart, and what must not.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;

fn files(folder: &TempDir) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path().join("blocks")).expect("the folder");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// A cache that was opened on the folder and knows what is there.
async fn opened(folder: &TempDir, memory: u64, disk: u64) -> BlockCache {
    let cache = cache(folder, memory, disk);
    cache.settled().await;
    cache
}

/// Reads all of the film through a cache, which ends.
async fn played(folder: &TempDir, film: &Arc<Film>) {
    let cache = opened(folder, PLENTY, PLENTY).await;
    let bytes = read(over(&cache, film).as_ref(), 0, film.length()).await.expect("it is there");
    assert_eq!(bytes, film.of(0, film.length()), "its bytes");
    cache.settled().await;
}

#[tokio::test]
async fn what_was_read_before_a_restart_is_near_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = Film::new(7 * BLOCK + 5);
    played(&folder, &film).await;
    film.asked();
    let cache = opened(&folder, PLENTY, PLENTY).await;
    let bytes = read(over(&cache, &film).as_ref(), 0, film.length()).await.expect("it is near");
    assert_eq!(bytes, film.of(0, film.length()), "as it was");
    assert_eq!(film.asked(), [], "nothing travels");
    assert_eq!((cache.counts().disk_hits, cache.counts().misses), (8, 0), "from the disk, block by block");
}

#[tokio::test]
async fn the_folder_is_its_users_alone_and_tells_no_names() {
    let folder = tempfile::tempdir().expect("a folder");
    played(&folder, &Film::new(2 * BLOCK)).await;
    let mode = |path: PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(folder.path().join("blocks")), 0o700, "nobody else looks in");
    for file in files(&folder) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(!name.contains("film") && !name.contains("s3") && !name.contains("v1"), "{name} tells what was played");
        assert_eq!(mode(file), 0o600, "nor at a file");
    }
}

#[tokio::test]
async fn a_damaged_block_is_fetched_again_and_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = Film::new(5 * BLOCK);
    played(&folder, &film).await;
    for (number, file) in files(&folder).into_iter().enumerate() {
        let mut bytes = fs::read(&file).expect("it is there");
        match number % 3 {
            0 => bytes[200] ^= 1,
            1 => bytes.truncate(300),
            _ => continue,
        }
        fs::write(file, bytes).expect("written");
    }
    for round in 0..2 {
        film.asked();
        played(&folder, &film).await;
        assert_eq!(film.asked().is_empty(), round == 1, "what is damaged travels, once");
    }
}

#[tokio::test]
async fn a_block_that_is_removed_or_damaged_under_a_running_cache_is_a_miss() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = Film::new(5 * BLOCK);
    // Nothing stays in memory, so that each read comes to the disk.
    let cache = opened(&folder, 0, PLENTY).await;
    let reader = over(&cache, &film);
    read(reader.as_ref(), 0, 5 * BLOCK).await.expect("it is there");
    cache.settled().await;
    let all = files(&folder);
    assert_eq!(all.len(), 5, "a file a block");
    fs::write(&all[0], b"something else").expect("written");
    fs::remove_file(&all[1]).expect("it is there");
    assert_eq!(read(reader.as_ref(), 0, 5 * BLOCK).await.expect("there"), film.of(0, 5 * BLOCK), "its bytes");
    assert_eq!(cache.counts().bytes_fetched, 7 * BLOCK, "the two that were lost travelled again");
}

/// Reads the block twice at once, while it comes slowly.
async fn read_twice_at_once(film: &Film, reader: &dyn RangeReader) {
    film.hold_from(0);
    let both = async { tokio::join!(read(reader, 0, BLOCK), read(reader, 0, BLOCK)) };
    let release = async {
        quiet().await;
        film.hold_from(u64::MAX);
    };
    let ((one, other), ()) = tokio::join!(both, release);
    assert_eq!(one.expect("it comes"), other.expect("it comes"), "the same bytes");
}

#[tokio::test(start_paused = true)]
async fn two_readers_that_look_for_a_lost_block_at_once_share_its_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = Film::new(BLOCK);
    let cache = opened(&folder, 0, PLENTY).await;
    let reader = over(&cache, &film);
    // Which of them comes back from the disk first is the system's to decide, so it is tried more than once.
    for _ in 0..20 {
        read_twice_at_once(&film, reader.as_ref()).await;
        assert_eq!(film.asked(), [ByteRange::at(0, BLOCK)], "while one looked on the disk, the other had begun");
        cache.settled().await;
        fs::remove_file(files(&folder).remove(0)).expect("it was written");
    }
}

#[tokio::test]
async fn what_was_half_written_is_removed_and_what_is_somebody_elses_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = Film::new(2 * BLOCK);
    played(&folder, &film).await;
    let half = files(&folder).remove(0);
    let aside = half.with_file_name(format!("{}-1.aside", half.file_name().expect("a name").to_string_lossy()));
    fs::rename(&half, &aside).expect("as if it had not been finished");
    let foreign = folder.path().join("blocks").join("holiday.mp4");
    fs::write(&foreign, b"a film").expect("written");
    film.asked();
    let cache = opened(&folder, PLENTY, PLENTY).await;
    assert!(!aside.exists(), "nobody will finish it");
    read(over(&cache, &film).as_ref(), 0, 2 * BLOCK).await.expect("it is there");
    assert_eq!(film.given(), 3 * BLOCK, "and it is not read");
    cache.clear().await.expect("it can be cleared");
    assert_eq!(files(&folder), [foreign], "what is not ours is not ours to remove");
}

#[tokio::test]
async fn parts_of_a_block_are_joined_on_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = Film::new(BLOCK);
    let cache = opened(&folder, 0, PLENTY).await;
    let reader = over(&cache, &film);
    for (start, len) in [(400, 200), (0, 400), (600, 424)] {
        read(reader.as_ref(), start, len).await.expect("it is there");
        cache.settled().await;
        assert_eq!(files(&folder).len(), 1, "a block has one file");
    }
    film.asked();
    assert_eq!(read(reader.as_ref(), 0, BLOCK).await.expect("near"), film.of(0, BLOCK), "the whole block");
    assert_eq!(film.asked(), [], "of three parts");
}

#[tokio::test]
async fn an_object_opened_anew_after_it_changed_is_read_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    for version in ["v1", "v2", "v1"] {
        let film = Film::version(4 * BLOCK, version, 100);
        played(&folder, &film).await;
    }
}
