//! A file that is edited while it is sent: what is still in it stays at the remote, and only the rest is sent again.

mod histories;
mod midway;
mod refusals;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::sleep;
use transfer::engine::{Command, Engine, Setup, What};
use transfer::ids::TransferId;
use transfer::layout::ByteRange;
use transfer::source::{Fingerprint, Source, SourceError, Sources};
use transfer::state::{FailureKind, TransferState};
use transfer::testing::{MemoryRemote, MemorySources};
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
