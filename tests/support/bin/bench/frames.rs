//! What the page's own benches (`ui/bench`) measure in WebKit, in the app's own webview: main-thread time of frames.
//!
//! The page on its fake backend is served on loopback and opened in a running Pawl, so that the webview is set up as
//! ours is. `npm run bench` measures the same in Chromium.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use support::window::{Window, scene, until};

use crate::display;
use crate::figures::Goal;
use crate::nginx::Nginx;

/// Milliseconds.
#[derive(Debug, Deserialize)]
struct Figures {
    median: f64,
    p95: f64,
    max: f64,
}

#[derive(Debug, Deserialize)]
struct Measured {
    /// Our own work in a frame.
    script: Figures,
    /// That, and what of style, layout and painting follows it.
    frame: Figures,
}

/// As a page tells it: `ui/bench/page.ts`.
#[derive(Debug, Deserialize)]
struct Told {
    screen: Screen,
    first: Option<f64>,
    #[serde(flatten)]
    parts: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Screen {
    width: u32,
    height: u32,
    fine: bool,
}

/// A map of 25,600 chunks with 30 changes a frame, and a list of 10,000 rows.
pub(crate) fn of_map_and_list(folder: &Path) -> Result<()> {
    if !display() {
        return Ok(());
    }
    let nginx = Nginx::start(&built()?, folder)?;
    for bench in ["map", "list"] {
        let told = measured(&format!("{}/index.html?bench={bench}", nginx.url))?;
        let Screen { width, height, fine } = told.screen;
        let clock = if fine { "" } else { ", by a clock of whole milliseconds" };
        println!("  {bench} at {width} × {height}, milliseconds of the main thread{clock}");
        if let Some(first) = told.first {
            println!("    first: {first:.1}");
        }
        for (part, value) in told.parts.iter().filter(|(_, value)| value.get("script").is_some()) {
            report(part, &serde_json::from_value(value.clone())?);
        }
    }
    Ok(())
}

fn report(part: &str, measured: &Measured) {
    let line = |Figures { median, p95, max }: &Figures| format!("median {median:.1}, p95 {p95:.1}, at most {max:.1}");
    let script = if part == "changes" {
        format!("; {}", Goal::AtMost(4.0).judge(measured.script.median))
    } else {
        String::new()
    };
    println!("    {part}: script {}{script}", line(&measured.script));
    println!("      whole frame {}; {}", line(&measured.frame), Goal::AtMost(16.0).judge(measured.frame.max));
}

/// The page on its fake backend.
fn built() -> Result<PathBuf> {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui").canonicalize()?;
    let mut vite = Command::new("npm");
    vite.args(["exec", "--", "vite", "build", "--mode", "fake", "--logLevel", "warn"]).current_dir(&ui);
    let ended = vite.status().context("npm builds the page")?;
    ensure!(ended.success(), "vite ended with {ended}");
    Ok(ui.join("node_modules/.fake"))
}

/// What a page measures in a window of its own.
fn measured(address: &str) -> Result<Told> {
    let mut told = None;
    scene("bench-frames", async |scene| {
        let window = scene.open(&[]).await?;
        window.visit(address).await?;
        told = Some(result(&window).await?);
        window.terminate()?;
        window.until_gone().await
    })?;
    told.context("a page that was measured")
}

async fn result(window: &Window) -> Result<Told> {
    let script = "return document.documentElement.dataset.bench ?? null";
    let json =
        until("the page to have measured", async || Ok(window.script(script, &[]).await?.as_str().map(str::to_owned)));
    serde_json::from_str(&json.await?).context("figures of a page")
}
