//! Pawl's programs as processes: started, listened to, killed.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};
use serde_json::Value;

/// How long anything that must happen may take: far beyond what a loaded machine needs.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A program of this workspace, built by `make test` before the tests run.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe().context("a test knows its own path")?;
    let mut places = here.ancestors().skip(1).map(|folder| folder.join(name));
    let found = places.find(|path| path.is_file());
    found.with_context(|| format!("{name} is not built: run `make test`, which builds it first"))
}

/// A running program that prints one JSON object a line. It is killed when it is dropped.
#[derive(Debug)]
pub struct Talker {
    child: Child,
    lines: Receiver<Value>,
    heard: Vec<Value>,
}

impl Talker {
    /// Starts it and listens to its stdout; its stderr goes to the test's.
    pub fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().context("stdout was piped")?;
        let (told, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            let values = lines.filter_map(|line| serde_json::from_str(&line).ok());
            // The test may have heard enough.
            for value in values {
                if told.send(value).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, lines, heard: Vec::new() })
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything heard so far.
    pub fn heard(&self) -> &[Value] {
        &self.heard
    }

    /// Waits for a line that `is` what the test wants.
    pub fn hear(&mut self, what: &str, is: impl Fn(&Value) -> bool) -> Result<Value> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(value) => {
                    self.heard.push(value.clone());
                    if is(&value) {
                        return Ok(value);
                    }
                }
                Err(RecvTimeoutError::Timeout) => bail!("waited in vain for {what}; heard {:?}", self.last()),
                Err(RecvTimeoutError::Disconnected) => bail!("it ended before {what}; heard {:?}", self.last()),
            }
        }
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Stops it (SIGSTOP), or lets it go on (SIGCONT).
    pub fn signal(&self, signal: Signal) -> Result<()> {
        signalled(self.pid(), signal)
    }

    fn last(&self) -> &[Value] {
        &self.heard[self.heard.len().saturating_sub(5)..]
    }

    /// kill -9, and what it said before.
    pub fn kill(mut self) -> Result<Vec<Value>> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(self.rest())
    }

    /// Waits for its end: its exit status and all that it said.
    pub fn end(self) -> Result<(ExitStatus, Vec<Value>)> {
        self.end_within(PATIENCE)
    }

    /// The same, of one that may take longer than anything should.
    pub fn end_within(mut self, patience: Duration) -> Result<(ExitStatus, Vec<Value>)> {
        let until = Instant::now() + patience;
        while self.child.try_wait()?.is_none() {
            ensure!(Instant::now() < until, "it does not end; heard {:?}", self.last());
            std::thread::sleep(Duration::from_millis(10));
        }
        let status = self.child.wait()?;
        Ok((status, self.rest()))
    }

    fn rest(&mut self) -> Vec<Value> {
        let rest: Vec<Value> = self.lines.iter().collect();
        self.heard.extend(rest);
        std::mem::take(&mut self.heard)
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to kill.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Sends a signal to a process that this one started.
pub fn signalled(pid: u32, signal: Signal) -> Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("a process has an id")?;
    Ok(kill_process(pid, signal)?)
}

/// One run of `pawl-upload --json` from `state` to the vault in `vault`.
pub fn upload(files: &[&Path], vault: &Path, state: &Path) -> Result<Command> {
    let mut to = OsString::from("vault:");
    to.push(vault);
    upload_to(files, &to, state)
}

/// The same to any destination, as `--to` takes it.
pub fn upload_to(files: &[&Path], to: &OsStr, state: &Path) -> Result<Command> {
    let mut command = Command::new(program("pawl-upload")?);
    command.args(files).arg("--json").arg("--state").arg(state).arg("--to").arg(to);
    Ok(command)
}

/// A running `pawl-server` on the vault in `folder`, and its address.
pub fn server(folder: &Path) -> Result<(Talker, String)> {
    let mut command = Command::new(program("pawl-server")?);
    command.arg("--data").arg(folder).args(["--listen", "127.0.0.1:0", "--no-auth"]);
    let mut server = Talker::start(&mut command)?;
    let said = server.hear("its address", |line| line["event"] == "listening")?;
    let url = said["url"].as_str().ok_or_else(|| anyhow!("no url in {said}"))?.to_owned();
    Ok((server, url))
}

/// The last event of a kind.
pub fn last<'a>(events: &'a [Value], kind: &str) -> Result<&'a Value> {
    events.iter().rev().find(|event| event["event"] == kind).with_context(|| format!("no {kind} in {events:?}"))
}
