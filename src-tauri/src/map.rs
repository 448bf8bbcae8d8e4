//! A chunk map on its way to the window: a byte a chunk behind a short head, for JSON would be ten times as long.

use transfer::engine::{ChunkNote, Picture};

use crate::error::Error;
use crate::view::{ChunkMapView, ChunkNoteView};

/// Four bytes of the head's length (big endian), the head as JSON, then a byte a chunk ([`ChunkMapView`]).
pub(crate) fn encoded(id: String, picture: &Picture) -> Result<Vec<u8>, Error> {
    let (size, chunk_len) = picture.layout.map_or((0, 0), |layout| (layout.size(), layout.chunk_len()));
    let notes = picture.notes.iter().map(note).collect();
    let head = serde_json::to_vec(&ChunkMapView { id, size, chunk_len, notes }).map_err(anyhow::Error::new)?;
    let len = u32::try_from(head.len()).map_err(anyhow::Error::new)?;
    let cells = picture.cells.iter().map(|cell| *cell as u8);
    Ok(len.to_be_bytes().into_iter().chain(head).chain(cells).collect())
}

fn note(note: &ChunkNote) -> ChunkNoteView {
    ChunkNoteView {
        chunk: note.chunk,
        start: note.range.start(),
        end: note.range.end(),
        sent: note.sent,
        attempts: note.attempts,
        sentence: note.trouble.as_ref().map(|trouble| trouble.sentence.clone()),
        next_try: note.next_try.map(|at| at.0),
    }
}

#[cfg(test)]
mod tests {
    use transfer::engine::Cell;

    use super::*;

    #[test]
    fn the_head_says_its_length_and_the_cells_follow() {
        let picture =
            Picture { layout: None, cells: vec![Cell::Acked, Cell::Wanted, Cell::Pending], notes: Vec::new() };
        let bytes = encoded("a".into(), &picture).expect("it fits");
        let len = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        let head: serde_json::Value = serde_json::from_slice(&bytes[4..4 + len]).expect("JSON");
        assert_eq!(head["id"], "a", "the head says whose map it is");
        assert_eq!(&bytes[4 + len..], [2, 6, 0], "a byte a chunk, by the numbers that the window knows");
    }
}
