//! A film that is edited while it is sent: what is still in it stays, and the rest alone is sent again.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use support::films::{blake3, edit, noise};
use support::programs::{Talker, last, upload};

use super::Desk;

const MIB: u64 = 1 << 20;
const CHUNK: u64 = 4 * MIB;
/// What a stopped process exits with (`StoppingRemote`).
const STOPPED: Option<i32> = Some(86);

/// A film of ten chunks of which some arrived, the first among them, before that was edited.
fn edited(desk: &Desk) -> Result<PathBuf> {
    let film = desk.path("film.mp4");
    noise(&film, 1, 10 * CHUNK)?;
    let mut run = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(["--limit", "10M"]))?;
    // The last chunk goes first, then the others in order, a few at once.
    run.hear("some chunks", |event| event["bytes_acked"].as_u64() >= Some(5 * CHUNK))?;
    edit(&film, 2 * MIB)?;
    let (status, events) = run.end()?;
    ensure!(status.code() == Some(1), "a mixture of two films must never be done: {:?}", events.last());
    Ok(film)
}

/// How many bytes left in a run, but for what left before its first event.
fn travelled(events: &[Value]) -> Result<u64> {
    let mut of_film = events.iter().filter_map(|event| event["bytes_sent"].as_u64());
    let first = of_film.next().context("a first figure")?;
    Ok(of_film.next_back().unwrap_or(first) - first)
}

#[test]
fn what_changed_is_sent_alone_when_that_is_asked_for() -> Result<()> {
    let desk = Desk::new()?;
    let film = edited(&desk)?;
    let (code, events) = desk.run(&[&film], &["--send-changed"])?;
    assert_eq!(code, Some(0), "as the file is now: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "what is there is what the file is");
    let compared = last(&events, "compared")?;
    let same = compared["same"].as_u64().context("a count")?;
    assert!(same >= 4 && compared["changed"] == 1, "one chunk was edited: {compared}");
    let proven = last(&events, "proven")?;
    assert_eq!((&proven["chunks"], &proven["by"]), (&same.into(), &"remote".into()), "by the vault's own digests");
    let sent = travelled(&events)?;
    assert!(sent <= (10 - same) * CHUNK, "not a chunk that is the same was sent again: {sent} bytes, {same} the same");
    Ok(())
}

#[test]
fn a_crash_after_the_vault_did_it_goes_on_with_it() -> Result<()> {
    let desk = Desk::new()?;
    let film = edited(&desk)?;
    let mut command = upload(&[&film], &desk.vault(), &desk.state())?;
    let (status, events) = Talker::start(command.arg("--send-changed").env("PAWL_STOP_AT", "amend"))?.end()?;
    assert_eq!(status.code(), STOPPED, "it dies between effect and answer: {:?}", events.last());
    let (code, events) = desk.run(&[&film], &[])?;
    assert_eq!(code, Some(0), "it need not be asked for again: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "what is there is what the file is");
    let same = last(&events, "compared")?["same"].as_u64().context("a count")?;
    let sent = travelled(&events)?;
    assert!(sent <= (10 - same) * CHUNK, "not a chunk that is the same was sent again: {sent} bytes, {same} the same");
    Ok(())
}

#[test]
fn a_file_that_is_given_twice_is_one_file() -> Result<()> {
    let desk = Desk::new()?;
    let film = edited(&desk)?;
    let (code, events) = desk.run(&[&film, &film], &["--start-over"])?;
    assert_eq!(code, Some(0), "what is wanted twice is done once: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "what is there is what the file is");
    Ok(())
}

#[test]
fn a_film_that_is_edited_while_it_is_sent_starts_over_where_that_was_said() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 10 * CHUNK)?;
    let arguments = ["--limit", "10M", "--start-over"];
    let mut run = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(arguments))?;
    run.hear("some chunks", |event| event["bytes_acked"].as_u64() >= Some(5 * CHUNK))?;
    edit(&film, 2 * MIB)?;
    let (status, events) = run.end()?;
    assert_eq!(status.code(), Some(0), "nobody need start it again: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "what is there is what the file is");
    Ok(())
}
