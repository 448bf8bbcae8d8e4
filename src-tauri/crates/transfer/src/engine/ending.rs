//! The engine's end: nothing new begins, what is under way may finish within a grace, everything known is written.

use std::time::Duration;

use tokio::time::Instant;

use super::actor::Actor;
use super::alarms::Alarm;
use super::messages::Reply;
use super::transfer::Transfer;

/// Who waits for the end.
#[derive(Debug, Default)]
pub(super) struct Ending {
    replies: Vec<Reply<()>>,
}

impl Actor {
    /// Ends after at most `grace`.
    pub(super) fn end(&mut self, grace: Duration, reply: Option<Reply<()>>) {
        let ending = self.ending.get_or_insert_default();
        ending.replies.extend(reply);
        self.alarms.set_by(Alarm::End, Instant::now() + grace);
        // A journal that rests after a failure gets its last chance.
        self.docket.try_again();
    }

    /// Cuts whatever is under way.
    pub(super) fn cut_all(&mut self) {
        let loud = self.transfers.iter().filter(|(_, transfer)| !transfer.is_quiet());
        let ids: Vec<_> = loud.map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.cut(id));
    }

    /// Lays the last acknowledgements down once nothing more can come.
    pub(super) fn settle_end(&mut self) {
        if self.ending.is_some() && self.transfers.values().all(Transfer::is_quiet) {
            self.flush_all();
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ending.is_some() && self.docket.is_clear() && self.transfers.values().all(Transfer::is_quiet)
    }

    /// Ends every task, and says so to those who wait. The scribe ends with the docket.
    pub(super) fn close(self) {
        self.tasks.stop();
        for reply in self.ending.into_iter().flat_map(|ending| ending.replies) {
            // Who no longer waits need not be told.
            let _ = reply.send(());
        }
    }
}
