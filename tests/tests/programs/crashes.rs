//! The process ends between the effect and the reply of a request: the worst instant of all.

use anyhow::Result;
use support::films::{blake3, noise};
use support::programs::{Talker, last, upload};

use super::Desk;

/// What a stopped process exits with (`StoppingRemote`).
const STOPPED: Option<i32> = Some(86);

fn stopped_at(place: &str, seed: u64) -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.bin");
    noise(&film, seed, 22 << 20)?;
    let mut command = upload(&[&film], &desk.vault(), &desk.state())?;
    let (status, events) = Talker::start(command.env("PAWL_STOP_AT", place))?.end()?;
    assert_eq!(status.code(), STOPPED, "it must stop at {place}: {events:?}");
    let (code, events) = desk.run(&[&film], &[])?;
    assert_eq!(code, Some(0), "after a stop at {place} the next run finishes: {:?}", events.last());
    let done = last(&events, "done")?;
    assert_eq!(done["blake3"].as_str(), Some(blake3(&film)?.as_str()), "the receipt is the film's");
    assert_eq!(blake3(&desk.vault().join("film.bin"))?, blake3(&film)?, "so is what is there");
    let films = std::fs::read_dir(desk.vault())?.filter_map(Result::ok).filter(|entry| entry.path().is_file());
    assert_eq!(films.count(), 1, "the effect that was not replied to is not repeated beside itself");
    let parts = std::fs::read_dir(desk.vault().join(".pawl/incoming"))?.count();
    assert_eq!(parts, 0, "nothing half is left behind");
    Ok(())
}

#[test]
fn after_begin() -> Result<()> {
    stopped_at("begin", 1)
}

#[test]
fn after_the_first_chunk() -> Result<()> {
    stopped_at("put:1", 2)
}

#[test]
fn after_a_later_chunk() -> Result<()> {
    stopped_at("put:4", 3)
}

#[test]
fn after_complete_nothing_is_sent_again() -> Result<()> {
    stopped_at("complete", 4)?;
    let desk = Desk::new()?;
    let film = desk.path("film.bin");
    noise(&film, 5, 9 << 20)?;
    let mut command = upload(&[&film], &desk.vault(), &desk.state())?;
    Talker::start(command.env("PAWL_STOP_AT", "complete"))?.end()?;
    let (_, events) = desk.run(&[&film], &[])?;
    let sent = |event: &serde_json::Value| event["bytes_sent"].as_u64();
    let first = events.iter().find_map(sent);
    assert_eq!(first, sent(last(&events, "done")?), "the object is found; not a byte leaves again: {events:?}");
    Ok(())
}

#[test]
fn after_abort_a_start_over_still_ends_well() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.bin");
    noise(&film, 6, 30 << 20)?;
    let mut run = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(["--limit", "8M"]))?;
    run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
    noise(&film, 7, 21 << 20)?;
    run.end()?;
    let mut command = upload(&[&film], &desk.vault(), &desk.state())?;
    let (status, events) = Talker::start(command.arg("--start-over").env("PAWL_STOP_AT", "abort"))?.end()?;
    assert_eq!(status.code(), STOPPED, "starting over aborts the old upload: {events:?}");
    let (code, events) = desk.run(&[&film], &["--start-over"])?;
    assert_eq!(code, Some(0), "the next run begins anew: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.bin"))?, blake3(&film)?, "with the film as it is now");
    Ok(())
}
