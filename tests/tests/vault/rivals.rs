//! Many chunks, many senders, the same chunk twice: no race, whatever the order.

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::future::join_all;
use support::vaults::Fed;
use transfer::body::ReadyBody;
use transfer::error::Class;
use transfer::layout::ChunkLayout;
use transfer::remote::Remote;
use transfer::testing::{Film, cv_of};
use transfer::units::MIB;

use super::{film, site, soon, with_upload};

/// As many bytes as the first chunk has, and none of them right.
fn wrong(film: &Film) -> Bytes {
    film.bytes[..MIB as usize].iter().map(|byte| !byte).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_that_arrive_together_share_their_flushes() -> Result<()> {
    let (_folder, site) = site()?;
    let open = site.open().await?;
    let film = Film::new(&open.vault, 1, 32 * MIB);
    let handle = open.begin(&film).await?;
    let puts = film.layout.indices().rev().map(|index| {
        let (vault, put) = (open.vault.clone(), film.put(&handle, index));
        tokio::spawn(async move { vault.put_chunk(put).await })
    });
    for put in join_all(puts).await {
        put??;
    }
    let groups = open.ledger.groups();
    assert_eq!(groups.iter().sum::<usize>(), 32, "each chunk is written down once: {groups:?}");
    assert!(groups.len() < 32, "one flush acknowledges many: {groups:?}");
    let completed = open.vault.complete(&film.completion(&handle, Vec::new())).await?;
    assert!(open.read(&completed.object, film.layout.whole()).await? == film.bytes, "every byte is in its place");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_duplicate_is_refused_and_changes_no_byte() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(2, &[0]).await?;
    let object = open.vault.object_of(&handle).context("an object")?;
    let index = film.chunk(0);
    let range = film.layout.range(index);
    let claims = [Some(cv_of(&film.layout, index, &film.bytes)), Some(cv_of(&film.layout, index, &wrong(&film))), None];
    for claim in claims {
        let body = ReadyBody::new(range, wrong(&film), claim);
        let put = open.vault.put_chunk(film.put_body(&handle, index, Box::new(body))).await;
        assert_eq!(put.expect_err("it differs").class, Class::Corrupt, "whatever digest it claims");
    }
    assert!(open.read(&object, range).await? == film.bytes[..MIB as usize], "acknowledged bytes never change");
    assert!(std::fs::read(site.part(&handle))?[..MIB as usize] == film.bytes[..MIB as usize], "nor do they on disk");
    assert_eq!(open.ledger.groups(), [1], "a duplicate is not written down again");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_writer_of_a_chunk_wins_and_the_older_writes_no_more() -> Result<()> {
    let (_folder, site) = site()?;
    let open = site.open().await?;
    // One long chunk, of which the older writer has stored some when the newer one comes.
    let film = film(&open, 3);
    let film = Film { layout: ChunkLayout::new(film.layout.size(), 4 * MIB)?, ..film };
    let handle = open.begin(&film).await?;
    let index = film.chunk(0);
    let (body, older) = Fed::new(film.layout.range(index), None);
    let put = film.put_body(&handle, index, body);
    let vault = open.vault.clone();
    let first = tokio::spawn(async move { vault.put_chunk(put).await });
    for _ in 0..2 {
        assert!(older.feed(wrong(&film)).await, "the older writer is taken while it is alone");
    }
    soon("its bytes to be taken", older.taken()).await?;

    open.send(&film, &handle, &[0]).await.context("the newest writer wins")?;
    older.feed(wrong(&film).slice(9..)).await;
    drop(older);
    let refused = soon("the older writer's end", first).await??.map_err(|error| error.class);
    // It finds out at its next write that it was superseded.
    assert_eq!(refused, Err(Class::Transient), "its place was taken");
    assert!(std::fs::read(site.part(&handle))? == film.bytes, "no byte of the older one landed on the newer's");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_writer_that_is_cut_off_by_one_that_then_hangs_can_come_back() -> Result<()> {
    let (_folder, _site, open, film, handle) = with_upload(4, &[]).await?;
    let index = film.chunk(1);
    let (body, hanging) = Fed::new(film.layout.range(index), None);
    let put = film.put_body(&handle, index, body);
    let vault = open.vault.clone();
    let hung = tokio::spawn(async move { vault.put_chunk(put).await });
    assert!(hanging.feed(wrong(&film).slice(..1000)).await, "it begins");
    soon("its bytes to be taken", hanging.taken()).await?;
    open.send(&film, &handle, &[1]).await.context("a chunk is not bound to a sender that hangs")?;
    hung.abort();
    open.send(&film, &handle, &[0, 2, 1]).await.context("everything else goes on")?;
    open.vault.complete(&film.completion(&handle, Vec::new())).await?;
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_senders_of_every_chunk_at_once_leave_one_right_film() -> Result<()> {
    let (_folder, _site, open, film, handle) = with_upload(5, &[]).await?;
    for _round in 0..5 {
        let puts = (0..24).map(|sender| {
            let index = film.chunk(sender % 3);
            // Every fourth sender brings wrong bytes under the right digest.
            let whole = film.layout.range(index);
            let mut bytes = film.bytes.slice(whole.start() as usize..whole.end() as usize).to_vec();
            if sender % 4 == 3 {
                bytes[1000] ^= 1;
            }
            let body = ReadyBody::new(whole, bytes.into(), Some(cv_of(&film.layout, index, &film.bytes)));
            let (vault, put) = (open.vault.clone(), film.put_body(&handle, index, Box::new(body)));
            tokio::spawn(async move { vault.put_chunk(put).await })
        });
        for put in join_all(puts).await {
            let refused = put?.err().map(|error| error.class);
            let fine = matches!(refused, None | Some(Class::Transient | Class::Corrupt));
            assert!(fine, "a rival is taken, superseded or corrupt, and never {refused:?}");
        }
    }
    open.send(&film, &handle, &[0, 1, 2]).await.context("alone, every chunk is taken")?;
    let completed = open.vault.complete(&film.completion(&handle, Vec::new())).await?;
    assert!(open.read(&completed.object, film.layout.whole()).await? == film.bytes, "the film is right");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn aborting_and_beginning_again_under_fire_acknowledges_nothing_that_is_not_there() -> Result<()> {
    let (_folder, _site, open, film, _) = with_upload(6, &[]).await?;
    for _round in 0..10 {
        let handle = open.begin(&film).await?;
        let puts: Vec<_> = film
            .layout
            .indices()
            .map(|index| {
                let (vault, put) = (open.vault.clone(), film.put(&handle, index));
                tokio::spawn(async move { vault.put_chunk(put).await })
            })
            .collect();
        open.vault.abort(&handle).await?;
        let again = open.begin(&film).await?;
        assert_eq!(again, handle, "the transfer names its upload");
        for put in join_all(puts).await {
            let refused = put?.err().map(|error| error.class);
            let fine = matches!(refused, None | Some(Class::Expired | Class::Transient));
            assert!(fine, "a late chunk is taken or refused politely: {refused:?}");
        }
        let object = open.vault.object_of(&again).context("an object")?;
        for number in open.there(&film, &again).await?.context("it has begun again")? {
            let range = film.layout.range(film.chunk(number));
            let right = film.bytes.slice(range.start() as usize..range.end() as usize);
            assert!(open.read(&object, range).await? == right, "what it says is there is there: chunk {number}");
        }
    }
    open.close().await;
    Ok(())
}
