//! One film, one sender, one server, and a link between the two.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use support::bad_link::{BadLink, Conditions, Tally};
use support::far::{Far, Kind};
use support::films::{blake3, noise};
use support::programs::{PATIENCE, Talker, last};
use tempfile::TempDir;

pub(super) const MIB: u64 = 1 << 20;
/// So many chunks are on their way at most.
pub(super) const PARALLEL: u64 = 4;

pub(super) struct Scene {
    pub(super) kind: Kind,
    pub(super) far: Far,
    pub(super) link: BadLink,
    folder: TempDir,
    film: PathBuf,
}

impl Scene {
    /// With a film of so many bytes.
    pub(super) fn new(kind: Kind, bytes: u64, conditions: Conditions) -> Result<Self> {
        let folder = TempDir::new()?;
        let film = folder.path().join("film.bin");
        noise(&film, bytes, bytes)?;
        let far = Far::of(kind, folder.path())?;
        let link = BadLink::to(far.socket()?, 7, conditions)?;
        Ok(Self { kind, far, link, folder, film })
    }

    pub(super) fn command_at(&self, at: SocketAddr) -> Result<Command> {
        self.far.sends(&self.film, &self.folder.path().join("state"), at)
    }

    /// The sender, over the link.
    pub(super) fn start(&self) -> Result<Talker> {
        Talker::start(&mut self.command_at(self.link.address())?)
    }

    /// The same, once a chunk has arrived.
    pub(super) fn under_way(&self) -> Result<Talker> {
        let mut run = self.start()?;
        run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
        Ok(run)
    }

    /// Waits until the link did what the test wants of it.
    pub(super) fn until(&self, what: &str, is: impl Fn(&Tally) -> bool) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while !is(&self.link.tally()) {
            ensure!(Instant::now() < until, "{:?}: waited in vain for {what}: {:?}", self.kind, self.link.tally());
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Waits for the end, which must be good; what it said, and how many bytes left more than once.
    pub(super) fn arrives(&self, run: Talker) -> Result<Arrival> {
        self.arrives_within(PATIENCE, run)
    }

    /// The same, where a silence has to be sat out.
    pub(super) fn arrives_within(&self, patience: Duration, run: Talker) -> Result<Arrival> {
        let (status, events) = run.end_within(patience)?;
        let kind = self.kind;
        ensure!(status.success(), "{kind:?}: it arrives nevertheless: {:?}", events.last());
        let done = last(&events, "done")?;
        let kept = self.far.kept("film.bin", done["object"].as_str().context("an object has a name")?)?;
        ensure!(kept == blake3(&self.film)?, "{kind:?}: what is there must be the film");
        ensure!(done["blake3"] == kept.as_str(), "{kind:?}: and its receipt must say so: {done}");
        ensure!(done["proof"] == kind.proof(), "{kind:?}: with the proof that there is: {done}");
        let sent = done["bytes_sent"].as_u64().context("a count")?;
        let again = sent.saturating_sub(fs::metadata(&self.film)?.len());
        println!("{kind:?}: {} KiB left again; {:?}", again >> 10, self.link.tally());
        Ok(Arrival { events, again })
    }

    /// The bytes that a number of faults may cost, each of them so many chunks.
    pub(super) fn cost(&self, faults: u64, chunks: u64) -> u64 {
        faults * chunks * self.kind.chunk_len()
    }
}

pub(super) struct Arrival {
    pub(super) events: Vec<Value>,
    /// Bytes that left more than once.
    pub(super) again: u64,
}

impl Arrival {
    pub(super) fn costs_at_most(&self, bytes: u64) -> Result<()> {
        ensure!(self.again <= bytes, "{} bytes left again, and {bytes} are the most", self.again);
        Ok(())
    }

    /// Whether it waited for that reason, with these words.
    pub(super) fn told(&self, reason: &str, words: &str) -> bool {
        self.events.iter().any(|event| waits(event, reason, words))
    }
}

pub(super) fn waits(event: &Value, reason: &str, words: &str) -> bool {
    let told = event["message"].as_str().is_some_and(|message| message.contains(words));
    event["state"] == "waiting" && event["reason"] == reason && told
}
