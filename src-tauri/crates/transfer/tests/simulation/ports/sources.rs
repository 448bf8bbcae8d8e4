//! Files that are edited, taken away, and cannot be read, when the history says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use transfer::layout::ByteRange;
use transfer::source::{Fingerprint, Source, SourceError, Sources};

use crate::film::Film;
use crate::world::World;

const FOLDER: &str = "/simulated";

/// One file as it lies there now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reel {
    pub(crate) film: Film,
    pub(crate) condition: Condition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Fine,
    /// On a card that is not in.
    Gone,
    /// We may not open it.
    Denied,
    /// The device fails at every read.
    Failing,
}

impl Reel {
    pub(crate) fn new(film: Film) -> Self {
        Self { film, condition: Condition::Fine }
    }
}

/// Where the film with this number lies.
pub(crate) fn path_of(number: usize) -> PathBuf {
    Path::new(FOLDER).join(number.to_string())
}

/// The engine's way to the files.
#[derive(Debug)]
pub(crate) struct Files(pub(crate) Arc<World>);

#[derive(Debug)]
struct Opened {
    world: Arc<World>,
    number: usize,
    path: PathBuf,
    fingerprint: Fingerprint,
}

fn look(world: &World, number: Option<usize>, path: &Path) -> Result<Reel, SourceError> {
    let gone = || SourceError::Gone(path.to_owned());
    let reel = number.and_then(|number| world.inside().reels.get(number).copied()).ok_or_else(gone)?;
    match reel.condition {
        Condition::Gone => Err(gone()),
        Condition::Fine | Condition::Denied | Condition::Failing => Ok(reel),
    }
}

fn number_of(path: &Path) -> Option<usize> {
    path.file_name()?.to_str()?.parse().ok()
}

#[async_trait]
impl Sources for Files {
    async fn open(&self, path: &Path, expected: Option<&Fingerprint>) -> Result<Arc<dyn Source>, SourceError> {
        let Self(world) = self;
        world.pass().await;
        let number = number_of(path);
        let reel = look(world, number, path)?;
        if reel.condition == Condition::Denied {
            return Err(SourceError::Denied(path.to_owned()));
        }
        let fingerprint = reel.film.fingerprint();
        if expected.is_some_and(|expected| *expected != fingerprint) {
            return Err(SourceError::Changed);
        }
        let number = number.unwrap_or_default();
        Ok(Arc::new(Opened { world: Arc::clone(world), number, path: path.to_owned(), fingerprint }))
    }
}

#[async_trait]
impl Source for Opened {
    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    async fn read(&self, range: ByteRange) -> Result<Bytes, SourceError> {
        self.world.pass().await;
        let reel = look(&self.world, Some(self.number), &self.path)?;
        if reel.condition == Condition::Failing {
            let source = std::io::Error::other("the device failed");
            return Err(SourceError::Io { path: self.path.clone(), source });
        }
        let bytes = reel.film.slice(ByteRange::at(range.start(), range.len().min(self.world.plan.piece)));
        if bytes.is_empty() && !range.is_empty() { Err(SourceError::Changed) } else { Ok(bytes) }
    }

    async fn unchanged(&self) -> Result<(), SourceError> {
        self.world.pass().await;
        let film = look(&self.world, Some(self.number), &self.path)?.film;
        let Fingerprint { size, modified_ns, .. } = self.fingerprint;
        if (film.len, film.modified_ns) == (size, modified_ns) { Ok(()) } else { Err(SourceError::Changed) }
    }
}
