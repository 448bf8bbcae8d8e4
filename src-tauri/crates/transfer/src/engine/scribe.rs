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

/// While one stack is written the next one gathers, so that a flood of films costs few commits.
async fn write_stack(journal: &dyn Journal, stack: VecDeque<Slip>) -> Scribed {
    let (mut changes, mut waiting) = (Vec::new(), Vec::new());
    for slip in stack {
        match slip {
            Slip::Write(change) => changes.push(change),
            Slip::Tell(tell) => waiting.push(tell),
        }
    }
    let written = if changes.is_empty() { Ok(()) } else { journal.write(&changes).await };
    match written {
        Ok(()) => {
            // Who no longer waits need not be told.
            waiting.into_iter().for_each(|tell| drop(tell.send(Ok(()))));
            Scribed { left: VecDeque::new(), failure: None }
        }
        Err(error) => {
            let waiting = waiting.into_iter().map(Slip::Tell);
            let left = changes.into_iter().map(Slip::Write).chain(waiting).collect();
            Scribed { left, failure: Some(Arc::new(error)) }
        }
    }
}
