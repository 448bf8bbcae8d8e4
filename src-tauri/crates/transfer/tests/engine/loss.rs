//! A remote that loses what it had acknowledged.

use transfer::engine::{Cell, Command, What};
use transfer::error::{Class, Operation};
use transfer::layout::ChunkLayout;
use transfer::name::FileName;
use transfer::placing::Placing;
use transfer::remote::{NewUpload, PutChunk, Remote, UploadHandle};
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step, body_of};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 8 * MIB;

#[tokio::test(start_paused = true)]
async fn lost_chunks_are_said_and_sent_again() {
    let world = World::new();
    let engine = world.start().await;
    let mut events = engine.events();
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 4).await;
    command(&engine, id, Command::Pause).await;
    let acked = until(&engine, id, |snapshot| snapshot.chunks_in_flight == 0).await.chunks_acked;
    // The order of sending is last, first, second ...
    world.remote.lose(&world.remote.uploads()[0], &[0, 7]);
    command(&engine, id, Command::Resume).await;
    let lost = until(&engine, id, |snapshot| snapshot.state == TransferState::Active).await;
    assert!(lost.lost_ground, "progress that goes back is said");
    assert_eq!(lost.chunks_acked, acked - 2, "what is lost is not shown as there");
    let regained = until(&engine, id, |snapshot| !snapshot.lost_ground).await;
    assert!(regained.chunks_acked >= acked, "it is said until it is made good");
    let snapshot = done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(snapshot.bytes_sent, SIZE + 2 * MIB, "only the lost ones are sent again");

    let mut told = Vec::new();
    while let Ok(happening) = events.try_recv() {
        if let What::LostGround { chunks } = happening.what {
            told.push(chunks);
        }
    }
    assert_eq!(told, [[0, 7]], "the log of events names the lost chunks");
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_expired_begins_again() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 4).await;
    world.remote.forget(&world.remote.uploads()[0]);
    let lost = until(&engine, id, |snapshot| snapshot.chunks_acked < 4).await;
    assert!(lost.lost_ground, "progress that goes back is said");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_became_anothers_begins_again() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    // A request to begin from before, with longer chunks, arrives only now and takes the upload's place.
    let upload = engine.snapshot(id).await.expect("it is in the list").upload;
    let layout = ChunkLayout::new(SIZE, 2 * MIB).expect("a layout");
    let name = FileName::new("a.mp4").expect("a name");
    let late = NewUpload { transfer: upload, name, placing: Placing::default(), layout };
    world.remote.begin(&late).await.expect("the remote takes it");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

/// Puts another file's bytes into an unfinished upload, as a remote would whose disk mixed files up.
async fn swap_chunk(world: &World, handle: &UploadHandle, number: u32) {
    let layout = ChunkLayout::new(SIZE, MIB).expect("a layout");
    let index = layout.index(number).expect("there are eight");
    let body = body_of(&layout, index, &World::content("foreign", SIZE));
    world.remote.lose(handle, &[number]);
    let put = PutChunk { handle: handle.clone(), layout, index, body };
    world.remote.put_chunk(put).await.expect("the remote takes it");
}

#[tokio::test(start_paused = true)]
async fn what_the_remote_has_counts_only_if_it_is_ours() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 4).await;
    command(&engine, id, Command::Pause).await;
    until(&engine, id, |snapshot| snapshot.chunks_in_flight == 0).await;
    let handle = world.remote.uploads().remove(0);
    // One that was acknowledged here, and one that was never sent.
    swap_chunk(&world, &handle, 0).await;
    swap_chunk(&world, &handle, 6).await;
    command(&engine, id, Command::Resume).await;
    let lost = until(&engine, id, |snapshot| snapshot.state == TransferState::Active).await;
    assert!(lost.lost_ground, "what is not ours any more is lost");
    let cells = engine.picture(id).await.expect("it is in the list").cells;
    assert!(cells[0] != Cell::Acked && cells[6] != Cell::Acked, "foreign bytes are not taken for ours: {cells:?}");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_changed_is_never_taken_for_the_finished_one() {
    // The object is finished and only the reply is lost; then the file is edited, and its size stays.
    let lost = Step::of(Operation::Complete, 1, Fault::After(Class::Transient));
    let world = World::new().faulty(Faults::script([lost]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| matches!(snapshot.state, TransferState::Waiting(_))).await;
    world.sources.edit(FILM, |bytes| bytes[7] ^= 1);
    until(&engine, id, |snapshot| matches!(snapshot.state, TransferState::Failed(_))).await;
    command(&engine, id, Command::StartOver).await;
    let mut edited = World::content(FILM, SIZE).to_vec();
    edited[7] ^= 1;
    done(&world, &engine, id, &edited).await;
}

#[tokio::test(start_paused = true)]
async fn starting_over_an_unchanged_finished_file_finds_it_and_proves_it() {
    let lost = Step::of(Operation::Complete, 1, Fault::After(Class::Transient));
    let world = World::new().faulty(Faults::script([lost]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| matches!(snapshot.state, TransferState::Waiting(_))).await;
    command(&engine, id, Command::StartOver).await;
    let snapshot = done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(snapshot.bytes_sent, SIZE, "it is there already: its root is compared, nothing is sent");
}
