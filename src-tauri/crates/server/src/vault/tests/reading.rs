//! Reading what still arrives: waiting, waking, wishing, and ending clearly.

use futures::StreamExt;
use transfer::remote::Arriving;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_read_at_a_missing_byte_waits_and_wakes_with_its_chunk() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 1, 4);
    let handle = begin(&vault, &film).await;
    let reader = reader(&vault, &handle).await;
    let mut wishes = vault.wishes(&handle).expect("an unfinished upload has wishes");

    let range = ByteRange::at(MIB + 100, MIB);
    let reading = tokio::spawn(async move { read(&*reader, range).await });
    let wished = soon("a wish", wishes.wait_for(|wishes| !wishes.is_empty())).await.expect("the upload is there");
    assert_eq!(**wished, [range], "what lies within two chunks is wished for just as it was asked for");
    drop(wished);
    send(&vault, &film, &handle, [2, 1]).await;
    let bytes = soon("the read", reading).await.expect("no panic").expect("both chunks are there");
    assert_eq!(bytes, film.bytes.slice(range.start() as usize..range.end() as usize), "it read what was sent");
    soon("no wish", wishes.wait_for(|wishes| wishes.is_empty())).await.expect("the upload is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_ended_read_wishes_for_two_chunks_and_no_more() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 2, 8);
    let handle = begin(&vault, &film).await;
    let mut wishes = vault.wishes(&handle).expect("an unfinished upload has wishes");
    let rest = ByteRange::new(3 * MIB + 7, film.layout.size()).expect("forward");
    let stream = reader(&vault, &handle).await.read(rest).await.expect("a stream");
    let reading = tokio::spawn(async move { stream.into_future().await.0 });
    let wished = soon("a wish", wishes.wait_for(|wishes| !wishes.is_empty())).await.expect("the upload is there");
    assert_eq!(**wished, [ByteRange::new(rest.start(), 5 * MIB).expect("forward")], "not for the rest of the film");
    reading.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_wish_comes_first_and_goes_with_its_read() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 3, 8);
    let handle = begin(&vault, &film).await;
    let mut wishes = vault.wishes(&handle).expect("an unfinished upload has wishes");
    let reader = reader(&vault, &handle).await;
    let ranges = [ByteRange::at(0, 10), ByteRange::at(6 * MIB, 10)];
    let mut reads = Vec::new();
    for (count, range) in (1..).zip(ranges) {
        let stream = reader.read(range).await.expect("a stream");
        reads.push(tokio::spawn(async move { stream.into_future().await.0 }));
        soon("its wish", wishes.wait_for(|wishes| wishes.len() == count)).await.expect("the upload is there");
    }
    assert_eq!(**wishes.borrow(), [ranges[1], ranges[0]], "where somebody looked last comes first");
    reads[1].abort();
    let left = soon("a dropped read's wish goes", wishes.wait_for(|wishes| wishes.len() == 1)).await;
    assert_eq!(**left.expect("the upload is there"), [ranges[0]], "a player that seeks on leaves no wish behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_or_failed_upload_ends_reads_clearly() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 4, 2);
    let handle = begin(&vault, &film).await;
    send(&vault, &film, &handle, [0]).await;
    for (arriving, word) in [(Arriving::Paused, "paused"), (Arriving::Failed, "failed")] {
        vault.announce(&handle, Arriving::Yes).await;
        let reader = reader(&vault, &handle).await;
        let mut wishes = vault.wishes(&handle).expect("an unfinished upload has wishes");
        let waiting = tokio::spawn(async move { read(&*reader, ByteRange::at(MIB, 1)).await });
        soon("a wish", wishes.wait_for(|wishes| !wishes.is_empty())).await.expect("the upload is there");
        vault.announce(&handle, arriving).await;
        let ended = soon("its end", waiting).await.expect("no panic").expect_err("the byte is not there");
        let clear = matches!(&ended, ReadError::NotArriving(why) if why.contains(word));
        assert!(clear, "the reader is told that the upload is {word}: {ended}");
        assert!(wishes.borrow().is_empty(), "nobody waits any more");
    }
    let reader = reader(&vault, &handle).await;
    let there = read(&*reader, ByteRange::at(0, MIB)).await.expect("what is there can be read all the same");
    assert_eq!(there, film.bytes.slice(..MIB as usize), "acknowledged bytes do not depend on the sender");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_of_a_former_life_is_trusted_for_a_while_only() {
    let home = Home::new();
    let first = home.open().await;
    let film = film(&first, 5, 2);
    let handle = begin(&first, &film).await;
    first.close().await;

    let impatient = VaultSetup { patience: Duration::from_millis(1), ..home.setup() };
    let vault = Vault::open(impatient).await.expect("it opens again");
    let reader = reader(&vault, &handle).await;
    let ended = soon("its end", read(&*reader, ByteRange::at(0, 1))).await.expect_err("the byte is not there");
    assert!(matches!(ended, ReadError::NotArriving(_)), "its sender may be dead: {ended}");

    vault.announce(&handle, Arriving::Yes).await;
    let waiting = tokio::spawn(async move { read(&*reader, ByteRange::at(0, 1)).await });
    let mut wishes = vault.wishes(&handle).expect("an unfinished upload has wishes");
    soon("a wish", wishes.wait_for(|wishes| !wishes.is_empty())).await.expect("the upload is there");
    send(&vault, &film, &handle, [0]).await;
    soon("the read", waiting).await.expect("no panic").expect("a sender that speaks is waited for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_goes_on_when_the_object_is_finished() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 6, 3);
    let handle = begin(&vault, &film).await;
    let object = vault.object_of(&handle).expect("an object");
    let early = reader(&vault, &handle).await;
    let mut stream = early.read(film.layout.whole()).await.expect("a stream");
    send(&vault, &film, &handle, [0]).await;
    let first = soon("the first piece", stream.next()).await.expect("a piece").expect("its bytes");
    send(&vault, &film, &handle, [1, 2]).await;
    let completed = vault.complete(&film.completion(&handle, Vec::new())).await.expect("it is finished");
    assert_eq!(completed.object, object, "an object keeps its name");

    let rest: Vec<Bytes> = stream.try_collect().await.expect("the open read goes on to its end");
    assert_eq!([first.as_ref(), &rest.concat()].concat(), film.bytes, "it read the film");
    assert_eq!(read(&*early, film.layout.whole()).await.expect("the old reader"), film.bytes, "it reads on");
    let late = vault.reader(&object).await.expect("a finished object can be read");
    assert_eq!(late.validator(), early.validator(), "If-Range holds when the object is finished");
    assert_eq!(read(&*late, film.layout.whole()).await.expect("a new reader"), film.bytes, "the same bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_of_an_aborted_upload_and_of_a_closed_vault_end() {
    let home = Home::new();
    let vault = home.open().await;
    let (one, other) = (film(&vault, 7, 2), film(&vault, 8, 2));
    let mut waiting = Vec::new();
    let mut handles = Vec::new();
    for film in [&one, &other] {
        let handle = begin(&vault, film).await;
        let reader = reader(&vault, &handle).await;
        waiting.push(tokio::spawn(async move { read(&*reader, ByteRange::at(5, 1)).await }));
        let mut wishes = vault.wishes(&handle).expect("wishes");
        soon("a wish", wishes.wait_for(|wishes| !wishes.is_empty())).await.expect("the upload is there");
        handles.push(handle);
    }
    vault.abort(&handles[0]).await.expect("an upload can be given up");
    let gone = soon("its end", waiting.remove(0)).await.expect("no panic").expect_err("nothing is there");
    assert!(matches!(gone, ReadError::Gone), "the object will never be: {gone}");
    vault.close().await;
    let closed = soon("its end", waiting.remove(0)).await.expect("no panic").expect_err("nothing is there");
    assert!(matches!(closed, ReadError::NotArriving(_)), "no read hangs in a closed vault: {closed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_somebody_took_or_changed_is_told_as_that() {
    let home = Home::new();
    let vault = home.open().await;
    let films = [film(&vault, 9, 1), film(&vault, 10, 1)];
    let mut readers = Vec::new();
    for film in &films {
        let object = film.deliver(&vault).await.expect("it is delivered").object;
        readers.push(vault.reader(&object).await.expect("a finished object"));
    }
    std::fs::remove_file(home.folder.path().join("film-9.mp4")).expect("the film is a plain file");
    std::fs::write(home.folder.path().join("film-10.mp4"), b"short").expect("the film is a plain file");
    let gone = read(&*readers[0], ByteRange::at(0, 1)).await.expect_err("the film is not there");
    assert!(matches!(gone, ReadError::Gone), "it was deleted: {gone}");
    let changed = read(&*readers[1], ByteRange::at(0, 1)).await.expect_err("it is another file");
    assert!(matches!(changed, ReadError::Changed), "it has another length: {changed}");
}
