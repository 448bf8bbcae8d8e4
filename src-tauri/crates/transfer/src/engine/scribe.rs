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
