//! kill -9 of the uploader, of the server, of the link between them: what arrived stays, and is not sent again.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use support::bad_link::{After, BadLink, Conditions, How};
use support::films::noise;
use support::killing::{Torment, torment_to};
use support::programs::{Talker, upload_to};
use support::tus_server::TusServer;

use super::{Desk, is_there, sent, to};

/// The chunk in flight, which is as much as may be sent again.
const IN_FLIGHT: u64 = 16 << 20;

#[test]
fn four_kills_at_random_instants_lose_nothing() -> Result<()> {
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos().into();
    let desk = Desk::new()?;
    let server = desk.server(&[])?;
    let kept = || server.files()?.into_iter().max_by_key(|file| len(file)).context("a film is there");
    let torment = Torment { seed, bytes: 96 << 20, kills: 4, limit: "30M", longest_ms: 1500 };
    torment_to(desk.folder.path(), &to(&server), kept, torment)
}

#[test]
fn a_killed_uploader_goes_on_at_the_very_byte_where_it_stopped() -> Result<()> {
    let desk = Desk::new()?;
    let (server, film) = (desk.server(&[])?, desk.path("film.mp4"));
    noise(&film, 2, 64 << 20)?;
    let mut run = Talker::start(desk.upload(&film, &server)?.args(["--limit", "20M"]))?;
    run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
    std::thread::sleep(Duration::from_millis(400));
    run.kill()?;
    let there = settled(&server)?;
    assert!(there > IN_FLIGHT && there % IN_FLIGHT != 0, "it was killed in the middle of a chunk: {there}");
    let events = desk.sends(&film, &server)?;
    assert_eq!(sent(&events)?, (64 << 20) - there, "what the server kept of the broken chunk does not leave again");
    is_there(&film, &server)
}

#[test]
fn a_killed_server_is_waited_for_and_goes_on_when_it_is_back() -> Result<()> {
    let desk = Desk::new()?;
    let (server, film) = (desk.server(&[])?, desk.path("film.mp4"));
    noise(&film, 3, 64 << 20)?;
    let mut run = Talker::start(desk.upload(&film, &server)?.args(["--limit", "20M"]))?;
    run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
    std::thread::sleep(Duration::from_millis(300));
    let killed = server.kill()?;
    let waits = run.hear("that it waits", |event| event["state"] == "waiting")?;
    assert_eq!(waits["reason"], "remote", "the server's trouble, and not the network's: {waits}");
    let server = killed.restart()?;
    let (status, events) = run.end()?;
    assert!(status.success(), "it goes on by itself: {:?}", events.last());
    let again = sent(&events)? - (64 << 20);
    println!("{again} bytes were sent again");
    assert!(again <= IN_FLIGHT, "{again} bytes were sent again: more than what was in flight");
    is_there(&film, &server)
}

#[test]
fn a_link_that_breaks_within_every_chunk_still_carries_the_film() -> Result<()> {
    const EACH: u64 = 5 << 20;
    let desk = Desk::new()?;
    let (server, film) = (desk.server(&[])?, desk.path("film.mp4"));
    noise(&film, 4, 64 << 20)?;
    let link = BadLink::to(server.address()?, 4, Conditions::default().ending(After::Bytes(EACH), How::Reset))?;
    let to = format!("tus+http://{}/files/", link.address());
    let run = Talker::start(&mut upload_to(&[&film], to.as_ref(), &desk.path("state"))?)?;
    let (status, events) = run.end()?;
    assert!(status.success(), "it arrives nevertheless: {:?}", events.last());
    let (again, breaks) = (sent(&events)? - (64 << 20), link.tally().ended);
    println!("{breaks} breaks, {again} bytes sent again");
    assert!(breaks >= 12, "a chunk is longer than what the link carries at a time: {breaks} breaks");
    // What the system took in and the link never carried is gone too, and a reset takes from the server what it had not read.
    assert!(again <= u64::from(breaks) * IN_FLIGHT, "each break costs a chunk at most: {again} bytes");
    is_there(&film, &server)
}

/// How much is there once the server has written what it still held.
fn settled(server: &TusServer) -> Result<u64> {
    let mut before = None;
    loop {
        let file = server.files()?.pop().context("an upload is there")?;
        let now = len(&file);
        if before.replace(now) == Some(now) {
            return Ok(now);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

fn len(file: &Path) -> u64 {
    file.metadata().map_or(0, |file| file.len())
}
