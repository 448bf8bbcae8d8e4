//! A remote that loses what it had acknowledged.

use std::time::Duration;

use transfer::engine::{Command, What};
use transfer::state::TransferState;
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
async fn wrong_bytes_under_our_name_are_not_taken_for_ours() {
    let world = World::new();
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    command(&engine, id, Command::Pause).await;
    engine.shutdown(Duration::ZERO).await;

    // Somebody else's file arrived under this transfer's name.
    let layout = transfer::layout::ChunkLayout::new(SIZE, MIB).expect("a layout");
    let name = transfer::name::FileName::new("a.mp4").expect("a name");
    let upload = transfer::remote::NewUpload { transfer: id, name, layout };
    let handle = world.driver.begin(&upload).await.expect("the remote takes it");
    let foreign = World::content("foreign", SIZE);
    let index = layout.index(3).expect("there are eight");
    let body = transfer::testing::body_of(&layout, index, &foreign);
    let put = transfer::remote::PutChunk { handle: handle.clone(), layout, index, body };
    world.driver.put_chunk(put).await.expect("the remote takes it");

    let engine = world.start().await;
    command(&engine, id, Command::Resume).await;
    let snapshot = until(&engine, id, |snapshot| {
        snapshot.chunks_acked >= 6 || matches!(snapshot.state, TransferState::Failed(_))
    })
    .await;
    let picture = engine.picture(id).await.expect("it is in the list");
    assert_ne!(picture.cells[3], transfer::engine::Cell::Acked, "a foreign chunk is not ours: {:?}", snapshot.state);
}
