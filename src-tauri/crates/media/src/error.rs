//! Why a film could not be looked into.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// Why a film could not be looked into. Each of them leaves the caller as it was.
#[derive(Debug, Error)]
pub enum MediaError {
    /// The file cannot be opened, or is no regular file.
    #[error("cannot read {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What lay beneath.
        #[source]
        source: io::Error,
    },
    /// It is no film, or too broken to be one.
    #[error("it is no film that can be understood: {0}")]
    NotAFilm(String),
    /// There are no moving pictures in it: sound alone.
    #[error("it has no picture")]
    NoPicture,
    /// Its pictures need a decoder that this computer lacks.
    #[error("this computer has no decoder for {0}")]
    NoDecoder(String),
    /// Its pictures are larger than [`crate::MAX_PIXELS`].
    #[error("its pictures are too large: {width} × {height}")]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// It took longer than allowed.
    #[error("it took longer than {0:?}")]
    TooSlow(Duration),
    /// The caller wants it no more.
    #[error("it was called off")]
    Cancelled,
    /// GStreamer, or a part of it that we need, is not there.
    #[error("GStreamer cannot be used: {0}")]
    Unavailable(String),
}

impl MediaError {
    /// Whether it lies in the film's bytes, so that another look would say the same.
    pub fn is_of_the_film(&self) -> bool {
        match self {
            Self::NotAFilm(_) | Self::NoPicture | Self::TooLarge { .. } => true,
            Self::Unreadable { .. }
            | Self::NoDecoder(_)
            | Self::TooSlow(_)
            | Self::Cancelled
            | Self::Unavailable(_) => false,
        }
    }
}
