//! `pawl-upload` and the machine: a network that is back, a sleep, a machine without a system bus.

use std::fs;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::Value;
use support::fickle_link::FickleLink;
use support::films::{blake3, noise};
use support::pawl_server::{PawlServer, token};
use support::programs::{Talker, last, upload_to};
use support::system_bus::{Service, SystemBus};

use super::Desk;

const MIB: u64 = 1 << 20;
/// A way to no network: a loopback's own broadcast address takes no connection, and nothing leaves the machine (the
/// kernel answers ENETUNREACH).
const NOWHERE: &str = "http://127.255.255.255:9";
/// Four chunks of 4 MiB.
const IN_FLIGHT: u64 = 16 * MIB;

fn now_ms() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

fn waits(event: &Value) -> bool {
    event["state"] == "waiting" && event["reason"] == "network"
}

fn sending(desk: &Desk, bytes: u64, to: &str, bus: &str) -> Result<Command> {
    let film = desk.path("film.mp4");
    noise(&film, bytes, bytes)?;
    let mut command = upload_to(&[&film], to.as_ref(), &desk.state())?;
    command.env(SystemBus::ADDRESS, bus);
    Ok(command)
}

/// Waits until it waits for a network, long enough for the machine to say something meanwhile; has it say that, and
/// checks that it looks before it would have.
fn looks_at_once(run: &mut Talker, says: impl FnOnce() -> Result<()>) -> Result<()> {
    let long = |wait: &Value| wait["until"].as_i64().zip(now_ms().ok()).is_some_and(|(until, now)| until > now + 3000);
    let wait = run.hear("a long wait for a network", |event| waits(event) && long(event))?;
    let until = wait["until"].as_i64().context("it says when it looks again by itself")?;
    says()?;
    run.hear("a look at the network", |event| event["state"] == "preparing")?;
    let early = until - now_ms()?;
    assert!(early > 0, "it looked {} ms after the instant at which it would have looked by itself", -early);
    Ok(())
}

#[test]
fn a_network_that_is_back_ends_the_wait_whenever_who_tells_of_it_was_started() -> Result<()> {
    let (desk, mut bus) = (Desk::new()?, SystemBus::start()?);
    let mut run = Talker::start(&mut sending(&desk, MIB, NOWHERE, bus.address())?)?;
    bus.until_listened_to()?;
    bus.bring(Service::NetworkManager)?;
    looks_at_once(&mut run, || bus.network(70))?;
    bus.take_away(Service::NetworkManager);
    bus.bring(Service::NetworkManager)?;
    looks_at_once(&mut run, || bus.connectivity(4))?;
    run.kill().map(drop)
}

#[test]
fn after_a_sleep_a_film_goes_on_over_new_connections_and_nothing_counts_as_a_failure() -> Result<()> {
    let (desk, mut bus) = (Desk::new()?, SystemBus::start()?);
    bus.bring(Service::Login)?;
    let token = token(&desk.vault(), "anna", "read,upload")?;
    let server = PawlServer::start(&desk.vault(), &[])?;
    let link = FickleLink::to(server.address())?;
    let mut command = sending(&desk, 48 * MIB, &format!("http://{}", link.address()), bus.address())?;
    let log = desk.path("terminal.log");
    command
        .args(["--limit", "24M"])
        .env("PAWL_TOKEN", token)
        .env("RUST_LOG", "info,transfer=debug")
        .stderr(fs::File::create(&log)?);
    let mut run = Talker::start(&mut command)?;
    run.hear("some of it to be there", |event| event["bytes_acked"].as_u64() > Some(0))?;
    bus.until_listened_to()?;
    link.dies();
    bus.sleep(true)?;
    bus.sleep(false)?;
    let (status, events) = run.end()?;
    assert_eq!(status.code(), Some(0), "it must end with 0 when the film is there: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&desk.path("film.mp4"))?, "the very bytes");
    let sent = last(&events, "done")?["bytes_sent"].as_u64().context("a count")?;
    assert!(sent <= 48 * MIB + IN_FLIGHT, "only what was in flight is sent again, not {sent}");
    let told = fs::read_to_string(&log)?;
    assert!(told.contains("Woke"), "it was told of the sleep: {told}");
    assert!(!told.contains("the remote failed"), "nobody waited until a dead connection was given up: {told}");
    Ok(())
}

#[test]
fn without_a_system_bus_a_film_arrives_all_the_same() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 7, 9 * MIB)?;
    let mut command = support::programs::upload(&[&film], &desk.vault(), &desk.state())?;
    command.env(SystemBus::ADDRESS, format!("unix:path={}", desk.path("no-bus").display()));
    let (status, events) = Talker::start(&mut command)?.end()?;
    assert_eq!(status.code(), Some(0), "a machine without a bus uploads as well: {:?}", events.last());
    assert!(
        events.iter().all(|event| event["event"] != "notice"),
        "and nobody is told of what they need not: {events:?}"
    );
    Ok(())
}
