//! How far a long reading is: a bar on a terminal, or an event now and then; and lines for whoever listens.

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

/// Between two looks at how far it is.
pub(crate) const PACE: Duration = Duration::from_millis(250);

/// A reading under way.
#[derive(Debug)]
pub(crate) struct Reading {
    json: bool,
    bar: ProgressBar,
}

impl Reading {
    /// With events, or with a bar.
    pub(crate) fn new(json: bool) -> Self {
        let style = ProgressStyle::with_template("[{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
        let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(0).with_style(style) };
        Self { json, bar }
    }

    /// So many bytes of so many are read.
    pub(crate) fn tell(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
        if self.json {
            say(&json!({ "event": "progress", "bytes_done": done, "bytes_total": total }).to_string());
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A reader that went away is no reason to read on, and none to fail.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
