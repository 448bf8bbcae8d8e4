//! Reading files again. All of it blocks; it is stopped between two pieces.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use rustix::fs::{Advice, fadvise};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use transfer::layout::{ByteRange, ChunkLayout, joined};
use transfer::tree::{ChunkHasher, Cv, Root};
use transfer::units::MIB;

use super::inventory::Arriving;
use super::{Harm, ScrubStep};

/// How far it is, and whether it shall go on. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Pulse {
    steps: watch::Sender<ScrubStep>,
    stop: CancellationToken,
    /// Where what is looked at now began.
    base: u64,
}

impl Pulse {
    pub(super) fn new(steps: watch::Sender<ScrubStep>, stop: CancellationToken, total: u64) -> Self {
        steps.send_replace(ScrubStep { done: 0, total });
        Self { steps, stop, base: 0 }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// So many bytes of the present file are read.
    fn beat(&self, read: u64) {
        self.steps.send_modify(|step| step.done = self.base.saturating_add(read).min(step.total));
    }

    /// The present file is done with, whatever was read of it.
    pub(super) fn pass(&mut self, bytes: u64) {
        self.base = self.base.saturating_add(bytes);
        self.beat(0);
    }
}

/// A finished film in the first of these files that is there. None: it is right, or it was stopped.
pub(super) fn film(paths: &[PathBuf], size: u64, root: Root, pulse: &Pulse) -> Option<Harm> {
    let harm = opened(paths).and_then(|file| match file {
        None => Ok(Some(Harm::Missing)),
        Some((_, found)) if found != size => Ok(Some(Harm::Length { found, expected: size })),
        Some((file, _)) => {
            let mut hasher = blake3::Hasher::new();
            read(&file, ByteRange::at(0, size), pulse, 0, |piece| {
                hasher.update(piece);
            })?;
            let right = pulse.is_stopped() || hasher.finalize() == blake3::Hash::from_bytes(root.0);
            Ok((!right).then_some(Harm::Content))
        }
    });
    harm.unwrap_or_else(unreadable)
}

/// The acknowledged chunks of an unfinished one.
pub(super) fn upload(paths: &[PathBuf], arriving: &Arriving, pulse: &Pulse) -> Option<Harm> {
    let reach = arriving.reach();
    let harm = opened(paths).and_then(|file| match file {
        None => Ok(Some(Harm::Missing)),
        Some((_, found)) if found < reach => Ok(Some(Harm::Length { found, expected: reach })),
        Some((file, _)) => {
            let changed = changed(&file, arriving, pulse)?;
            Ok((!changed.is_empty()).then_some(Harm::Chunks(changed)))
        }
    });
    harm.unwrap_or_else(unreadable)
}

fn changed(file: &File, arriving: &Arriving, pulse: &Pulse) -> io::Result<Vec<ByteRange>> {
    let (mut changed, mut before) = (Vec::new(), 0);
    for (layout, number, cv) in arriving.chunks() {
        let Some(range) = layout.index(number).map(|index| layout.range(index)) else { continue };
        if digest(file, &layout, number, pulse, before)?.is_some_and(|found| found != cv) {
            changed.push(range);
        }
        before += range.len();
    }
    Ok(joined(changed))
}

/// None where there is no such chunk, or it was stopped.
fn digest(file: &File, layout: &ChunkLayout, number: u32, pulse: &Pulse, before: u64) -> io::Result<Option<Cv>> {
    let Some(index) = layout.index(number) else { return Ok(None) };
    let mut hasher = ChunkHasher::new(layout, index);
    read(file, layout.range(index), pulse, before, |piece| hasher.update(piece))?;
    Ok(hasher.cv())
}

/// The first that is there, and its length. A folder or a pipe in a film's place is none.
fn opened(paths: &[PathBuf]) -> io::Result<Option<(File, u64)>> {
    for path in paths {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => {
                let file = File::open(path)?;
                // What lies in memory says nothing about the disk. Where it cannot be put out of memory it is read there.
                let _ = fadvise(&file, 0, None, Advice::DontNeed);
                return Ok(Some((file, found.len())));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Reads a range in pieces, until it is stopped. `before` bytes of the file were read before.
fn read(file: &File, range: ByteRange, pulse: &Pulse, before: u64, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut piece = vec![0; range.len().min(MIB) as usize];
    let mut rest = range;
    while !rest.is_empty() && !pulse.is_stopped() {
        let len = rest.len().min(MIB) as usize;
        file.read_exact_at(&mut piece[..len], rest.start())?;
        take(&piece[..len]);
        rest = rest.without_first(len as u64);
        pulse.beat(before + (range.len() - rest.len()));
    }
    Ok(())
}

fn unreadable(error: io::Error) -> Option<Harm> {
    Some(Harm::Unreadable(match error.kind() {
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("the disk failed: {error}"),
    }))
}
