//! `pawl-upload` to `pawl-server`: real processes, each of them killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;
use support::films::{blake3, edit, noise};
use support::http::client;
use support::pawl_server::{PawlServer, certificate, certificate_for, token};
use support::programs::{Talker, last, program};
use tempfile::TempDir;

const MIB: u64 = 1 << 20;
/// What may have been on its way when somebody was killed: four chunks of 4 MiB.
const IN_FLIGHT: u64 = 16 * MIB;

/// A server, a token, a film, and a place for the sender's progress.
struct Desk {
    folder: TempDir,
    server: PawlServer,
    token: String,
    film: PathBuf,
}

impl Desk {
    fn new(bytes: u64, options: &[&str]) -> Result<Self> {
        let folder = TempDir::new()?;
        let vault = folder.path().join("vault");
        let token = token(&vault, "anna", "read,upload")?;
        let server = PawlServer::start(&vault, options)?;
        let film = folder.path().join("film.mp4");
        noise(&film, bytes, bytes)?;
        Ok(Self { folder, server, token, film })
    }

    fn send(&self, more: &[&str]) -> Result<Command> {
        let mut command = Command::new(program("pawl-upload")?);
        command.arg(&self.film).args(["--json", "--to", &self.server.url(), "--state"]);
        command.arg(self.folder.path().join("state")).args(more).env("PAWL_TOKEN", &self.token);
        Ok(command)
    }

    fn sends(&self) -> Result<Value> {
        let (status, events) = Talker::start(&mut self.send(&[])?)?.end()?;
        assert_eq!(status.code(), Some(0), "it must end with 0 when the film is there: {:?}", events.last());
        Ok(last(&events, "done")?.clone())
    }

    /// The film is there once, whole, proven, and nothing beside it.
    fn assert_there(&self, done: &Value) -> Result<()> {
        assert_eq!(done["proof"], "root", "the server's own root is the sender's: {done}");
        let vault = self.folder.path().join("vault");
        assert_eq!(blake3(&vault.join("film.mp4"))?, blake3(&self.film)?, "the very bytes");
        let films = fs::read_dir(&vault)?.filter_map(Result::ok).filter(|entry| entry.path().is_file()).count();
        assert_eq!(films, 1, "one film, however often it was begun");
        assert_eq!(fs::read_dir(vault.join(".pawl/incoming"))?.count(), 0, "nothing half is left behind");
        Ok(())
    }
}

fn some_acked(run: &mut Talker) -> Result<Value> {
    run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))
}

fn size(film: &Path) -> Result<u64> {
    Ok(fs::metadata(film)?.len())
}

#[test]
fn a_film_arrives_and_is_proven_and_is_not_sent_twice() -> Result<()> {
    let desk = Desk::new(64 * MIB, &[])?;
    let done = desk.sends()?;
    desk.assert_there(&done)?;
    assert_eq!(done["bytes_sent"].as_u64(), Some(size(&desk.film)?), "every byte left once");
    let again = desk.sends()?;
    assert_eq!((&again["already"], &again["object"]), (&true.into(), &done["object"]), "it is there already: {again}");
    Ok(())
}

#[test]
fn a_sender_that_is_killed_goes_on_where_it_was() -> Result<()> {
    let desk = Desk::new(64 * MIB, &[])?;
    let mut run = Talker::start(&mut desk.send(&["--limit", "16M"])?)?;
    some_acked(&mut run)?;
    run.kill()?;
    let done = desk.sends()?;
    desk.assert_there(&done)?;
    let sent = done["bytes_sent"].as_u64().context("a count")?;
    assert!(sent <= size(&desk.film)? + IN_FLIGHT, "only what was on its way is sent again, not {sent}");
    Ok(())
}

#[test]
fn a_server_that_is_killed_is_waited_for() -> Result<()> {
    let mut desk = Desk::new(64 * MIB, &[])?;
    let mut run = Talker::start(&mut desk.send(&["--limit", "16M"])?)?;
    some_acked(&mut run)?;
    desk.server.kill()?;
    desk.server.run()?;
    let (status, events) = run.end()?;
    assert_eq!(status.code(), Some(0), "it goes on by itself: {:?}", events.last());
    let done = last(&events, "done")?;
    desk.assert_there(done)?;
    // What was on its way may have been tried more than once while nobody listened, but then no byte left.
    let sent = done["bytes_sent"].as_u64().context("a count")?;
    assert!(sent <= size(&desk.film)? + 2 * IN_FLIGHT, "only what was on its way is sent again, not {sent}");
    Ok(())
}

#[test]
fn both_killed_at_once_lose_nothing() -> Result<()> {
    let mut desk = Desk::new(64 * MIB, &[])?;
    let mut run = Talker::start(&mut desk.send(&["--limit", "16M"])?)?;
    some_acked(&mut run)?;
    desk.server.kill()?;
    run.kill()?;
    desk.server.run()?;
    let done = desk.sends()?;
    desk.assert_there(&done)
}

