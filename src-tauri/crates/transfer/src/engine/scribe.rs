//! The one task that writes into the journal: a stack of slips at a time, in order, until one fails.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::docket::{Entry, Scribed, Slip};
use super::messages::Report;
use crate::journal::{Journal, JournalError};

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

async fn write_stack(journal: &dyn Journal, mut stack: VecDeque<Slip>) -> Scribed {
    while let Some(slip) = stack.pop_front() {
        match slip {
            Slip::Tell(tell) => {
                // Who no longer waits need not be told.
                let _ = tell.send(Ok(()));
            }
            Slip::Write(entry) => {
                if let Err(error) = write(journal, &entry).await {
                    stack.push_front(Slip::Write(entry));
                    return Scribed { left: stack, failure: Some(Arc::new(error)) };
                }
            }
        }
    }
    Scribed { left: stack, failure: None }
}

async fn write(journal: &dyn Journal, entry: &Entry) -> Result<(), JournalError> {
    match entry {
        Entry::Create(records) => journal.create(records).await,
        Entry::Save(record) => journal.save(record).await,
        Entry::Forget { record, digests } => journal.forget_chunks(record, *digests).await,
        Entry::Ack { id, chunks, bytes_sent } => journal.ack(*id, chunks, *bytes_sent).await,
        Entry::Amend { record, keep } => journal.amend(record, keep).await,
        Entry::Unack { id, chunks } => journal.unack(*id, chunks).await,
        Entry::Remove(ids) => journal.remove(ids).await,
    }
}
