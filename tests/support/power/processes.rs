//! The two processes that touch a disk: a life, and the examination of what it left.
//!
//! The process that serves the disk never touches it itself. A page fault on a mapped file (SQLite maps one) holds a
//! lock of its process that the serving thread may need to answer: it would wait for itself for ever.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::OVER;
use super::promises::Promises;
use crate::forgetful::ForgetfulDisk;
use crate::programs::{PATIENCE, Talker, program};

/// How often one looks whether a process has ended.
const LOOK: Duration = Duration::from_millis(5);

/// How long a life may go on speaking without its disk. A vault that takes a failed sync for a good one would say so
/// now; a promise that comes later is merely not heard.
const LAST_WORDS: Duration = Duration::from_millis(60);

/// How a life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Everything was sent and closed, on a disk that was there to the end.
    Over,
    /// The disk's power went before.
    Cut,
}

/// Lets one live on the disk, and hears what is promised to it.
pub(super) fn a_life(disk: &ForgetfulDisk, films: &[PathBuf], promises: &mut Promises) -> Result<End> {
    let mut life = Talker::start(Command::new(program("life")?).arg("live").arg(disk.path()).args(films))?;
    watch(&mut life, PATIENCE, || disk.wait_cut(Duration::ZERO))?;
    watch(&mut life, LAST_WORDS, || false)?;
    // SIGABRT is a panic. A page of a dead disk may raise SIGBUS, which is nobody's fault.
    let aborted = life.ended()?.and_then(|ended| ended.signal()) == Some(libc::SIGABRT);
    ensure!(!aborted, "it panicked");
    let said = life.kill()?;
    let (over, off) = (said.last() == Some(&Value::from(OVER)), disk.wait_cut(Duration::ZERO));
    ensure!(over || off, "a life failed or hung though its disk was there: {:?}", said.last());
    // What it says beside promises is its last word.
    said.into_iter().filter_map(|line| serde_json::from_value(line).ok()).for_each(|told| promises.hear(told));
    // Whoever loses the disk while closing it is over too, and has closed nothing.
    Ok(if off { End::Cut } else { End::Over })
}

/// Watches a process until it has ended, or `enough`, or `span` is over.
fn watch(process: &mut Talker, span: Duration, enough: impl Fn() -> bool) -> Result<()> {
    let until = Instant::now() + span;
    while process.ended()?.is_none() && !enough() && Instant::now() < until {
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Examines what is on the disk. How many of the promised uploads the journal has forgotten.
pub(super) fn an_examination(disk: &ForgetfulDisk, promises: &Path, films: &[PathBuf]) -> Result<u64> {
    let mut command = Command::new(program("life")?);
    command.arg("examine").arg(disk.path()).arg(promises).args(films);
    let (status, said) = Talker::start(&mut command)?.end()?;
    let last = said.last().with_context(|| format!("it says nothing and ends with {status}"))?;
    match (last["forgotten"].as_u64(), last["failed"].as_str()) {
        (Some(forgotten), _) => Ok(forgotten),
        (None, Some(why)) => bail!("{why}"),
        (None, None) => bail!("it ends with {status}"),
    }
}
