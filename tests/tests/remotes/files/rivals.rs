//! Two requests to one upload: the newest wins, and what the older one brought is kept.

use anyhow::{Context, Result};
use reqwest::Method;
use support::programs::PATIENCE;
use tokio::io::AsyncReadExt;

use super::{Desk, MIB, half, head_of, noise, number, until};

#[tokio::test]
async fn a_newer_request_ends_the_older_which_may_be_dead() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(1, 3 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    let head = head_of(&desk, &address, 0, film.len(), &[])?;
    let mut silent = half(&desk, &head, &film[..MIB as usize]).await?;
    // Its bytes are in the server when they can be read there.
    received(&desk, MIB).await?;
    let there = desk.offset(&address).await?;
    assert_eq!(there, MIB, "who asks ends the silent one, and is told of every byte that it brought");
    assert_eq!(desk.patch(&address, there, &film[there as usize..]).await?.status(), 204, "and goes on");
    desk.assert_film("film.mp4", &film).await?;
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, silent.read_to_end(&mut answer)).await.context("the older one is ended")??;
    assert!(answer.starts_with(b"HTTP/1.1 409"), "and told: {}", String::from_utf8_lossy(&answer));
    Ok(())
}

#[tokio::test]
async fn of_many_at_once_one_brings_its_bytes_and_nothing_is_mixed() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 4 * MIB).await?;
    let films: Vec<Vec<u8>> = (0..6).map(|seed| noise(seed, 4 * MIB)).collect();
    let answers = futures::future::join_all(films.iter().map(|film| desk.patch(&address, 0, film))).await;
    let statuses: Vec<u16> = answers.into_iter().filter_map(|answer| Some(answer.ok()?.status().as_u16())).collect();
    assert!(statuses.iter().all(|status| [204, 409, 413].contains(status)), "taken, or too late: {statuses:?}");
    let mut there = desk.offset(&address).await?;
    if there < 4 * MIB {
        // The newest came when an older one had brought some already: it was told so, as any of them.
        let answer = desk.patch(&address, there, &films[0][there as usize..]).await?;
        there = number(&answer, "upload-offset")?;
    }
    assert_eq!(there, 4 * MIB, "all is there");
    let kept = std::fs::read(desk.folder.path().join("film.mp4"))?;
    let origins = |at: usize| films.iter().position(|film| film[at..at + 32] == kept[at..at + 32]);
    assert!((0..kept.len() - 32).step_by(4096).filter(|at| origins(*at).is_none()).count() <= 6, "runs of bytes");
    Ok(())
}

#[tokio::test]
async fn an_upload_is_given_up_in_the_middle_of_a_patch() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 3 * MIB).await?;
    let head = head_of(&desk, &address, 0, 3 * MIB as usize, &[])?;
    let _silent = half(&desk, &head, &noise(1, MIB)).await?;
    received(&desk, MIB).await?;
    assert_eq!(desk.tus(Method::DELETE, &address).send().await?.status(), 204, "it goes all the same");
    assert_eq!(desk.head(&address).await?.status(), 404, "for good");
    until("the room is free", async || Ok(desk.parts()? == 0)).await
}

/// Waits until the only unfinished upload has these bytes on the disk.
async fn received(desk: &Desk, bytes: u64) -> Result<()> {
    use std::os::unix::fs::FileExt;
    let incoming = desk.folder.path().join(".pawl/incoming");
    let part = std::fs::read_dir(incoming)?.next().context("a part")??.path();
    let file = std::fs::File::open(part)?;
    until("the bytes are on the disk", async || {
        let mut last = [0; 16];
        file.read_exact_at(&mut last, bytes - 16)?;
        Ok(last != [0; 16])
    })
    .await
}
