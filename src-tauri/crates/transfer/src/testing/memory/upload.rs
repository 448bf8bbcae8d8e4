//! One upload's bookkeeping in a [`super::MemoryRemote`]: synchronous, and the only place that decides what a chunk's
//! bytes are. An acknowledged chunk never changes; on an unacknowledged one the newest writer wins.

use std::collections::BTreeMap;

use bytes::Bytes;
use tokio::sync::watch;

use crate::error::{Class, Operation, RemoteError};
use crate::layout::{ByteRange, ChunkIndex, ChunkLayout};
use crate::name::FileName;
use crate::remote::{Capabilities, Completed, Completion, Proof, Received, UploadStatus, Wishes};
use crate::tree::{ChunkHasher, Cv, root};

/// Why an upload does not take something.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) Class, pub(super) &'static str);

impl Refusal {
    pub(super) fn expired() -> Self {
        Self(Class::Expired, "the remote knows no such upload")
    }

    pub(super) fn at(self, operation: Operation) -> RemoteError {
        RemoteError::new(operation, self.0, self.1)
    }
}

#[derive(Debug)]
pub(super) struct Upload {
    name: FileName,
    pub(super) layout: ChunkLayout,
    pub(super) acked: BTreeMap<ChunkIndex, (Cv, Bytes)>,
    pub(super) arriving: BTreeMap<ChunkIndex, Part>,
    completed: Option<Completed>,
    wishes: watch::Sender<Wishes>,
}

/// The first bytes of a chunk, and who writes at them.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) writer: Option<usize>,
    pub(super) bytes: Vec<u8>,
}

impl Upload {
    pub(super) fn new(name: FileName, layout: ChunkLayout) -> Self {
        let wishes = watch::Sender::new(Wishes::from([]));
        Self { name, layout, acked: BTreeMap::new(), arriving: BTreeMap::new(), completed: None, wishes }
    }

    pub(super) fn name(&self) -> &FileName {
        &self.name
    }

    pub(super) fn is_finished(&self) -> bool {
        self.completed.is_some()
    }

    pub(super) fn of_another_layout(&self, layout: &ChunkLayout) -> bool {
        self.layout != *layout
    }

    pub(super) fn of_layout(&mut self, layout: &ChunkLayout) -> Result<&mut Self, Refusal> {
        let other = self.of_another_layout(layout);
        if other { Err(Refusal(Class::Desync, "the upload has another layout")) } else { Ok(self) }
    }

    pub(super) fn wishes(&self) -> watch::Receiver<Wishes> {
        self.wishes.subscribe()
    }

    pub(super) fn wish(&self, wishes: Wishes) {
        self.wishes.send_replace(wishes);
    }

    pub(super) fn watched(&self) -> usize {
        self.wishes.receiver_count()
    }

    pub(super) fn lose(&mut self, chunks: &[u32]) {
        self.acked.retain(|index, _| !chunks.contains(&index.get()));
        self.arriving.retain(|index, part| part.writer.is_some() || !chunks.contains(&index.get()));
    }

    pub(super) fn status(&self, keeps_parts: bool) -> UploadStatus {
        if let Some(completed) = &self.completed {
            return UploadStatus::Completed(completed.clone());
        }
        let chunks = self.acked.iter().map(|(index, (cv, _))| (*index, Some(*cv))).collect();
        let parts = self.arriving.iter().filter(|(index, part)| !self.is_acked(**index) && !part.bytes.is_empty());
        let partial = parts.map(|(index, part)| (*index, part.bytes.len() as u64)).filter(|_| keeps_parts).collect();
        UploadStatus::Receiving(Received { chunks, partial, receipts: Vec::new() })
    }

    /// Lets a writer in, and takes the place of any older one.
    pub(super) fn admit(
        &mut self,
        index: ChunkIndex,
        body: ByteRange,
        writer: usize,
        able: &Capabilities,
    ) -> Result<(), Refusal> {
        let chunk = self.layout.range(index);
        if self.is_finished() {
            return Err(Refusal(Class::Desync, "the upload is finished"));
        }
        if body.end() != chunk.end() || !chunk.contains(body) || (!able.byte_resume && body != chunk) {
            return Err(Refusal(Class::Desync, "the body is not the chunk, nor its rest"));
        }
        self.in_order(index, body, &able.order)?;
        let head = self.head(index, (body.start() - chunk.start()) as usize)?;
        self.arriving.insert(index, Part { writer: Some(writer), bytes: head });
        Ok(())
    }

