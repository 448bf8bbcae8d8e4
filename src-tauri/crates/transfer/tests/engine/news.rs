//! What changed since one looked last.

use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Command, Version};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until};

#[tokio::test(start_paused = true)]
async fn only_what_changed_is_told() {
    let world = World::new();
    let engine = world.start().await;
    let mut ids = Vec::new();
    for path in ["/films/1", "/films/2", "/films/3"] {
        let id = add(&engine, world.file(path, MIB)).await;
        done(&world, &engine, id, &World::content(path, MIB)).await;
        ids.push(id);
    }
    let all = engine.since(Version(0)).await.expect("the engine lives");
    let listed: Vec<_> = all.changed.iter().map(|snapshot| snapshot.id).collect();
    assert_eq!(listed, ids, "everything, in line order");

    let nothing = engine.since(all.version).await.expect("the engine lives");
    assert_eq!((nothing.changed.len(), nothing.version), (0, all.version), "nothing happened");
    let fourth = add(&engine, world.file("/films/4", MIB)).await;
    done(&world, &engine, fourth, &World::content("/films/4", MIB)).await;
    let changes = engine.since(all.version).await.expect("the engine lives");
    let changed: Vec<_> = changes.changed.iter().map(|snapshot| snapshot.id).collect();
    assert_eq!(changed, [fourth], "the others are as they were");
    command(&engine, ids[0], Command::Remove).await;
    let changes = engine.since(changes.version).await.expect("the engine lives");
    assert_eq!((changes.changed.len(), changes.removed), (0, vec![ids[0]]), "and one is gone");
}

#[tokio::test(start_paused = true)]
async fn watching_costs_at_most_some_twenty_looks_a_second() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(64 * MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file("/films/1", 256 * MIB)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked > 3).await;
    let mut versions = engine.version();
    let (mut looks, mut version) = (0_usize, engine.since(Version(0)).await.expect("the engine lives").version);
    let second = sleep(Duration::from_secs(1));
    tokio::pin!(second);
    loop {
        tokio::select! {
            changed = versions.changed() => changed.expect("the engine lives"),
            () = &mut second => break,
        }
        let changes = engine.since(version).await.expect("the engine lives");
        // A look takes everything, so that the wake for what it took already finds nothing new.
        looks += usize::from(changes.version > version);
        version = changes.version;
    }
    assert!((5..=20).contains(&looks), "sixty chunks a second are told in {looks} looks");
}
