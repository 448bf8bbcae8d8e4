//! Where an MP4's index (`moov`) stands, from its top-level boxes (ISO/IEC 14496-12, 4.2). It reads the heads of boxes, a
//! few bytes each, and never what is in them.
//!
//! Invariant: it ends after [`MAX_BOXES`] heads, whatever the lengths in them say.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use crate::error::MediaError;

/// The most boxes that are looked at. A fragmented film has two for every fragment; its index is before them.
pub const MAX_BOXES: usize = 4096;

/// One box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Atom {
    /// Four letters.
    pub kind: [u8; 4],
    /// Its first byte.
    pub start: u64,
    /// Bytes, its head included; none when it goes on to the end of the file.
    pub len: Option<u64>,
    /// Bytes of its head: 8, or 16 with a long length.
    head: u64,
}

impl Atom {
    /// The first byte after its head.
    pub(crate) fn body(&self) -> u64 {
        self.start.saturating_add(self.head)
    }
}

/// Where a film's index stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// It is no MP4: its index is of another kind, or none.
    Foreign,
    /// Before the pictures.
    InFront,
    /// Behind the pictures, so that a player must read there first.
    AtEnd,
    /// It should be there and is not, or not whole: the recording was cut off, or is still being written.
    Missing,
}

/// Where the index stands.
///
/// # Errors
/// When the file cannot be read.
pub fn index(film: &mut (impl Read + Seek)) -> io::Result<Index> {
    let end = film.seek(SeekFrom::End(0))?;
    let boxes = top_boxes(film)?;
    let whole = |found: &Atom| found.len.is_none_or(|len| found.start.saturating_add(len) <= end);
    let first = |kind: &[u8; 4]| boxes.iter().position(|found| found.kind == *kind);
    Ok(match (first(b"moov"), first(b"mdat")) {
        _ if first(b"ftyp") != Some(0) => Index::Foreign,
        (Some(moov), _) if !whole(&boxes[moov]) => Index::Missing,
        (Some(moov), Some(mdat)) if moov > mdat => Index::AtEnd,
        (Some(_), _) => Index::InFront,
        (None, _) if boxes.len() < MAX_BOXES => Index::Missing,
        (None, _) => Index::Foreign,
    })
}

/// Where the index of the film at `path` stands; one that lacks it cannot be looked into.
pub(crate) fn standing(path: &Path) -> Result<Index, MediaError> {
    let read = File::open(path).and_then(|mut film| index(&mut film));
    match read.map_err(|source| MediaError::Unreadable { path: path.to_owned(), source })? {
        // GStreamer's demuxer reports that, and now and then a race within decodebin swallows the report.
        Index::Missing => Err(MediaError::NotAFilm("its index is missing; it may be cut off".to_owned())),
        there => Ok(there),
    }
}

/// The boxes at the top, in order, as far as they make sense.
///
/// # Errors
/// When the file cannot be read.
pub fn top_boxes(film: &mut (impl Read + Seek)) -> io::Result<Vec<Atom>> {
    let end = film.seek(SeekFrom::End(0))?;
    boxes_within(film, 0..end)
}

/// The boxes one after the other in a part of the file.
pub(crate) fn boxes_within(film: &mut (impl Read + Seek), part: Range<u64>) -> io::Result<Vec<Atom>> {
    let (mut boxes, mut start, end) = (Vec::new(), part.start, part.end);
    while boxes.len() < MAX_BOXES && start < end {
        let Some(found) = head(film, start)? else { break };
        boxes.push(found);
        match found.len.and_then(|len| start.checked_add(len)) {
            Some(next) => start = next,
            None => break,
        }
    }
    Ok(boxes)
}

/// The head at `start`: 32 bits of length and the kind, then 64 bits where the length says 1.
fn head(film: &mut (impl Read + Seek), start: u64) -> io::Result<Option<Atom>> {
    film.seek(SeekFrom::Start(start))?;
    let Some(short) = exactly::<4>(film)? else { return Ok(None) };
    let Some(kind) = exactly::<4>(film)? else { return Ok(None) };
    let (len, least) = match u32::from_be_bytes(short) {
        0 => return Ok(Some(Atom { kind, start, len: None, head: 8 })),
        1 => match exactly::<8>(film)? {
            Some(long) => (u64::from_be_bytes(long), 16),
            None => return Ok(None),
        },
        len => (u64::from(len), 8),
    };
    // A box shorter than its own head would be met again for ever.
    Ok((len >= least).then_some(Atom { kind, start, len: Some(len), head: least }))
}

/// So many bytes; none where the file ends before.
pub(crate) fn exactly<const N: usize>(film: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match film.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
