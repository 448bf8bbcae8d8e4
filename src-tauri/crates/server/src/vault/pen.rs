//! Who may write at a chunk. Each newer writer takes the pen from the older; a write under way ends before the newer
//! one's first, so that an old byte never lands on a new one.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// The place of a chunk's writers. It must outlive every write that was begun, so it stays until the chunk is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Desk(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    newest: AtomicU64,
    writing: Mutex<()>,
}

/// One writer's right to write, until a newer one comes.
#[derive(Debug, Clone)]
pub(super) struct Pen {
    desk: Desk,
    number: u64,
}

/// Why bytes were not written.
#[derive(Debug)]
pub(super) enum Stopped {
    /// A newer writer has the chunk.
    Superseded,
    /// The disk did not take them.
    Disk(io::Error),
}

impl Desk {
    /// Lets a new writer in, in the place of all older ones.
    pub(super) fn next(&self) -> Pen {
        let number = self.0.newest.fetch_add(1, Ordering::SeqCst) + 1;
        Pen { desk: self.clone(), number }
    }
}

impl Pen {
    /// Whether no newer writer has come.
    pub(super) fn is_newest(&self) -> bool {
        self.desk.0.newest.load(Ordering::SeqCst) == self.number
    }

    /// Writes pieces one after the other from `offset` on. Blocks, also for an older writer's last write; a newer
    /// writer's coming is seen before each piece, and the newer one waits for the present piece.
    pub(super) fn write(&self, file: &File, mut offset: u64, pieces: &[Bytes]) -> Result<(), Stopped> {
        let _turn = self.desk.0.writing.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in pieces {
            if !self.is_newest() {
                return Err(Stopped::Superseded);
            }
            file.write_all_at(piece, offset).map_err(Stopped::Disk)?;
            offset += piece.len() as u64;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn an_older_writer_writes_nothing_more() {
        let file = tempfile::tempfile().expect("a file");
        let desk = Desk::default();
        let (older, newer) = (desk.next(), desk.next());
        newer.write(&file, 0, &[Bytes::from_static(b"new")]).expect("the newest may write");
        let refused = older.write(&file, 0, &[Bytes::from_static(b"old")]);
        assert!(matches!(refused, Err(Stopped::Superseded)), "its place was taken");
        let mut bytes = [0; 3];
        file.read_exact_at(&mut bytes, 0).expect("three bytes");
        assert_eq!(&bytes, b"new", "an old byte never lands on a new one");
    }

    #[test]
    fn of_many_writers_at_once_the_newest_ones_bytes_stay() {
        let file = tempfile::tempfile().expect("a file");
        let desk = Desk::default();
        let pens: Vec<Pen> = (0..8).map(|_| desk.next()).collect();
        thread::scope(|scope| {
            for pen in &pens {
                let pieces = vec![Bytes::from(vec![pen.number as u8; 4096]); 16];
                let file = &file;
                scope.spawn(move || pen.write(file, 0, &pieces));
            }
        });
        let mut bytes = vec![0; 16 * 4096];
        file.read_exact_at(&mut bytes, 0).expect("all bytes");
        assert!(bytes.iter().all(|byte| *byte == 8), "only the newest writer's bytes are there");
    }
}
