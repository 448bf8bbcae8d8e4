//! Finished films: any range of them, quickly. What the catalogue says of a film changes rarely, so it is asked once;
//! files stay open for a while, for a player asks for a new range every half megabyte.
//!
//! Invariant: after [`Films::changed`] nothing old of that film is remembered, whoever was just looking it up. A film
//! that is renamed goes on being read, one that is taken out ends at its next piece.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures::{StreamExt, stream};
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};

use super::disk;
use super::error::VaultError;
use super::folder::Folder;
use super::recent::Recent;
use crate::ports::{Catalogue, PortError, Video};

const VIDEOS: usize = 128;
const FILES: usize = 64;

/// The finished films of a vault. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Films(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: Folder,
    catalogue: Arc<dyn Catalogue>,
    videos: Recent<Arc<Video>>,
    files: Recent<Arc<File>>,
    /// The files of films that are being renamed. What readers forget is not in here.
    held: Mutex<HashMap<ObjectId, Arc<File>>>,
    /// How often films were renamed or taken out.
    changes: AtomicU64,
}

impl Films {
    pub(super) fn new(folder: Folder, catalogue: Arc<dyn Catalogue>) -> Self {
        let (videos, files) = (Recent::new(VIDEOS), Recent::new(FILES));
        Self(Arc::new(Inner { folder, catalogue, videos, files, held: Mutex::default(), changes: AtomicU64::new(0) }))
    }

    /// What the catalogue says of a film.
    pub(super) async fn video(&self, object: &ObjectId) -> Result<Option<Arc<Video>>, PortError> {
        if let Some(video) = self.0.videos.get(object) {
            return Ok(Some(video));
        }
        let seen = self.changes();
        let video = self.0.catalogue.video(object).await?.map(Arc::new);
        if let Some(video) = &video {
            self.0.videos.put(object.clone(), video.clone());
            self.unless_changed(seen, object);
        }
        Ok(video)
    }

    /// A film was renamed or taken out: what was remembered of it is forgotten, and its readers look again.
    pub(super) fn changed(&self, object: &ObjectId) {
        self.0.changes.fetch_add(1, Ordering::SeqCst);
        self.forget(object);
    }

    /// Opens a film's file, so that those who read it need not find its name while that changes: until what this gives
    /// is dropped.
    pub(super) async fn hold(&self, object: &ObjectId) -> Result<Held, ReadError> {
        let file = self.file(object).await?;
        self.0.held().insert(object.clone(), file);
        Ok(Held { films: self.clone(), object: object.clone() })
    }

    /// A reader of a film. Its file is opened by the first read.
    pub(super) async fn reader(&self, object: &ObjectId) -> Result<FilmReader, VaultError> {
        let video = self.video(object).await?.ok_or_else(|| VaultError::Unknown(object.clone()))?;
        Ok(FilmReader { video, films: self.clone() })
    }

    /// Closes every file that no read uses: the room of a film that was deleted meanwhile becomes free by that.
    pub(super) fn close_files(&self) {
        self.0.files.clear();
    }

