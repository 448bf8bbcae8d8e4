//! One flush acknowledges many; a failed one acknowledges nothing and loses nothing that was acknowledged.

use std::sync::Arc;

use transfer::error::Class;
use transfer::remote::{Remote, UploadStatus};
use transfer::testing::MemoryRemote;

use super::*;
use crate::ports::Owner;
use crate::vault::flush::Flusher;
use crate::vault::receive::receive;
use crate::vault::{begin as beginning, recovery};

#[tokio::test(flavor = "multi_thread")]
async fn chunks_that_wait_together_are_one_flush_and_one_write_of_the_ledger() {
    let home = Home::new();
    let shared = Arc::new(recovery::open(home.setup()).await.expect("the folder is fresh"));
    let (flushes, flusher) = Flusher::new(shared.clone());
    let film = Film::new(&MemoryRemote::new(), 1, 8 * MIB);
    let owner = Owner::default();
    let (id, _) = beginning::name(&shared, &owner, &film.upload()).await.expect("a name");
    let handle = beginning::begin(&shared, id, &owner, &film.upload()).await.expect("there is room");
    let upload = shared.upload(&handle).expect("it has begun");

    let puts = film.layout.indices().map(|index| {
        let (shared, flushes, upload, put) =
            (shared.clone(), flushes.clone(), upload.clone(), film.put(&handle, index));
        tokio::spawn(async move { receive(&shared, &flushes, upload, put).await })
    });
    let puts: Vec<_> = puts.collect();
    soon("every chunk waits for a flush", async {
        while flusher.waiting() < puts.len() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(puts.iter().all(|put| !put.is_finished()), "nothing is acknowledged before it is durable");

    let flushing = tokio::spawn(flusher.run());
    for put in puts {
        soon("the flush", put).await.expect("no panic").expect("it became durable");
    }
    assert_eq!(home.ledger.groups(), [8], "one write of the ledger acknowledges all that waited");
    drop(flushes);
    soon("the flusher ends with its last sender", flushing).await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_whose_flush_failed_are_missing_and_can_be_sent_again() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 2, 3);
    let handle = begin(&vault, &film).await;
    send(&vault, &film, &handle, [0]).await;

    home.ledger.set_full(true);
    let put = vault.put_chunk(film.put(&handle, film.chunk(1))).await;
    let class = put.expect_err("it was not written down").class;
    assert!(matches!(class, Class::NoSpace { .. }), "the sender is told why: {class:?}");
    let status = vault.status(&handle, &film.layout).await.expect("a status");
    let UploadStatus::Receiving(received) = status else { panic!("it is unfinished: {status:?}") };
    assert_eq!(received.chunks.len(), 1, "what was acknowledged before stays, what was not is missing");

    home.ledger.set_full(false);
    send(&vault, &film, &handle, [1, 2]).await;
    vault.complete(&film.completion(&handle, Vec::new())).await.expect("with room again it goes on to its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_acknowledges_nothing_more_and_refuses_politely() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 3, 2);
    let handle = begin(&vault, &film).await;
    send(&vault, &film, &handle, [0]).await;
    soon("closing", vault.close()).await;
    let put = vault.put_chunk(film.put(&handle, film.chunk(1))).await;
    assert_eq!(put.expect_err("nobody flushes").class, Class::Transient, "another run goes on");
    let begun = vault.begin(&film.upload()).await;
    assert_eq!(begun.expect_err("nobody begins").class, Class::Transient, "another run goes on");
}
