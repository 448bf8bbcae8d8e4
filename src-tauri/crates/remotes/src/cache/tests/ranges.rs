//! Only what is missing travels, each run of it in one request.

use super::*;

#[tokio::test]
async fn a_range_travels_once_and_alone() {
    let (film, cache) = (Film::new(10 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    for _ in 0..2 {
        let bytes = read(reader.as_ref(), 1500, 3000).await.expect("it is there");
        assert_eq!(bytes, film.of(1500, 3000), "the bytes of the film");
    }
    assert_eq!(film.asked(), [ByteRange::at(1500, 3000)], "one request, for what was wanted, the first time");
    assert_eq!(cache.counts().bytes_fetched, 3000, "not a byte more");
}

#[tokio::test]
async fn a_hole_between_blocks_that_are_near_is_all_that_travels() {
    let (film, cache) = (Film::new(10 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    for block in [2, 6] {
        read(reader.as_ref(), block * BLOCK, BLOCK).await.expect("it is there");
    }
    film.asked();
    let bytes = read(reader.as_ref(), 0, 10 * BLOCK).await.expect("it is there");
    assert_eq!(bytes, film.of(0, 10 * BLOCK), "put together in order");
    let runs = [ByteRange::at(0, 2 * BLOCK), ByteRange::at(3 * BLOCK, 3 * BLOCK), ByteRange::at(7 * BLOCK, 3 * BLOCK)];
    assert_eq!(film.asked(), runs, "one request for each run of missing blocks");
    assert_eq!(film.given(), 10 * BLOCK, "no byte travelled twice");
}

#[tokio::test]
async fn the_start_of_a_block_whose_end_is_near_is_all_that_travels() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    read(reader.as_ref(), BLOCK + 300, 2 * BLOCK - 300).await.expect("it is there");
    film.asked();
    let bytes = read(reader.as_ref(), 0, 4 * BLOCK).await.expect("it is there");
    assert_eq!(bytes, film.of(0, 4 * BLOCK), "put together in order");
    assert_eq!(film.asked(), [ByteRange::at(0, BLOCK + 300), ByteRange::at(3 * BLOCK, BLOCK)], "what was missing");
}

#[tokio::test]
async fn a_few_bytes_that_are_near_do_not_cost_a_request_of_their_own() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    read(reader.as_ref(), 500, 2).await.expect("it is there");
    film.asked();
    read(reader.as_ref(), 0, 4 * BLOCK).await.expect("it is there");
    assert_eq!(film.asked(), [ByteRange::at(0, 4 * BLOCK)], "two bytes twice are cheaper than a round trip");
}

#[tokio::test]
async fn an_empty_range_asks_nothing_and_one_beyond_the_end_is_refused() {
    for len in [0, 1, BLOCK] {
        let (film, cache) = (Film::new(len), in_memory(PLENTY));
        let reader = over(&cache, &film);
        assert!(read(reader.as_ref(), len, 0).await.expect("it lies within").is_empty(), "no byte of {len}");
        let refused = read(reader.as_ref(), len, 1).await;
        assert!(matches!(refused, Err(ReadError::OutOfRange { .. })), "there is no byte {len} of {len}");
        assert_eq!(film.asked(), [], "the remote was not asked");
    }
}

#[tokio::test]
async fn versions_objects_and_destinations_never_mix() {
    let (one, other, cache) = (Film::new(3 * BLOCK), Film::version(3 * BLOCK, "v2", 100), in_memory(PLENTY));
    let elsewhere = ObjectAt { destination: DestinationId("s3:others".to_owned()), ..at("film.mp4") };
    for (film, place) in [(&one, at("film.mp4")), (&other, at("film.mp4")), (&other, at("b.mp4")), (&other, elsewhere)]
    {
        film.asked();
        let reader = cache.over(&place, Arc::new(Remote(Arc::clone(film))));
        for _ in 0..2 {
            assert_eq!(read(reader.as_ref(), 0, 3 * BLOCK).await.expect("there"), film.of(0, 3 * BLOCK), "{place:?}");
        }
        assert_eq!(film.asked().len(), 1, "nothing of another was taken for {place:?}");
    }
}

#[tokio::test]
async fn without_a_strong_validator_nothing_outlives_its_reader() {
    for validator in ["", "W/\"v1\""] {
        let folder = tempfile::tempdir().expect("a folder");
        let (film, cache) = (Film::version(3 * BLOCK, validator, 100), cache(&folder, PLENTY, PLENTY));
        let reader = over(&cache, &film);
        for _ in 0..2 {
            assert_eq!(read(reader.as_ref(), 0, 3 * BLOCK).await.expect("there"), film.of(0, 3 * BLOCK), "its bytes");
        }
        assert_eq!(film.asked().len(), 1, "for that reader it is kept");
        drop(reader);
        cache.settled().await;
        let counts = cache.counts();
        assert_eq!((counts.memory_bytes, counts.disk_bytes), (0, 0), "nobody could know it again");
        read(over(&cache, &film).as_ref(), 0, 1).await.expect("there");
        assert_eq!(film.asked().len(), 1, "the next reader asks again");
    }
}

#[tokio::test]
async fn it_counts_blocks_and_bytes_and_forgets_them_when_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (film, cache) = (Film::new(3 * BLOCK), cache(&folder, PLENTY, PLENTY));
    let reader = over(&cache, &film);
    read(reader.as_ref(), 0, 3 * BLOCK).await.expect("there");
    read(reader.as_ref(), BLOCK, BLOCK).await.expect("there");
    cache.settled().await;
    let counts = cache.counts();
    assert_eq!((counts.misses, counts.memory_hits, counts.disk_hits), (3, 1, 0), "three came, one was here");
    assert_eq!(counts.bytes_fetched, 3 * BLOCK, "all of it, once");
    assert!(counts.memory_bytes >= 3 * BLOCK && counts.disk_bytes >= 3 * BLOCK, "it is kept: {counts:?}");
    cache.clear().await.expect("the files can be removed");
    let counts = cache.counts();
    assert_eq!((counts.memory_bytes, counts.disk_bytes), (0, 0), "nothing is left");
    read(reader.as_ref(), 0, BLOCK).await.expect("there");
    assert_eq!(cache.counts().bytes_fetched, 4 * BLOCK, "and it is fetched again");
}
