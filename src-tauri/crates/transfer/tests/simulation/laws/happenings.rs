//! What must hold of the log of events.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;
use transfer::engine::{Happening, What};
use transfer::error::{Class, Trouble};
use transfer::ids::TransferId;

use crate::ports::Condition;
use crate::world::{Inside, World, since_began};

/// What a break lasts at least, and at most, whatever was asked for.
const UNSAID_BREAK: Duration = Duration::from_secs(5);
const LONGEST_BREAK: Duration = Duration::from_secs(600);

/// A listener, and what it heard last of each chunk that failed.
#[derive(Debug)]
pub(crate) struct Listener {
    world: Arc<World>,
    events: broadcast::Receiver<Happening>,
    failures: BTreeMap<(TransferId, u32), (u32, Duration)>,
}

impl Listener {
    pub(crate) fn new(world: &Arc<World>, events: broadcast::Receiver<Happening>) -> Self {
        Self { world: Arc::clone(world), events, failures: BTreeMap::new() }
    }

    /// Listens to what happened since the last time.
    pub(crate) fn listen(&mut self) {
        loop {
            match self.events.try_recv() {
                Ok(happening) => self.heard(&happening),
                Err(broadcast::error::TryRecvError::Lagged(_)) => self.failures.clear(),
                Err(_) => return,
            }
        }
    }

    fn heard(&mut self, happening: &Happening) {
        let at = since_began(happening.at);
        let world = Arc::clone(&self.world);
        let mut inside = world.inside();
        match &happening.what {
            What::Told(Trouble { class: Class::Throttled { after }, .. }) => {
                note_break(&mut inside, at, at + length(*after));
            }
            What::ChunkFailed { chunk, trouble, attempts, .. } if is_charged(&trouble.class) => {
                self.counted(&mut inside, (happening.id, *chunk), *attempts, at);
            }
            What::Added
            | What::State(_)
            | What::ChunkFailed { .. }
            | What::LostGround { .. }
            | What::Held(_)
            | What::Proven { .. }
            | What::Compared { .. }
            | What::Told(_)
            | What::Removed => {}
        }
    }

    /// Failures of a chunk in a row are counted, unless something went well, or a person acted, in between.
    fn counted(&mut self, inside: &mut Inside, chunk: (TransferId, u32), attempts: u32, at: Duration) {
        let before = self.failures.insert(chunk, (attempts, at));
        let Some(book) = inside.books.iter().find(|book| book.id() == chunk.0) else { return };
        let eased = |then: Duration| book.eased.iter().any(|eased| then <= *eased && *eased <= at);
        if let Some((before, then)) = before.filter(|(_, then)| !eased(*then)) {
            let holds = attempts == before + 1;
            inside.hold("failures in a row are counted", holds, || {
                format!("chunk {}: {before} at {then:?}, {attempts} at {at:?}", chunk.1)
            });
        }
    }
}

fn is_charged(class: &Class) -> bool {
    matches!(class, Class::Transient | Class::Desync)
}

/// A chunk's answer asked for a break: it holds from now on, whatever became of its transfer. Where the file failed,
/// that goes before whatever the remote made of what came of it.
pub(crate) fn asked_for_a_break(world: &World, number: usize, after: Option<Duration>) {
    let mut inside = world.inside();
    let now = inside.now();
    if inside.reels[number].condition == Condition::Fine && !inside.books[number].is_edited() {
        note_break(&mut inside, now, now + length(after));
    }
}

fn length(after: Option<Duration>) -> Duration {
    after.unwrap_or(UNSAID_BREAK).min(LONGEST_BREAK)
}

/// A break that the engine took notice of.
fn note_break(inside: &mut Inside, from: Duration, until: Duration) {
    let left = inside.departures.iter().find(|(at, _)| from < *at && *at < until).copied();
    inside.hold("a break is kept", left.is_none(), || format!("{left:?} within {from:?}..{until:?}"));
    inside.breaks.push((from, until));
}