#[test]
fn a_sender_that_dies_between_effect_and_reply_finds_what_it_did() -> Result<()> {
    for (place, seed) in [("begin", 9), ("put:2", 10), ("complete", 11)] {
        let desk = Desk::new(seed * MIB + 7, &[])?;
        let (status, events) = Talker::start(desk.send(&[])?.env("PAWL_STOP_AT", place))?.end()?;
        assert_eq!(status.code(), Some(86), "it must stop at {place}: {events:?}");
        let done = desk.sends()?;
        desk.assert_there(&done)?;
        if place == "complete" {
            let sent = done["bytes_sent"].as_u64();
            assert_eq!(sent, Some(size(&desk.film)?), "after {place} nothing is sent again");
        }
    }
    Ok(())
}

#[test]
fn a_film_that_is_too_large_is_refused_before_a_byte_leaves() -> Result<()> {
    let desk = Desk::new(8 * MIB, &["--max-size", "1000000"])?;
    let (status, events) = Talker::start(&mut desk.send(&[])?)?.end()?;
    assert_eq!(status.code(), Some(1), "it is not there: {:?}", events.last());
    let failed = last(&events, "failed")?;
    assert_eq!(failed["bytes_sent"].as_u64(), Some(0), "nothing left: {failed}");
    assert!(failed["message"].as_str().is_some_and(|said| said.contains("1000000")), "it says how much: {failed}");
    Ok(())
}

#[test]
fn a_full_house_is_waited_for_and_stops_nobody_else() -> Result<()> {
    let desk = Desk::new(32 * MIB, &["--max-uploads", "1"])?;
    let other = desk.folder.path().join("other.mp4");
    noise(&other, 1, 8 * MIB)?;
    let mut command = desk.send(&["--limit", "16M"])?;
    let (status, events) = Talker::start(command.arg(&other))?.end()?;
    assert_eq!(status.code(), Some(0), "each gets its turn: {:?}", events.last());
    Ok(())
}

#[test]
fn a_token_that_is_refused_is_waited_for_not_failed() -> Result<()> {
    let mut desk = Desk::new(8 * MIB, &[])?;
    let right = std::mem::replace(&mut desk.token, "pawl_wrong".to_owned());
    let mut run = Talker::start(&mut desk.send(&[])?)?;
    let waiting = run.hear("the wait for a token", |event| event["state"] == "waiting")?;
    assert_eq!(waiting["reason"], "credentials", "a person must act: {waiting}");
    run.kill()?;
    desk.token = right;
    let done = desk.sends()?;
    desk.assert_there(&done)
}

/// An authority that the sender does not know is a reason to wait, and never to send anything.
#[test]
fn what_travels_encrypted_is_sent_to_whom_the_certificate_names() -> Result<()> {
    let mut desk = Desk::new(9 * MIB, &[])?;
    let (certificate, key) = certificate(desk.folder.path())?;
    let paths = [certificate.display().to_string(), key.display().to_string()];
    let options = ["--tls-certificate", &paths[0], "--tls-key", &paths[1]];
    desk.server.kill()?;
    desk.server = PawlServer::start(&desk.folder.path().join("vault"), &options)?;
    let send = |state: &str| -> Result<Command> {
        let mut command = Command::new(program("pawl-upload")?);
        command.arg(&desk.film).args(["--json", "--to", &desk.server.https(), "--state"]);
        command.arg(desk.folder.path().join(state)).env("PAWL_TOKEN", &desk.token);
        Ok(command)
    };
    let mut run = Talker::start(&mut send("stranger")?)?;
    let waiting = run.hear("a wait", |event| event["state"] == "waiting")?;
    assert_eq!(waiting["bytes_sent"].as_u64(), Some(0), "nothing is sent to a stranger: {waiting}");
    run.kill()?;
    let (status, events) = Talker::start(send("friend")?.env("PAWL_CA_FILE", &certificate))?.end()?;
    assert_eq!(status.code(), Some(0), "whom one trusts gets it: {:?}", events.last());
    desk.assert_there(last(&events, "done")?)
}

