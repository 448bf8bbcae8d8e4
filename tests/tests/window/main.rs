//! End to end: the real app in its real webview, with real files, drags and kills. One window at a time, each with a
//! state, a vault and a mark of its own; the end of every scene proves that nothing of it is left running.

mod accessible;
mod adding;
mod cells;
mod checking;
mod crashing;
mod destinations;
mod far;
mod holding;
mod keys;
mod knowing;
mod leaving;
mod library;
mod line;
mod manners;
mod mending;
mod news;
mod outside;
mod player_keys;
mod playing;
mod refusing;
mod settings;
mod sizing;
mod strange;
mod tray;
mod waiting;
mod ways;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use support::films::noise;
use support::window::Scene;

/// The length of a chunk in the vault, in bytes.
const CHUNK: u64 = 4 << 20;

/// A film of so many chunks in the scene's folder.
fn film(scene: &Scene, name: &str, chunks: u64) -> Result<PathBuf> {
    let path = scene.path(name);
    noise(&path, chunks, chunks * CHUNK)?;
    Ok(path)
}

/// Sets the speed limit in megabytes a second, for all later starts.
async fn with_limit(scene: &Scene, megabytes: u32) -> Result<()> {
    let window = scene.open(&[]).await?;
    window.limit(Some(megabytes)).await?;
    window.quit().await
}

/// Asserts that the vault has the very bytes of a file.
fn assert_kept(scene: &Scene, film: &Path) -> Result<()> {
    let name = film.file_name().expect("a film has a name");
    let kept = fs::read(scene.vault().join(name))?;
    assert!(kept == fs::read(film)?, "the vault must have the very bytes of {}", film.display());
    Ok(())
}

/// The parts of films in the vault that are not finished.
fn parts(scene: &Scene) -> Result<usize> {
    Ok(fs::read_dir(scene.vault().join(".pawl/incoming"))?.count())
}
