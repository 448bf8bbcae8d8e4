//! Processes as the kernel lists them: whose child, which program, of which scene.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use rustix::param::clock_ticks_per_second;
use rustix::process::{self, Signal};

pub(super) use rustix::process::Pid;

/// The variable that names the scene of a process; children inherit it.
pub(super) const MARK: &str = "PAWL_SCENE";

/// The child of `parent` that runs `program`.
pub(super) fn child(parent: Pid, program: &Path) -> Result<Option<Pid>> {
    let program = program.canonicalize()?;
    let is_it = |pid: &Pid| {
        let exe = fs::read_link(format!("/proc/{pid}/exe"));
        parent_of(*pid) == Some(parent) && exe.is_ok_and(|exe| exe == program)
    };
    Ok(all()?.into_iter().find(is_it))
}

/// Every living process of a scene.
pub(super) fn of_scene(mark: &str) -> Result<Vec<Pid>> {
    let wanted = format!("{MARK}={mark}");
    let carries = |pid: &Pid| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes())
    };
    Ok(all()?.into_iter().filter(carries).filter(|pid| gone(*pid).is_none()).collect())
}

/// A process and all below it.
pub(super) fn family(head: Pid) -> Result<Vec<Pid>> {
    let (mut found, mut ahead, all) = (Vec::new(), vec![head], all()?);
    while let Some(next) = ahead.pop() {
        found.push(next);
        ahead.extend(all.iter().copied().filter(|pid| parent_of(*pid) == Some(next)));
    }
    Ok(found)
}

/// Its share of memory in bytes (PSS, proc_pid_smaps(5)).
pub(super) fn memory(pid: Pid) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).context("the kernel tells no PSS")?;
    let kibibytes: u64 = line.split_whitespace().next().context("a number of kB")?.parse()?;
    Ok(kibibytes << 10)
}

/// How long its first thread has been on a processor.
pub(super) fn worked(pid: Pid) -> Result<Duration> {
    let spent = fs::read_to_string(format!("/proc/{pid}/task/{pid}/schedstat"))?;
    Ok(Duration::from_nanos(spent.split(' ').next().context("a number of nanoseconds")?.parse()?))
}

/// What it is called, for people.
pub(super) fn called(pid: Pid) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    format!("{pid} ({})", String::from_utf8_lossy(&line).replace('\0', " ").trim())
}

/// Something, once it has ended with all of its threads: as long as one lives, its files are open and locked.
pub(super) fn gone(pid: Pid) -> Option<()> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
    let zombie = state(pid).is_none_or(|state| state == "Z");
    (zombie && threads <= 1).then_some(())
}

/// When it was started: seconds since the Unix epoch, to a hundredth.
pub(super) fn started(pid: Pid) -> Result<f64> {
    let ticks: f64 = stat(pid).and_then(|stat| stat.split(' ').nth(19)?.parse().ok()).context("it runs")?;
    let uptime = fs::read_to_string("/proc/uptime")?;
    let uptime: f64 = uptime.split(' ').next().context("a number")?.parse()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
    Ok(now - uptime + ticks / clock_ticks_per_second() as f64)
}

/// kill -9. One that ended meanwhile is no error.
pub(super) fn kill(pid: Pid) -> Result<()> {
    match process::kill_process(pid, Signal::KILL) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot kill {}", called(pid))),
    }
}

/// SIGTERM.
pub(super) fn terminate(pid: Pid) -> Result<()> {
    process::kill_process(pid, Signal::TERM).with_context(|| format!("cannot end {}", called(pid)))
}

fn all() -> Result<Vec<Pid>> {
    let entries = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    Ok(entries.filter_map(Pid::from_raw).collect())
}

fn state(pid: Pid) -> Option<String> {
    stat(pid)?.split(' ').next().map(str::to_owned)
}

fn parent_of(pid: Pid) -> Option<Pid> {
    stat(pid)?.split(' ').nth(1)?.parse().ok().and_then(Pid::from_raw)
}

/// What follows the program's name, which may hold anything (proc(5)).
fn stat(pid: Pid) -> Option<String> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    line.rsplit_once(") ").map(|(_, rest)| rest.to_owned())
}
