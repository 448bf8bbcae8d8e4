//! From a file to an object, with nothing in the way.

use transfer::testing::INTERESTING_SIZES;

use crate::world::{World, add, done};

#[tokio::test(start_paused = true)]
async fn a_file_of_any_interesting_size_becomes_an_object() {
    for size in INTERESTING_SIZES {
        let world = World::new();
        let engine = world.start().await;
        let id = add(&engine, world.file("/films/a.mp4", size)).await;
        let snapshot = done(&world, &engine, id, &World::content("/films/a.mp4", size)).await;
        assert_eq!(snapshot.bytes_sent, size, "nothing is sent twice where nothing fails");
        assert_eq!(world.remote.bytes_received(), size, "what left is what arrived");
        engine.shutdown(std::time::Duration::ZERO).await;
    }
}
