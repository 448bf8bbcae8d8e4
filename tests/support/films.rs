//! Films to send: random bytes for speed, real ones made by ffmpeg for players.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Writes `len` bytes that `seed` decides; no two chunks of it are alike.
pub fn noise(path: &Path, seed: u64, len: u64) -> Result<()> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut piece = vec![0; len.min(1 << 20) as usize];
    let mut left = len;
    while left > 0 {
        random.fill_bytes(&mut piece);
        let now = left.min(piece.len() as u64);
        file.write_all(&piece[..now as usize])?;
        left -= now;
    }
    Ok(file.flush()?)
}

/// The film of the project, Big Buck Bunny (CC-BY 3.0, Blender Foundation).
pub fn bunny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/media/bigbuckbunny.mp4")
}

/// Makes a test film of `seconds` with about `kilobits` a second, its index at the end unless `faststart`. A counter is
/// burnt in, so that every frame says its time.
pub fn counted(path: &Path, seconds: u32, kilobits: u32, faststart: bool) -> Result<()> {
    let picture = format!("testsrc2=size=1280x720:rate=30:duration={seconds}");
    let noise = "noise=alls=40:allf=t";
    let rate = format!("{kilobits}k");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &picture, "-vf", noise]);
    ffmpeg.args(["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "30"]);
    ffmpeg.args(["-b:v", &rate, "-minrate", &rate, "-maxrate", &rate, "-bufsize", &rate]);
    if faststart {
        ffmpeg.args(["-movflags", "+faststart"]);
    }
    let ended = ffmpeg.arg(path).status().context("ffmpeg is installed by .ci/setup")?;
    ensure!(ended.success(), "ffmpeg made no film: {ended}");
    Ok(())
}

/// Makes a film of `seconds` as cameras do: 1080p at 30 frames a second, H.264 of 8 Mbit/s, its picture never still. A
/// key frame comes after so many frames at most. There are no B-frames: with them WebKitGTK tells times of frames that
/// are later by their reordering.
pub fn full_hd(path: &Path, seconds: u32, between_keys: u32) -> Result<()> {
    let picture = format!("testsrc2=size=1920x1080:rate=30:duration={seconds}");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &picture, "-vf", "noise=alls=8:allf=t"]);
    ffmpeg.args(["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-bf", "0", "-b:v", "8M"]);
    ffmpeg.args(["-maxrate", "8M", "-bufsize", "8M", "-g", &between_keys.to_string(), "-movflags", "+faststart"]);
    let ended = ffmpeg.arg(path).status().context("ffmpeg is installed by .ci/setup")?;
    ensure!(ended.success(), "ffmpeg made no film: {ended}");
    Ok(())
}

/// The BLAKE3 of a file, in hex.
pub fn blake3(path: &Path) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            read => hasher.update(&piece[..read]),
        };
    }
}

/// Writes over a few bytes at `offset`, as an editor does that keeps the length.
pub fn edit(path: &Path, offset: u64) -> Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.write_all_at(b"edited", offset)?;
    Ok(file.sync_all()?)
}
