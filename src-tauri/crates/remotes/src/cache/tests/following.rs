//! Readers and what is on its way: shared, ended at once, and never far ahead.

use std::time::Duration;

use super::film::Trouble;
use super::*;

#[tokio::test(start_paused = true)]
async fn bytes_pass_on_before_their_block_is_complete() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    film.hold_from(BLOCK + 120);
    let reader = over(&cache, &film);
    let mut stream = reader.read(ByteRange::at(BLOCK + 20, BLOCK)).await.expect("it is open");
    let first = take(&mut stream, 1).await;
    assert_eq!(first, film.of(BLOCK + 20, first.len() as u64), "the rest of the block is not waited for");
}

#[tokio::test(start_paused = true)]
async fn two_readers_of_a_block_share_its_request() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    film.hold_from(300);
    let (one, other) = (over(&cache, &film), over(&cache, &film));
    let both = async { tokio::join!(read(one.as_ref(), 0, 4 * BLOCK), read(other.as_ref(), 100, 2 * BLOCK)) };
    let release = async {
        quiet().await;
        film.hold_from(u64::MAX);
    };
    let ((first, second), ()) = tokio::join!(both, release);
    assert_eq!(first.expect("it comes"), film.of(0, 4 * BLOCK), "the one that asked");
    assert_eq!(second.expect("it comes"), film.of(100, 2 * BLOCK), "the one that joined");
    assert_eq!(film.asked(), [ByteRange::at(0, 4 * BLOCK)], "one request for both");
}

