//! Somebody who looks at every transfer now and then, and remembers what was shown.

use std::sync::Arc;

use transfer::engine::{Engine, Snapshot};
use transfer::ids::TransferId;
use transfer::state::TransferState;

use crate::laws::end;
use crate::laws::happenings::Listener;
use crate::laws::looks::{self, Seen};
use crate::world::World;

pub(crate) struct Watcher {
    world: Arc<World>,
    ids: Vec<TransferId>,
    seen: Vec<Option<Seen>>,
    listener: Listener,
}

impl Watcher {
    /// Looks at once: what is shown first is what is on disk.
    pub(crate) async fn new(world: &Arc<World>, engine: &Engine) -> Self {
        let ids: Vec<_> = world.inside().books.iter().map(|book| book.id()).collect();
        let listener = Listener::new(world, engine.events());
        for (number, id) in ids.iter().enumerate() {
            if let Some(snapshot) = shown(world, engine, *id).await {
                looks::after_start(world, number, &snapshot);
            }
        }
        Self { world: Arc::clone(world), seen: vec![None; ids.len()], ids, listener }
    }

    /// Listens to what happened.
    pub(crate) fn listen(&mut self) {
        self.listener.listen();
    }

    /// Looks at everything.
    pub(crate) async fn look(&mut self, engine: &Engine) {
        self.listen();
        for number in 0..self.ids.len() {
            self.look_at(engine, number).await;
        }
    }

    /// Looks at one, and gives what was shown.
    pub(crate) async fn look_at(&mut self, engine: &Engine, number: usize) -> Option<Snapshot> {
        let id = self.ids[number];
        let snapshot = shown(&self.world, engine, id).await?;
        let picture = engine.picture(id).await.ok()?;
        // What is shown may have changed in between; a look is at one instant.
        let again = shown(&self.world, engine, id).await?;
        if again == snapshot {
            self.seen[number] = Some(looks::look(&self.world, number, &snapshot, &picture, self.seen[number]));
        }
        Some(again)
    }

    /// The last look. Gives the states that it saw.
    pub(crate) async fn verdict(&mut self, engine: &Engine) -> Vec<TransferState> {
        self.look(engine).await;
        let mut states = Vec::new();
        for (number, id) in self.ids.iter().enumerate() {
            if let Some(snapshot) = shown(&self.world, engine, *id).await {
                end::ended(&self.world, number, &snapshot);
                states.push(snapshot.state);
            }
        }
        end::nobody_listens(&self.world);
        states
    }

    pub(crate) fn count(&self) -> usize {
        self.ids.len()
    }
}

async fn shown(world: &World, engine: &Engine, id: TransferId) -> Option<Snapshot> {
    let answer = engine.snapshot(id).await;
    world.hold("the engine lives and knows its transfers", answer.is_ok(), || format!("{id}: {answer:?}"));
    answer.ok()
}
