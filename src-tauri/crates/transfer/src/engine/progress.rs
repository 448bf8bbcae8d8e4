//! Progress on its way to those who watch: told in batches, for nobody can look ten times a second.

use std::time::Duration;

use tokio::time::Instant;

use super::actor::Actor;
use super::alarms::Alarm;
use super::line::Place;
use crate::ids::TransferId;

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

impl Actor {
    /// Bytes went or a chunk landed: told soon, with others.
    pub(super) fn progressed(&mut self, id: TransferId) {
        self.news.progressed(id);
        self.alarms.set_by(Alarm::Progress, Instant::now() + TELL_EVERY);
    }

    /// Tells progress, and comes again while anything is under way.
    pub(super) fn tell_progress(&mut self) {
        for Place { id, .. } in self.line.active_after(None) {
            let Some(transfer) = self.transfers.get_mut(&id) else { continue };
            let metered = (transfer.bytes_sent(), transfer.is_held_back());
            if std::mem::replace(&mut transfer.metered, metered) != metered {
                self.news.progressed(id);
            }
        }
        self.news.publish_progress();
        if self.flying.chunks() > 0 {
            self.alarms.set_by(Alarm::Progress, Instant::now() + TELL_EVERY);
        }
    }

    /// Forgets that the remote lost progress, once it is reached again.
    pub(super) fn made_good(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let acked = transfer.bytes_acked();
        transfer.misfortune.lost_from.take_if(|lost_from| *lost_from <= acked);
    }

    /// A gate closed or opened: what everybody shows who would go on may be another thing now.
    pub(super) fn gates_changed(&mut self) {
        let running = self.transfers.values().filter(|transfer| transfer.record.state.is_running());
        running.for_each(|transfer| self.news.changed(transfer.record.id));
        if let Some(at) = self.gates.next_opening(Instant::now()) {
            self.alarms.set(Alarm::Gates, at);
        }
    }
}
