//! New transfers: what was surveyed is compared with the list, written down, and only then in the list.
//!
//! One order at a time, so that the same file given twice at once is still added once.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::actor::Actor;
use super::messages::{Candidate, Enlisted, Reply, Report, Surveyed};
use super::transfer::Transfer;
use super::words::{Added, EngineError, Refusal, What};
use crate::ids::{BatchId, DestinationId, TransferId};
use crate::journal::{Change, TransferRecord};
use crate::state::{Intent, Priority, TransferState};

/// An order on its way in, and where its answer goes.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) order: Surveyed,
    pub(super) reply: Reply<Result<Answers, EngineError>>,
}

/// One answer a file, in order.
pub(super) type Answers = Vec<Result<Added, Refusal>>;

/// Takes orders in until nobody can give any more.
pub(super) async fn take_in(mut arrivals: mpsc::Receiver<Arrival>, reports: mpsc::Sender<Report>) {
    while let Some(Arrival { order, reply }) = arrivals.recv().await {
        // Who no longer waits need not be told.
        let _ = reply.send(take_in_one(order, &reports).await);
    }
}

async fn take_in_one(order: Surveyed, reports: &mpsc::Sender<Report>) -> Result<Answers, EngineError> {
    let (reply, enlisted) = oneshot::channel();
    reports.send(Report::Enlist { order, reply }).await.map_err(|_| EngineError::Stopped)?;
    let Enlisted { answers, records, written } = enlisted.await.map_err(|_| EngineError::Stopped)?;
    written.settled().await?;
    reports.send(Report::Insert(records)).await.map_err(|_| EngineError::Stopped)?;
    Ok(answers)
}

impl Actor {
    /// Compares an order with the list, and lays down what is new for the journal.
    pub(super) fn enlist(&mut self, order: Surveyed, reply: Reply<Enlisted>) {
        let Surveyed { batch, destination, candidates } = order;
        let destination = Arc::new(destination);
        let (mut records, mut new) = (Vec::new(), HashMap::new());
        let mut answers = Answers::with_capacity(candidates.len());
        for candidate in candidates {
            answers.push(candidate.map(|candidate| {
                let twice = new.get(&candidate.path).copied();
                if let Some(id) = twice.or_else(|| self.already(&candidate, &destination)) {
                    return Added { id, already: true };
                }
                let record = self.new_record(candidate, batch, &destination);
                let id = record.id;
                new.insert(record.path.clone(), id);
                records.push(record);
                Added { id, already: false }
            }));
        }
        if !records.is_empty() {
            self.docket.push(Change::Create(records.clone()));
        }
        // The intake waits for it as long as the engine lives.
        let _ = reply.send(Enlisted { answers, records, written: self.docket.written() });
    }

    /// New transfers are in the journal: now they are in the list.
    pub(super) fn insert(&mut self, records: Vec<TransferRecord>) {
        for record in records {
            let id = record.id;
            self.place(Transfer::new(record, None));
            self.log(id, What::Added);
        }
    }

    /// Takes a transfer into the list.
    pub(super) fn place(&mut self, transfer: Transfer) {
        let (record, label) = (&transfer.record, &transfer.label);
        let id = record.id;
        self.files.insert((Arc::clone(&label.path), Arc::clone(&label.destination)), id);
        self.line.put(transfer.place(), &record.state);
        self.next_position = self.next_position.max(record.position.saturating_add(1));
        self.transfers.insert(id, transfer);
        self.news.changed(id);
    }

    /// The transfer that this file has already: any that was not given up; a finished one when the file is still what
    /// was sent.
    fn already(&self, candidate: &Candidate, destination: &Arc<DestinationId>) -> Option<TransferId> {
        let id = self.files.get(&(Arc::new(candidate.path.clone()), Arc::clone(destination)))?;
        let record = &self.transfers.get(id)?.record;
        let counts = match record.state {
            TransferState::Cancelling | TransferState::Cancelled | TransferState::Skipped(_) => false,
            TransferState::Done(_) => record.fingerprint == candidate.fingerprint,
            TransferState::Queued
            | TransferState::Preparing
            | TransferState::Active
            | TransferState::Completing
            | TransferState::Waiting(_)
            | TransferState::Paused
            | TransferState::Failed(_) => true,
        };
        counts.then_some(*id)
    }

    fn new_record(&mut self, candidate: Candidate, batch: BatchId, destination: &DestinationId) -> TransferRecord {
        let position = self.next_position;
        self.next_position += 1;
        TransferRecord {
            id: TransferId::random(),
            batch,
            position,
            priority: Priority::Normal,
            path: candidate.path,
            name: candidate.name,
            placing: candidate.placing,
            destination: destination.clone(),
            fingerprint: candidate.fingerprint,
            layout: None,
            amending: false,
            max_chunk_len: None,
            handle: None,
            intent: Intent::Run,
            state: TransferState::Queued,
            root: None,
            bytes_sent: 0,
            created_at: self.time.wall(),
            ended_at: None,
        }
    }
}
