//! The process really ends, and really after the effect.

use std::process::Command;
use std::sync::Arc;

use crate::remote::Remote;
use crate::testing::{Film, MemoryRemote, STOPPED, Stop, StoppingRemote};
use crate::units::MIB;

/// Set in the child, where this test is the one that is stopped.
const STOP: &str = "PAWL_TEST_STOP";

/// This very program, also when a build has replaced its file meanwhile.
const PROGRAM: &str = "/proc/self/exe";

#[test]
fn a_stop_is_read_from_text() {
    let stops = [("begin", Stop::Begin), ("put:3", Stop::Put(3)), ("complete", Stop::Complete), ("abort", Stop::Abort)];
    for (text, stop) in stops {
        assert_eq!(text.parse(), Ok(stop), "{text} names a stop");
    }
    for text in ["", "put", "put:", "put:0", "put:-1", "put:x", "status", "Begin"] {
        assert!(text.parse::<Stop>().is_err(), "{text:?} names none");
    }
}

#[tokio::test]
async fn the_process_ends_between_effect_and_reply() {
    if let Ok(stop) = std::env::var(STOP) {
        return until(stop.parse().expect("the parent names a stop")).await;
    }
    for stop in ["begin", "put:2", "complete", "abort"] {
        let name = concat!(module_path!(), "::the_process_ends_between_effect_and_reply");
        let name = name.split_once("::").map_or(name, |(_, path)| path);
        let child = Command::new(PROGRAM).args(["--exact", name, "--nocapture"]).env(STOP, stop).output();
        let child = child.expect("the test's own program starts");
        assert_eq!(child.status.code(), Some(STOPPED), "{stop} ends the process: {child:?}");
        let seen = String::from_utf8_lossy(&child.stderr).lines().filter(|line| line.starts_with("replied")).count();
        let replies = ["begin", "put:1", "put:2", "complete", "abort"];
        let before = replies.iter().position(|reply| *reply == stop).expect("one of them");
        assert_eq!(seen, before, "every call before {stop} was answered, and it was not: {child:?}");
    }
}

/// Makes every call once (and two puts) and says on stderr which were answered.
async fn until(stop: Stop) {
    let remote = StoppingRemote::new(Arc::new(MemoryRemote::new()), stop);
    let film = Film::new(&remote, 1, MIB + 1);
    let handle = remote.begin(&film.upload()).await.expect("memory begins");
    eprintln!("replied: begin");
    let mut receipts = Vec::new();
    for index in film.layout.indices() {
        receipts.push(remote.put_chunk(film.put(&handle, index)).await.expect("memory takes it"));
        eprintln!("replied: put {index:?}");
    }
    remote.complete(&film.completion(&handle, receipts)).await.expect("memory finishes");
    eprintln!("replied: complete");
    remote.abort(&handle).await.expect("memory aborts");
    eprintln!("replied: abort");
}
