//! What helps to find a fault, as text that a person can read through before they send it: no film's name beyond its
//! extension, no token, no address beyond its host, and the home folder as `~`.

mod log;
mod scrub;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;

use anyhow::Result;
use transfer::engine::{Snapshot, Version};

use crate::app::App;
use scrub::Secrets;

/// Lines of the log that are told.
const LINES: usize = 50;

/// Everything there is to say.
struct Facts {
    machine: Vec<(&'static str, String)>,
    transfers: BTreeMap<&'static str, usize>,
    settings: Vec<(&'static str, String)>,
    log: Vec<String>,
}

/// The text, without anybody's secrets.
pub(crate) async fn text(app: &App) -> Result<String> {
    let transfers = app.engine.since(Version::default()).await?.changed;
    let secrets = secrets(app, &transfers).await;
    let folder = app.state.join("logs");
    let log = tokio::task::spawn_blocking(move || log::last_lines(&folder, LINES)).await?;
    let facts = Facts { machine: machine(), transfers: counted(&transfers), settings: settings(app), log };
    Ok(secrets.scrubbed(&written(&facts)))
}

/// The names of all that is known; what is unknown is recognised by its form.
async fn secrets(app: &App, transfers: &[Snapshot]) -> Secrets {
    let of_transfers = transfers.iter().map(|transfer| transfer.name.shown());
    let videos = match app.vault() {
        Ok(vault) => vault.library(None, u32::MAX).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let names = of_transfers.chain(videos.iter().map(|video| video.name.shown())).collect();
    Secrets::new(dirs::home_dir(), app.state.clone(), names)
}

fn machine() -> Vec<(&'static str, String)> {
    let said = |variable| env::var(variable).unwrap_or_else(|_| "unknown".to_owned());
    let webview = tauri::webview_version().unwrap_or_else(|error| error.to_string());
    vec![
        ("Pawl", env!("CARGO_PKG_VERSION").to_owned()),
        ("system", format!("{} ({})", system(), env::consts::ARCH)),
        ("desktop", format!("{} on {}", said("XDG_CURRENT_DESKTOP"), said("XDG_SESSION_TYPE"))),
        ("webview", webview),
    ]
}

/// As the distribution calls itself (os-release(5)).
fn system() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned())
}

fn counted(transfers: &[Snapshot]) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    transfers.iter().for_each(|transfer| *counted.entry(transfer.state.word()).or_default() += 1);
    counted
}

fn settings(app: &App) -> Vec<(&'static str, String)> {
    let (chosen, current) = (app.settings.chosen(), app.vaults.current());
    let limit = chosen.limit.map_or_else(|| "none".to_owned(), |rate| format!("{} bytes a second", rate.get()));
    let free = current.vault.as_ref().ok().and_then(|vault| vault.free_bytes().ok());
    let vault = free.map_or_else(|| "not open".to_owned(), |free| format!("{} MB free", free / 1_000_000));
    vec![
        ("limit", limit),
        ("parallel", chosen.parallel.count().to_string()),
        ("theme", format!("{:?}", chosen.theme).to_lowercase()),
        ("keep awake", chosen.keep_awake.to_string()),
        ("vault", if chosen.vault.is_some() { format!("chosen, {vault}") } else { format!("usual, {vault}") }),
    ]
}

fn written(facts: &Facts) -> String {
    let mut text = String::new();
    let mut put = |name: &str, value: &dyn std::fmt::Display| {
        // A string takes everything.
        let _ = writeln!(text, "{name}: {value}");
    };
    facts.machine.iter().chain(&facts.settings).for_each(|(name, value)| put(name, value));
    facts.transfers.iter().for_each(|(state, count)| put(&format!("transfers {state}"), count));
    format!("{text}\nThe last lines of the log:\n{}\n", facts.log.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_what_there_is_a_line_each() {
        let facts = Facts {
            machine: vec![("Pawl", "0.1.0".to_owned())],
            transfers: BTreeMap::from([("done", 3)]),
            settings: vec![("limit", "none".to_owned())],
            log: vec!["first".to_owned(), "second".to_owned()],
        };
        let expected = "Pawl: 0.1.0\nlimit: none\ntransfers done: 3\n\nThe last lines of the log:\nfirst\nsecond\n";
        assert_eq!(written(&facts), expected, "a person reads it before they send it");
    }

    #[test]
    fn the_machine_is_known_by_its_names() {
        let machine = machine();
        assert!(machine.iter().all(|(_, value)| !value.is_empty()), "nothing is left blank: {machine:?}");
    }
}