    pub(super) fn append(&mut self, writer: usize, piece: &[u8]) -> Result<(), Refusal> {
        let layout = self.layout;
        let (index, part) = self.part_of(writer)?;
        if (part.bytes.len() + piece.len()) as u64 > layout.range(index).len() {
            return Err(Refusal(Class::Corrupt, "the body is longer than it said"));
        }
        part.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// Acknowledges the chunk, or compares it with the acknowledged one.
    pub(super) fn finish(&mut self, writer: usize, claimed: Option<Cv>) -> Result<(), Refusal> {
        let layout = self.layout;
        let (index, part) = self.part_of(writer)?;
        if (part.bytes.len() as u64) < layout.range(index).len() {
            return Err(Refusal(Class::Transient, "the body ended early"));
        }
        let bytes = Bytes::from(std::mem::take(&mut part.bytes));
        self.arriving.remove(&index);
        let cv = digest(&layout, index, &bytes);
        let wrong = claimed.is_some_and(|claimed| claimed != cv);
        let differs = self.acked.get(&index).is_some_and(|(acked, _)| *acked != cv);
        if wrong || differs {
            return Err(Refusal(Class::Corrupt, "the chunk does not have its digest"));
        }
        self.acked.entry(index).or_insert((cv, bytes));
        Ok(())
    }

    /// The writer is gone; what it brought stays where parts are kept.
    pub(super) fn leave(&mut self, writer: usize, keep: bool) {
        let left = self.arriving.iter_mut().filter(|(_, part)| part.writer == Some(writer));
        left.for_each(|(_, part)| part.writer = None);
        self.arriving.retain(|_, part| keep || part.writer.is_some());
    }

    pub(super) fn may_complete(&mut self, completion: &Completion, proof: Proof) -> Result<(), Refusal> {
        self.of_layout(&completion.layout)?;
        if !self.is_whole() {
            return Err(Refusal(Class::Desync, "chunks are missing"));
        }
        let cvs: Vec<Cv> = self.acked.values().map(|(cv, _)| *cv).collect();
        if proof == Proof::Root && root(&self.layout, &cvs) != completion.root {
            return Err(Refusal(Class::Corrupt, "the file does not have its digest"));
        }
        Ok(())
    }

    /// Gives the object, and its bytes when this call made it.
    pub(super) fn complete(&mut self, completed: Completed) -> (Completed, Option<Bytes>) {
        if let Some(completed) = self.completed.clone() {
            return (completed, None);
        }
        self.completed = Some(completed.clone());
        self.arriving.clear();
        let bytes = self.acked.values().flat_map(|(_, bytes)| bytes.chunks(usize::MAX)).collect::<Vec<_>>().concat();
        (completed, Some(bytes.into()))
    }

    pub(super) fn is_whole(&self) -> bool {
        self.acked.len() == self.layout.count() as usize
    }

    pub(super) fn is_acked(&self, index: ChunkIndex) -> bool {
        self.acked.contains_key(&index)
    }

    fn part_of(&mut self, writer: usize) -> Result<(ChunkIndex, &mut Part), Refusal> {
        let found = self.arriving.iter_mut().find(|(_, part)| part.writer == Some(writer));
        found
            .map(|(index, part)| (*index, part))
            .ok_or(Refusal(Class::Transient, "a newer body of this chunk took its place"))
    }

    /// The chunk's first `len` bytes, which must have arrived before.
    fn head(&self, index: ChunkIndex, len: usize) -> Result<Vec<u8>, Refusal> {
        let arriving = self.arriving.get(&index).map_or(&[][..], |part| &part.bytes);
        let there = self.acked.get(&index).map_or(arriving, |(_, bytes)| bytes);
        let head = there.get(..len).ok_or(Refusal(Class::Desync, "the bytes before the body have not arrived"))?;
        Ok(head.to_vec())
    }
}

fn digest(layout: &ChunkLayout, index: ChunkIndex, bytes: &[u8]) -> Cv {
    let mut hasher = ChunkHasher::new(layout, index);
    hasher.update(bytes);
    hasher.cv().expect("every byte of the chunk was hashed")
}
