//! Putting a film together from its parts, in the background: the bytes of all are copied into its own file and hashed
//! on the way, for parts may end anywhere. A crash in the middle costs what was not made durable; the parts are there
//! until the film is.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tracing::{Instrument, info_span};
use transfer::body::SourceStopped;
use transfer::error::Operation;
use transfer::layout::ByteRange;

use super::settling::Settling;
use super::taking::{Bound, Taking};
use super::turn::Turn;
use super::{Append, AppendBody, AppendError, conclusion};
use crate::ports::{Role, UploadId};
use crate::vault::lifecycle::Step;
use crate::vault::shared::Shared;
use crate::vault::{Allowance, Vault, disk};

/// How long to wait after a failure: a disk that is full may get room. Twice as long each time, up to the last.
const AGAIN: Duration = Duration::from_secs(5);
const LAST: Duration = Duration::from_secs(300);

/// Puts an upload together, as soon as its parts are whole. Once for each life of the upload.
pub(super) fn start(vault: &Vault, append: Arc<Append>) {
    let span = info_span!("assembly", upload = %append.id);
    vault.tasks.spawn(assemble(vault.clone(), append).instrument(span));
}

/// Goes on with all that a former life of the vault began.
pub(in crate::vault) fn take_up_all(vault: &Vault) {
    let all = vault.shared.appends.all().into_iter().filter(|append| append.is_assembly());
    all.for_each(|append| start(vault, append));
}

async fn assemble(vault: Vault, append: Arc<Append>) {
    let (closed, mut wait) = (vault.shared.closed.clone(), AGAIN);
    loop {
        let Some(tried) = closed.run_until_cancelled(once(&vault, &append)).await else { return };
        match tried {
            Ok(()) | Err(AppendError::Unknown) => return,
            // Whoever came gave it up, or could not: it is looked at once more.
            Err(AppendError::Superseded) => continue,
            Err(AppendError::NoPart(part)) => {
                tracing::warn!(part, "a part is gone: the upload that it belongs to goes too");
                let given_up = vault.step(Operation::Abort, |reply| Step::DiscardAppend(append.clone(), reply)).await;
                return given_up.unwrap_or_else(|error| tracing::warn!(%error, "it stays for now"));
            }
            Err(error) => tracing::warn!(%error, "the parts could not be put together yet"),
        }
        if closed.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
            return;
        }
        wait = (wait * 2).min(LAST);
    }
}

async fn once(vault: &Vault, append: &Arc<Append>) -> Result<(), AppendError> {
    let Role::Assembly { parts, .. } = &append.told.role else { return Err(AppendError::Assembly) };
    let shared = &vault.shared;
    let parts = whole(shared, append, parts).await?;
    let length: u64 = parts.iter().map(|part| part.offset()).sum();
    let mut turn = append.turns.take().await.ok_or(AppendError::Held)?;
    if append.is_gone() {
        return Err(AppendError::Unknown);
    }
    turn.writer.prepare(shared, append).await?;
    settle(vault, append, &turn, length).await?;
    let body = Box::new(PartsBody::from(&parts, append.offset()));
    let bound = Bound::at(length, AppendError::TooLong(length));
    Taking { shared, append, turn: &mut turn, body, bound }.take().await?;
    if !append.is_whole() {
        return Err(AppendError::Broken);
    }
    conclusion::conclude(vault, append, &mut turn).await
}

/// The parts, once every byte of each is there.
async fn whole(shared: &Shared, append: &Append, parts: &[UploadId]) -> Result<Vec<Arc<Append>>, AppendError> {
    let mut found = Vec::new();
    for id in parts {
        let part = shared.appends.by_id(id).ok_or_else(|| AppendError::NoPart(id.to_string()))?;
        let (mut changes, mut ours) = (part.changed.subscribe(), append.changed.subscribe());
        while !part.is_whole() {
            if append.is_gone() {
                return Err(AppendError::Unknown);
            }
            if part.is_gone() {
                return Err(AppendError::NoPart(id.to_string()));
            }
            tokio::select! {
                _ = changes.changed() => {}
                _ = ours.changed() => {}
            }
        }
        found.push(part);
    }
    Ok(found)
}

/// How long it is; none of it is copied where that does not fit on the disk.
async fn settle(vault: &Vault, append: &Arc<Append>, turn: &Turn, length: u64) -> Result<(), AppendError> {
    let (append, cvs) = (append.clone(), turn.writer.whole_chunks());
    // What its parts may come to was asked when their own lengths were settled.
    let settling = Settling { append, length, allowance: Allowance::default(), most: None, cvs };
    vault.step_of_append(|reply| Step::SettleAppend(settling, reply)).await
}

/// The bytes of parts, one after the other.
#[derive(Debug)]
struct PartsBody {
    /// The file of each that is left, and which bytes of it.
    left: std::collections::VecDeque<(PathBuf, ByteRange)>,
    open: Option<Arc<File>>,
}

impl PartsBody {
    /// Without the first `there` bytes.
    fn from(parts: &[Arc<Append>], mut there: u64) -> Self {
        let mut left = std::collections::VecDeque::new();
        for part in parts {
            let whole = ByteRange::at(0, part.offset());
            let rest = whole.without_first(there);
            there = there.saturating_sub(whole.len());
            left.push_back((part.part.clone(), rest));
        }
        Self { left, open: None }
    }

    async fn file(&mut self, path: PathBuf) -> Result<Arc<File>, SourceStopped> {
        if let Some(file) = &self.open {
            return Ok(file.clone());
        }
        let opened = disk::blocking_io(move || File::open(path)).await.map_err(|_| SourceStopped)?;
        Ok(self.open.insert(Arc::new(opened)).clone())
    }
}

#[async_trait]
impl AppendBody for PartsBody {
    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        while let Some((path, rest)) = self.left.front().cloned() {
            if rest.is_empty() {
                self.left.pop_front();
                self.open = None;
                continue;
            }
            let file = self.file(path).await?;
            let piece = disk::piece(&file, rest).await.map_err(|_| SourceStopped)?;
            if piece.is_empty() {
                return Err(SourceStopped);
            }
            if let Some((_, rest)) = self.left.front_mut() {
                *rest = rest.without_first(piece.len() as u64);
            }
            return Ok(Some(piece));
        }
        Ok(None)
    }

    fn expected(&self) -> Option<u64> {
        None
    }

    fn is_vouched_for(&self) -> bool {
        false
    }

    fn is_right(&self) -> bool {
        true
    }
}
