//! Clients that others wrote send their films, as people's browsers and scripts do.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;
use support::programs::Talker;
use support::tus_clients::{tus_js, tuspy};

use super::{Desk, MIB, noise};

struct Sender {
    desk: Desk,
    film: std::path::PathBuf,
    bytes: Vec<u8>,
    _folder: tempfile::TempDir,
}

impl Sender {
    fn new(seed: u64, len: u64) -> Result<Self> {
        let (desk, folder, bytes) = (Desk::open(&[])?, tempfile::TempDir::new()?, noise(seed, len));
        let film = folder.path().join("film.mp4");
        std::fs::write(&film, &bytes)?;
        Ok(Self { desk, film, bytes, _folder: folder })
    }

    fn js(&self, more: &[&str]) -> Result<Command> {
        tus_js(&self.desk.at("/files/"), &self.film, &self.desk.anna, more)
    }

    /// It must end well: what it said last.
    async fn ends(&self, mut command: Command) -> Result<Value> {
        let run = move || Talker::start(&mut command)?.end();
        let (status, said) = tokio::task::spawn_blocking(run).await??;
        assert!(status.success(), "it must end well: {said:?}");
        said.last().cloned().context("it says what became of it")
    }

    /// Its film is there, once, and nothing beside it.
    async fn sends(&self, command: Command) -> Result<()> {
        self.ends(command).await?;
        super::until("the film is there", async || Ok(!self.desk.films()?.is_empty())).await?;
        self.desk.assert_film("film.mp4", &self.bytes).await?;
        assert_eq!(self.desk.films()?.len(), 1, "one film");
        super::until("nothing is left over", async || Ok(self.desk.parts()? == 0)).await
    }
}

#[tokio::test]
async fn tus_js_client_sends_a_film_in_one_request_and_in_many() -> Result<()> {
    for more in [&[][..], &["--chunk=3000000"]] {
        let sender = Sender::new(1, 20 * MIB + 5)?;
        sender.sends(sender.js(more)?).await.with_context(|| format!("{more:?}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn tus_js_client_sends_four_parts_at_once() -> Result<()> {
    let sender = Sender::new(2, 30 * MIB + 3)?;
    sender.sends(sender.js(&["--parallel=4"])?).await
}

#[tokio::test]
async fn tus_js_client_sends_what_has_no_length_yet() -> Result<()> {
    let sender = Sender::new(3, 11 * MIB + 1)?;
    sender.sends(sender.js(&["--deferred", "--chunk=2500000"])?).await
}

#[tokio::test]
async fn tus_js_client_goes_on_where_it_stopped() -> Result<()> {
    let sender = Sender::new(4, 20 * MIB)?;
    sender.sends(sender.js(&["--chunk=3000000", "--pause=6000000"])?).await
}

#[tokio::test]
async fn tus_js_client_gives_an_upload_up() -> Result<()> {
    let sender = Sender::new(5, 20 * MIB)?;
    let said = sender.ends(sender.js(&["--chunk=3000000", "--terminate=6000000"])?).await?;
    assert_eq!(said["event"], "terminated", "the server confirms it: {said}");
    let url = said["url"].as_str().context("its address")?.to_owned();
    let address = url.strip_prefix(&sender.desk.server.url()).context("it is here")?;
    assert_eq!(sender.desk.head(address).await?.status(), 404, "it is gone");
    assert_eq!((sender.desk.parts()?, sender.desk.films()?.len()), (0, 0), "and nothing of it stays");
    Ok(())
}

#[tokio::test]
async fn tuspy_sends_a_film_with_checksums_and_goes_on_where_it_stopped() -> Result<()> {
    for pause in [None, Some(6_000_000)] {
        let sender = Sender::new(6, 20 * MIB + 5)?;
        let command = tuspy(&sender.desk.at("/files/"), &sender.film, &sender.desk.anna, pause)?;
        sender.sends(command).await.with_context(|| format!("{pause:?}"))?;
    }
    Ok(())
}
