//! What is sent: a few films of different sizes, so that a size names its film.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bytes::Bytes;
use transfer::layout::{ByteRange, ChunkIndex, ChunkLayout};
use transfer::testing::{bytes, cv_of, root_of};
use transfer::tree::{Cv, Root};
use transfer::units::MIB;

/// The vault's chunk length, in bytes.
const CHUNK: u64 = 4 * MIB;

/// Nothing, part of a chunk, and three chunks with seven bytes more.
const SIZES: [u64; 3] = [0, 1_500_000, 3 * CHUNK + 7];

/// A film, with all that can be known of it.
#[derive(Debug)]
pub(super) struct Film {
    pub(super) path: PathBuf,
    pub(super) layout: ChunkLayout,
    bytes: Bytes,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Films(Vec<Film>);

/// Writes them into `folder`: their paths.
pub(super) fn make(folder: &Path) -> Result<Vec<PathBuf>> {
    let films = (1..).zip(SIZES).map(|(seed, size)| {
        let path = folder.join(format!("film-{seed}.bin"));
        fs::write(&path, bytes(seed, size))?;
        Ok(path)
    });
    films.collect()
}

impl Films {
    pub(super) fn read(paths: Vec<PathBuf>) -> Result<Self> {
        let films = paths.into_iter().map(|path| {
            let bytes = Bytes::from(fs::read(&path)?);
            Ok(Film { path, layout: ChunkLayout::new(bytes.len() as u64, CHUNK)?, bytes })
        });
        films.collect::<Result<_>>().map(Self)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Film> {
        self.0.iter()
    }

    pub(super) fn of_size(&self, size: u64) -> Result<&Film> {
        self.iter().find(|film| film.layout.size() == size).with_context(|| format!("no film has {size} bytes"))
    }
}

impl Film {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn slice(&self, range: ByteRange) -> &[u8] {
        &self.bytes[range.start() as usize..range.end() as usize]
    }

    pub(super) fn cv(&self, index: ChunkIndex) -> Cv {
        cv_of(&self.layout, index, &self.bytes)
    }

    pub(super) fn root(&self) -> Root {
        root_of(&self.bytes)
    }
}
