//! The one task that writes into the journal: a stack of slips at a time, in one commit.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::docket::{Scribed, Slip};
use super::messages::Report;
use crate::journal::Journal;

/// Writes until the actor is gone. It is never cut: a write that was begun is finished.
pub(super) async fn scribe(
    journal: Arc<dyn Journal>,
    mut stacks: mpsc::Receiver<VecDeque<Slip>>,
    reports: mpsc::Sender<Report>,
) {
    while let Some(stack) = stacks.recv().await {
        let scribed = write_stack(journal.as_ref(), stack).await;
        if reports.send(Report::Scribed(scribed)).await.is_err() {
            return;
        }
    }
}

/// While one stack is written the next one gathers, so that a flood of films costs few commits. Where all of it together
/// cannot be written, one after the other is, until one cannot.
async fn write_stack(journal: &dyn Journal, stack: VecDeque<Slip>) -> Scribed {
    let changes: Vec<_> = stack.iter().filter_map(Slip::change).cloned().collect();
    if changes.len() > 1 && journal.write(&changes).await.is_ok() {
        stack.into_iter().for_each(Slip::settle);
        return Scribed { left: VecDeque::new(), failure: None };
    }
    write_singly(journal, stack).await
}

async fn write_singly(journal: &dyn Journal, mut stack: VecDeque<Slip>) -> Scribed {
    while let Some(slip) = stack.pop_front() {
        let written = match slip.change() {
            Some(change) => journal.write(std::slice::from_ref(change)).await,
            None => Ok(()),
        };
        match written {
            Ok(()) => slip.settle(),
            Err(error) => {
                stack.push_front(slip);
                return Scribed { left: stack, failure: Some(Arc::new(error)) };
            }
        }
    }
    Scribed { left: stack, failure: None }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::ids::TransferId;
    use crate::journal::Change;
    use crate::testing::MemoryJournal;

    fn removal() -> Slip {
        Slip::Write(Change::Remove(vec![TransferId::random()]))
    }

    /// Of a transfer that nobody knows.
    fn broken() -> Slip {
        Slip::Write(Change::Unack { id: TransferId::random(), chunks: Vec::new() })
    }

    #[tokio::test]
    async fn a_stack_is_one_commit() {
        let journal = MemoryJournal::new();
        let scribed = write_stack(&journal, [removal(), removal(), removal()].into()).await;
        assert!(scribed.failure.is_none() && scribed.left.is_empty(), "all of it is written");
        assert_eq!(journal.writes(), 1, "at once");
    }

    #[tokio::test]
    async fn what_stands_before_the_trouble_is_written_and_told() {
        let journal = MemoryJournal::new();
        let ((before, mut told), (behind, mut waits)) = (oneshot::channel(), oneshot::channel());
        let stack = [removal(), Slip::Tell(before), broken(), removal(), Slip::Tell(behind)];
        let scribed = write_stack(&journal, stack.into()).await;
        assert!(told.try_recv().is_ok_and(|told| told.is_ok()), "whoever waited for the first knows");
        assert!(waits.try_recv().is_err(), "whoever waits for the last waits on");
        assert_eq!((journal.writes(), scribed.left.len()), (1, 3), "and the trouble is the first of what is left");
        assert!(scribed.failure.is_some_and(|why| why.what == "take acknowledgements back"), "by its own name");
    }
}
