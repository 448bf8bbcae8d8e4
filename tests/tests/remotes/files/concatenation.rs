//! tus: "Concatenation", also of what is unfinished.

use anyhow::{Context, Result};
use reqwest::{Method, Response};
use serde_json::Value;

use super::{Desk, MIB, created, header, named, noise, number, until};

/// Begins a part of so many bytes.
async fn part(desk: &Desk, length: u64) -> Result<String> {
    let new = desk.tus(Method::POST, "/files").header("upload-concat", "partial").header("upload-length", length);
    created(new.send().await?)
}

async fn join(desk: &Desk, name: &str, parts: &[String]) -> Result<Response> {
    let concat = format!("final;{}", parts.join(" "));
    let new = desk.tus(Method::POST, "/files").header("upload-concat", concat);
    Ok(new.header("upload-metadata", named(name)).send().await?)
}

async fn is_whole(desk: &Desk, address: &str) -> Result<()> {
    until("it is put together", async || Ok(header(&desk.head(address).await?, "upload-offset").is_some())).await
}

#[tokio::test]
async fn parts_that_end_anywhere_are_one_film_in_the_order_of_the_list() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(1, 9 * MIB + 3);
    let cuts = [0, 1, 2_300_000, 5 * MIB + 7, 5 * MIB + 7, film.len() as u64];
    let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &film[cut[0] as usize..cut[1] as usize]).collect();
    let mut parts = Vec::new();
    for piece in &pieces {
        parts.push(part(&desk, piece.len() as u64).await?);
    }
    for (address, piece) in parts.iter().zip(&pieces).rev() {
        desk.patch(address, 0, piece).await?;
        let answer = desk.head(address).await?;
        assert_eq!(number(&answer, "upload-offset")?, piece.len() as u64, "a part tells its offset");
        assert_eq!(header(&answer, "upload-concat"), Some("partial"), "and what it is");
    }
    let absolute: Vec<String> = parts.iter().map(|address| desk.at(address)).collect();
    let whole = created(join(&desk, "joined.mp4", &absolute).await?)?;
    is_whole(&desk, &whole).await?;
    desk.assert_film("joined.mp4", &film).await?;
    let answer = desk.head(&whole).await?;
    assert_eq!(number(&answer, "upload-length")?, film.len() as u64, "the sum of the parts");
    assert_eq!(number(&answer, "upload-offset")?, film.len() as u64, "all of it");
    let said = format!("final;{}", absolute.join(" "));
    assert_eq!(header(&answer, "upload-concat"), Some(said.as_str()), "as it was said");
    assert_eq!(header(&answer, "upload-metadata"), Some(named("joined.mp4").as_str()), "its own, not its parts'");
    until("the parts' room is free", async || Ok(desk.parts()? == 0)).await?;
    assert_eq!(desk.head(&parts[2]).await?.status(), 404, "parts may go when they are put together");
    Ok(())
}

#[tokio::test]
async fn parts_are_no_films() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = part(&desk, 5).await?;
    desk.patch(&address, 0, b"bytes").await?;
    assert_eq!(desk.offset(&address).await?, 5, "it is whole");
    assert!(desk.films()?.is_empty(), "and stands nowhere");
    let list: Value = desk.client.get(desk.at("/api/v1/videos")).bearer_auth(&desk.anna).send().await?.json().await?;
    assert_eq!(list["videos"].as_array().map(Vec::len), Some(0), "nor in the library: {list}");
    assert_eq!(desk.client.get(desk.at(&address)).bearer_auth(&desk.anna).send().await?.status(), 404, "unreadable");
    Ok(())
}

#[tokio::test]
async fn a_film_of_parts_takes_nothing_itself() -> Result<()> {
    let desk = Desk::open(&[])?;
    let parts = [part(&desk, 3).await?, part(&desk, 3).await?];
    let with_length = desk.tus(Method::POST, "/files").header("upload-concat", format!("final;{}", parts[0]));
    assert_eq!(with_length.header("upload-length", 3).send().await?.status(), 400, "it has its parts' length");
    let whole = created(join(&desk, "joined.mp4", &parts).await?)?;
    assert_eq!(desk.patch(&whole, 0, b"abc").await?.status(), 403, "it is not modified");
    desk.patch(&parts[0], 0, b"abc").await?;
    desk.patch(&parts[1], 0, b"def").await?;
    is_whole(&desk, &whole).await?;
    desk.assert_film("joined.mp4", b"abcdef").await
}

#[tokio::test]
async fn parts_may_be_unfinished_when_they_are_put_together() -> Result<()> {
    let mut desk = Desk::open(&[])?;
    let film = noise(2, 6 * MIB);
    let (first, rest) = film.split_at(3_000_000);
    let parts = [part(&desk, first.len() as u64).await?, part(&desk, rest.len() as u64).await?];
    desk.patch(&parts[0], 0, first).await?;
    let whole = created(join(&desk, "joined.mp4", &parts).await?)?;
    let answer = desk.head(&whole).await?;
    assert_eq!(header(&answer, "upload-offset"), None, "there is no offset before it is put together");
    assert_eq!(number(&answer, "upload-length")?, film.len() as u64, "its length can be told");
    desk.patch(&parts[1], 0, &rest[..1000]).await?;
    desk.restart()?;
    assert_eq!(header(&desk.head(&whole).await?, "upload-offset"), None, "it still waits");
    desk.patch(&parts[1], 1000, &rest[1000..]).await?;
    is_whole(&desk, &whole).await?;
    desk.assert_film("joined.mp4", &film).await
}

