//! When the process dies: at a port call that the history chose, and everything that waits with it.

use rand::RngExt;

use crate::world::{Inside, World};

/// Port calls of a life before it may end, at most.
const LONGEST_FUSE: f64 = 600.0;

/// What is left of a life.
#[derive(Debug)]
pub(crate) struct Fate {
    dead: bool,
    deaths_left: u32,
    /// Port calls until the process dies, if it does in this life.
    fuse: Option<u32>,
}

impl Fate {
    pub(crate) fn new(deaths: u32) -> Self {
        Self { dead: false, deaths_left: deaths, fuse: None }
    }
}

impl World {
    /// A place at which the process may die. Then nothing passes here any more.
    pub(crate) async fn pass(&self) {
        if self.inside().burns_down() {
            self.say(|| "the process dies".to_owned());
            self.die();
        }
        if self.is_broken() {
            self.die();
        }
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
    }

    /// Returns when the process dies.
    pub(crate) async fn died(&self) {
        while !self.is_dead() {
            self.death.notified().await;
        }
    }

    /// The process dies now.
    pub(crate) fn die(&self) {
        self.inside().fate.dead = true;
        self.death.notify_one();
    }

    /// The process of this life dies after so many port calls.
    pub(crate) fn dies_after(&self, calls: u32) {
        self.inside().fate.fuse = Some(calls);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.inside().fate.dead
    }
}

impl Inside {
    /// Another life begins.
    pub(crate) fn lives_again(&mut self) {
        self.fate.dead = false;
        self.fate.fuse = self.draw_fuse();
    }

    /// Mostly soon, for what is interesting happens at the start of things.
    fn draw_fuse(&mut self) -> Option<u32> {
        self.fate.deaths_left = self.fate.deaths_left.checked_sub(1)?;
        Some(LONGEST_FUSE.powf(self.chance.random()) as u32)
    }

    fn burns_down(&mut self) -> bool {
        let calm = self.calm;
        let Some(left) = self.fate.fuse.as_mut().filter(|_| !calm) else { return false };
        let burnt = *left == 0;
        *left = left.saturating_sub(1);
        burnt
    }
}
