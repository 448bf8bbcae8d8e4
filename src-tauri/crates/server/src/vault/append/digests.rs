//! BLAKE3 of bytes that come in order and whose number nobody knows yet. Pure bookkeeping.
//!
//! The last chunk stays open when it is full, until a byte of the next one comes: if none comes and it is the only one,
//! its digest is the root of the whole, and that cannot be made of its chaining value.

use blake3::Hasher;
use blake3::hazmat::HasherExt;
use transfer::layout::{ByteRange, ChunkLayout};
use transfer::tree::{Cv, Root, root};
use wire::uploads::BEST_CHUNK;

/// The digests of the first bytes of a file.
#[derive(Debug, Clone)]
pub(super) struct Digests {
    closed: Vec<Cv>,
    open: Hasher,
    open_len: u64,
}

/// A place to which [`Digests`] can go back.
#[derive(Debug)]
pub(super) struct Place {
    closed: usize,
    open: Hasher,
    open_len: u64,
}

impl Digests {
    /// Of the chunks that come before the last one of `offset` bytes, which must be given again from
    /// [`Digests::again_from`] on.
    pub(super) fn of(cvs: &[Cv], offset: u64) -> Option<Self> {
        let closed = cvs.get(..closed_chunks(offset))?.to_vec();
        let open = hasher_at(closed.len());
        Some(Self { closed, open, open_len: 0 })
    }

    /// The bytes that must be given again to go on at `offset`.
    pub(super) fn again_from(offset: u64) -> ByteRange {
        let start = closed_chunks(offset) as u64 * BEST_CHUNK;
        ByteRange::at(start, offset - start)
    }

    /// Takes the next bytes.
    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.open_len == BEST_CHUNK {
                self.closed.push(Cv(self.open.finalize_non_root()));
                (self.open, self.open_len) = (hasher_at(self.closed.len()), 0);
            }
            let fits = bytes.len().min((BEST_CHUNK - self.open_len) as usize);
            self.open.update(&bytes[..fits]);
            self.open_len += fits as u64;
            bytes = &bytes[fits..];
        }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        Place { closed: self.closed.len(), open: self.open.clone(), open_len: self.open_len }
    }

    /// Forgets what was taken since.
    pub(super) fn back_to(&mut self, place: Place) {
        self.closed.truncate(place.closed);
        (self.open, self.open_len) = (place.open, place.open_len);
    }

    /// How many bytes were taken.
    pub(super) fn at(&self) -> u64 {
        self.closed.len() as u64 * BEST_CHUNK + self.open_len
    }

    /// The digests of whole chunks from that number on, with their numbers; as parts of more than one.
    pub(super) fn whole_from(&self, first: usize) -> Vec<(u32, Cv)> {
        let full = (self.open_len == BEST_CHUNK).then(|| Cv(self.open.finalize_non_root()));
        let all = self.closed.iter().copied().chain(full).enumerate().skip(first);
        all.map(|(number, cv)| (number as u32, cv)).collect()
    }

    /// The digests of every chunk and of the whole, when no byte comes any more.
    pub(super) fn end(&self, layout: &ChunkLayout) -> (Vec<Cv>, Root) {
        let open = match layout.count() {
            0 => None,
            1 => Some(Cv(*self.open.finalize().as_bytes())),
            _ => Some(Cv(self.open.finalize_non_root())),
        };
        let cvs: Vec<Cv> = self.closed.iter().copied().chain(open).collect();
        let whole = root(layout, &cvs);
        (cvs, whole)
    }
}

fn closed_chunks(offset: u64) -> usize {
    (offset.saturating_sub(1) / BEST_CHUNK) as usize
}

fn hasher_at(chunk: usize) -> Hasher {
    let mut hasher = Hasher::new();
    hasher.set_input_offset(chunk as u64 * BEST_CHUNK);
    hasher
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [u64; 9] = [
        0,
        1,
        5000,
        BEST_CHUNK - 1,
        BEST_CHUNK,
        BEST_CHUNK + 1,
        2 * BEST_CHUNK - 1,
        2 * BEST_CHUNK,
        2 * BEST_CHUNK + 9,
    ];

    fn bytes(len: u64) -> Vec<u8> {
        (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
    }

    fn end(digests: &Digests, size: u64) -> Root {
        digests.end(&ChunkLayout::new(size, BEST_CHUNK).expect("a layout")).1
    }

    #[test]
    fn bytes_that_come_in_any_pieces_give_the_plain_hash() {
        for size in SIZES {
            let (file, mut digests) = (bytes(size), Digests::of(&[], 0).expect("nothing has no digest"));
            file.chunks(70_001).for_each(|piece| digests.update(piece));
            assert_eq!(digests.at(), size, "every byte counts");
            assert_eq!(end(&digests, size).0, *blake3::hash(&file).as_bytes(), "{size} bytes, as b3sum prints them");
        }
    }

    #[test]
    fn what_was_written_down_and_the_tail_go_on_as_before() {
        for size in SIZES {
            for offset in SIZES.iter().copied().filter(|offset| *offset <= size) {
                let (file, mut first) = (bytes(size), Digests::of(&[], 0).expect("nothing has no digest"));
                first.update(&file[..offset as usize]);
                let cvs: Vec<Cv> = first.whole_from(0).into_iter().map(|(_, cv)| cv).collect();
                let mut again = Digests::of(&cvs, offset).expect("every whole chunk is there");
                let tail = Digests::again_from(offset);
                again.update(&file[tail.start() as usize..tail.end() as usize]);
                assert_eq!(again.at(), offset, "it stands where it stood");
                let place = again.place();
                again.update(&vec![7; 5_000_000]);
                again.back_to(place);
                assert_eq!(again.at(), offset, "what is taken back leaves nothing");
                again.update(&file[offset as usize..]);
                assert_eq!(end(&again, size).0, *blake3::hash(&file).as_bytes(), "{offset} of {size} bytes");
            }
        }
    }
}
