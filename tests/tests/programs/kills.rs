//! kill -9 at random instants: a crash loses nothing and sends nothing twice.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde_json::Value;
use support::films::{blake3, noise};
use support::killing::{Torment, torment};
use support::programs::{Talker, last, upload};

use super::Desk;

#[test]
fn five_kills_at_random_instants_lose_nothing() -> Result<()> {
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos().into();
    let desk = Desk::new()?;
    torment(desk.folder.path(), Torment { seed, bytes: 64 << 20, kills: 5, limit: "20M", longest_ms: 900 })
}

#[test]
fn a_polite_stop_ends_with_130_and_the_next_run_goes_on() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 40 << 20)?;
    let mut run = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(["--limit", "8M"]))?;
    let heard = run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
    let pid = rustix::process::Pid::from_raw(run.pid() as i32).expect("a process has an id");
    rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
    let (status, events) = run.end()?;
    assert_eq!(status.code(), Some(130), "stopped, and not done: {:?}", events.last());
    let journal: Vec<_> = std::fs::read_dir(desk.state())?.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    assert!(!journal.iter().any(|name| name.to_string_lossy().ends_with("-wal")), "a clean end leaves {journal:?}");
    let (code, events) = desk.run(&[&film], &[])?;
    assert_eq!(code, Some(0), "the same command goes on");
    let first = events.iter().find(|event| event["state"] == "uploading").unwrap_or(&Value::Null);
    assert!(first["bytes_acked"].as_u64() >= heard["bytes_acked"].as_u64(), "from where it was: {first}");
    assert_eq!(last(&events, "done")?["blake3"].as_str(), Some(blake3(&film)?.as_str()), "the whole is right");
    Ok(())
}
