//! The small world in which an engine is tried.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use transfer::engine::{AddOrder, Clock, Command, Engine, Setup, Snapshot};
use transfer::ids::{BatchId, DestinationId, TransferId};
use transfer::placing::Placement;
use transfer::remote::{Completed, Remote};
use transfer::state::TransferState;
use transfer::testing::{Faults, FaultyRemote, MemoryJournal, MemoryRemote, MemoryRemotes, MemorySources, root_of};
use transfer::units::Timestamp;

/// Longer than any backoff of these tests, in the tests' time.
const PATIENCE: Duration = Duration::from_secs(3600);

/// A wall clock that runs with tokio's, so that it can be paused.
#[derive(Debug)]
pub(crate) struct TestClock(Instant);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_700_000_000_000).after(self.0.elapsed())
    }
}

/// Files, a remote, a journal.
pub(crate) struct World {
    pub(crate) sources: MemorySources,
    /// What is at the destination.
    pub(crate) remote: Arc<MemoryRemote>,
    /// The way there.
    pub(crate) driver: Arc<dyn Remote>,
    pub(crate) journal: Arc<MemoryJournal>,
}

impl World {
    /// Nothing goes wrong.
    pub(crate) fn new() -> Self {
        Self::of(MemoryRemote::new())
    }

    /// With this remote.
    pub(crate) fn of(remote: MemoryRemote) -> Self {
        let remote = Arc::new(remote);
        let (sources, journal) = (MemorySources::new(), Arc::new(MemoryJournal::new()));
        Self { sources, driver: Arc::clone(&remote) as Arc<dyn Remote>, remote, journal }
    }

    /// These faults lie on the way to the remote.
    pub(crate) fn faulty(self, faults: Faults) -> Self {
        Self { driver: Arc::new(FaultyRemote::new(Arc::clone(&self.remote) as Arc<dyn Remote>, faults)), ..self }
    }

    /// The world after a crash: what was written is there, the rest is forgotten.
    pub(crate) fn after_crash(&self) -> Self {
        Self {
            sources: self.sources.clone(),
            remote: Arc::clone(&self.remote),
            driver: Arc::clone(&self.remote) as Arc<dyn Remote>,
            journal: Arc::new(self.journal.as_on_disk()),
        }
    }

    pub(crate) fn setup(&self) -> Setup {
        let remotes = MemoryRemotes::one(Arc::clone(&self.driver));
        Setup {
            clock: Arc::new(TestClock(Instant::now())),
            seed: 7,
            ..Setup::new(Arc::clone(&self.journal) as _, Arc::new(remotes), Arc::new(self.sources.clone()))
        }
    }

    pub(crate) async fn start(&self) -> Engine {
        Engine::start(self.setup()).await.expect("the journal can be read")
    }

    /// A file of these many bytes, whose content follows from its path and length.
    pub(crate) fn file(&self, path: &str, len: u64) -> PathBuf {
        self.sources.pattern(path, len + path.len() as u64, len);
        PathBuf::from(path)
    }

    pub(crate) fn content(path: &str, len: u64) -> bytes::Bytes {
        transfer::testing::bytes(len + path.len() as u64, len)
    }

    /// The object's bytes.
    pub(crate) fn object(&self, completed: &Completed) -> bytes::Bytes {
        self.remote.object_bytes(&completed.object).expect("what is done is at the remote")
    }
}

pub(crate) fn destination() -> DestinationId {
    DestinationId("memory:".to_owned())
}

pub(crate) fn destination_named(name: &str) -> DestinationId {
    DestinationId(name.to_owned())
}

/// Adds one file, which must be acceptable.
pub(crate) async fn add(engine: &Engine, path: impl AsRef<Path>) -> TransferId {
    add_to(engine, path, destination()).await
}

pub(crate) async fn add_to(engine: &Engine, path: impl AsRef<Path>, destination: DestinationId) -> TransferId {
    let order = AddOrder {
        batch: BatchId::random(),
        files: vec![path.as_ref().to_owned()],
        destination,
        placement: Placement::default(),
    };
    let answers = engine.add(order).await.expect("the journal takes it");
    let [answer] = answers.try_into().expect("one answer a file");
    answer.expect("the file is acceptable").id
}

/// Waits until the transfer looks so.
pub(crate) async fn until(engine: &Engine, id: TransferId, mut like: impl FnMut(&Snapshot) -> bool) -> Snapshot {
    let mut versions = engine.version();
    let mut last = None;
    let wait = async {
        loop {
            versions.mark_unchanged();
            let snapshot = engine.snapshot(id).await.expect("the transfer is in the list");
            if like(&snapshot) {
                return snapshot;
            }
            last = Some(snapshot);
            versions.changed().await.expect("the engine lives");
        }
    };
    match timeout(PATIENCE, wait).await {
        Ok(snapshot) => snapshot,
        Err(_) => panic!("it never came to that; at last it was {last:#?}"),
    }
}

/// Waits until the transfer's state is so.
pub(crate) async fn until_state(engine: &Engine, id: TransferId, like: impl Fn(&TransferState) -> bool) -> Snapshot {
    until(engine, id, |snapshot| like(&snapshot.state)).await
}

/// Waits for the end, which must be Done with these bytes.
pub(crate) async fn done(world: &World, engine: &Engine, id: TransferId, content: &[u8]) -> Snapshot {
    let snapshot =
        until_state(engine, id, |state| matches!(state, TransferState::Done(_) | TransferState::Failed(_))).await;
    let TransferState::Done(completed) = &snapshot.state else { panic!("it must be done: {:?}", snapshot.state) };
    assert!(world.object(completed) == content, "the object must be the file, byte for byte");
    assert_eq!(snapshot.root, Some(root_of(content)), "the receipt names the file's hash");
    assert_eq!(snapshot.bytes_acked, content.len() as u64, "done means that every byte is acknowledged");
    snapshot
}

pub(crate) async fn command(engine: &Engine, id: TransferId, command: Command) {
    engine.command(id, command).await.expect("the state allows it");
}
