//! `life live DISK FILM...` and `life examine DISK PROMISES FILM...`: the processes of [`support::power`].
//!
//! A panic ends them at once, with a signal: a dead disk is no reason to panic.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitCode, abort};

use anyhow::{Context, Result, bail};
use support::power::{examine, live};

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    abort_on_panic();
    match run(std::env::args_os().skip(1)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{}", serde_json::json!({ "failed": format!("{error:#}") }));
            ExitCode::FAILURE
        }
    }
}

async fn run(mut arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let verb = arguments.next().context("live or examine")?;
    let mut paths = arguments.map(PathBuf::from);
    let disk = paths.next().context("a disk")?;
    match verb.to_str() {
        Some("live") => live(&disk, paths.collect()).await,
        Some("examine") => examine(&disk, &paths.next().context("promises")?, paths.collect()).await,
        _ => bail!("live or examine, not {verb:?}"),
    }
}

fn abort_on_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        abort();
    }));
}
