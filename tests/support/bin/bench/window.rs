//! What Pawl adds to what any window of Tauri takes: the release app beside `minimal`, built from the same lock file.
//!
//! Both are started the same way by the same driver, so that what driving costs is the same for both. First paint is the
//! webview's own mark (Paint Timing, section 4.1.1) less the start of the process; memory is PSS over the app and its
//! webview, a while after the first paint. Pawl has an empty state of its own at every start, as on its first day.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use support::programs::program;
use support::window::{Launch, Scene, Window, scene, until};

use crate::display;
use crate::figures::Goal;
use crate::pairs::Contest;

/// After the first paint, until what a start loads is loaded.
const REST: Duration = Duration::from_secs(2);
const PAIRS: usize = 9;

/// How soon something is painted, and what is held in memory.
pub(crate) fn against_the_least(_: &Path) -> Result<()> {
    if !display() {
        return Ok(());
    }
    let goal = Goal::AtMost(1.3);
    let work = "from the start of the process to the first paint";
    let contest = Contest { work, peer: "minimal", unit: "ms", pairs: PAIRS, goal };
    contest.run(|| once(pawl, first_paint), || once(minimal, first_paint))?;
    let contest = Contest { work: "memory of the app and its webview", unit: "MiB", ..contest };
    contest.run(|| once(pawl, memory), || once(minimal, memory))
}

fn pawl(scene: &Scene) -> Result<Launch> {
    Ok(Launch::on(&scene.state()))
}

fn minimal(_: &Scene) -> Result<Launch> {
    Ok(Launch::of(program("examples/minimal")?))
}

/// One start, one figure.
fn once(launch: fn(&Scene) -> Result<Launch>, figure: impl AsyncFn(&Window) -> Result<f64>) -> Result<f64> {
    let mut taken = 0.0;
    scene("bench-window", async |scene| {
        let window = scene.launch(launch(scene)?).await?;
        taken = figure(&window).await?;
        window.terminate()?;
        window.until_gone().await
    })?;
    Ok(taken)
}

/// Milliseconds.
async fn first_paint(window: &Window) -> Result<f64> {
    let script = "const [mark] = performance.getEntriesByName('first-contentful-paint');
        return mark ? performance.timeOrigin + mark.startTime : null";
    let painted = until("the first paint", async || Ok(window.script(script, &[]).await?.as_f64())).await?;
    Ok(painted - window.started()? * 1000.0)
}

/// Mebibytes.
async fn memory(window: &Window) -> Result<f64> {
    first_paint(window).await?;
    tokio::time::sleep(REST).await;
    Ok(window.memory()? as f64 / f64::from(1 << 20))
}
