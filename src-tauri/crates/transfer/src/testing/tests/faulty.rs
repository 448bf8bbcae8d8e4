//! Faults happen where the plan says, before or after the effect, and the same for the same seed.

use std::collections::HashSet;
use std::mem::discriminant;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Class, Operation, RemoteError};
use crate::remote::{Remote, UploadStatus};
use crate::testing::{Fault, Faults, FaultyRemote, Film, MemoryRemote, Step};
use crate::units::MIB;

fn faulty(faults: Faults) -> (Arc<MemoryRemote>, FaultyRemote, Film) {
    let inner = Arc::new(MemoryRemote::new());
    let film = Film::new(&*inner, 1, 3 * MIB + 7);
    (inner.clone(), FaultyRemote::new(inner, faults), film)
}

fn one(operation: Operation, fault: Fault) -> Faults {
    Faults::script([Step::of(operation, 1, fault)])
}

fn class<T>(result: Result<T, RemoteError>) -> Option<Class> {
    result.err().map(|error| error.class)
}

#[tokio::test]
async fn a_lost_request_has_no_effect_and_a_lost_reply_has_it() {
    for (fault, uploads) in [(Fault::Before(Class::Transient), 0), (Fault::After(Class::Transient), 1)] {
        let (inner, remote, film) = faulty(one(Operation::Begin, fault.clone()));
        assert_eq!(class(remote.begin(&film.upload()).await), Some(Class::Transient), "{fault:?} fails the call");
        assert_eq!(inner.uploads().len(), uploads, "{fault:?} and its effect");
    }
    for (fault, objects) in [(Fault::Before(Class::Offline), 0), (Fault::After(Class::Offline), 1)] {
        let (inner, remote, film) = faulty(one(Operation::Complete, fault.clone()));
        assert_eq!(class(film.deliver(&remote).await), Some(Class::Offline), "{fault:?} fails the call");
        assert_eq!(inner.objects().len(), objects, "{fault:?} and its effect");
    }
}

#[tokio::test]
async fn a_harmed_body_is_refused_by_the_remote_behind() {
    for (fault, right) in [(Fault::Corrupt, Class::Corrupt), (Fault::Cut, Class::Transient)] {
        let (inner, remote, film) = faulty(Faults::script([Step::put(2, 1, fault.clone())]));
        let delivered = film.deliver(&remote).await;
        assert_eq!(class(delivered), Some(right), "{fault:?}: {}", remote.story());
        let acked: Vec<u32> = inner.puts().iter().filter(|put| put.acked).map(|put| put.chunk).collect();
        assert_eq!(acked, [0, 1], "the harmed chunk is not acknowledged, those before it are");
        film.deliver(&remote).await.expect("the second time that chunk passes");
    }
}

#[tokio::test]
async fn a_script_counts_calls_and_puts_of_one_chunk() {
    let second_put = Step::of(Operation::Put, 2, Fault::Before(Class::Desync));
    let (_, remote, film) = faulty(Faults::script([second_put, Step::put(0, 2, Fault::Before(Class::Denied))]));
    let handle = remote.begin(&film.upload()).await.expect("begin is not in the script");
    let mut classes = Vec::new();
    for number in [0, 1, 0, 0] {
        classes.push(class(remote.put_chunk(film.put(&handle, film.chunk(number))).await));
    }
    assert_eq!(classes, [None, Some(Class::Desync), Some(Class::Denied), None], "each line of the script once");
    assert_eq!(remote.happened().len(), 2, "what happened is written down: {}", remote.story());
}

#[tokio::test(start_paused = true)]
async fn a_delayed_call_goes_through_and_a_stalled_one_never_ends() {
    let delay = Duration::from_secs(3600);
    let (_, remote, film) = faulty(one(Operation::Begin, Fault::Delay(delay)));
    let before = tokio::time::Instant::now();
    remote.begin(&film.upload()).await.expect("late is not lost");
    assert!(before.elapsed() >= delay, "it took as long as the plan said, on tokio's clock");
    let (inner, remote, film) = faulty(one(Operation::Begin, Fault::Stall));
    let ended = tokio::time::timeout(delay, remote.begin(&film.upload())).await;
    assert!(ended.is_err() && inner.uploads().is_empty(), "no answer and no effect: {ended:?}");
}

/// Every call is made again until it succeeds, as the rudest of all senders does.
async fn insist(remote: &FaultyRemote, film: &Film) -> Result<(), RemoteError> {
    let handle = remote.begin(&film.upload()).await?;
    if let UploadStatus::Completed(_) = remote.status(&handle, &film.layout).await? {
        return Ok(());
    }
    let receipts = film.send(remote, &handle, film.layout.indices()).await?;
    remote.complete(&film.completion(&handle, receipts)).await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_history_and_the_film_arrives() {
    let run = async |seed| {
        let (inner, remote, film) = faulty(Faults::seeded(seed, 0.3));
        while insist(&remote, &film).await.is_err() {}
        let objects = inner.objects();
        assert_eq!(objects.len(), 1, "however often it is repeated, it is one object: {}", remote.story());
        assert_eq!(inner.object_bytes(&objects[0]), Some(film.bytes), "and right: {}", remote.story());
        remote.happened()
    };
    for seed in 0..20 {
        assert_eq!(run(seed).await, run(seed).await, "seed {seed} tells the same story twice");
    }
    assert_ne!(run(1).await, run(2).await, "another seed tells another");
}

#[tokio::test(start_paused = true)]
async fn chance_meets_every_class_at_every_call_before_and_after() {
    let (_, remote, film) = faulty(Faults::seeded(7, 1.0));
    let handle = film_handle(&film).await;
    for _ in 0..400 {
        drop(remote.begin(&film.upload()).await);
        drop(remote.status(&handle, &film.layout).await);
        drop(remote.put_chunk(film.put(&handle, film.chunk(3))).await);
        drop(remote.complete(&film.completion(&handle, Vec::new())).await);
        drop(remote.abort(&handle).await);
        drop(remote.open(&crate::ids::ObjectId("none".to_owned())).await);
    }
    let mut kinds = HashSet::new();
    for (call, fault) in remote.happened() {
        let class = match &fault {
            Fault::Before(class) | Fault::After(class) => Some(discriminant(class)),
            Fault::Corrupt | Fault::Cut | Fault::Delay(_) | Fault::Late(_) | Fault::Stall => None,
        };
        kinds.insert((call.operation, discriminant(&fault), class));
    }
    let (operations, classes, before_and_after, bodies) = (6, 11, 2, 2);
    let right = operations * (classes * before_and_after + 1) + bodies;
    assert_eq!(kinds.len(), right, "11 classes twice and a delay at 6 calls, and a put's two harmed bodies");
}

async fn film_handle(film: &Film) -> crate::remote::UploadHandle {
    MemoryRemote::new().begin(&film.upload()).await.expect("a remote without faults begins")
}

#[tokio::test]
async fn a_calm_remote_has_no_faults_any_more() {
    let (_, remote, film) = faulty(Faults::seeded(3, 1.0).of_classes([Class::Transient]));
    assert!(remote.begin(&film.upload()).await.is_err() || !remote.happened().is_empty(), "certain faults happen");
    remote.calm();
    film.deliver(&remote).await.expect("after the storm everything passes");
}
