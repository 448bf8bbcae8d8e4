//! What the person should know and no row can say: a database that was set aside, a file that was not taken.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::view::{LevelView, NoticeView};

/// The notices that were not dismissed.
#[derive(Debug)]
pub(crate) struct Notices {
    shown: Mutex<Vec<NoticeView>>,
    last: watch::Sender<u64>,
}

impl Default for Notices {
    fn default() -> Self {
        Self { shown: Mutex::default(), last: watch::Sender::new(0) }
    }
}

impl Notices {
    /// Something needs a look.
    pub(crate) fn warn(&self, sentence: String) {
        self.last.send_modify(|last| {
            *last += 1;
            self.held().push(NoticeView { id: *last, level: LevelView::Warning, sentence });
        });
    }

    /// Takes one away.
    pub(crate) fn dismiss(&self, id: u64) {
        self.held().retain(|notice| notice.id != id);
    }

    /// Those after the notice `seen`.
    pub(crate) fn after(&self, seen: u64) -> Vec<NoticeView> {
        self.held().iter().filter(|notice| notice.id > seen).cloned().collect()
    }

    /// The id of the newest; it wakes on each.
    pub(crate) fn newest(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }

    fn held(&self) -> MutexGuard<'_, Vec<NoticeView>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dismissed_notice_does_not_come_back_and_ids_are_not_used_again() {
        let notices = Notices::default();
        notices.warn("one".into());
        notices.dismiss(1);
        notices.warn("two".into());
        let left: Vec<u64> = notices.after(0).iter().map(|notice| notice.id).collect();
        assert_eq!(left, [2], "only what was not dismissed is shown, under an id of its own");
        assert!(notices.after(2).is_empty(), "nothing is told twice");
    }
}
