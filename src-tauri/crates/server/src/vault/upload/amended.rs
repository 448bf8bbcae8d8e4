//! An upload that takes another's place: that of another file, with some of its chunks.

use std::sync::{Mutex, OnceLock};

use tokio::sync::watch;
use transfer::ids::ObjectId;
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::remote::Arriving;
use transfer::tree::Cv;
use transfer::units::Timestamp;

use super::{Standing, State, Upload};
use crate::ports::Stage;
use crate::vault::wishes::WishBoard;

/// What is another of the upload that takes one's place.
#[derive(Debug)]
pub(in crate::vault) struct Succession<'a> {
    pub(in crate::vault) object: ObjectId,
    pub(in crate::vault) amended_from: Option<ObjectId>,
    pub(in crate::vault) layout: ChunkLayout,
    /// The chunks that it has, too.
    pub(in crate::vault) keep: &'a [ChunkIndex],
    /// When its sender was heard of, where it was just now.
    pub(in crate::vault) heard_at: Option<Timestamp>,
}

impl Upload {
    /// Whether its sender may mean it by this object: it becomes that, or was to until it was amended.
    pub(in crate::vault) fn is_known_as(&self, object: &ObjectId) -> bool {
        self.object == *object || self.amended_from.as_ref() == Some(object)
    }

    /// Whether it is just that already: of this layout, with no chunk but these. Then whoever writes at the others has no
    /// pen any more, for that may be of the file of before; where such a chunk is written already, it is not.
    pub(in crate::vault) fn is_amended(&self, layout: &ChunkLayout, keep: &[ChunkIndex]) -> bool {
        let mut state = self.state();
        let kept = |(index, _): (ChunkIndex, Cv)| keep.binary_search(&index).is_ok();
        let is_so = self.layout == *layout && !state.chunks.is_any_sealed() && state.chunks.there().all(kept);
        if is_so {
            state.chunks.stop_writers();
        }
        is_so
    }

    /// Every chunk that is there.
    pub(in crate::vault) fn there(&self) -> Vec<ChunkIndex> {
        self.state().chunks.there().map(|(index, _)| index).collect()
    }

    /// The upload that takes the place of this one, which has ended: it becomes `object`, and has those of its chunks that
    /// are kept. Its readers and its writers are its own.
    pub(in crate::vault) fn successor(&self, succession: Succession<'_>) -> Self {
        let Succession { object, amended_from, layout, keep, heard_at } = succession;
        let before = self.state();
        let state = State {
            chunks: before.chunks.amended(layout, keep),
            standing: Standing::Unfinished(Stage::Receiving),
            arriving: Arriving::Yes,
            heard: true,
            touched_at: heard_at.unwrap_or(before.touched_at),
            preallocated: before.preallocated,
        };
        Self {
            id: self.id.clone(),
            object,
            amended_from,
            owner: self.owner.clone(),
            name: self.name.clone(),
            layout,
            wishes: WishBoard::new(),
            created_at: self.created_at,
            in_order: self.in_order,
            part: self.part.clone(),
            file: OnceLock::new(),
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
        }
    }
}
