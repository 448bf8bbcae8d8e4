//! A chunk on its way into a [`MemoryRemote`].

use bytes::Bytes;

use super::MemoryRemote;
use crate::body::ChunkBody;
use crate::error::{Class, Operation, RemoteError};
use crate::remote::{ChunkReceipt, PutChunk, UploadHandle};

impl MemoryRemote {
    /// Takes the body piece by piece; whatever ends this future early leaves the chunk to be sent again.
    pub(super) async fn receive(&self, put: PutChunk, writer: usize) -> Result<ChunkReceipt, RemoteError> {
        let PutChunk { handle, layout, index, mut body } = put;
        let able = &self.capabilities;
        let leaving = Leaving { remote: self, handle: handle.clone(), writer };
        let range = body.range();
        self.on_upload(Operation::Put, &handle, &layout, |upload| upload.admit(index, range, writer, able))?;
        while let Some(piece) = next_piece(body.as_mut()).await? {
            self.state().puts[writer].bytes += piece.len() as u64;
            self.on_upload(Operation::Put, &handle, &layout, |upload| upload.append(writer, &piece))?;
        }
        let cv = body.cv().filter(|_| able.checksums);
        self.on_upload(Operation::Put, &handle, &layout, |upload| upload.finish(writer, cv))?;
        drop(leaving);
        self.finish_itself(&handle.0);
        self.state().puts[writer].acked = true;
        Ok(ChunkReceipt(format!("receipt-{}", index.get())))
    }
}

async fn next_piece(body: &mut dyn ChunkBody) -> Result<Option<Bytes>, RemoteError> {
    let ended = |stopped| RemoteError::new(Operation::Put, Class::Transient, "the body ended early").because(stopped);
    body.next().await.map_err(ended)
}

/// A put on its way. Dropped with the put's future, it tells the upload that nobody writes any more.
struct Leaving<'a> {
    remote: &'a MemoryRemote,
    handle: UploadHandle,
    writer: usize,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let keep = self.remote.capabilities.byte_resume;
        if let Some(upload) = self.remote.state().uploads.get_mut(&self.handle.0) {
            upload.leave(self.writer, keep);
        }
    }
}
