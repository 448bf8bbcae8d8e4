//! The pointer and the frame of the window, as X knows them: what WebDriver cannot do.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use anyhow::{Context, Result, ensure};

use super::page::testid;
use super::processes::Pid;
use super::scene::Scene;
use super::{Window, until};
use crate::programs::PATIENCE;

/// Where the drag source stands: beside the app's window, in pixels from the left and from the top.
const PLACE: (u32, u32) = (1240, 80);
/// From its corner to a place where it can be grasped.
const GRASP: u32 = 80;
/// The pointer's way is cut into so many steps: a drag begins only when it sees the pointer move.
const STEPS: u32 = 24;

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

    /// Drags all of its files onto the window and lets go.
    pub async fn drop_on(&self, window: &Window) -> Result<()> {
        let (x, y) = window.middle().await?;
        let (from_x, from_y) = (u64::from(PLACE.0 + GRASP), u64::from(PLACE.1 + GRASP));
        move_to(from_x, from_y)?;
        xdotool(&["mousedown", "1"])?;
        for step in 1..=u64::from(STEPS) {
            let steps = u64::from(STEPS);
            move_to((from_x * (steps - step) + x * step) / steps, (from_y * (steps - step) + y * step) / steps)?;
        }
        self.hear("dragging")?;
        self.hover(window, x, y).await?;
        xdotool(&["mouseup", "1"])?;
        self.hear("ended")
    }

    /// Moves a little, to and fro, until the window shows that it would take the drop.
    async fn hover(&self, window: &Window, x: u64, y: u64) -> Result<()> {
        let shown = async || {
            move_to(x + 3, y)?;
            move_to(x, y)?;
            Ok(window.shows(&testid("drop-overlay")).await?.then_some(()))
        };
        until("the drop target to show", shown).await
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

/// Asks the one window of a process to close, as the button in its frame does.
pub(super) fn close_window(app: Pid) -> Result<()> {
    xdotool(&["search", "--onlyvisible", "--pid", &app.to_string(), "--name", "Pawl", "windowquit"])
}

fn move_to(x: u64, y: u64) -> Result<()> {
    xdotool(&["mousemove", "--sync", &x.to_string(), &y.to_string()])
}

fn xdotool(arguments: &[&str]) -> Result<()> {
    let ended = Command::new("xdotool").args(arguments).status();
    let ended = ended.context("cannot start xdotool, which .ci/setup test installs")?;
    ensure!(ended.success(), "xdotool {arguments:?} failed: {ended}");
    Ok(())
}
