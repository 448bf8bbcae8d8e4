//! tus: "Checksum".

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

use super::{Desk, MIB, noise, number};

fn checksum(algorithm: &str, bytes: &[u8]) -> String {
    let value = match algorithm {
        "sha1" => digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec(),
        _ => digest(&SHA256, bytes).as_ref().to_vec(),
    };
    format!("{algorithm} {}", BASE64_STANDARD.encode(value))
}

#[tokio::test]
async fn bytes_with_their_checksum_are_taken() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(1, 9 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    let mut at = 0;
    for (piece, algorithm) in film.chunks(3_500_000).zip(["sha1", "sha256", "sha1"]) {
        let patch = desk.patching(&address, at).header("upload-checksum", checksum(algorithm, piece));
        let answer = patch.body(piece.to_vec()).send().await?;
        assert_eq!(answer.status(), 204, "{algorithm} of the right bytes");
        at = number(&answer, "upload-offset")?;
    }
    desk.assert_film("film.mp4", &film).await
}

/// The example of the protocol's text, and the same in CRC-32 as `zip` has it.
#[tokio::test]
async fn a_checksum_is_what_others_take_it_for() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("hello.mp4", 22).await?;
    for (at, said) in [(0, "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="), (11, "crc32 DUoRhQ==")] {
        let patch = desk.patching(&address, at).header("upload-checksum", said).body("hello world");
        assert_eq!(patch.send().await?.status(), 204, "{said}");
    }
    desk.assert_film("hello.mp4", b"hello worldhello world").await
}

#[tokio::test]
async fn bytes_without_their_checksum_leave_nothing() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(2, 6 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    desk.patch(&address, 0, &film[..MIB as usize]).await?;
    let rest = &film[MIB as usize..];
    let mut damaged = rest.to_vec();
    damaged[4_500_000] ^= 1;
    let patch = || desk.patching(&address, MIB).body(damaged.clone());
    let wrong = patch().header("upload-checksum", checksum("sha1", rest)).send().await?;
    assert_eq!(wrong.status().as_u16(), 460, "one bit turned over on its way");
    assert_eq!(desk.offset(&address).await?, MIB, "what was there before stays, and no more");
    let right = desk.patching(&address, MIB).header("upload-checksum", checksum("sha256", rest)).body(rest.to_vec());
    assert_eq!(right.send().await?.status(), 204, "the right bytes are taken afterwards");
    desk.assert_film("film.mp4", &film).await
}

#[tokio::test]
async fn a_checksum_that_cannot_be_verified_is_refused() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 11).await?;
    for said in ["md5 XrY7u+Ae7tCTyyK7j1rNww==", "sha1", "sha1 !", "", "SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="] {
        let answer = desk.patching(&address, 0).header("upload-checksum", said).body("hello world").send().await?;
        assert_eq!(answer.status(), 400, "{said:?} says nothing that can be verified");
    }
    assert_eq!(desk.offset(&address).await?, 0, "and nothing of it is kept");
    Ok(())
}

/// What broke off cannot be verified, and is not kept.
#[tokio::test]
async fn half_of_what_has_a_checksum_is_not_kept() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 2 * MIB).await?;
    let film = noise(3, 2 * MIB);
    let head = super::head_of(&desk, &address, 0, film.len(), &[("upload-checksum", &checksum("sha1", &film))])?;
    super::cut_off(&desk, &head, &film[..MIB as usize]).await.context("half of it leaves")?;
    let answer = desk.patch(&address, 0, &film).await?;
    assert_eq!(answer.status(), 204, "the upload is as it was before");
    desk.assert_film("film.mp4", &film).await
}