#[tokio::test]
async fn many_readers_at_once_each_get_their_bytes() {
    let (film, cache) = (Film::new(40 * BLOCK), in_memory(6 * BLOCK));
    let readers: Vec<_> = (0..16)
        .map(|number| {
            let (reader, film) = (over(&cache, &film), Arc::clone(&film));
            tokio::spawn(async move {
                let (start, len) = (number * 977, 40 * BLOCK - number * 1500);
                let bytes = read(reader.as_ref(), start, len).await.expect("it comes");
                assert_eq!(bytes, film.of(start, len), "reader {number} is not disturbed by the others");
            })
        })
        .collect();
    for reader in readers {
        reader.await.expect("it has read");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_dropped_ends_its_request_and_keeps_what_came() {
    let (film, cache) = (Film::new(100 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    let mut stream = reader.read(ByteRange::at(0, 100 * BLOCK)).await.expect("it is open");
    let taken = take(&mut stream, 700).await.len() as u64;
    film.hold_from(0);
    assert_eq!(film.open(), 1, "the request is under way");
    drop(stream);
    film.let_go().await;
    film.hold_from(u64::MAX);
    quiet().await;
    film.asked();
    let bytes = read(reader.as_ref(), 0, taken).await.expect("it is near");
    assert_eq!(bytes, film.of(0, taken), "the part of the block that came");
    assert_eq!(film.asked(), [], "it is kept");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_given_up_before_the_remote_answers_is_ended() {
    let (film, cache) = (Film::new(BLOCK), in_memory(PLENTY));
    film.trouble(Trouble::Silent);
    let reader = over(&cache, &film);
    let asked = tokio::time::timeout(Duration::from_secs(1), reader.read(ByteRange::at(0, BLOCK))).await;
    assert!(asked.is_err(), "the answer is waited for, so that a refusal can be told");
    film.let_go().await;
    assert_eq!(film.asked().len(), 1, "it was asked");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_given_up_before_the_first_byte_is_ended() {
    let (film, cache) = (Film::new(BLOCK), in_memory(PLENTY));
    film.hold_from(0);
    let reader = over(&cache, &film);
    let stream = reader.read(ByteRange::at(0, BLOCK)).await.expect("it is open");
    assert_eq!(film.open(), 1, "the remote has answered, and gives nothing");
    drop(stream);
    film.let_go().await;
}

#[tokio::test(start_paused = true)]
async fn the_other_reader_goes_on_when_one_is_dropped() {
    let (film, cache) = (Film::new(20 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    let mut one = reader.read(ByteRange::at(0, 20 * BLOCK)).await.expect("it is open");
    take(&mut one, 100).await;
    let mut other = reader.read(ByteRange::at(50, 20 * BLOCK - 50)).await.expect("it is open");
    take(&mut other, 10).await;
    drop(one);
    quiet().await;
    assert_eq!(film.open(), 1, "one still reads");
    drop(other);
    film.let_go().await;
    assert_eq!(film.asked().len(), 1, "it was one request all the time");
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_a_whole_film_that_stops_stops_its_remote() {
    let (film, cache) = (Film::new(500 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    let mut stream = reader.read(ByteRange::at(0, 500 * BLOCK)).await.expect("it is open");
    quiet().await;
    assert!(film.given() <= SHAPE.lead + 100, "nothing is taken yet: {} bytes came", film.given());
    let mut position = 0;
    for wanted in [500, 3000, 20_000, 100_000] {
        position += take(&mut stream, wanted - position).await.len();
        quiet().await;
        let (ahead, in_sequence) = (film.given() - position as u64, position as u64);
        let (least, most) = (in_sequence.min(SHAPE.ahead), in_sequence.min(SHAPE.ahead) + 100);
        assert!((least..=most).contains(&ahead), "{ahead} bytes ahead of a reader at {position}");
    }
    assert_eq!(film.asked().len(), 1, "in one request");
}

#[tokio::test(start_paused = true)]
async fn only_few_read_far_ahead_at_once() {
    let cache = in_memory(PLENTY);
    let mut streams = Vec::new();
    for number in 0..4_usize {
        let film = Film::version(500 * BLOCK, &format!("film {number}"), 100);
        let reader = over(&cache, &film);
        let mut stream = reader.read(ByteRange::at(0, 500 * BLOCK)).await.expect("it is open");
        let position = take(&mut stream, 50_000).await.len() as u64;
        quiet().await;
        let (ahead, far) = (film.given() - position, number < SHAPE.far);
        let least = if far { SHAPE.ahead } else { BLOCK };
        assert!((least..=least + 100).contains(&ahead), "{ahead} bytes ahead in film {number}");
        streams.push(stream);
    }
}

#[tokio::test(start_paused = true)]
async fn a_player_that_is_paused_holds_no_connection_and_goes_on_where_it_was() {
    let (film, cache) = (Film::new(100 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    let mut stream = reader.read(ByteRange::at(0, 100 * BLOCK)).await.expect("it is open");
    let mut bytes = take(&mut stream, 5000).await;
    film.let_go().await;
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.expect("nothing fails"));
    }
    assert_eq!(bytes, film.of(0, 100 * BLOCK), "all of it, in order");
    assert_eq!(film.asked().len(), 2, "the rest was asked for when it was wanted");
    assert_eq!(film.given(), 100 * BLOCK, "and no byte of it twice");
}

#[tokio::test(start_paused = true)]
async fn a_request_ends_where_another_began() {
    let (film, cache) = (Film::new(4 * BLOCK), in_memory(PLENTY));
    film.hold_from(300);
    let reader = over(&cache, &film);
    let later = reader.read(ByteRange::at(300, 3 * BLOCK)).await.expect("it is open");
    let earlier = reader.read(ByteRange::at(0, 2 * BLOCK)).await.expect("it is open");
    let runs = [ByteRange::at(300, 3 * BLOCK), ByteRange::at(0, 300)];
    assert_eq!(film.asked(), runs, "what is on its way is not asked for twice");
    film.hold_from(u64::MAX);
    let (first, second) = tokio::join!(earlier.try_collect::<Vec<_>>(), later.try_collect::<Vec<_>>());
    assert_eq!(first.expect("it comes").concat(), film.of(0, 2 * BLOCK), "over the border of two requests");
    assert_eq!(second.expect("it comes").concat(), film.of(300, 3 * BLOCK), "and the other is not disturbed");
    assert_eq!(film.given(), 300 + 3 * BLOCK, "no byte came twice");
}

#[tokio::test(start_paused = true)]
async fn a_request_ends_where_another_reader_was_meanwhile() {
    let (film, cache) = (Film::new(40 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    let mut stream = reader.read(ByteRange::at(0, 40 * BLOCK)).await.expect("it is open");
    let mut bytes = take(&mut stream, 100).await;
    read(reader.as_ref(), 20 * BLOCK, 5 * BLOCK).await.expect("it comes");
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.expect("nothing fails"));
    }
    assert_eq!(bytes, film.of(0, 40 * BLOCK), "put together in order");
    let runs = [(0, 40), (20, 5), (25, 15)].map(|(from, len)| ByteRange::at(from * BLOCK, len * BLOCK));
    assert_eq!(film.asked(), runs, "the first request ended there, and another went on behind");
    assert!(film.given() <= 40 * BLOCK + 100, "at most a piece came twice: {}", film.given());
}

#[tokio::test(start_paused = true)]
async fn a_seek_back_and_forth_fetches_nothing_twice() {
    let (film, cache) = (Film::new(200 * BLOCK), in_memory(PLENTY));
    let reader = over(&cache, &film);
    for start in [0, 150 * BLOCK + 77, 10, 60 * BLOCK, 0, 150 * BLOCK] {
        let mut stream = reader.read(ByteRange::at(start, 200 * BLOCK - start)).await.expect("it is open");
        let taken = take(&mut stream, 9 * BLOCK as usize).await;
        assert_eq!(taken, film.of(start, taken.len() as u64), "from {start}");
        drop(stream);
        film.let_go().await;
        quiet().await;
    }
    // Three places were read in, each with its way ahead; one of them has a start that came later.
    let most = 3 * (9 * BLOCK + SHAPE.ahead + 2 * BLOCK);
    assert!(film.given() <= most, "{} bytes came", film.given());
}
