//! What there is to say about an upload whose bytes come in order, finished or not.

use transfer::ids::ObjectId;
use transfer::units::Timestamp;

use super::Append;
use crate::ports::{Appending, Video};
use crate::vault::shared::Shared;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendStage {
    /// It takes bytes from here on; and when it is given up if none come.
    Receiving {
        /// Bytes that are durable.
        offset: u64,
        /// When it is given up.
        expires: Timestamp,
    },
    /// It is being put together from others.
    Assembling,
    /// It is a film, or whole and about to be one.
    Complete,
}

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendView {
    /// What was said of it when it began.
    pub told: Appending,
    /// The film that it becomes, or is.
    pub object: ObjectId,
    /// Bytes in all, where that is known.
    pub length: Option<u64>,
    /// How far it is.
    pub progress: AppendStage,
}

impl AppendView {
    /// Bytes that are there, where that can be said.
    pub fn offset(&self) -> Option<u64> {
        match self.progress {
            AppendStage::Receiving { offset, .. } => Some(offset),
            AppendStage::Assembling => None,
            AppendStage::Complete => self.length,
        }
    }

    pub(super) fn of(append: &Append, shared: &Shared) -> Self {
        let (offset, length) = (append.offset(), append.length());
        let progress = if append.is_assembly() {
            AppendStage::Assembling
        } else if append.is_complete() {
            AppendStage::Complete
        } else {
            AppendStage::Receiving { offset, expires: append.expires(shared.expiry) }
        };
        Self { told: append.told.clone(), object: append.object().clone(), length, progress }
    }

    pub(super) fn finished(told: Appending, video: Video) -> Self {
        Self { told, object: video.object, length: Some(video.size), progress: AppendStage::Complete }
    }
}
