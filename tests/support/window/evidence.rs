//! What is left of a failed story: the picture of the window, its page, the end of the app's log.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Window;

/// Lines of the log that are shown.
const LINES: usize = 40;

/// A folder for pictures, under `target`.
pub fn folder(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

/// Keeps what can be kept under a name; what cannot is said.
pub(super) async fn keep(window: &Window, name: &str) {
    eprintln!("{}", tail(&window.log));
    if window.is_open()
        && let Err(error) = pictured(window, name).await
    {
        eprintln!("no picture of {name}: {error:#}");
    }
}

async fn pictured(window: &Window, name: &str) -> Result<()> {
    let folder = folder("window")?;
    let picture = folder.join(format!("{name}.png"));
    window.picture(&picture).await?;
    eprintln!("the window as it was: {}", picture.display());
    Ok(fs::write(folder.join(format!("{name}.html")), window.client.source().await?)?)
}

/// The end of a log, for people.
pub(super) fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    format!("the app's last words:\n{}", lines[lines.len().saturating_sub(LINES)..].join("\n"))
}
