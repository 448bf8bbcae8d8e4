//! The few things that were used last, by object. What was not used for longest makes room.

use std::sync::{Mutex, MutexGuard, PoisonError};

use transfer::ids::ObjectId;

/// At most so many entries, the last used first. A list and not a map: it is short, and what a player reads is in front.
#[derive(Debug)]
pub(super) struct Recent<T> {
    room: usize,
    entries: Mutex<Vec<(ObjectId, T)>>,
}

impl<T: Clone> Recent<T> {
    pub(super) fn new(room: usize) -> Self {
        Self { room, entries: Mutex::new(Vec::with_capacity(room)) }
    }

    pub(super) fn get(&self, object: &ObjectId) -> Option<T> {
        let mut entries = self.entries();
        let at = entries.iter().position(|(key, _)| key == object)?;
        entries[..=at].rotate_right(1);
        Some(entries[0].1.clone())
    }

    pub(super) fn put(&self, object: ObjectId, value: T) {
        let mut entries = self.entries();
        entries.retain(|(key, _)| *key != object);
        entries.truncate(self.room - 1);
        entries.insert(0, (object, value));
    }

    pub(super) fn remove(&self, object: &ObjectId) {
        self.entries().retain(|(key, _)| key != object);
    }

    pub(super) fn clear(&self) {
        self.entries().clear();
    }

    fn entries(&self) -> MutexGuard<'_, Vec<(ObjectId, T)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_makes_room() {
        let object = |name: &str| ObjectId(name.to_owned());
        let recent = Recent::new(2);
        recent.put(object("a"), 1);
        recent.put(object("b"), 2);
        assert_eq!(recent.get(&object("a")), Some(1), "there is room for both");
        recent.put(object("c"), 3);
        assert_eq!(recent.get(&object("b")), None, "a was used after b");
        assert_eq!((recent.get(&object("a")), recent.get(&object("c"))), (Some(1), Some(3)), "two are kept");
        recent.put(object("a"), 4);
        assert_eq!((recent.get(&object("a")), recent.get(&object("c"))), (Some(4), Some(3)), "one entry an object");
    }
}
