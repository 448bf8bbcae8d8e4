//! Logs: a file a day, seven kept, and the terminal for those who ask (`RUST_LOG`). No secret is ever an argument of a
//! log line: tokens and handles have no `Debug` that shows them in full.

use std::path::Path;

use anyhow::{Context, Result};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::prelude::*;

/// Days of which the log is kept.
const KEPT: usize = 7;

/// Starts logging to `folder/NAME.DATE.log`. The guard writes what is left when it is dropped.
pub fn start(folder: &Path, name: &str) -> Result<WorkerGuard> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder for logs, {}", folder.display()))?;
    let rolling = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix(name)
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(folder)
        .with_context(|| format!("cannot write logs to {}", folder.display()))?;
    let (file, guard) = tracing_appender::non_blocking(rolling);
    let to_file = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(file);
    let asked = EnvFilter::try_from_default_env().ok();
    let to_terminal =
        asked.map(|filter| tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(filter));
    let usual = EnvFilter::new("info");
    // A second start in one process (a test's) keeps the first.
    tracing_subscriber::registry().with(to_file.with_filter(usual)).with(to_terminal).try_init().ok();
    Ok(guard)
}
