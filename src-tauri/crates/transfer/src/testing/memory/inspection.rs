//! What a test may see of a [`MemoryRemote`], and what it may do behind the sender's back.

use bytes::Bytes;

use super::upload::Upload;
use super::{MemoryRemote, State};
use crate::ids::ObjectId;
use crate::layout::ByteRange;
use crate::name::FileName;
use crate::remote::{Arriving, PutChunk, UploadHandle};

/// One call of `put_chunk`, refused ones included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// The upload.
    pub handle: UploadHandle,
    /// The chunk's number.
    pub chunk: u32,
    /// The bytes that it offered.
    pub range: ByteRange,
    /// How many bytes arrived.
    pub bytes: u64,
    /// Whether it was acknowledged.
    pub acked: bool,
}

impl State {
    /// Writes a put down; its place in the list names its writer.
    pub(super) fn enter(&mut self, put: &PutChunk) -> usize {
        let (handle, range) = (put.handle.clone(), put.body.range());
        self.puts.push(Put { handle, chunk: put.index.get(), range, bytes: 0, acked: false });
        self.puts.len() - 1
    }
}

impl MemoryRemote {
    /// Every put so far, in the order in which they began.
    pub fn puts(&self) -> Vec<Put> {
        self.state().puts.clone()
    }

    /// Bytes of bodies that arrived, those sent again included.
    pub fn bytes_received(&self) -> u64 {
        self.state().puts.iter().map(|put| put.bytes).sum()
    }

    /// The unfinished uploads.
    pub fn uploads(&self) -> Vec<UploadHandle> {
        let state = self.state();
        state
            .uploads
            .iter()
            .filter(|(_, upload)| !upload.is_finished())
            .map(|(name, _)| UploadHandle(name.clone()))
            .collect()
    }

    /// How many watch the wishes of its uploads' readers.
    pub fn watched(&self) -> usize {
        self.state().uploads.values().map(Upload::watched).sum()
    }

    /// The finished objects.
    pub fn objects(&self) -> Vec<ObjectId> {
        self.state().objects.keys().cloned().collect()
    }

    /// The bytes of a finished object.
    pub fn object_bytes(&self, object: &ObjectId) -> Option<Bytes> {
        self.state().objects.get(object).map(|found| found.bytes.clone())
    }

    /// The name of a finished object.
    pub fn object_name(&self, object: &ObjectId) -> Option<FileName> {
        self.state().objects.get(object).map(|found| found.name.clone())
    }

    /// What senders said about going on, in order.
    pub fn announced(&self) -> Vec<(UploadHandle, Arriving)> {
        self.state().announced.clone()
    }

    /// How often its connections were to be forgotten.
    pub fn renewals(&self) -> usize {
        self.state().renewals
    }

    /// Loses chunks that it acknowledged, and what nobody writes at any more, as no honest remote does.
    pub fn lose(&self, handle: &UploadHandle, chunks: &[u32]) {
        if let Some(upload) = self.state().uploads.get_mut(&handle.0) {
            upload.lose(chunks);
        }
    }

    /// Lets an upload expire, finished or not; a finished one's object stays.
    pub fn forget(&self, handle: &UploadHandle) {
        self.state().uploads.remove(&handle.0);
    }

    /// Replaces the wishes of an upload's readers. An empty list: nobody waits.
    pub fn wish(&self, handle: &UploadHandle, ranges: &[ByteRange]) {
        if let Some(upload) = self.state().uploads.get(&handle.0) {
            upload.wish(ranges.into());
        }
    }
}
