//! Events for the page. What happens before the page listens is held until it does, in order; the page says so by
//! subscribing to its feed, which it does after it listens.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tauri::{AppHandle, Emitter, Manager};

/// So many events are held; the oldest are dropped first.
const MOST: usize = 256;

type Letter = (&'static str, Value);

/// What is held, while nobody listens.
#[derive(Debug)]
pub(crate) struct Post(Mutex<Option<Vec<Letter>>>);

impl Default for Post {
    fn default() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }
}

impl Post {
    /// From now on events are held: the page begins anew.
    pub(crate) fn hold(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
    }

    /// The page listens: what was held is hers.
    fn release(&self) -> Vec<Letter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    /// Gives the letter back when somebody listens.
    fn take(&self, letter: Letter) -> Option<Letter> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            None => Some(letter),
            Some(held) => {
                held.push(letter);
                held.drain(..held.len().saturating_sub(MOST));
                None
            }
        }
    }
}

/// Tells the page, now or as soon as it listens.
pub(crate) fn tell(app: &AppHandle, event: &'static str, payload: &impl Serialize) {
    match serde_json::to_value(payload) {
        Ok(payload) => app.state::<Post>().take((event, payload)).into_iter().for_each(|letter| emit(app, letter)),
        Err(error) => tracing::error!(%error, event, "an event has no text"),
    }
}

/// The page listens.
pub(crate) fn deliver(app: &AppHandle) {
    app.state::<Post>().release().into_iter().for_each(|letter| emit(app, letter));
}

fn emit(app: &AppHandle, (event, payload): Letter) {
    app.emit(event, payload).unwrap_or_else(|error| tracing::warn!(%error, event, "the page was not told"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_before_anybody_listens_is_kept_in_order_and_told_once() {
        let post = Post::default();
        assert!(post.take(("opened", 1.into())).is_none(), "nobody listens yet");
        assert!(post.take(("added", 2.into())).is_none(), "nobody listens yet");
        assert_eq!(post.release(), [("opened", 1.into()), ("added", 2.into())], "in the order in which it happened");
        assert_eq!(post.release(), [], "nothing is told twice");
        assert_eq!(post.take(("added", 3.into())), Some(("added", 3.into())), "who listens is told at once");
        post.hold();
        assert!(post.take(("added", 4.into())).is_none(), "a page that begins anew does not listen yet");
    }

    #[test]
    fn what_is_held_is_bounded() {
        let post = Post::default();
        (0..=MOST).for_each(|number| drop(post.take(("added", number.into()))));
        let held = post.release();
        assert_eq!((held.len(), &held[0].1), (MOST, &Value::from(1)), "the newest matter most");
    }
}
