//! The world of one history: its clock, its chance, what is known of it from outside, and the instant at which the
//! process dies.
//!
//! It outlives the process: each life of the engine is a runtime of its own, and what is here goes from one to the
//! next. Whatever follows from chance follows from the history's number, so that the same number is the same history.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::Notify;
use tokio::time::Instant;
use transfer::engine::Clock;
use transfer::error::{Class, Operation};
use transfer::testing::MemoryJournal;
use transfer::units::Timestamp;

use crate::books::Book;
use crate::fate::Fate;
use crate::plan::Plan;
use crate::ports::Reel;
use crate::ports::store::{Echo, Store};

const EPOCH: Timestamp = Timestamp(1_700_000_000_000);

/// Everything but the engine.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) store: Store,
    pub(crate) death: Notify,
    inside: Mutex<Inside>,
}

/// What changes. The lock is held for a look or a change, never across an await.
#[derive(Debug)]
pub(crate) struct Inside {
    pub(crate) chance: StdRng,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) books: Vec<Book>,
    pub(crate) reels: Vec<Reel>,
    pub(crate) calm: bool,
    pub(crate) acts_left: u32,
    /// Until then, every such call meets this.
    pub(crate) spell: Option<(Option<Operation>, Class, Duration)>,
    /// Requests that reach the remote later than they should.
    pub(crate) echoes: BTreeMap<(Duration, u64), Echo>,
    /// Breaks that the remote asked for and the engine took notice of: from, until.
    pub(crate) breaks: Vec<(Duration, Duration)>,
    /// When calls left for the remote in this life.
    pub(crate) departures: Vec<(Duration, Operation)>,
    /// The most chunks that may be in flight, of this life.
    pub(crate) most_in_flight: usize,
    pub(crate) life: u32,
    began: Duration,
    born: Option<Instant>,
    pub(crate) fate: Fate,
    story: Option<Vec<String>>,
    broken: Option<String>,
}

impl World {
    pub(crate) fn new(plan: Plan, tells: bool) -> Arc<Self> {
        let inside = Inside {
            chance: StdRng::seed_from_u64(plan.seed ^ 0xc4a9ce),
            journal: Arc::new(MemoryJournal::new()),
            books: Vec::new(),
            reels: plan.films.iter().map(|film| Reel::new(*film)).collect(),
            calm: false,
            acts_left: plan.acts,
            spell: None,
            echoes: BTreeMap::new(),
            breaks: Vec::new(),
            departures: Vec::new(),
            most_in_flight: plan.parallel.get(),
            life: 0,
            began: Duration::ZERO,
            born: None,
            fate: Fate::new(plan.deaths),
            story: tells.then(Vec::new),
            broken: None,
        };
        let store = Store::new(&plan);
        Arc::new(Self { plan, store, death: Notify::new(), inside: Mutex::new(inside) })
    }

    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("nothing panics while it holds the lock")
    }

    /// Since the history began.
    pub(crate) fn now(&self) -> Duration {
        self.inside().now()
    }

    /// Another life begins.
    pub(crate) fn wake(&self) {
        let mut inside = self.inside();
        inside.life += 1;
        inside.born = Some(Instant::now());
        inside.lives_again();
        inside.journal = Arc::new(inside.journal.as_on_disk());
        inside.most_in_flight = self.plan.parallel.get();
        inside.breaks.clear();
        inside.departures.clear();
        inside.books.iter_mut().for_each(Book::reborn);
    }

    /// The life is over, however it ended.
    pub(crate) fn sleep(&self) {
        let mut inside = self.inside();
        inside.began = inside.now();
        inside.born = None;
    }

    /// A line of the story, made only when somebody listens.
    pub(crate) fn say(&self, line: impl FnOnce() -> String) {
        self.inside().say(line);
    }

    /// What must hold, by its name. The first that does not ends the history.
    pub(crate) fn hold(&self, law: &str, holds: bool, why: impl FnOnce() -> String) {
        self.inside().hold(law, holds, why);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.inside().broken.is_some()
    }

    /// The law that was broken, and the story.
    pub(crate) fn end(&self) -> (Option<String>, Vec<String>) {
        let mut inside = self.inside();
        (inside.broken.clone(), inside.story.take().unwrap_or_default())
    }
}

impl Inside {
    pub(crate) fn now(&self) -> Duration {
        self.began + self.born.map(|born| born.elapsed()).unwrap_or_default()
    }

    pub(crate) fn say(&mut self, line: impl FnOnce() -> String) {
        let (life, now) = (self.life, self.now());
        if let Some(story) = &mut self.story {
            story.push(format!("{life} {:>9.3} {}", now.as_secs_f64(), line()));
        }
    }

    pub(crate) fn hold(&mut self, law: &str, holds: bool, why: impl FnOnce() -> String) {
        if !holds && self.broken.is_none() {
            let broken = format!("{law}: {}", why());
            self.say(|| format!("BROKEN {broken}"));
            self.broken = Some(broken);
        }
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        EPOCH.after(World::now(self))
    }
}

/// The instant of the history that a happening of the engine names.
pub(crate) fn since_began(at: Timestamp) -> Duration {
    at.since(EPOCH)
}
