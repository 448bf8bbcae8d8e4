//! Films for pictures: short ones to know by their posters, heavy ones that travel long, one that nobody can decode.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use support::films::bunny;

/// The `nth` piece of the project's film, in colours of its own.
pub(crate) fn clip(path: &Path, nth: u32) -> Result<()> {
    let colours = format!("hue=h={}:s=0.9,scale=640:-2", nth * 35);
    cut(path, nth, &["-vf", &colours, "-c:v", "libx264", "-preset", "ultrafast", "-movflags", "+faststart"])
}

/// A film of so many megabytes. Nearly all of it is room between its index and its frames, which takes none on disk.
pub(crate) fn heavy(path: &Path, nth: u32, megabytes: u64) -> Result<()> {
    let room = (megabytes * 1_000_000).to_string();
    let colours = format!("hue=h={}:s=0.9,scale=640:-2", nth * 35);
    cut(path, nth, &["-vf", &colours, "-c:v", "libx264", "-preset", "ultrafast", "-moov_size", &room])
}

/// A whole film whose index names a codec for which no decoder exists.
pub(crate) fn foreign(path: &Path) -> Result<()> {
    clip(path, 1)?;
    let mut film = fs::read(path)?;
    let at = film.windows(4).rposition(|word| word == b"avc1").context("the index names its codec")?;
    film[at..at + 4].copy_from_slice(b"vvc1");
    Ok(fs::write(path, film)?)
}

fn cut(path: &Path, nth: u32, coding: &[&str]) -> Result<()> {
    let (from, length) = (format!("{:.2}", f64::from(nth % 8) * 0.4), format!("{:.2}", 1.2 + f64::from(nth % 5) * 0.9));
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-ss", &from, "-t", &length, "-i"]).arg(bunny());
    let ended = ffmpeg.args(coding).arg(path).status();
    let ended = ended.context("cannot start ffmpeg, which .ci/setup run installs")?;
    ensure!(ended.success(), "ffmpeg made no film: {ended}");
    Ok(())
}
