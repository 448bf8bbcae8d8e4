//! What the page's own benches (`ui/bench`) measure in WebKit, in the app's own webview: main-thread time of frames.
//!
//! The page on its fake backend is served on loopback and opened in a running Pawl, so that the webview is set up as
//! ours is. `npm run bench` measures the same in Chromium. The page's clock also counts while its thread waits for a
//! processor, which without a graphics card imitates one; what the thread itself worked is the kernel's figure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use support::window::{Window, scene};

use crate::display;
use crate::figures::Goal;
use crate::nginx::Nginx;

/// The longest that a page may take.
const LONGEST: Duration = Duration::from_secs(180);
/// Between two looks: each is work for the page.
const LOOK: Duration = Duration::from_millis(200);

/// Milliseconds.
#[derive(Debug, Deserialize)]
struct Figures {
    median: f64,
    p95: f64,
    max: f64,
}

#[derive(Debug, Deserialize)]
struct Measured {
    frames: f64,
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
    parts: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Screen {
    width: u32,
    height: u32,
    fine: bool,
}

/// By part: what the page's main thread worked.
type Worked = BTreeMap<String, Duration>;

/// A map of 25,600 chunks with 30 changes a frame, and a list of 10,000 rows.
pub(crate) fn of_map_and_list(folder: &Path) -> Result<()> {
    if !display() {
        return Ok(());
    }
    let nginx = Nginx::start(&built()?, folder)?;
    for bench in ["map", "list"] {
        let (told, worked) = measured(&format!("{}/index.html?bench={bench}", nginx.url))?;
        let Screen { width, height, fine } = told.screen;
        let clock = if fine { "" } else { ", by a clock of whole milliseconds" };
        println!("  {bench} at {width} × {height}, milliseconds of the main thread{clock}");
        if let Some(first) = told.first {
            println!("    the first list: script {first:.0}");
        }
        for (part, value) in told.parts.iter().filter(|(_, value)| value.get("script").is_some()) {
            report(part, &serde_json::from_value(value.clone())?, worked.get(part).copied().unwrap_or_default());
        }
    }
    Ok(())
}

fn report(part: &str, measured: &Measured, worked: Duration) {
    let line = |Figures { median, p95, max }: &Figures| format!("median {median:.1}, p95 {p95:.1}, at most {max:.1}");
    let goal = Goal::AtMost(4.0).judge(measured.script.median);
    let goal = if part == "changes" { format!("; {goal}") } else { String::new() };
    let own = worked.as_secs_f64() * 1000.0 / measured.frames;
    println!("    {part}: script {}{goal}", line(&measured.script));
    println!("      whole frame {}; {}", line(&measured.frame), Goal::AtMost(16.0).judge(measured.frame.max));
    println!("      of which the thread worked {own:.1} a frame");
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
fn measured(address: &str) -> Result<(Told, Worked)> {
    let mut told = None;
    scene("bench-frames", async |scene| {
        let window = scene.open(&[]).await?;
        window.visit(address).await?;
        told = Some(watched(&window).await?);
        window.terminate()?;
        window.until_gone().await
    })?;
    told.context("a page that was measured")
}

/// Looks on until the page has measured. It rests before and after each part, so that a look need not be in time.
async fn watched(window: &Window) -> Result<(Told, Worked)> {
    let script = "const { part, bench } = document.documentElement.dataset; return [part ?? null, bench ?? null]";
    let (mut all, mut running, end) = (Worked::new(), None::<(String, Duration)>, Instant::now() + LONGEST);
    while Instant::now() < end {
        let said = window.script(script, &[]).await?;
        let (part, bench): (Option<String>, Option<String>) = serde_json::from_value(said)?;
        let worked = window.page_worked()?;
        if running.as_ref().map(|(name, _)| name) != part.as_ref() {
            let ended = std::mem::replace(&mut running, part.map(|part| (part, worked)));
            all.extend(ended.map(|(name, since)| (name, worked.saturating_sub(since))));
        }
        if let Some(json) = bench {
            return Ok((serde_json::from_str(&json)?, all));
        }
        tokio::time::sleep(LOOK).await;
    }
    bail!("the page did not end within {LONGEST:?}")
}
