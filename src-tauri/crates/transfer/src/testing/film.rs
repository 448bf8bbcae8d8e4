//! A film to send by hand: everything that an upload is made of, from a seed.

use bytes::Bytes;
use uuid::Uuid;

use super::content::{body_of, bytes, cv_of, root_of};
use crate::body::{ChunkBody, ReadyBody};
use crate::error::RemoteError;
use crate::ids::TransferId;
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::name::FileName;
use crate::placing::{Placing, Taken};
use crate::remote::{ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle, UploadStatus};

/// Where the names of these films' transfers begin: far from zero, so that they look like names.
const FILMS: u128 = 0xf11a_5000_0000_4000_8000_0000_0000_0000;

/// A file in memory with its name, its layout and the name of its transfer.
#[derive(Debug, Clone)]
pub struct Film {
    /// The transfer: another seed is another transfer.
    pub transfer: TransferId,
    /// What the object shall be called.
    pub name: FileName,
    /// Chunks of the shortest length that the remote takes.
    pub layout: ChunkLayout,
    /// The whole file.
    pub bytes: Bytes,
    /// What to do where its name is taken.
    pub taken: Taken,
}

impl Film {
    /// `size` bytes that follow from `seed`, cut as short as `remote` permits.
    ///
    /// # Panics
    /// When the remote does not take so many chunks.
    pub fn new(remote: &dyn Remote, seed: u64, size: u64) -> Self {
        let able = remote.capabilities();
        let layout = ChunkLayout::plan(size, *able.chunk_len.start(), &able.chunk_len, able.max_chunks);
        Self {
            transfer: TransferId(Uuid::from_u128(FILMS | u128::from(seed))),
            name: FileName::new(format!("film-{seed}.mp4")).expect("letters and digits are a name"),
            layout: layout.expect("a film of a test fits any remote"),
            bytes: bytes(seed, size),
            taken: Taken::KeepBoth,
        }
    }

    /// The same under another name.
    #[must_use]
    pub fn named(self, name: FileName) -> Self {
        Self { name, ..self }
    }

    /// The same, with this where its name is taken.
    #[must_use]
    pub fn where_taken(self, taken: Taken) -> Self {
        Self { taken, ..self }
    }

    /// The request that begins its upload.
    pub fn upload(&self) -> NewUpload {
        let placing = Placing { taken: self.taken, ..Placing::default() };
        NewUpload { transfer: self.transfer, name: self.name.clone(), placing, layout: self.layout }
    }

    /// The chunk with this number.
    ///
    /// # Panics
    /// When there is none.
    pub fn chunk(&self, number: u32) -> ChunkIndex {
        self.layout.index(number).expect("the film has this chunk")
    }

    /// The request that sends a chunk whole, with its right digest.
    pub fn put(&self, handle: &UploadHandle, index: ChunkIndex) -> PutChunk {
        self.put_body(handle, index, body_of(&self.layout, index, &self.bytes))
    }

    /// The request that sends this body as a chunk.
    pub fn put_body(&self, handle: &UploadHandle, index: ChunkIndex, body: Box<dyn ChunkBody>) -> PutChunk {
        PutChunk { handle: handle.clone(), layout: self.layout, index, body }
    }

    /// Sends what the remote lacks of a chunk: all of it, or the rest of one that arrived in part.
    pub async fn send_rest(
        &self,
        remote: &dyn Remote,
        handle: &UploadHandle,
        index: ChunkIndex,
    ) -> Result<ChunkReceipt, RemoteError> {
        let there = match remote.status(handle, &self.layout).await? {
            UploadStatus::Receiving(received) => {
                received.partial.iter().find(|(part, _)| *part == index).map(|(_, len)| *len)
            }
            UploadStatus::Completed(_) | UploadStatus::Unknown => None,
        };
        let rest = self.layout.range(index).without_first(there.unwrap_or(0));
        let bytes = self.bytes.slice(rest.start() as usize..rest.end() as usize);
        let body = ReadyBody::new(rest, bytes, Some(cv_of(&self.layout, index, &self.bytes)));
        remote.put_chunk(self.put_body(handle, index, Box::new(body))).await
    }

    /// Sends these chunks whole, one after the other.
    pub async fn send(
        &self,
        remote: &dyn Remote,
        handle: &UploadHandle,
        chunks: impl IntoIterator<Item = ChunkIndex>,
    ) -> Result<Vec<ChunkReceipt>, RemoteError> {
        let mut receipts = Vec::new();
        for index in chunks {
            receipts.push(remote.put_chunk(self.put(handle, index)).await?);
        }
        Ok(receipts)
    }

    /// The request that finishes the upload, with the right root and these receipts in the chunks' order.
    pub fn completion(&self, handle: &UploadHandle, receipts: Vec<ChunkReceipt>) -> Completion {
        let (layout, root, taken) = (self.layout, root_of(&self.bytes), self.taken);
        Completion { handle: handle.clone(), layout, root, receipts, taken }
    }

    /// Begins, sends every chunk in order, finishes.
    pub async fn deliver(&self, remote: &dyn Remote) -> Result<Completed, RemoteError> {
        let handle = remote.begin(&self.upload()).await?;
        let receipts = self.send(remote, &handle, self.layout.indices()).await?;
        remote.complete(&self.completion(&handle, receipts)).await
    }
}
