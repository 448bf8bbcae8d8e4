//! Finished films: any range of them, quickly. What the catalogue says of a film never changes, so it is asked once;
//! files stay open for a while, for a player asks for a new range every half megabyte.

use std::fs::File;
use std::io;
use std::sync::Arc;

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
}

impl Films {
    pub(super) fn new(folder: Folder, catalogue: Arc<dyn Catalogue>) -> Self {
        Self(Arc::new(Inner { folder, catalogue, videos: Recent::new(VIDEOS), files: Recent::new(FILES) }))
    }

    /// What the catalogue says of a film.
    pub(super) async fn video(&self, object: &ObjectId) -> Result<Option<Arc<Video>>, PortError> {
        if let Some(video) = self.0.videos.get(object) {
            return Ok(Some(video));
        }
        let video = self.0.catalogue.video(object).await?.map(Arc::new);
        if let Some(video) = &video {
            self.0.videos.put(object.clone(), video.clone());
        }
        Ok(video)
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

    async fn file(&self, video: &Arc<Video>) -> Result<Arc<File>, ReadError> {
        if let Some(file) = self.0.files.get(&video.object) {
            return Ok(file);
        }
        let (path, size) = (self.0.folder.film(&video.name), video.size);
        let opened = disk::blocking(move || open(&path, size)).await.map_err(failed)?;
        let file = Arc::new(opened?);
        self.0.files.put(video.object.clone(), file.clone());
        Ok(file)
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
        let file = self.films.file(&self.video).await?;
        let pieces = stream::try_unfold((file, range), async |(file, rest)| {
            if rest.is_empty() {
                return Ok(None);
            }
            let piece = piece(&file, rest).await?;
            let rest = rest.without_first(piece.len() as u64);
            Ok(Some((piece, (file, rest))))
        });
        Ok(pieces.boxed())
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
