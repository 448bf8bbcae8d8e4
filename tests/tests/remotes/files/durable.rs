//! What was acknowledged is there after kill -9 and a restart, and what arrived of a broken request is not sent again.

use anyhow::{Context, Result};
use reqwest::Method;

use super::{Desk, MIB, created, cut_off, half, head_of, named, noise, until};

#[tokio::test]
async fn what_came_before_a_broken_body_is_kept() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(1, 9 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    let head = head_of(&desk, &address, 0, film.len(), &[])?;
    cut_off(&desk, &head, &film[..5_000_001]).await?;
    assert_eq!(desk.offset(&address).await?, 5_000_001, "every byte that came counts");
    assert_eq!(desk.patch(&address, 5_000_001, &film[5_000_001..]).await?.status(), 204, "it goes on at that byte");
    desk.assert_film("film.mp4", &film).await
}

#[tokio::test]
async fn offsets_survive_kills_whatever_they_are() -> Result<()> {
    let mut desk = Desk::open(&[])?;
    let film = noise(2, 13 * MIB + 5);
    let lengths = [("upload-length", film.len().to_string()), ("upload-defer-length", "1".to_owned())];
    for (index, (field, value)) in lengths.into_iter().enumerate() {
        let name = format!("film-{index}.mp4");
        let new = desk.tus(Method::POST, "/files").header(field, value).header("upload-metadata", named(&name));
        let address = created(new.send().await?)?;
        let mut at = 0;
        for end in [1, 4 * MIB - 1, 4 * MIB, 8 * MIB, 8 * MIB + 1, 12 * MIB] {
            assert_eq!(desk.patch(&address, at, &film[at as usize..end as usize]).await?.status(), 204, "to {end}");
            desk.restart()?;
            assert_eq!(desk.offset(&address).await?, end, "what was acknowledged is there");
            at = end;
        }
        let last = desk.patching(&address, at).header("upload-length", film.len()).body(film[at as usize..].to_vec());
        assert_eq!(last.send().await?.status(), 204, "the rest");
        desk.assert_film(&name, &film).await?;
        desk.restart()?;
        assert_eq!(desk.offset(&address).await?, film.len() as u64, "a film stays known by its upload's address");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_killed_in_the_middle_of_a_patch_goes_on() -> Result<()> {
    let mut desk = Desk::open(&[])?;
    let film = noise(3, 24 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    let head = head_of(&desk, &address, 0, film.len(), &[])?;
    let _open = half(&desk, &head, &film[..20 * MIB as usize]).await?;
    until("some of it is durable before the request ends", async || {
        let listed: serde_json::Value =
            desk.client.get(desk.at("/api/v1/videos")).bearer_auth(&desk.anna).send().await?.json().await?;
        Ok(listed["videos"][0]["received"].as_u64().context("a count")? >= 4 * MIB)
    })
    .await?;
    desk.restart()?;
    let there = desk.offset(&address).await?;
    assert!((4 * MIB..=20 * MIB).contains(&there), "what was durable is there: {there}");
    assert_eq!(desk.patch(&address, there, &film[there as usize..]).await?.status(), 204, "and it goes on");
    desk.assert_film("film.mp4", &film).await
}

/// Whoever watches need not wait for the end.
#[tokio::test]
async fn what_arrived_can_be_read_before_the_rest_is_there() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(4, 9 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    desk.patch(&address, 0, &film[..8 * MIB as usize]).await?;
    let range = desk.client.get(desk.at(&address)).bearer_auth(&desk.anna).header("range", "bytes=4000000-4000099");
    let part = range.send().await?;
    assert_eq!(part.status(), 206, "of a film that still arrives");
    assert_eq!(part.bytes().await?[..], film[4_000_000..4_000_100], "the very bytes");
    Ok(())
}