#[tokio::test]
async fn the_length_of_parts_may_come_later() -> Result<()> {
    let desk = Desk::open(&[])?;
    let new = desk.tus(Method::POST, "/files").header("upload-concat", "partial").header("upload-defer-length", 1);
    let parts = [created(new.send().await?)?];
    let whole = created(join(&desk, "joined.mp4", &parts).await?)?;
    assert_eq!(header(&desk.head(&whole).await?, "upload-length"), None, "nobody can tell it yet");
    desk.patch(&parts[0], 0, b"abc").await?;
    let told = desk.patching(&parts[0], 3).header("upload-length", 6).body("def").send().await?;
    assert_eq!(told.status(), 204, "now it is known");
    is_whole(&desk, &whole).await?;
    desk.assert_film("joined.mp4", b"abcdef").await
}

#[tokio::test]
async fn a_server_that_is_killed_while_it_puts_together_goes_on() -> Result<()> {
    let mut desk = Desk::open(&[])?;
    let film = noise(3, 160 * MIB + 9);
    let mut parts = Vec::new();
    for piece in film.chunks(55_555_555) {
        parts.push(part(&desk, piece.len() as u64).await?);
        desk.patch(&parts[parts.len() - 1], 0, piece).await?;
    }
    let whole = created(join(&desk, "joined.mp4", &parts).await?)?;
    let mut there = 0;
    until("some of the copy is durable", async || {
        there = copied(&desk).await?;
        Ok(there > 0)
    })
    .await?;
    desk.restart()?;
    assert!(there < film.len() as u64, "it was killed in the middle of it: {there} bytes were there");
    assert!(copied(&desk).await? >= there, "what was copied before is not copied again");
    is_whole(&desk, &whole).await?;
    desk.assert_film("joined.mp4", &film).await
}

/// Bytes of the only film in the library that are there.
async fn copied(desk: &Desk) -> Result<u64> {
    let list: Value = desk.client.get(desk.at("/api/v1/videos")).bearer_auth(&desk.anna).send().await?.json().await?;
    list["videos"][0]["received"].as_u64().context("the film that is put together is in the library")
}

#[tokio::test]
async fn a_part_that_is_given_up_takes_its_film_with_it() -> Result<()> {
    let desk = Desk::open(&[])?;
    let parts = [part(&desk, 3).await?, part(&desk, 3).await?];
    desk.patch(&parts[0], 0, b"abc").await?;
    let whole = created(join(&desk, "joined.mp4", &parts).await?)?;
    assert_eq!(desk.tus(Method::DELETE, &parts[1]).send().await?.status(), 204, "its bytes will never come");
    until("the film that waits for them goes", async || Ok(desk.head(&whole).await?.status() == 404)).await?;
    let again = join(&desk, "joined.mp4", &parts).await?;
    assert_eq!(again.status(), 400, "what is gone is no part");
    let alone = created(join(&desk, "alone.mp4", &parts[..1]).await?)?;
    is_whole(&desk, &alone).await?;
    desk.assert_film("alone.mp4", b"abc").await
}

#[tokio::test]
async fn a_film_that_waits_for_its_parts_can_be_given_up() -> Result<()> {
    let desk = Desk::open(&[])?;
    let parts = [part(&desk, 3).await?];
    let whole = created(join(&desk, "joined.mp4", &parts).await?)?;
    assert_eq!(desk.tus(Method::DELETE, &whole).send().await?.status(), 204, "it goes");
    desk.patch(&parts[0], 0, b"abc").await?;
    assert_eq!(desk.head(&whole).await?.status(), 404, "for good");
    let again = created(join(&desk, "joined.mp4", &parts).await?).context("its parts stay")?;
    is_whole(&desk, &again).await?;
    desk.assert_film("joined.mp4", b"abc").await
}

#[tokio::test]
async fn parts_are_put_together_once_and_into_nothing_larger_than_a_film_may_be() -> Result<()> {
    let desk = Desk::open(&["--max-size", "5"])?;
    let parts = [part(&desk, 3).await?, part(&desk, 3).await?];
    assert_eq!(join(&desk, "joined.mp4", &parts).await?.status(), 413, "six bytes are more than five");
    let same = [parts[0].clone(), parts[0].clone()];
    assert_eq!(join(&desk, "joined.mp4", &same).await?.status(), 400, "its bytes are there once");
    created(join(&desk, "joined.mp4", &parts[..1]).await?)?;
    let more = [parts[0].clone(), part(&desk, 1).await?];
    assert_eq!(join(&desk, "again.mp4", &more).await?.status(), 400, "it goes with the film that it is a part of");
    Ok(())
}
