//! The clipboard: files, as another program's *Copy* puts them there, and text, as another program's *Paste* gets it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};

use super::scene::Scene;

/// Another program that owns the clipboard while this lives.
#[derive(Debug)]
pub struct Copied {
    process: Child,
}

impl Copied {
    /// Copies files.
    pub fn files(scene: &Scene, files: &[PathBuf]) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/clipboard_owner.py");
        // Debian's own Python has the bindings for GTK.
        let mut command = scene.command("/usr/bin/python3");
        let process = command.arg(script).args(files).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut copied = Self { process };
        let mut word = String::new();
        BufReader::new(copied.process.stdout.take().context("stdout was piped")?).read_line(&mut word)?;
        ensure!(word.trim() == "ready", "the clipboard's owner said {word:?}");
        Ok(copied)
    }

    /// The text that whoever pastes now gets.
    pub fn text(scene: &Scene) -> Result<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/clipboard_reader.py");
        let read = scene.command("/usr/bin/python3").arg(script).stdin(Stdio::null()).output()?;
        ensure!(read.status.success(), "the clipboard cannot be read: {}", String::from_utf8_lossy(&read.stderr));
        Ok(String::from_utf8(read.stdout)?)
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to kill.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
