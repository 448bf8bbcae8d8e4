//! Remotes that break, go away, and change.

use super::film::Trouble;
use super::*;

/// What a stream gives, and how it ends.
async fn to_the_end(mut stream: ByteStream) -> (Vec<u8>, Option<ReadError>) {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(error) => return (bytes, Some(error)),
        }
    }
    (bytes, None)
}

#[tokio::test]
async fn what_came_before_a_break_is_given_then_the_error_then_it_is_asked_again() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    film.trouble(Trouble::Breaks(BLOCK + 500));
    let (bytes, error) = to_the_end(reader.read(ByteRange::at(0, 4 * BLOCK)).await.expect("it opens")).await;
    assert_eq!(bytes, film.of(0, BLOCK + 500), "all that came");
    assert!(matches!(error, Some(ReadError::Io { .. })), "then what happened: {error:?}");
    film.trouble(Trouble::None);
    film.asked();
    let bytes = read(reader.as_ref(), 0, 4 * BLOCK).await.expect("it is back");
    assert_eq!(bytes, film.of(0, 4 * BLOCK), "whole");
    let rest = ByteRange::at(BLOCK + 500, 3 * BLOCK - 500);
    assert_eq!(film.asked(), [rest], "what came before the break is near");
}

#[tokio::test]
async fn what_is_near_plays_while_the_remote_is_away() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    read(reader.as_ref(), 0, 2 * BLOCK).await.expect("it is there");
    film.trouble(Trouble::Away);
    // Opened anew, as a player does.
    let reader = over(&cache, &film);
    assert_eq!(read(reader.as_ref(), 0, 2 * BLOCK).await.expect("it is near"), film.of(0, 2 * BLOCK), "as it was");
    let refused = reader.read(ByteRange::at(2 * BLOCK, 1)).await.err();
    assert!(matches!(refused, Some(ReadError::Io { .. })), "what is not near is refused at once: {refused:?}");
}

#[tokio::test(start_paused = true)]
async fn every_reader_of_a_request_that_breaks_is_told() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    film.hold_from(10);
    film.trouble(Trouble::Breaks(700));
    let mut streams = Vec::new();
    for start in [0, 5, 200] {
        streams.push(reader.read(ByteRange::at(start, 4 * BLOCK - start)).await.expect("it opens"));
    }
    assert_eq!(film.asked().len(), 1, "they follow one request");
    film.hold_from(u64::MAX);
    let ends = futures::future::join_all(streams.into_iter().map(to_the_end)).await;
    for ((bytes, error), start) in ends.into_iter().zip([0, 5, 200]) {
        assert_eq!(bytes, film.of(start, 700 - start), "what came");
        assert!(matches!(error, Some(ReadError::Io { .. })), "and why there is no more: {error:?}");
    }
    assert_eq!(film.asked(), [], "nothing in here tries again");
}

#[tokio::test(start_paused = true)]
async fn who_comes_after_a_failure_asks_for_himself() {
    let (film, cache) = (Film::new(BLOCK), in_memory(0));
    let reader = over(&cache, &film);
    film.trouble(Trouble::Breaks(50));
    let early = reader.read(ByteRange::at(0, BLOCK)).await.expect("it opens");
    quiet().await;
    film.trouble(Trouble::None);
    let bytes = read(reader.as_ref(), 0, BLOCK).await.expect("the remote is well again");
    assert_eq!(bytes, film.of(0, BLOCK), "whole");
    let (bytes, error) = to_the_end(early).await;
    assert_eq!(bytes, film.of(0, 50), "who was there gets what came");
    assert!(error.is_some(), "and hears of the failure");
}

#[tokio::test]
async fn of_an_object_that_changed_nothing_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (film, cache) = (Film::new(6 * BLOCK), cache(&folder, PLENTY, PLENTY));
    let reader = over(&cache, &film);
    read(reader.as_ref(), 0, BLOCK).await.expect("it is there");
    cache.settled().await;
    film.trouble(Trouble::Changes(4 * BLOCK));
    let (bytes, error) = to_the_end(reader.read(ByteRange::at(0, 6 * BLOCK)).await.expect("it opens")).await;
    assert_eq!(bytes, film.of(0, 4 * BLOCK), "what it was until then");
    assert!(matches!(error, Some(ReadError::Changed)), "then that it is another: {error:?}");
    cache.settled().await;
    let counts = cache.counts();
    assert_eq!((counts.memory_bytes, counts.disk_bytes), (0, 0), "nothing of the old one is left");
    let left = std::fs::read_dir(folder.path().join("blocks")).expect("the folder").count();
    assert_eq!(left, 0, "not even a file");
}

#[tokio::test(start_paused = true)]
async fn what_is_still_coming_of_an_object_that_changed_is_not_kept_either() {
    let (film, cache) = (Film::new(100 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    let mut early = reader.read(ByteRange::at(0, 100 * BLOCK)).await.expect("it opens");
    take(&mut early, 10).await;
    film.trouble(Trouble::Changes(50 * BLOCK));
    let changed = reader.read(ByteRange::at(60 * BLOCK, BLOCK)).await.err();
    assert!(matches!(changed, Some(ReadError::Changed)), "it is another: {changed:?}");
    take(&mut early, 3 * BLOCK as usize).await;
    drop(early);
    film.let_go().await;
    quiet().await;
    assert_eq!(cache.counts().memory_bytes, 0, "its bytes came under a validator that is no more");
}