    async fn file(&self, object: &ObjectId) -> Result<Arc<File>, ReadError> {
        loop {
            if let Some(file) = self.at_hand(object) {
                return Ok(file);
            }
            let seen = self.changes();
            let video = self.there(object).await?;
            let (path, size) = (self.0.folder.film(&video.name), video.size);
            match disk::blocking(move || open(&path, size)).await.map_err(failed)? {
                Ok(file) => {
                    let file = Arc::new(file);
                    self.0.files.put(object.clone(), file.clone());
                    self.unless_changed(seen, object);
                    return Ok(file);
                }
                Err(ReadError::Gone) if self.is_elsewhere(&video, seen).await? => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// A film's file that is open already.
    fn at_hand(&self, object: &ObjectId) -> Option<Arc<File>> {
        self.0.files.get(object).or_else(|| self.0.held().get(object).cloned())
    }

    /// Whether a film whose file was not found is being renamed just now (who does that holds it open), or was while
    /// its file was looked for.
    async fn is_elsewhere(&self, video: &Video, seen: u64) -> Result<bool, ReadError> {
        if self.at_hand(&video.object).is_some() || self.changes() != seen {
            return Ok(true);
        }
        let now = self.0.catalogue.video(&video.object).await.map_err(|error| failed(io::Error::other(error)))?;
        let renamed = now.is_some_and(|now| now.name != video.name);
        if renamed {
            self.forget(&video.object);
        }
        Ok(renamed)
    }

    /// What the catalogue says of a film that must be there.
    async fn there(&self, object: &ObjectId) -> Result<Arc<Video>, ReadError> {
        let asked = self.video(object).await;
        asked.map_err(|error| failed(io::Error::other(error)))?.ok_or(ReadError::Gone)
    }

    fn changes(&self) -> u64 {
        self.0.changes.load(Ordering::SeqCst)
    }

    /// What was looked up while films changed may be old: it is not remembered.
    fn unless_changed(&self, seen: u64, object: &ObjectId) {
        if self.changes() != seen {
            self.forget(object);
        }
    }

    fn forget(&self, object: &ObjectId) {
        self.0.videos.remove(object);
        self.0.files.remove(object);
    }
}

impl Inner {
    /// A map whose holder panicked is still a map.
    fn held(&self) -> MutexGuard<'_, HashMap<ObjectId, Arc<File>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A film's file, at hand for readers as long as this is kept.
#[derive(Debug)]
pub(super) struct Held {
    films: Films,
    object: ObjectId,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.films.0.held().remove(&self.object);
    }
}

fn open(path: &std::path::Path, size: u64) -> Result<File, ReadError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ReadError::Gone,
        _ => failed(error),
    })?;
    let unchanged = file.metadata().map_err(failed)?.len() == size;
    if unchanged { Ok(file) } else { Err(ReadError::Changed) }
}

/// Reads a finished film.
#[derive(Debug)]
pub(super) struct FilmReader {
    video: Arc<Video>,
    films: Films,
}

#[async_trait]
impl RangeReader for FilmReader {
    fn len(&self) -> u64 {
        self.video.size
    }

    fn validator(&self) -> String {
        self.video.object.0.clone()
    }

    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        within(range, self.len())?;
        let (films, object) = (self.films.clone(), self.video.object.clone());
        let seen = films.changes();
        let file = films.file(&object).await?;
        let reading = Reading { films, object, file, seen, rest: range };
        Ok(stream::try_unfold(reading, Reading::next).boxed())
    }
}

/// One read under way.
#[derive(Debug)]
struct Reading {
    films: Films,
    object: ObjectId,
    file: Arc<File>,
    rest: ByteRange,
    /// The changes of which it is known that they left this film there.
    seen: u64,
}

impl Reading {
    async fn next(mut self) -> Result<Option<(bytes::Bytes, Self)>, ReadError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        // An open file outlives its film: without this a player would go on in the trash, or keep the room taken.
        let now = self.films.changes();
        if now != self.seen {
            self.films.there(&self.object).await?;
            self.seen = now;
        }
        let piece = piece(&self.file, self.rest).await?;
        self.rest = self.rest.without_first(piece.len() as u64);
        Ok(Some((piece, self)))
    }
}

/// Whether there is such a range.
pub(super) fn within(range: ByteRange, len: u64) -> Result<(), ReadError> {
    let inside = ByteRange::at(0, len).contains(range);
    if inside { Ok(()) } else { Err(ReadError::OutOfRange { asked: range, len }) }
}

/// The next bytes of `range`, at least one: a file that ends before is not the one that was put in.
pub(super) async fn piece(file: &Arc<File>, range: ByteRange) -> Result<bytes::Bytes, ReadError> {
    let piece = disk::piece(file, range).await.map_err(failed)?;
    if piece.is_empty() { Err(ReadError::Changed) } else { Ok(piece) }
}

/// The disk did not give what it has.
pub(super) fn failed(source: io::Error) -> ReadError {
    ReadError::Io { context: format!("the vault's disk failed ({source})"), source }
}
