//! A file that is edited while it is sent: what is still in it stays at the remote, and only the rest is sent again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::sleep;
use transfer::engine::{Command, Engine, EngineError, Setup, What};
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::layout::ByteRange;
use transfer::remote::{Capabilities, Remote};
use transfer::source::{Fingerprint, Source, SourceError, Sources};
use transfer::state::{FailureKind, TransferState};
use transfer::testing::{Fault, Faults, FaultyRemote, MemoryRemote, MemorySources, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 8 * MIB + 11;
/// So long a read of [`Slow`] takes.
const READ: Duration = Duration::from_millis(20);

type Edit = fn(&mut Vec<u8>);

/// A byte of the second chunk, which is acknowledged by then.
const FLIPPED: Edit = |bytes| bytes[MIB as usize + 5] ^= 1;

/// A transfer that failed because its file was edited, with the last chunk and the first ones acknowledged.
async fn edited(world: &World, engine: &Engine, edit: Edit) -> TransferId {
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(engine, world.file(FILM, SIZE)).await;
    until(engine, id, |snapshot| snapshot.chunks_acked >= 4).await;
    world.sources.edit(FILM, edit);
    fails(engine, id).await;
    id
}

async fn fails(engine: &Engine, id: TransferId) {
    let failed = until_state(engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    let TransferState::Failed(failure) = failed.state else { unreachable!("waited for just that") };
    assert_eq!(failure.kind, FailureKind::SourceChanged, "it is another file: {}", failure.sentence);
}

fn after(edits: &[Edit]) -> Vec<u8> {
    let mut content = World::content(FILM, SIZE).to_vec();
    edits.iter().for_each(|edit| edit(&mut content));
    content
}

/// How often each chunk was acknowledged.
fn acknowledged(world: &World) -> BTreeMap<u32, u32> {
    let mut times = BTreeMap::new();
    world.remote.puts().iter().filter(|put| put.acked).for_each(|put| *times.entry(put.chunk).or_insert(0) += 1);
    times
}

/// Of the chunks that both files have none was acknowledged twice.
fn nothing_equal_was_sent_again(world: &World, content: &[u8], when: &str) {
    let (before, len) = (World::content(FILM, SIZE), MIB as usize);
    for (chunk, times) in acknowledged(world) {
        let at = chunk as usize * len;
        let of = |file: &[u8]| file.get(at..file.len().min(at + len)).map(<[u8]>::to_vec);
        let equal = of(&before) == of(content);
        assert!(!equal || times == 1, "{when}: chunk {chunk} is the same in both and was sent {times} times");
    }
}

#[tokio::test(start_paused = true)]
async fn what_changed_is_sent_and_nothing_else() {
    let edits: [(&str, Edit); 7] = [
        ("a byte", FLIPPED),
        ("longer", |bytes| bytes.extend_from_slice(&[7; 3 * MIB as usize])),
        ("longer by a byte", |bytes| bytes.push(1)),
        ("shorter", |bytes| bytes.truncate(3 * MIB as usize + 7)),
        ("to its first chunk alone", |bytes| bytes.truncate(MIB as usize)),
        ("to nothing", |bytes| bytes.clear()),
        ("another time alone", |_| {}),
    ];
    for (what, edit) in edits {
        for new_handles in [false, true] {
            let remote = if new_handles { MemoryRemote::new().new_handles() } else { MemoryRemote::new() };
            let world = World::of(remote);
            let engine = world.start().await;
            let id = edited(&world, &engine, edit).await;
            let before = engine.snapshot(id).await.expect("it is in the list");
            assert!(before.can_send_changed, "{what}: the row may offer it");
            command(&engine, id, Command::SendChanged).await;
            let content = after(&[edit]);
            let snapshot = done(&world, &engine, id, &content).await;
            assert!(!snapshot.lost_ground, "{what}: the remote lost nothing");
            assert_eq!(world.remote.uploads(), [], "{what}: nothing is left lying");
            // An only chunk has another kind of digest than one among others: it cannot be compared.
            if content.len() as u64 > MIB {
                nothing_equal_was_sent_again(&world, &content, what);
            }
            engine.shutdown(Duration::ZERO).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_with_another_time_and_the_same_bytes_is_proven_and_nothing_is_sent_again() {
    let world = World::new();
    let engine = world.start().await;
    let id = edited(&world, &engine, |_| {}).await;
    let mut events = engine.events();
    let (acked, sent) = (acknowledged(&world), engine.snapshot(id).await.expect("it is in the list").bytes_sent);
    command(&engine, id, Command::SendChanged).await;
    let snapshot = done(&world, &engine, id, &after(&[])).await;
    let left = SIZE - acked.keys().map(|chunk| MIB.min(SIZE - u64::from(*chunk) * MIB)).sum::<u64>();
    assert_eq!(snapshot.bytes_sent - sent, left, "what was not acknowledged, and no byte more");
    let mut told = Vec::new();
    while let Ok(happening) = events.try_recv() {
        match happening.what {
            What::Compared { same, changed } => told.push(("compared", same, changed)),
            What::Proven { chunks, .. } => told.push(("proven", chunks, 0)),
            _ => {}
        }
    }
    let all = acked.len() as u32;
    assert_eq!(told, [("compared", all, 0), ("proven", all, 0)], "the log says what was found");
}

/// Files whose reads take their time, so that something can happen meanwhile.
#[derive(Debug)]
struct Slow(MemorySources);

#[derive(Debug)]
struct SlowFile(Arc<dyn Source>);

#[async_trait]
impl Sources for Slow {
    async fn open(&self, path: &Path, expected: Option<&Fingerprint>) -> Result<Arc<dyn Source>, SourceError> {
        Ok(Arc::new(SlowFile(self.0.open(path, expected).await?)))
    }
}

#[async_trait]
impl Source for SlowFile {
    fn fingerprint(&self) -> &Fingerprint {
        self.0.fingerprint()
    }

    async fn read(&self, range: ByteRange) -> Result<Bytes, SourceError> {
        sleep(READ).await;
        self.0.read(range).await
    }

    async fn unchanged(&self) -> Result<(), SourceError> {
        self.0.unchanged().await
    }
}

async fn slow(world: &World) -> Engine {
    let setup = Setup { sources: Arc::new(Slow(world.sources.clone())), ..world.setup() };
    Engine::start(setup).await.expect("the journal can be read")
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_instant_goes_on_with_it() {
    // Reading four chunks, then a slow amendment, a slow status, and chunks that travel.
    for millis in (0..2000).step_by(15) {
        let delay = |operation, nth| Step::of(operation, nth, Fault::Delay(Duration::from_millis(60)));
        let slowly = [delay(Operation::Amend, 1), delay(Operation::Status, 1), delay(Operation::Status, 2)];
        let world = World::of(MemoryRemote::new().new_handles()).faulty(Faults::script(slowly));
        let engine = slow(&world).await;
        let id = edited(&world, &engine, FLIPPED).await;
        command(&engine, id, Command::SendChanged).await;
        sleep(Duration::from_millis(millis)).await;
        let next = world.after_crash();
        drop(engine);
        let engine = next.start().await;
        let content = after(&[FLIPPED]);
        let snapshot = done(&next, &engine, id, &content).await;
        assert!(!snapshot.lost_ground, "after {millis} ms: nothing was lost");
        nothing_equal_was_sent_again(&next, &content, &format!("after {millis} ms"));
        assert_eq!(next.remote.uploads(), [], "after {millis} ms: nothing is left lying");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_does_no_harm() {
    for new_handles in [false, true] {
        let lost = Step::of(Operation::Amend, 1, Fault::After(Class::Transient));
        let remote = if new_handles { MemoryRemote::new().new_handles() } else { MemoryRemote::new() };
        let world = World::of(remote);
        let faulty = FaultyRemote::new(Arc::clone(&world.remote) as Arc<dyn Remote>, Faults::script([lost]));
        let faulty = Arc::new(faulty);
        let world = World { driver: Arc::clone(&faulty) as Arc<dyn Remote>, ..world };
        let engine = world.start().await;
        let id = edited(&world, &engine, FLIPPED).await;
        command(&engine, id, Command::SendChanged).await;
        until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
        let next = world.after_crash();
        drop(engine);
        let engine = next.start().await;
        let content = after(&[FLIPPED]);
        done(&next, &engine, id, &content).await;
        nothing_equal_was_sent_again(&next, &content, "asked again");
        assert_eq!(next.remote.uploads(), [], "nothing is left lying");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_compared_once_is_not_read_again_when_the_remote_must_be_asked_again() {
    let lost = Step::of(Operation::Amend, 1, Fault::Before(Class::Transient));
    let world = World::new().faulty(Faults::script([lost]));
    let engine = world.start().await;
    let id = edited(&world, &engine, FLIPPED).await;
    command(&engine, id, Command::SendChanged).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    let read = world.sources.bytes_read();
    let active = until_state(&engine, id, |state| *state == TransferState::Active).await;
    assert!(active.chunks_acked >= 3, "what is equal is known: {}", active.chunks_acked);
    assert_eq!(world.sources.bytes_read(), read, "a film of hours is read once");
    done(&world, &engine, id, &after(&[FLIPPED])).await;
}

#[tokio::test(start_paused = true)]
async fn the_person_sees_how_far_the_comparison_is() {
    let world = World::new();
    let engine = slow(&world).await;
    let id = edited(&world, &engine, FLIPPED).await;
    command(&engine, id, Command::SendChanged).await;
    let part = until(&engine, id, |snapshot| {
        snapshot.comparing.is_some_and(|comparing| comparing.bytes > 0 && comparing.bytes < comparing.of)
    });
    let snapshot = part.await;
    assert_eq!(snapshot.state, TransferState::Preparing, "it checks what has arrived");
    let comparing = snapshot.comparing.expect("waited for just that");
    assert_eq!(comparing.of, snapshot.bytes_acked, "of all that arrived");
    let snapshot = done(&world, &engine, id, &after(&[FLIPPED])).await;
    assert_eq!(snapshot.comparing, None, "that is over");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_changes_again_meanwhile_fails_again_and_nothing_is_lost() {
    const AGAIN: Edit = |bytes| bytes[5] ^= 1;
    let world = World::of(MemoryRemote::new().new_handles());
    let engine = slow(&world).await;
    let id = edited(&world, &engine, FLIPPED).await;
    command(&engine, id, Command::SendChanged).await;
    until(&engine, id, |snapshot| snapshot.comparing.is_some_and(|comparing| comparing.bytes > 0)).await;
    world.sources.edit(FILM, AGAIN);
    fails(&engine, id).await;
    command(&engine, id, Command::Retry).await;
    fails(&engine, id).await;
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert!(snapshot.chunks_acked >= 4 && snapshot.can_send_changed, "what arrived is still there");
    command(&engine, id, Command::SendChanged).await;
    let content = after(&[FLIPPED, AGAIN]);
    done(&world, &engine, id, &content).await;
    nothing_equal_was_sent_again(&world, &content, "edited twice");
}

#[tokio::test(start_paused = true)]
async fn a_pause_in_the_middle_of_it_loses_nothing() {
    let world = World::new();
    let engine = slow(&world).await;
    let id = edited(&world, &engine, FLIPPED).await;
    for _ in 0..3 {
        command(&engine, id, Command::SendChanged).await;
        until_state(&engine, id, |state| *state == TransferState::Preparing).await;
        command(&engine, id, Command::Pause).await;
        sleep(Duration::from_secs(5)).await;
        let snapshot = engine.snapshot(id).await.expect("it is in the list");
        assert_eq!((snapshot.state, snapshot.comparing), (TransferState::Paused, None), "it rests");
        command(&engine, id, Command::Resume).await;
        let end = until_state(&engine, id, |state| *state == TransferState::Active).await;
        assert!(end.chunks_acked >= 3, "what is equal stayed");
        world.sources.edit(FILM, |_| {});
        fails(&engine, id).await;
    }
    command(&engine, id, Command::SendChanged).await;
    done(&world, &engine, id, &after(&[FLIPPED])).await;
}

#[tokio::test(start_paused = true)]
async fn giving_it_up_in_the_middle_of_it_frees_the_remote() {
    for fault in [Fault::After(Class::Transient), Fault::Before(Class::Transient), Fault::Stall] {
        let world =
            World::of(MemoryRemote::new().new_handles()).faulty(Faults::script([Step::of(Operation::Amend, 1, fault)]));
        let engine = world.start().await;
        let id = edited(&world, &engine, FLIPPED).await;
        command(&engine, id, Command::SendChanged).await;
        sleep(Duration::from_millis(10)).await;
        command(&engine, id, Command::Cancel).await;
        until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
        assert_eq!(world.remote.uploads(), [], "by whichever handle it has by then");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn chunks_that_the_remote_lost_meanwhile_are_said_and_sent_again() {
    let world = World::new();
    let engine = world.start().await;
    let id = edited(&world, &engine, FLIPPED).await;
    world.remote.lose(&world.remote.uploads()[0], &[0]);
    let mut events = engine.events();
    command(&engine, id, Command::SendChanged).await;
    done(&world, &engine, id, &after(&[FLIPPED])).await;
    let mut lost = Vec::new();
    while let Ok(happening) = events.try_recv() {
        if let What::LostGround { chunks } = happening.what {
            lost.push(chunks);
        }
    }
    assert_eq!(lost, [[0]], "the one that is equal and gone; the edited one was not lost");
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_expired_or_was_finished_meanwhile_begins_anew() {
    let world = World::new();
    let engine = world.start().await;
    let id = edited(&world, &engine, FLIPPED).await;
    world.remote.forget(&world.remote.uploads()[0]);
    command(&engine, id, Command::SendChanged).await;
    done(&world, &engine, id, &after(&[FLIPPED])).await;
    engine.shutdown(Duration::ZERO).await;

    // The object is made and only the reply is lost; then the file is edited.
    let lost = Step::of(Operation::Complete, 1, Fault::After(Class::Transient));
    let world = World::new().faulty(Faults::script([lost]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| matches!(snapshot.state, TransferState::Waiting(_))).await;
    world.sources.edit(FILM, FLIPPED);
    fails(&engine, id).await;
    command(&engine, id, Command::SendChanged).await;
    done(&world, &engine, id, &after(&[FLIPPED])).await;
    assert_eq!(world.remote.objects().len(), 2, "what was finished is never changed");
}

#[tokio::test(start_paused = true)]
async fn where_the_remote_cannot_it_is_refused_in_words_and_starting_over_works() {
    let world = World::of(MemoryRemote::with(Capabilities { amends: false, ..MemoryRemote::everything() }));
    let engine = world.start().await;
    let id = edited(&world, &engine, FLIPPED).await;
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert!(!snapshot.can_send_changed, "the row must not offer it");
    let refused = engine.command(id, Command::SendChanged).await;
    let Err(EngineError::AllOrNothing(sentence)) = refused else { panic!("it is refused: {refused:?}") };
    assert!(sentence.contains("Start over"), "it says what helps: {sentence:?}");
    fails(&engine, id).await;
    command(&engine, id, Command::StartOver).await;
    done(&world, &engine, id, &after(&[FLIPPED])).await;
}

#[tokio::test(start_paused = true)]
async fn a_file_that_does_not_fit_the_parts_any_more_is_refused_in_words() {
    let most = std::num::NonZeroU32::new(9).expect("not zero");
    let world = World::of(MemoryRemote::with(Capabilities { max_chunks: most, ..MemoryRemote::everything() }));
    let engine = world.start().await;
    let id = edited(&world, &engine, |bytes| bytes.extend_from_slice(&[7; MIB as usize])).await;
    let refused = engine.command(id, Command::SendChanged).await;
    assert!(matches!(refused, Err(EngineError::AllOrNothing(_))), "ten parts are one too many: {refused:?}");
    fails(&engine, id).await;
}

#[tokio::test(start_paused = true)]
async fn what_did_not_change_is_not_sent_so() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    let early = engine.command(id, Command::SendChanged).await;
    assert!(matches!(early, Err(EngineError::NotNow { .. })), "it is under way: {early:?}");
}

/// Whatever the file becomes, whatever the person presses and whatever fails: in the end what is there is the file.
#[tokio::test(start_paused = true)]
async fn a_file_that_is_edited_at_any_time_arrives_as_it_is_at_last() {
    for seed in 0..120 {
        let mut chance = StdRng::seed_from_u64(seed);
        let world = World::of(MemoryRemote::new().new_handles());
        let faults = Faults::seeded(seed, 0.1);
        let faulty = Arc::new(FaultyRemote::new(Arc::clone(&world.remote) as Arc<dyn Remote>, faults));
        let mut world = World { driver: Arc::clone(&faulty) as _, ..world };
        let limit = |setup| Setup { limit: Rate::bytes_per_second(4 * MIB), seed, ..setup };
        let start = async |world: &World| Engine::start(limit(world.setup())).await.expect("the journal can be read");
        let mut engine = start(&world).await;
        let id = add(&engine, world.file(FILM, SIZE)).await;
        let mut content = World::content(FILM, SIZE).to_vec();
        let mut versions = vec![content.clone()];
        for _ in 0..chance.random_range(2..8) {
            sleep(Duration::from_millis(chance.random_range(0..1500))).await;
            let (at, len) = (chance.random_range(0..content.len()), chance.random_range(1..10 * MIB as usize));
            match chance.random_range(0..4) {
                0 => content[at] ^= 1,
                1 => content.resize(len, 3),
                2 => {
                    world.journal = world.journal.as_on_disk().into();
                    drop(engine);
                    engine = start(&world).await;
                    continue;
                }
                _ => {
                    help(&engine, id).await;
                    continue;
                }
            }
            // One that is done stays what it was.
            let snapshot = engine.snapshot(id).await.expect("it is in the list");
            if matches!(snapshot.state, TransferState::Done(_)) {
                break;
            }
            versions.push(content.clone());
            let edited = content.clone();
            world.sources.edit(FILM, |bytes| *bytes = edited);
        }
        faulty.calm();
        let end = async {
            while !help(&engine, id).await {
                sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(36_000), end).await.unwrap_or_else(|_| panic!("seed {seed} ends"));
        let snapshot = engine.snapshot(id).await.expect("it is in the list");
        let TransferState::Done(completed) = &snapshot.state else { panic!("seed {seed}: waited for just that") };
        let there = world.object(completed);
        let whole = versions.iter().any(|version| there == version.as_slice());
        assert!(whole, "seed {seed}: what is there is one of its versions and no mixture of two\n{}", faulty.story());
        let root = transfer::testing::root_of(&there);
        assert_eq!(snapshot.root, Some(root), "seed {seed}: and has the hash that was told");
        engine.shutdown(Duration::ZERO).await;
    }
}

/// Does what a person would do. Whether it is done.
async fn help(engine: &Engine, id: TransferId) -> bool {
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    let button = match snapshot.state {
        TransferState::Done(_) => return true,
        TransferState::Paused => Command::Resume,
        TransferState::Failed(_) if snapshot.can_send_changed => Command::SendChanged,
        TransferState::Failed(failure) if failure.kind == FailureKind::SourceChanged => Command::StartOver,
        TransferState::Failed(_) => Command::Retry,
        TransferState::Waiting(wait) if wait.until.is_none() => Command::Retry,
        _ => return false,
    };
    // It may be another by now; then that is seen the next time.
    let _ = engine.command(id, button).await;
    false
}
