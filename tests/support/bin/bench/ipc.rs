//! How many messages cross between page and program while four films are under way, as many at once as the engine sends.
//!
//! Counted in the page, at the two narrow places that every message passes in Tauri: what the page asks is a `fetch` of
//! `ipc:`, whatever asks it; what the program tells runs a callback, which is looked up by its number in one map. An
//! answer runs a callback too and is told apart by the number that its question named: it is part of the asking, and no
//! message of its own. Nothing of the app is built otherwise for it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use support::films::noise;
use support::window::{Scene, Window, scene};

use crate::display;
use crate::figures::Goal;

const FILMS: u64 = 4;
const FILM: u64 = 112 << 20;
/// In megabytes a second: the first films last longer than both counts.
const LIMIT: u32 = 5;
const WATCHED: Duration = Duration::from_secs(20);

/// What crossed since the count began.
#[derive(Debug, Deserialize)]
struct Crossed {
    seconds: f64,
    /// By the page, and by the program.
    asked: f64,
    told: f64,
    answered: f64,
    /// What was asked, by its name.
    names: Value,
}

/// The list alone, and with a row open, whose map is asked for again and again.
pub(crate) fn while_uploading(_: &Path) -> Result<()> {
    if !display() {
        return Ok(());
    }
    scene("bench-ipc", async |scene| {
        let films = films(scene)?;
        let first = scene.open(&[]).await?;
        first.limit(Some(LIMIT)).await?;
        first.quit().await?;
        let window = scene.open(&films.iter().map(PathBuf::as_path).collect::<Vec<_>>()).await?;
        window.until_row("film-0.mov", &["uploading"]).await?;
        report("four films under way", &counted(&window).await?, Some(Goal::AtMost(10.0)));
        window.open_details("film-0.mov").await?;
        report("and the map of one of them is open", &counted(&window).await?, None);
        window.quit().await
    })
}

fn report(what: &str, crossed: &Crossed, goal: Option<Goal>) {
    let rate = (crossed.asked + crossed.told) / crossed.seconds;
    let (told, asked) = (crossed.told / crossed.seconds, crossed.asked / crossed.seconds);
    let judged = goal.map_or_else(String::new, |goal| format!("; {}", goal.judge(rate)));
    println!("  {what}: {rate:.1} messages/s, {told:.1} told and {asked:.1} asked{judged}");
    println!("    in {:.0} s; {} answers; asked were {}", crossed.seconds, crossed.answered, crossed.names);
}

fn films(scene: &Scene) -> Result<Vec<PathBuf>> {
    (0..FILMS)
        .map(|number| {
            let film = scene.path(format!("film-{number}.mov"));
            noise(&film, number, FILM)?;
            Ok(film)
        })
        .collect()
}

/// Counts for a while.
async fn counted(window: &Window) -> Result<Crossed> {
    window.script(COUNTING, &[]).await?;
    tokio::time::sleep(WATCHED).await;
    let crossed: Crossed = serde_json::from_value(window.script("return window.pawlCrossed.end()", &[]).await?)?;
    ensure!(crossed.told > 0.0, "films that travel are told of: {crossed:?}");
    Ok(crossed)
}

const COUNTING: &str = "
    const { callbacks } = window.__TAURI_INTERNALS__;
    const [fetched, begun, answers] = [window.fetch, performance.now(), new Set()];
    const crossed = { asked: 0, told: 0, answered: 0, names: {} };
    window.fetch = (address, order) => {
        if (String(address).startsWith('ipc:')) {
            const name = String(address).split('/').at(-1);
            crossed.asked += 1;
            crossed.names[name] = (crossed.names[name] ?? 0) + 1;
            for (const header of ['Tauri-Callback', 'Tauri-Error']) answers.add(Number(order.headers.get(header)));
        }
        return fetched(address, order);
    };
    callbacks.get = (number) => {
        crossed[answers.has(number) ? 'answered' : 'told'] += 1;
        return Map.prototype.get.call(callbacks, number);
    };
    window.pawlCrossed = { end() {
        window.fetch = fetched;
        delete callbacks.get;
        return { ...crossed, seconds: (performance.now() - begun) / 1000 };
    } }";
