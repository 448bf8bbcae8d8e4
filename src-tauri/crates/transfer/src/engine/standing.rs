//! What the remote has of an upload, compared with the file. The remote is the truth about what arrived, and our own
//! reading is the truth about what should have.

use std::collections::HashSet;

use super::body::digest;
use super::calls::Leave;
use super::messages::{Obstacle, Stands};
use super::session::Standing;
use super::transfer::Open;
use crate::error::{Class, Operation, RemoteError};
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::remote::{ChunkReceipt, Received, UploadHandle, UploadStatus};
use crate::source::{Source, SourceError};
use crate::tree::Cv;

/// What we know of an upload before the remote is asked.
#[derive(Debug)]
pub(super) struct Belief {
    pub(super) handle: UploadHandle,
    pub(super) layout: ChunkLayout,
    /// The digests that were made here.
    pub(super) cvs: Vec<Option<Cv>>,
    /// What the remote gave for each chunk; empty for one that it never acknowledged to us.
    pub(super) receipts: Vec<ChunkReceipt>,
    /// Whether the remote was ever asked to finish it, with a root of ours.
    pub(super) has_root: bool,
}

/// Asks what has arrived, and makes sure that it is this file's.
pub(super) async fn stands(open: Open, belief: Belief, leave: Leave) -> Result<Stands, Obstacle> {
    let granted = leave.granted().await?;
    let Open { source, remote } = open;
    let status = remote.status(&belief.handle, &belief.layout).await?;
    // To compare takes a while, and is nobody's business there.
    granted.succeeded();
    match status {
        UploadStatus::Receiving(received) => Ok(Stands::Receiving(compare(source.as_ref(), &belief, received).await?)),
        UploadStatus::Completed(completed) if belief.has_root => Ok(Stands::Completed(completed)),
        // Finished, and we do not remember why. It is asked for once more, with the root that we make now.
        UploadStatus::Completed(_) => {
            let all = belief.layout.indices().map(|index| (index, None)).collect();
            let received = Received { chunks: all, ..Received::default() };
            Ok(Stands::Receiving(compare(source.as_ref(), &belief, received).await?))
        }
        UploadStatus::Unknown => {
            let what = "the destination no longer knows this upload";
            Err(RemoteError::new(Operation::Status, Class::Expired, what).into())
        }
    }
}

/// Keeps of what the remote has only what is right. What was never hashed here is read for that: the file's root
/// must rest on our own reading alone. What a remote without digests has and never told us of is left out: nobody
/// could vouch for it, and it is no more than what was in flight.
async fn compare(source: &dyn Source, belief: &Belief, received: Received) -> Result<Standing, SourceError> {
    let Belief { layout, cvs, .. } = belief;
    let strange = strange(belief, received.receipts);
    let (mut there, mut vouched) = (Vec::with_capacity(received.chunks.len()), 0);
    for (index, theirs) in known(layout, received.chunks) {
        if strange.contains(&index) {
            continue;
        }
        let ours = match cvs.get(index.position()).copied().flatten() {
            Some(cv) => cv,
            None => digest(source, layout, index).await?,
        };
        if theirs.is_none_or(|theirs| theirs == ours) {
            there.push((index, ours));
            vouched += u32::from(theirs.is_some());
        }
    }
    Ok(Standing { there, vouched, partial: received.partial })
}

/// The chunks whose receipt at the remote is not the one that we hold.
fn strange(belief: &Belief, theirs: Vec<(ChunkIndex, ChunkReceipt)>) -> HashSet<ChunkIndex> {
    let differs = |(index, theirs): &(ChunkIndex, ChunkReceipt)| belief.receipts.get(index.position()) != Some(theirs);
    theirs.into_iter().filter(differs).map(|(index, _)| index).collect()
}

/// Chunks of this layout, in order: a remote may remember a longer one.
fn known(layout: &ChunkLayout, mut chunks: Vec<(ChunkIndex, Option<Cv>)>) -> Vec<(ChunkIndex, Option<Cv>)> {
    chunks.retain(|(index, _)| layout.index(index.get()).is_some());
    chunks.sort_by_key(|(index, _)| *index);
    chunks.dedup_by_key(|(index, _)| *index);
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::MIB;

    #[test]
    fn a_chunk_whose_receipt_we_do_not_hold_is_none_of_ours() {
        let layout = ChunkLayout::new(4 * MIB, MIB).expect("a layout");
        let receipt = |text: &str| ChunkReceipt(text.to_owned());
        let belief = Belief {
            handle: UploadHandle("upload".to_owned()),
            layout,
            cvs: vec![None; 4],
            receipts: ["a", "b", "", "d"].map(receipt).into(),
            has_root: false,
        };
        let told = |numbers: &[(u32, &str)]| {
            let index = |number| layout.index(number).expect("a chunk");
            let theirs = numbers.iter().map(|(number, text)| (index(*number), receipt(text))).collect();
            let mut strange: Vec<u32> = strange(&belief, theirs).into_iter().map(ChunkIndex::get).collect();
            strange.sort_unstable();
            strange
        };
        assert_eq!(
            told(&[(0, "a"), (1, "x"), (2, "c"), (3, "d")]),
            [1, 2],
            "another content, and a reply that was lost"
        );
        assert_eq!(told(&[]), [0; 0], "a remote that tells no receipts vouches by its digests, or by nothing");
    }
}
