//! What whoever has the turn does with an upload's file: opens it, finds its digests again, makes bytes durable.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;
use transfer::error::{Operation, RemoteError};
use transfer::layout::ByteRange;
use transfer::tree::Cv;
use wire::uploads::BEST_CHUNK;

use super::Append;
use super::digests::{Digests, Place};
use super::turn::Writer;
use crate::ports::{Mark, UploadId};
use crate::vault::shared::Shared;
use crate::vault::{disk, trouble};

const DOING: Operation = Operation::Put;

impl Writer {
    /// Opens the file and finds the digests of what is there. After a crash the last chunk is read once more.
    pub(super) async fn prepare(&mut self, shared: &Shared, append: &Append) -> Result<(), RemoteError> {
        let file = self.open(append).await.map_err(|error| trouble::of_disk(DOING, error))?;
        if self.digests.is_some() {
            return Ok(());
        }
        let arrived = shared.ledger.arrived(&append.id).await.map_err(|error| trouble::of_ledger(DOING, error))?;
        let (offset, cvs) = (append.offset(), arrived.cvs.into_iter().map(|(_, cv)| cv).collect::<Vec<_>>());
        let found = disk::blocking_io(move || {
            let (digests, again) = match Digests::of(&cvs, offset) {
                Some(digests) => (digests, Digests::again_from(offset)),
                // Nobody took them away but we know no better: all of it is read.
                None => (Digests::of(&[], 0).ok_or(io::ErrorKind::InvalidData)?, ByteRange::at(0, offset)),
            };
            hash_again(&file, digests, again)
        });
        self.digests = Some(found.await.map_err(|error| trouble::of_disk(DOING, error))?);
        Ok(())
    }

    async fn open(&mut self, append: &Append) -> io::Result<Arc<File>> {
        if let Some(file) = &self.file {
            return Ok(file.clone());
        }
        let part = append.part.clone();
        let opened = disk::blocking_io(move || OpenOptions::new().read(true).write(true).open(part)).await?;
        let file = Arc::new(opened);
        self.file = Some(file.clone());
        Ok(file)
    }

    /// Bytes that are written, durable or not.
    pub(super) fn written(&self) -> u64 {
        self.digests.as_ref().map_or(0, Digests::at)
    }

    /// The digests of the whole chunks that are written.
    pub(super) fn whole_chunks(&self) -> Vec<(u32, Cv)> {
        self.digests.as_ref().map_or_else(Vec::new, |digests| digests.whole_from(0))
    }

    /// Writes pieces behind those that are there and hashes them. On failure those before the one that failed count.
    pub(super) async fn write(&mut self, pieces: Vec<Bytes>) -> Result<(), RemoteError> {
        let (Some(file), Some(mut digests)) = (self.file.clone(), self.digests.take()) else {
            return Err(trouble::unknown(DOING));
        };
        let written = disk::blocking(move || {
            let ended = pieces.iter().try_for_each(|piece| {
                file.write_all_at(piece, digests.at())?;
                digests.update(piece);
                Ok(())
            });
            (digests, ended)
        });
        let (digests, ended): (_, io::Result<()>) = written.await.map_err(|error| trouble::of_disk(DOING, error))?;
        self.digests = Some(digests);
        ended.map_err(|error| trouble::of_disk(DOING, error))
    }

    /// Makes durable what is written, and writes it down.
    pub(super) async fn flush(&mut self, shared: &Shared, append: &Append, vouched: bool) -> Result<(), RemoteError> {
        let (Some(file), Some(digests)) = (self.file.clone(), &self.digests) else { return Ok(()) };
        let (before, now) = (append.offset(), digests.at());
        if before == now {
            return Ok(());
        }
        if let Err(error) = disk::blocking_io(move || file.sync_data()).await {
            // What the disk lost since the last sync it tells only once: all of it is sent again.
            *self = Self::default();
            return Err(trouble::of_disk(DOING, error));
        }
        let chunks = digests.whole_from((before / BEST_CHUNK) as usize);
        let range = ByteRange::at(before, now - before);
        let of_chunk = |(number, cv)| Mark {
            range: ByteRange::at(u64::from(number) * BEST_CHUNK, BEST_CHUNK).intersection(range).unwrap_or(range),
            cv: Some((number, cv)),
            vouched,
        };
        let all = std::iter::once(Mark { range, cv: None, vouched }).chain(chunks.iter().copied().map(of_chunk));
        let marks: Vec<(UploadId, Mark)> = all.map(|mark| (append.id.clone(), mark)).collect();
        let at = shared.clock.now();
        if let Err(error) = shared.ledger.mark(&marks, at).await {
            *self = Self::default();
            return Err(trouble::of_ledger(DOING, error));
        }
        append.keep(now, &chunks, at);
        Ok(())
    }

    /// Forgets bytes that are not to be kept: those behind `before`.
    pub(super) async fn forget(&mut self, append: &Append, before: Option<Place>) {
        self.digests = self.digests.take().zip(before).map(|(mut digests, before)| {
            digests.back_to(before);
            digests
        });
        let (Some(file), None) = (self.file.clone(), append.length()) else { return };
        let offset = append.offset();
        // Where it fails they take some room until they are written over.
        let _ = disk::blocking_io(move || file.set_len(offset)).await;
    }
}

fn hash_again(file: &File, mut digests: Digests, range: ByteRange) -> io::Result<Digests> {
    let mut piece = vec![0; disk::PIECE as usize];
    let mut rest = range;
    while !rest.is_empty() {
        let len = piece.len().min(rest.len() as usize);
        file.read_exact_at(&mut piece[..len], rest.start())?;
        digests.update(&piece[..len]);
        rest = rest.without_first(len as u64);
    }
    Ok(digests)
}
