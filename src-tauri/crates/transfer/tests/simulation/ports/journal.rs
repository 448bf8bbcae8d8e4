//! The journal, which sometimes cannot be written, and sometimes could and says that it could not.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rand::RngExt;
use transfer::ids::TransferId;
use transfer::journal::{Change, ChunkRecords, Journal, JournalError, TransferRecord};

use crate::books::Book;
use crate::laws::writes;
use crate::world::World;

/// The engine's way to its journal.
#[derive(Debug)]
pub(crate) struct Diary(pub(crate) Arc<World>);

/// What a write meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    None,
    /// It fails, and nothing is written.
    Before,
    /// It is written, and fails.
    After,
    Slow(Duration),
}

impl Diary {
    fn meet(&self) -> Mishap {
        let mut inside = self.0.inside();
        if inside.calm || !inside.chance.random_bool(self.0.plan.journal_odds) {
            return Mishap::None;
        }
        match inside.chance.random_range(0..3) {
            0 => Mishap::Before,
            1 => Mishap::After,
            _ => Mishap::Slow(Duration::from_millis(inside.chance.random_range(1..3000))),
        }
    }

    /// What happens before a write takes effect.
    async fn before(&self, what: &str) -> Result<Mishap, JournalError> {
        self.0.pass().await;
        let mishap = self.meet();
        if mishap != Mishap::None {
            self.0.say(|| format!("journal: {what} meets {mishap:?}"));
        }
        match mishap {
            Mishap::Before => return Err(refused()),
            Mishap::Slow(delay) => tokio::time::sleep(delay).await,
            Mishap::None | Mishap::After => {}
        }
        // A process that died meanwhile writes nothing.
        self.0.pass().await;
        Ok(mishap)
    }

    /// What happens once it took effect.
    async fn after(&self, mishap: Mishap) -> Result<(), JournalError> {
        self.0.pass().await;
        if mishap == Mishap::After { Err(refused()) } else { Ok(()) }
    }

    /// Holds what was written against the laws, and into the books.
    fn note(&self, change: &Change) {
        match change {
            Change::Create(_) | Change::Remove(_) => {}
            Change::Save(record) => {
                with_book(&self.0, record.id, |book, now| book.write(record, now));
                writes::saved(&self.0, record);
            }
            Change::Ack { id, chunks, .. } => {
                writes::acked(&self.0, *id, chunks);
                let receipts = chunks.iter().map(|chunk| (chunk.index.get(), chunk.receipt.clone()));
                with_book(&self.0, *id, |book, _| book.acked.extend(receipts));
            }
            Change::Unack { id, chunks } => {
                let lost = |acked: &u32| chunks.iter().any(|lost| lost.get() == *acked);
                with_book(&self.0, *id, |book, _| book.acked.retain(|acked, _| !lost(acked)));
            }
            Change::Forget { record, .. } => {
                with_book(&self.0, record.id, |book, now| book.forget(record, now));
                writes::saved(&self.0, record);
            }
            Change::Amend { record, keep } => {
                let kept = |acked: &u32| keep.iter().any(|kept| kept.get() == *acked);
                with_book(&self.0, record.id, |book, now| {
                    book.acked.retain(|acked, _| kept(acked));
                    book.write(record, now);
                });
                writes::saved(&self.0, record);
            }
        }
    }

    fn disk(&self) -> Arc<dyn Journal> {
        Arc::clone(&self.0.inside().journal) as Arc<dyn Journal>
    }
}

fn refused() -> JournalError {
    JournalError { what: "be written", source: std::io::Error::other("the disk is full").into() }
}

fn with_book(world: &World, id: TransferId, change: impl FnOnce(&mut Book, Duration)) {
    let mut inside = world.inside();
    let now = inside.now();
    if let Some(book) = inside.books.iter_mut().find(|book| book.id() == id) {
        change(book, now);
    }
}

#[async_trait]
impl Journal for Diary {
    async fn transfers(&self) -> Result<Vec<TransferRecord>, JournalError> {
        self.0.pass().await;
        self.disk().transfers().await
    }

    async fn chunks(&self, id: TransferId) -> Result<ChunkRecords, JournalError> {
        self.0.pass().await;
        self.disk().chunks(id).await
    }

    async fn write(&self, changes: &[Change]) -> Result<(), JournalError> {
        let what = changes.iter().map(Change::what).collect::<Vec<_>>().join(", ");
        let mishap = self.before(&what).await?;
        self.disk().write(changes).await?;
        changes.iter().for_each(|change| self.note(change));
        self.after(mishap).await
    }
}
