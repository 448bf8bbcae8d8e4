//! The process ends between the effect and the reply of a request.

use anyhow::Result;
use serde_json::Value;
use support::films::noise;
use support::programs::Talker;
use support::tus_server::TusServer;

use super::{Desk, is_there, sent};

/// What a stopped process exits with (`StoppingRemote`).
const STOPPED: Option<i32> = Some(86);

/// Stops at that place, and gives what the next run told.
fn stopped_at(desk: &Desk, server: &TusServer, place: &str, bytes: u64) -> Result<Vec<Value>> {
    let film = desk.path("film.mp4");
    noise(&film, 1, bytes)?;
    let (status, events) = Talker::start(desk.upload(&film, server)?.env("PAWL_STOP_AT", place))?.end()?;
    assert_eq!(status.code(), STOPPED, "it must stop at {place}: {events:?}");
    desk.sends(&film, server)
}

#[test]
fn after_begin_one_empty_orphan_is_all_that_stays() -> Result<()> {
    let desk = Desk::new()?;
    let server = desk.server(&[])?;
    stopped_at(&desk, &server, "begin", 3 << 20)?;
    let mut sizes: Vec<u64> = Vec::new();
    for file in server.files()? {
        sizes.push(file.metadata()?.len());
    }
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 3 << 20], "nobody can name an upload in tus: the first one is empty, and expires");
    Ok(())
}

#[test]
fn after_a_chunk_the_server_is_asked_and_gets_only_the_others() -> Result<()> {
    for (place, rest) in [("put:1", 32 << 20), ("put:3", 0)] {
        let desk = Desk::new()?;
        let server = desk.server(&[])?;
        let events = stopped_at(&desk, &server, place, 48 << 20)?;
        assert_eq!(sent(&events)?, rest, "what was taken at {place} does not leave again");
        is_there(&desk.path("film.mp4"), &server)?;
    }
    Ok(())
}

#[test]
fn after_complete_nothing_is_sent_again() -> Result<()> {
    let desk = Desk::new()?;
    let server = desk.server(&[])?;
    let events = stopped_at(&desk, &server, "complete", 20 << 20)?;
    assert_eq!(sent(&events)?, 0, "the object is found; not a byte leaves again");
    is_there(&desk.path("film.mp4"), &server)
}
