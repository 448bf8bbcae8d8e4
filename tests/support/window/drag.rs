//! Real drags from another program's window onto ours.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};

use anyhow::{Context, Result, ensure};

use super::desktop::Desktop;
use super::page::testid;
use super::scene::Scene;
use super::{Window, until};
use crate::programs::PATIENCE;

/// Where the drag source stands, beside the app's window, and where in it a drag begins: pixels from the screen's
/// left and top.
const PLACE: (i16, i16) = (1240, 80);
const GRASP: (i16, i16) = (1320, 160);
/// The pointer's way is cut into so many steps: a drag begins only when its source sees the pointer move.
const STEPS: i16 = 24;

/// Another program's window from which files are dragged.
#[derive(Debug)]
pub struct DragSource {
    process: Child,
    words: Receiver<String>,
}

impl DragSource {
    /// Opens it with files to drag.
    pub fn open(scene: &Scene, files: &[PathBuf]) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/drag_source.py");
        // Debian's own Python has the bindings for GTK.
        let mut command = scene.command("/usr/bin/python3");
        command.arg(script).args([PLACE.0.to_string(), PLACE.1.to_string()]).args(files);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let out = process.stdout.take().context("stdout was piped")?;
        let (told, words) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            // The story may have ended.
            lines.map(|line| told.send(line)).take_while(Result::is_ok).for_each(drop);
        });
        let source = Self { process, words };
        source.hear("ready")?;
        Ok(source)
    }

    /// Drags all of its files onto the window and lets go once the window shows that it would take them.
    pub async fn drop_on(&self, window: &Window) -> Result<()> {
        self.hover_over(window).await?;
        self.let_go()
    }

    /// Drags all of its files over the window, until the window shows that it would take them.
    pub async fn hover_over(&self, window: &Window) -> Result<()> {
        let (desktop, (x, y)) = (Desktop::connect()?, window.middle().await?);
        desktop.point(GRASP.0, GRASP.1)?;
        desktop.press()?;
        for step in 1..=STEPS {
            desktop.point(GRASP.0 + (x - GRASP.0) / STEPS * step, GRASP.1 + (y - GRASP.1) / STEPS * step)?;
        }
        self.hear("dragging")?;
        let shown = async || {
            desktop.point(x + 3, y)?;
            desktop.point(x, y)?;
            Ok(window.shows(&testid("drop-overlay")).await?.then_some(()))
        };
        until("the drop target to show", shown).await
    }

    /// Drags all of its files onto one of the targets that show meanwhile, and lets go once that one is lit.
    pub async fn drop_onto(&self, window: &Window, target: &str) -> Result<()> {
        self.hover_over(window).await?;
        let (desktop, (x, y)) = (Desktop::connect()?, window.middle_of(target).await?);
        let lit = async || {
            desktop.point(x + 3, y)?;
            desktop.point(x, y)?;
            Ok(window.shows(&format!("{target}.lit")).await?.then_some(()))
        };
        until(&format!("{target} to be lit"), lit).await?;
        self.let_go()
    }

    /// Lets go of what hovers.
    pub fn let_go(&self) -> Result<()> {
        Desktop::connect()?.release()?;
        self.hear("ended")
    }

    fn hear(&self, word: &str) -> Result<()> {
        let heard = self.words.recv_timeout(PATIENCE).with_context(|| format!("the drag source never said {word}"))?;
        ensure!(heard == word, "the drag source said {heard}, not {word}");
        Ok(())
    }
}

impl Drop for DragSource {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to kill.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
