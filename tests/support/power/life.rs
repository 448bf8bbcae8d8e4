//! One life: the process on the disk, until it has come to its end or has lost its disk.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::Value;

use super::OVER;
use super::films::Films;
use super::promises::Promises;
use crate::forgetful::ForgetfulDisk;
use crate::programs::{PATIENCE, Talker, program};

/// How often one looks whether the process has ended.
const LOOK: Duration = Duration::from_millis(5);

/// How long a life may go on speaking without its disk. A vault that takes a failed sync for a good one would say so
/// now; a promise that comes later is merely not heard.
const LAST_WORDS: Duration = Duration::from_millis(60);

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Everything was sent and closed.
    Over,
    /// The disk's power went before.
    Cut,
}

/// Lives on the disk, and hears what is promised.
pub(super) fn live(disk: &ForgetfulDisk, films: &Films, promises: &mut Promises) -> Result<End> {
    let mut command = Command::new(program("life")?);
    command.arg(disk.path()).args(films.iter().map(|film| &film.path));
    let mut life = Talker::start(&mut command)?;
    let off = || disk.wait_cut(Duration::ZERO);
    let powered = |life: &mut Talker| Ok(life.ended()?.is_none() && !disk.wait_cut(LOOK));
    while_within(PATIENCE, &mut life, powered)?;
    ensure!(off() || life.ended()?.is_some(), "a life does not end: {:?}", life.kill()?.last());
    while_within(LAST_WORDS, &mut life, |life| Ok(life.ended()?.is_none() && off()))?;
    // Killed by itself it would be by SIGABRT; a page of a dead disk may raise SIGBUS, which is the disk's fault.
    let aborted = life.ended()?.and_then(|ended| ended.signal()) == Some(libc::SIGABRT);
    ensure!(!aborted, "it panicked");
    let said = life.kill()?;
    let over = said.last() == Some(&Value::from(OVER));
    ensure!(over || off(), "a life failed though its disk was there: {:?}", said.last());
    // What it says beside promises is its last word.
    said.into_iter().filter_map(|line| serde_json::from_value(line).ok()).for_each(|told| promises.hear(told));
    Ok(if over { End::Over } else { End::Cut })
}

fn while_within(span: Duration, life: &mut Talker, goes_on: impl Fn(&mut Talker) -> Result<bool>) -> Result<()> {
    let until = Instant::now() + span;
    while Instant::now() < until && goes_on(life)? {
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
