//! The desktop's services that the app speaks to, as doubles on the session bus.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::scene::Scene;
use crate::programs::PATIENCE;

/// Services that answer, and tell what they were asked.
#[derive(Debug)]
pub struct BusDouble {
    process: Child,
    orders: ChildStdin,
    lines: Receiver<String>,
}

impl BusDouble {
    /// Takes these names on the session bus.
    pub fn open(scene: &Scene, names: &[&str]) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/bus_double.py");
        let mut command = scene.command("/usr/bin/python3");
        let mut process = command.arg(script).args(names).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let out = process.stdout.take().context("stdout was piped")?;
        let orders = process.stdin.take().context("stdin was piped")?;
        let (told, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            // The story may have ended.
            lines.map(|line| told.send(line)).take_while(Result::is_ok).for_each(drop);
        });
        let double = Self { process, orders, lines };
        double.hear("ready")?;
        Ok(double)
    }

    /// Presses a button of a notification, by its key.
    pub fn press(&self, notification: &Value, button: &str) -> Result<()> {
        self.tell(&json!({ "press": [notification[3], button] }))
    }

    /// Chooses from the menu of the icon in the tray.
    pub fn choose(&self, label: &str) -> Result<()> {
        self.tell(&json!({ "click": label }))?;
        self.hear("clicked").map(drop)
    }

    /// What stands beside the icon in the tray, and the entries of its menu with whether they can be chosen.
    pub fn tray(&self) -> Result<(Value, Value)> {
        self.tell(&json!({ "look": true }))?;
        Ok((self.hear("tooltip")?, self.hear("menu")?))
    }

    fn tell(&self, order: &Value) -> Result<()> {
        Ok(writeln!(&self.orders, "{order}")?)
    }

    /// Waits until something of that kind was asked: `notify`, `tray`, `tooltip`, `inhibit`, `uninhibit`, `shown`. What
    /// else was asked is passed over.
    pub fn hear(&self, kind: &str) -> Result<Value> {
        let end = Instant::now() + PATIENCE;
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if let Some(heard) = serde_json::from_str::<Value>(&line)?.get(kind) {
                return Ok(heard.clone());
            }
        }
        bail!("nobody asked the desktop for {kind}")
    }
}

impl Drop for BusDouble {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to kill.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
