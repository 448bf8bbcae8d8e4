//! Files that vanish, change, or cannot be read while they are sent.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::sleep;
use transfer::engine::{Command, Engine, EngineError, Setup};
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::layout::ByteRange;
use transfer::source::{Fingerprint, Source, SourceError, Sources};
use transfer::state::{FailureKind, TransferState, WaitReason};
use transfer::testing::{Fault, Faults, MemorySources, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 6 * MIB + 11;

/// A transfer that is slow enough to be disturbed, with two chunks acknowledged.
async fn half_sent(world: &World) -> (Engine, TransferId) {
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    (engine, id)
}

async fn failure(engine: &Engine, id: TransferId) -> FailureKind {
    let snapshot = until_state(engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    let TransferState::Failed(failure) = snapshot.state else { unreachable!("waited for just that") };
    failure.kind
}

#[tokio::test(start_paused = true)]
async fn a_card_that_is_taken_out_is_waited_for_in_silence() {
    let world = World::new();
    let (engine, id) = half_sent(&world).await;
    world.sources.remove(FILM);
    let waiting = until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    let TransferState::Waiting(wait) = waiting.state else { unreachable!("waited for just that") };
    assert_eq!(wait.reason, WaitReason::Source, "the row says what is missing");
    sleep(Duration::from_secs(3)).await;
    let writes = world.journal.writes();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(world.journal.writes(), writes, "looking for a card writes nothing");

    // This fake gives every write a new time, so to the engine it is another file.
    world.sources.put(FILM, World::content(FILM, SIZE));
    assert_eq!(failure(&engine, id).await, FailureKind::SourceChanged, "what came back is said, not guessed");
}

/// A card slot over other sources: what is out is gone, what is in again is what it was.
#[derive(Debug, Clone)]
struct Slot {
    files: MemorySources,
    out: Arc<AtomicBool>,
}

#[derive(Debug)]
struct InSlot {
    file: Arc<dyn Source>,
    slot: Slot,
}

impl Slot {
    fn look(&self) -> Result<(), SourceError> {
        if self.out.load(Ordering::SeqCst) { Err(SourceError::Gone(FILM.into())) } else { Ok(()) }
    }
}

#[async_trait]
impl Sources for Slot {
    async fn open(&self, path: &Path, expected: Option<&Fingerprint>) -> Result<Arc<dyn Source>, SourceError> {
        self.look()?;
        Ok(Arc::new(InSlot { file: self.files.open(path, expected).await?, slot: self.clone() }))
    }
}

#[async_trait]
impl Source for InSlot {
    fn fingerprint(&self) -> &Fingerprint {
        self.file.fingerprint()
    }

    async fn read(&self, range: ByteRange) -> Result<Bytes, SourceError> {
        self.slot.look()?;
        self.file.read(range).await
    }

    async fn unchanged(&self) -> Result<(), SourceError> {
        self.slot.look()?;
        self.file.unchanged().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_that_comes_back_goes_on_by_itself() {
    let world = World::new();
    let slot = Slot { files: world.sources.clone(), out: Arc::default() };
    let setup = Setup { sources: Arc::new(slot.clone()), limit: Rate::bytes_per_second(MIB), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    for acked in [1, 4] {
        until(&engine, id, |snapshot| snapshot.chunks_acked >= acked).await;
        slot.out.store(true, Ordering::SeqCst);
        until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
        sleep(Duration::from_secs(60)).await;
        slot.out.store(false, Ordering::SeqCst);
    }
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn an_edited_file_fails_and_starting_over_sends_the_new_one() {
    let edits: [fn(&mut Vec<u8>); 3] =
        [|bytes| bytes.truncate(MIB as usize), |bytes| bytes.push(1), |bytes| bytes[5 * MIB as usize] ^= 1];
    for edit in edits {
        let world = World::new();
        let (engine, id) = half_sent(&world).await;
        world.sources.edit(FILM, edit);
        let mut content = World::content(FILM, SIZE).to_vec();
        edit(&mut content);
        assert_eq!(failure(&engine, id).await, FailureKind::SourceChanged, "parts of two files do not fit together");
        command(&engine, id, Command::Retry).await;
        assert_eq!(failure(&engine, id).await, FailureKind::SourceChanged, "trying again does not change it back");
        command(&engine, id, Command::StartOver).await;
        done(&world, &engine, id, &content).await;
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_after_the_last_chunk_was_read_is_noticed_before_the_end() {
    // The reply of complete is lost, so that the file can be edited before the next try.
    let lost = Step::of(Operation::Complete, 1, Fault::Before(Class::Transient));
    let world = World::new().faulty(Faults::script([lost]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    world.sources.edit(FILM, |bytes| bytes[3] ^= 1);
    assert_eq!(failure(&engine, id).await, FailureKind::SourceChanged, "what was sent is no longer the file");
}

#[tokio::test(start_paused = true)]
async fn a_device_that_fails_needs_a_person_and_a_retry_goes_on() {
    let world = World::new();
    let (engine, id) = half_sent(&world).await;
    world.sources.fail_reads(FILM);
    assert_eq!(failure(&engine, id).await, FailureKind::SourceUnreadable, "the file is there and cannot be read");
    world.sources.mend(FILM);
    command(&engine, id, Command::Retry).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn starting_over_without_the_file_is_refused() {
    let world = World::new();
    let (engine, id) = half_sent(&world).await;
    command(&engine, id, Command::Pause).await;
    world.sources.remove(FILM);
    let answer = engine.command(id, Command::StartOver).await;
    assert!(matches!(answer, Err(EngineError::Source(_))), "there is nothing to start over with: {answer:?}");
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert_eq!(snapshot.state, TransferState::Paused, "nothing was forgotten for it");
}
