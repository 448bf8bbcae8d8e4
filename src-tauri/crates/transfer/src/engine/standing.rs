//! What the remote has of an upload, compared with the file. The remote is the truth about what arrived, and our own
//! reading is the truth about what should have.

use super::body::digest;
use super::calls::Leave;
use super::messages::{Obstacle, Stands};
use super::session::Standing;
use super::transfer::Open;
use crate::error::{Class, Operation, RemoteError};
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::remote::{Received, UploadHandle, UploadStatus};
use crate::source::{Source, SourceError};
use crate::tree::Cv;

/// What we know of an upload before the remote is asked.
#[derive(Debug)]
pub(super) struct Belief {
    pub(super) handle: UploadHandle,
    pub(super) layout: ChunkLayout,
    /// The digests that were made here.
    pub(super) cvs: Vec<Option<Cv>>,
    /// Whether the remote was ever asked to finish it, with a root of ours.
    pub(super) has_root: bool,
}

/// Asks what has arrived, and makes sure that it is this file's.
pub(super) async fn stands(open: Open, belief: Belief, leave: Leave) -> Result<Stands, Obstacle> {
    leave.granted().await?;
    let Open { source, remote } = open;
    match remote.status(&belief.handle, &belief.layout).await? {
        UploadStatus::Receiving(received) => Ok(Stands::Receiving(compare(source.as_ref(), &belief, received).await?)),
        UploadStatus::Completed(completed) if belief.has_root => Ok(Stands::Completed(completed)),
        // Finished, and we do not remember why. It is asked for once more, with the root that we make now.
        UploadStatus::Completed(_) => {
            let all = belief.layout.indices().map(|index| (index, None)).collect();
            let received = Received { chunks: all, partial: Vec::new() };
            Ok(Stands::Receiving(compare(source.as_ref(), &belief, received).await?))
        }
        UploadStatus::Unknown => {
            let what = "the destination no longer knows this upload";
            Err(RemoteError::new(Operation::Status, Class::Expired, what).into())
        }
    }
}

/// Keeps of what the remote has only what is right. What was never hashed here is read for that: the file's root
/// must rest on our own reading alone.
async fn compare(source: &dyn Source, belief: &Belief, received: Received) -> Result<Standing, SourceError> {
    let Belief { layout, cvs, .. } = belief;
    let mut there = Vec::with_capacity(received.chunks.len());
    for (index, theirs) in known(layout, received.chunks) {
        let ours = match cvs.get(index.position()).copied().flatten() {
            Some(cv) => cv,
            None => digest(source, layout, index).await?,
        };
        if theirs.is_none_or(|theirs| theirs == ours) {
            there.push((index, ours));
        }
    }
    Ok(Standing { there, partial: received.partial })
}

/// Chunks of this layout, in order: a remote may remember a longer one.
fn known(layout: &ChunkLayout, mut chunks: Vec<(ChunkIndex, Option<Cv>)>) -> Vec<(ChunkIndex, Option<Cv>)> {
    chunks.retain(|(index, _)| layout.index(index.get()).is_some());
    chunks.sort_by_key(|(index, _)| *index);
    chunks.dedup_by_key(|(index, _)| *index);
    chunks
}
