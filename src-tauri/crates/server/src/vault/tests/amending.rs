//! An upload whose file became another, seen from inside: what readers of before meet, and what a disk that fails leaves.

use futures::StreamExt;
use transfer::error::Class;
use transfer::layout::ChunkIndex;
use transfer::remote::{Amendment, UploadStatus};

use super::*;
use crate::ports::Owner;
use crate::vault::Allowance;

/// A film of four chunks, all of it there, and the same with another second chunk.
async fn edited(vault: &Vault, seed: u64) -> (Film, Film, UploadHandle) {
    let film = film(vault, seed, 4);
    let mut bytes = film.bytes.to_vec();
    bytes[MIB as usize..2 * MIB as usize].fill(seed as u8);
    let other = Film { bytes: bytes.into(), ..film.clone() };
    let handle = begin(vault, &film).await;
    send(vault, &film, &handle, 0..4).await;
    (film, other, handle)
}

fn amendment(film: &Film, other: &Film, handle: &UploadHandle, keep: &[u32]) -> Amendment {
    let keep: Vec<ChunkIndex> = keep.iter().map(|number| film.chunk(*number)).collect();
    Amendment { handle: handle.clone(), before: film.layout, after: other.layout, keep }
}

async fn there(vault: &Vault, film: &Film, handle: &UploadHandle) -> Vec<u32> {
    match vault.status(handle, &film.layout).await.expect("a status") {
        UploadStatus::Receiving(received) => received.chunks.iter().map(|(index, _)| index.get()).collect(),
        other => panic!("it takes chunks: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_before_ends_and_never_gets_a_byte_of_the_other_film() {
    let home = Home::new();
    let vault = home.open().await;
    let (film, other, handle) = edited(&vault, 1).await;
    let before = vault.object_of(&handle).expect("it is readable at once");
    let old = reader(&vault, &handle).await;
    let mut stream = old.read(film.layout.whole()).await.expect("a stream");
    let first = stream.next().await.expect("a piece").expect("it is there");
    vault.amend(&amendment(&film, &other, &handle, &[0, 2, 3])).await.expect("it is amended");
    let now = vault.object_of(&handle).expect("it is readable at once");
    assert_ne!(now, before, "another film has another name, and so another validator");
    send(&vault, &other, &handle, [1]).await;

    let rest: Vec<_> = stream.collect().await;
    assert!(matches!(rest[..], [Err(ReadError::Gone)]), "the reader ends, and gets not one piece more: {rest:?}");
    assert_eq!(first, film.bytes.slice(..first.len()), "what it got was the film of before");
    let again = read(&*old, film.layout.whole()).await;
    assert!(matches!(again, Err(ReadError::Gone)), "and reads no more: {again:?}");
    assert!(vault.find(&before).await.expect("a look").is_none(), "there is no such film any more");
    let new = read(&*reader(&vault, &handle).await, other.layout.whole()).await.expect("all of it is there");
    assert!(new == other.bytes, "who reads it now reads the film of now");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_so_already_keeps_its_name_and_its_readers() {
    let home = Home::new();
    let vault = home.open().await;
    let (film, other, handle) = edited(&vault, 2).await;
    let before = vault.object_of(&handle);
    vault.amend(&amendment(&film, &film, &handle, &[0, 1, 2, 3])).await.expect("nothing changes");
    assert_eq!(vault.object_of(&handle), before, "another time of the same bytes is the same film");
    vault.amend(&amendment(&film, &other, &handle, &[0, 2, 3])).await.expect("it is amended");
    let once = vault.object_of(&handle);
    vault.amend(&amendment(&film, &other, &handle, &[0, 2, 3])).await.expect("whoever lost the reply asks again");
    assert_eq!(vault.object_of(&handle), once, "twice is once");
    assert_eq!(there(&vault, &other, &handle).await, [0, 2, 3], "and what is kept is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_that_was_on_its_way_is_not_taken_for_one_of_the_other_film() {
    another_film_comes_behind_a_chunk(&[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_where_it_is_the_first_of_all() {
    another_film_comes_behind_a_chunk(&[]).await;
}

async fn another_film_comes_behind_a_chunk(sent: &[u32]) {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 3, 3);
    let other = Film { bytes: bytes_of(9, film.layout.size()), ..film.clone() };
    let handle = begin(&vault, &film).await;
    send(&vault, &film, &handle, sent.iter().copied()).await;
    let mut marking = home.ledger.marking();
    let before = *marking.borrow();
    home.ledger.hold_marks(true);
    let (sender, put) = (vault.clone(), film.put(&handle, film.chunk(1)));
    let sending = tokio::spawn(async move { sender.put_chunk(put).await });
    soon("the chunk is being written down", marking.wait_for(|groups| *groups > before))
        .await
        .expect("the ledger is there");
    let (amender, asked) = (vault.clone(), amendment(&film, &other, &handle, &[]));
    let amending = tokio::spawn(async move { amender.amend(&asked).await });
    // Time enough for a vault that does not wait for the mark.
    tokio::time::sleep(Duration::from_millis(50)).await;
    home.ledger.hold_marks(false);
    soon("the amendment", amending).await.expect("no panic").expect("it is amended");
    // Acknowledged or refused: it was of the film of before.
    drop(soon("the put", sending).await.expect("no panic"));
    assert_eq!(there(&vault, &other, &handle).await, [0; 0], "nothing of the film of before is left");
    vault.close().await;
    let vault = home.open().await;
    assert_eq!(there(&vault, &other, &handle).await, [0; 0], "not after a restart either");
    send(&vault, &other, &handle, 0..3).await;
    let completed = vault.complete(&other.completion(&handle, Vec::new())).await.expect("it is whole");
    let reader = vault.reader(&completed.object).await.expect("a film");
    assert!(read(&*reader, other.layout.whole()).await.expect("its bytes") == other.bytes, "the film of now");
}

fn bytes_of(seed: u64, len: u64) -> Bytes {
    transfer::testing::bytes(seed, len)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_full_leaves_the_upload_as_it_was() {
    let home = Home::new();
    let vault = home.open().await;
    let (film, other, handle) = edited(&vault, 4).await;
    let before = vault.object_of(&handle);
    home.ledger.set_full(true);
    let full = vault.amend(&amendment(&film, &other, &handle, &[0])).await.expect_err("it cannot be written down");
    assert!(matches!(full.class, Class::NoSpace { .. }), "room can be made: {full}");
    home.ledger.set_full(false);
    assert_eq!(there(&vault, &film, &handle).await, [0, 1, 2, 3], "nothing was forgotten");
    assert_eq!(vault.object_of(&handle), before, "it is the same film");
    vault.complete(&film.completion(&handle, Vec::new())).await.expect("and can be finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_became_shorter_is_as_long_as_it_is() {
    let home = Home::new();
    let vault = home.open().await;
    let (film, _, handle) = edited(&vault, 5).await;
    let short = Film::new(&vault, 5, 2 * MIB + 9);
    vault.amend(&amendment(&film, &short, &handle, &[0, 1])).await.expect("it is amended");
    let part = home.parts().remove(0);
    assert_eq!(std::fs::metadata(&part).expect("a part").len(), short.layout.size(), "the room behind it is free");
    // As a crash leaves it that forgot the new length.
    std::fs::OpenOptions::new().write(true).open(&part).and_then(|file| file.set_len(4 * MIB)).expect("a longer part");
    vault.close().await;
    let vault = home.open().await;
    send(&vault, &short, &handle, [2]).await;
    let completed = vault.complete(&short.completion(&handle, Vec::new())).await.expect("it is whole");
    let reader = vault.reader(&completed.object).await.expect("a film");
    assert!(read(&*reader, short.layout.whole()).await.expect("its bytes") == short.bytes, "byte for byte");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_owner_may_have_holds_for_a_film_that_grows() {
    let home = Home::new();
    let vault = home.open().await;
    let allowance = Allowance { bytes: Some(5 * MIB), ..Allowance::default() };
    let anna = vault.of(Owner("anna".to_owned()), allowance);
    let film = film(&vault, 6, 4);
    let handle = anna.begin(&film.upload()).await.expect("there is room for it");
    film.send(&anna, &handle, film.layout.indices()).await.expect("it takes chunks");
    let long = Film::new(&vault, 6, 6 * MIB);
    let refused =
        anna.amend(&amendment(&film, &long, &handle, &[0])).await.expect_err("that is more than she may have");
    assert!(matches!(refused.class, Class::NoSpace { .. }), "with the figures: {refused}");
    let little = Film::new(&vault, 6, 5 * MIB);
    let handle = anna.amend(&amendment(&film, &little, &handle, &[0])).await.expect("so much she may have");

    let bert = vault.of(Owner("bert".to_owned()), Allowance::default());
    let foreign = bert.amend(&amendment(&film, &little, &handle, &[])).await.expect_err("it is not his");
    assert_eq!(foreign.class, Class::Expired, "he does not learn that it is there");
}
