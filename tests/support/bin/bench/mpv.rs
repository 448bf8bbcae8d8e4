//! mpv as a peer, told what to do over its socket (JSON IPC, mpv(1)).

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

/// The longest that anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// It shows a film that stands still. It is ended when it is dropped.
pub(crate) struct Mpv {
    child: Child,
    said: BufReader<UnixStream>,
}

impl Mpv {
    /// Opens a film; none where mpv is not installed.
    pub(crate) fn open(film: &Path, folder: &Path) -> Result<Option<Self>> {
        let socket = folder.join("mpv.socket");
        let mut mpv = Command::new("mpv");
        mpv.args([
            "--no-config",
            "--really-quiet",
            "--pause",
            "--no-audio",
            "--keep-open",
            "--vo=x11",
            "--hr-seek=yes",
        ]);
        mpv.arg(format!("--input-ipc-server={}", socket.display())).arg(film).stdin(Stdio::null());
        let Ok(child) = mpv.spawn() else { return Ok(None) };
        let mut mpv = Self { child, said: BufReader::new(connected(&socket)?) };
        mpv.wait_for_a_frame()?;
        mpv.seek(0.0)?;
        Ok(Some(mpv))
    }

    /// Jumps to a second; milliseconds until its frame is shown.
    pub(crate) fn seek(&mut self, second: f64) -> Result<f64> {
        let order = json!({ "command": ["seek", second, "absolute+exact"] });
        let begun = Instant::now();
        self.tell(&order)?;
        self.hear("its jump", |said| said["event"] == "seek")?;
        self.hear("the frame", |said| said["event"] == "playback-restart")?;
        Ok(begun.elapsed().as_secs_f64() * 1000.0)
    }

    /// As long as there is none, it knows no time.
    fn wait_for_a_frame(&mut self) -> Result<()> {
        for _ in 0..400 {
            self.tell(&json!({ "command": ["get_property", "time-pos"] }))?;
            if self.hear("an answer", |said| said.get("error").is_some())?["error"] == "success" {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(anyhow!("mpv shows nothing"))
    }

    fn tell(&mut self, order: &Value) -> Result<()> {
        Ok(writeln!(self.said.get_mut(), "{order}")?)
    }

    fn hear(&mut self, what: &str, is: impl Fn(&Value) -> bool) -> Result<Value> {
        loop {
            let mut line = String::new();
            self.said.read_line(&mut line).with_context(|| format!("mpv never told of {what}"))?;
            let said = serde_json::from_str(&line)?;
            if is(&said) {
                return Ok(said);
            }
        }
    }
}

impl Drop for Mpv {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to kill.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Its socket is there a while after its start.
fn connected(socket: &Path) -> Result<UnixStream> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Ok(stream) = UnixStream::connect(socket) {
            stream.set_read_timeout(Some(PATIENCE))?;
            return Ok(stream);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(anyhow!("mpv does not listen"))
}
