//! Where the remote cannot keep a part of what it has, or has it no more.

use transfer::engine::EngineError;
use transfer::error::{Class, Operation};
use transfer::remote::Capabilities;
use transfer::testing::{Fault, Faults, Step};

use super::*;

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
