//! Clients that others wrote, as programs: tus-js-client (npm) and tuspy (PyPI). What is done with them stands in their
//! scripts.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// tus-js-client on Node. `more` are options of `upload.mjs`.
pub fn tus_js(endpoint: &str, film: &Path, token: &str, more: &[&str]) -> Result<Command> {
    ensure!(script("node_modules").is_dir(), "tus-js-client is not installed: run `make test`, which installs it");
    let mut command = Command::new("node");
    command.arg(script("upload.mjs")).arg(endpoint).arg(film).args(more).env("PAWL_TOKEN", token);
    Ok(command)
}

/// tuspy. With `pause` it stops after so many bytes and goes on as a new run would.
pub fn tuspy(endpoint: &str, film: &Path, token: &str, pause: Option<u64>) -> Result<Command> {
    let mut command = Command::new(python()?);
    command.arg(script("upload.py")).arg(endpoint).arg(film).env("PAWL_TOKEN", token);
    command.args(pause.map(|bytes| bytes.to_string()));
    Ok(command)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("support/tus_clients").join(name)
}

/// The Python of the environment that `.ci/setup` made outside the tree.
fn python() -> Result<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home).context("a cache")?;
    let python = cache.join("pawl/tools/tuspy/bin/python");
    ensure!(python.is_file(), "tuspy is not installed: run `make test`, which installs it");
    Ok(python)
}