/// A certificate that runs out on the way is said, and waited for; a new one is enough to go on.
#[test]
fn a_certificate_that_expires_in_the_middle_is_told_and_a_new_one_lets_it_go_on() -> Result<()> {
    const GOOD: Duration = Duration::from_secs(6);
    let (mut desk, begun) = (Desk::new(32 * MIB, &[])?, Instant::now());
    let (certificate, key) = certificate_for(desk.folder.path(), GOOD)?;
    let authorities = desk.folder.path().join("authorities.pem");
    fs::copy(&certificate, &authorities)?;
    let paths = [certificate.display().to_string(), key.display().to_string()];
    desk.server.kill()?;
    let options = ["--tls-certificate", &paths[0], "--tls-key", &paths[1]];
    desk.server = PawlServer::start(&desk.folder.path().join("vault"), &options)?;
    let to = desk.server.https();
    let send = |desk: &Desk, limit: &str| -> Result<Command> {
        let mut command = Command::new(program("pawl-upload")?);
        command.arg(&desk.film).args(["--json", "--limit", limit, "--to", &to, "--state"]);
        command.arg(desk.folder.path().join("state")).env("PAWL_TOKEN", &desk.token);
        command.env("PAWL_CA_FILE", &authorities);
        Ok(command)
    };
    let mut run = Talker::start(&mut send(&desk, "4M")?)?;
    some_acked(&mut run)?;
    // It is over when its time is; nothing else tells.
    std::thread::sleep((GOOD + Duration::from_secs(1)).saturating_sub(begun.elapsed()));
    run.kill()?;
    let mut run = Talker::start(&mut send(&desk, "100M")?)?;
    let waiting = run.hear("a wait", |event| event["state"] == "waiting")?;
    assert!(waiting["message"].as_str().is_some_and(|said| said.contains("has expired")), "it says why: {waiting}");
    run.kill()?;
    let (renewed, _) = certificate_for(desk.folder.path(), Duration::from_secs(3600))?;
    fs::copy(&renewed, &authorities)?;
    desk.server.kill()?;
    desk.server.run()?;
    let (status, events) = Talker::start(&mut send(&desk, "100M")?)?.end()?;
    assert_eq!(status.code(), Some(0), "a new one is enough: {:?}", events.last());
    let done = last(&events, "done")?;
    let sent = done["bytes_sent"].as_u64().context("a count")?;
    assert!(sent <= 32 * MIB + IN_FLIGHT, "what had arrived is not sent again: {sent}");
    desk.assert_there(done)
}

/// Whoever watches from the server while it uploads steers the sender's order, over the network.
#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_at_the_server_is_served_first() -> Result<()> {
    const CHUNK: u64 = 4 * MIB;
    let desk = Desk::new(64 * MIB, &[])?;
    let mut run = Talker::start(&mut desk.send(&["--limit", "3M", "--parallel", "1"])?)?;
    some_acked(&mut run)?;
    let (url, web) = (format!("{}/api/v1", desk.server.url()), client());
    let ask = |path: String| web.get(format!("{url}{path}")).bearer_auth(&desk.token);
    let list: Value = ask("/videos".into()).send().await?.json().await?;
    let video = list["videos"][0]["id"].as_str().context("the film that arrives")?.to_owned();
    let at = 12 * CHUNK + 5;
    let range = format!("bytes={at}-{}", at + 99);
    let part = ask(format!("/videos/{video}/content")).header("range", range).send().await?.bytes().await?;
    let received: u64 = ask("/videos".into()).send().await?.json::<Value>().await?["videos"][0]["received"]
        .as_u64()
        .context("bytes that are there")?;
    run.kill()?;
    let film = fs::read(&desk.film)?;
    assert_eq!(part[..], film[at as usize..at as usize + 100], "the very bytes, before the film is there");
    assert!(received < 9 * CHUNK, "the thirteenth chunk came before its turn, with {received} bytes in all");
    Ok(())
}

/// A film of which some arrived, its first chunk among it, before that was edited; and how the next run ended that was
/// told to send what changed.
fn edited_and_sent(desk: &Desk, stop: Option<&str>) -> Result<(Option<i32>, Vec<Value>)> {
    let mut run = Talker::start(&mut desk.send(&["--limit", "10M"])?)?;
    run.hear("some chunks", |event| event["bytes_acked"].as_u64() >= Some(20 * MIB))?;
    edit(&desk.film, 2 * MIB)?;
    assert_eq!(run.end()?.0.code(), Some(1), "a mixture of two films must never be done");
    let mut command = desk.send(&["--send-changed"])?;
    let (status, events) = Talker::start(command.envs(stop.map(|place| ("PAWL_STOP_AT", place))))?.end()?;
    Ok((status.code(), events))
}

#[test]
fn of_a_film_that_was_edited_only_what_changed_is_sent() -> Result<()> {
    let desk = Desk::new(40 * MIB, &[])?;
    let (code, events) = edited_and_sent(&desk, None)?;
    assert_eq!(code, Some(0), "as the file is now: {:?}", events.last());
    desk.assert_there(last(&events, "done")?)?;
    let same = last(&events, "compared")?["same"].as_u64().context("a count")?;
    assert!(same >= 4, "what was not edited stayed: {same}");
    assert_eq!(last(&events, "proven")?["by"], "remote", "the server tells its digests");
    Ok(())
}

#[test]
fn an_answer_that_is_lost_or_a_server_that_dies_meanwhile_does_no_harm() -> Result<()> {
    let mut desk = Desk::new(40 * MIB, &[])?;
    let (code, events) = edited_and_sent(&desk, Some("amend"))?;
    assert_eq!(code, Some(86), "it dies between effect and answer: {:?}", events.last());
    desk.server.kill()?;
    desk.server.run()?;
    let done = desk.sends()?;
    desk.assert_there(&done)
}
