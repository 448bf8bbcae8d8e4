//! Frames that the person keeps, as PNG among their pictures.
//!
//! Invariant: no file is ever overwritten, and only what looks like a PNG is written.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use transfer::name::FileName;

use crate::view::MediaRequest;

/// The header of the request that says what its body belongs to.
pub(crate) const HEADER: &str = "frame";

/// The first bytes of every PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The longest picture that is taken, in bytes: an 8K frame of noise is about this large.
const LONGEST: usize = 160 << 20;
/// Names that are tried before giving up.
const TRIES: u32 = 1000;

/// What a frame belongs to.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Frame {
    /// The film.
    pub(crate) request: MediaRequest,
    /// Where in it.
    pub(crate) seconds: f64,
}

impl Frame {
    /// From the header's text: JSON, percent-encoded.
    pub(crate) fn parse(header: &str) -> Result<Self> {
        let text = percent_decode_str(header).decode_utf8().context("the frame's header is no text")?;
        serde_json::from_str(&text).context("the frame's header says no film")
    }
}

/// The folder for pictures: the person's own, else their home.
pub(crate) fn folder() -> Result<PathBuf> {
    dirs::picture_dir().or_else(dirs::home_dir).context("there is no folder for pictures")
}

/// Writes the frame of a film under a name that is free in `folder`, and says where.
pub(crate) fn keep(folder: &Path, film: &FileName, seconds: f64, png: &[u8]) -> Result<PathBuf> {
    ensure!(png.starts_with(SIGNATURE) && png.len() <= LONGEST, "this is no picture");
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let name = named(film, seconds)?;
    for number in 1..=TRIES {
        let name = if number == 1 { name.clone() } else { name.numbered(number) };
        let path = folder.join(name.as_os_str());
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = file.write_all(png);
                // Half a picture is worth nothing; the error tells why.
                written
                    .inspect_err(|_| drop(std::fs::remove_file(&path)))
                    .with_context(|| format!("cannot write {}", path.display()))?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
        }
    }
    anyhow::bail!("there are too many pictures of that name in {}", folder.display())
}

/// `film 1.02.03.450.png`: colons are no part of a name on every disk.
fn named(film: &FileName, seconds: f64) -> Result<FileName> {
    let at = if seconds.is_finite() { (seconds.clamp(0.0, 1e8) * 1000.0) as u64 } else { 0 };
    let clock = format!("{}.{:02}.{:02}.{:03}", at / 3_600_000, at / 60_000 % 60, at / 1000 % 60, at % 1000);
    let (stem, _) = film.stem_and_extension();
    let end = format!(" {clock}.png").into_bytes();
    let room = transfer::name::MAX_NAME_LEN - end.len();
    let stem = String::from_utf8_lossy(stem);
    let cut = stem.floor_char_boundary(room.min(stem.len()));
    FileName::new([stem[..cut].as_bytes(), &end].concat()).context("the frame has no name")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(name: &str) -> FileName {
        FileName::new(name).expect("a name")
    }

    #[test]
    fn a_frame_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let png = |last: u8| [SIGNATURE, &[last]].concat();
        let first = keep(folder.path(), &film("a.mp4"), 3723.45, &png(1)).expect("it is kept");
        let second = keep(folder.path(), &film("a.mp4"), 3723.45, &png(2)).expect("it is kept");
        assert_eq!(first, folder.path().join("a 1.02.03.450.png"), "film and time in its name");
        assert_ne!(first, second, "the second has a name of its own");
        assert_eq!(std::fs::read(&first).expect("it is there"), png(1), "the first is as it was");
        assert!(keep(folder.path(), &film("a.mp4"), 0.0, b"#!/bin/sh").is_err(), "only pictures are kept");
    }

    #[test]
    fn any_film_and_time_give_a_name() {
        for name in ["é".repeat(127), "a".repeat(255), ".mp4".to_owned()] {
            for seconds in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
                let named = named(&film(&name), seconds).expect("a name");
                assert!(named.as_bytes().ends_with(b".png"), "{name} at {seconds}: {named:?}");
            }
        }
    }

    #[test]
    fn the_header_says_film_and_time() {
        let header = "%7B%22request%22%3A%7B%22is%22%3A%22video%22%2C%22id%22%3A%22x%22%7D%2C%22seconds%22%3A1.5%7D";
        let frame = Frame::parse(header).expect("as the page writes it");
        assert_eq!(frame, Frame { request: MediaRequest::Video { id: "x".into() }, seconds: 1.5 }, "as it was asked");
        assert!(Frame::parse("nonsense").is_err(), "nonsense is refused");
    }
}
