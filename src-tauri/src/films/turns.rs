//! One look at a time, the newest request first: it is for what the person sees now.
//!
//! Invariant: a turn is always passed on, also when whoever waited for it has gone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The line of those who wait for a turn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<Line>>);

#[derive(Debug, Default)]
struct Line {
    taken: bool,
    waiting: Vec<oneshot::Sender<Turn>>,
}

/// The right to look; dropping it passes it on.
#[derive(Debug)]
pub(crate) struct Turn(Turns);

impl Turns {
    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Turn {
        loop {
            let waiting = {
                let mut line = self.line();
                if !line.taken {
                    line.taken = true;
                    return Turn(self.clone());
                }
                let (ours, waiting) = oneshot::channel();
                line.waiting.push(ours);
                waiting
            };
            // The line is never dropped while we hold it; should it be, we ask again.
            if let Ok(turn) = waiting.await {
                return turn;
            }
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest of those who still wait; with nobody there the turn is free.
    fn next(&self) -> Option<oneshot::Sender<Turn>> {
        let mut line = self.line();
        line.waiting.retain(|waiting| !waiting.is_closed());
        let next = line.waiting.pop();
        line.taken = next.is_some();
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // One who left just now gives the turn back, and dropping it passes it on again.
        if let Some(next) = self.0.next() {
            next.send(Self(self.0.clone())).unwrap_or_else(drop);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn the_newest_comes_first_and_one_who_left_holds_nobody_up() {
        let turns = Turns::default();
        let first = turns.turn().await;
        let (order, ordered) = mpsc::channel();
        let mut tasks = Vec::new();
        for number in 1..=3 {
            let (turns, order) = (turns.clone(), order.clone());
            tasks.push(tokio::spawn(async move {
                let _turn = turns.turn().await;
                order.send(number).expect("the test listens");
            }));
            tokio::task::yield_now().await;
        }
        let left = tasks.remove(1);
        left.abort();
        assert!(left.await.is_err(), "the second gave up waiting");
        drop(first);
        for task in tasks {
            task.await.expect("its turn came");
        }
        assert_eq!(ordered.try_iter().collect::<Vec<_>>(), [3, 1], "the newest first, and all who waited");
        drop(turns.turn().await);
    }
}
