//! From a jump to its very frame on the screen: the player beside mpv, on the same places of the same film.
//!
//! Ours is told as its time bar tells it (`currentTime`), and a jump has ended when the webview tells that the frame of
//! that time is shown (`requestVideoFrameCallback`); another frame in between does not count. mpv's has ended when it
//! says so (`playback-restart`). The film stands still meanwhile, as while somebody looks for a place.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use support::films::full_hd;
use support::window::{Launch, Window, scene};

use crate::display;
use crate::figures::{Goal, median, percentile};
use crate::mpv::Mpv;

const SECONDS: u32 = 60;
const FRAMES_A_SECOND: u32 = 30;
const SEEKS: usize = 50;

/// A camera's film has a key frame a second; x264 left alone puts up to 250 frames between two, all of which a decoder
/// may have to go through.
pub(crate) fn against_mpv(folder: &Path) -> Result<()> {
    if !display() {
        return Ok(());
    }
    seeks(folder, FRAMES_A_SECOND, "a camera's, a key frame every 30 frames", Some(Goal::AtMost(150.0)))?;
    seeks(folder, 250, "x264's usual, up to 250 frames between key frames", None)
}

fn seeks(folder: &Path, between_keys: u32, film: &str, goal: Option<Goal>) -> Result<()> {
    println!("  {SEEKS} jumps in 1080p H.264, {SECONDS} s, 8 Mbit/s; {film}");
    let path = folder.join(format!("film-{between_keys}.mp4"));
    full_hd(&path, SECONDS, between_keys)?;
    let frames = places();
    let ours = in_pawl(&path, &frames)?;
    let judged = goal.map_or_else(String::new, |goal| format!("; {}", goal.judge(percentile(&ours, 0.95))));
    println!("    pawl {}{judged}", told(&ours));
    match in_mpv(&path, folder, &frames)? {
        Some(theirs) => {
            println!("    mpv  {}; ratio of the medians {:.2}", told(&theirs), median(&ours) / median(&theirs))
        }
        None => println!("    mpv is not there (.ci/setup bench installs it)"),
    }
    Ok(())
}

fn told(milliseconds: &[f64]) -> String {
    let (middle, late) = (median(milliseconds), percentile(milliseconds, 0.95));
    format!("p50 {middle:.0} ms, p95 {late:.0} ms, at most {:.0} ms", percentile(milliseconds, 1.0))
}

/// The frames to jump to, the same ones every time.
fn places() -> Vec<u32> {
    let mut random = StdRng::seed_from_u64(7);
    (0..SEEKS).map(|_| random.random_range(0..SECONDS * FRAMES_A_SECOND)).collect()
}

fn in_pawl(film: &Path, frames: &[u32]) -> Result<Vec<f64>> {
    let mut taken = Vec::new();
    scene("bench-seeks", async |scene| {
        let window = scene.launch(Launch::on(&scene.state()).opening([film])).await?;
        window.until_playing("a first frame", |playing| playing.frames > 3).await?;
        window.key("k").await?;
        window.until_playing("standing still", |playing| playing.paused).await?;
        // The first jump finds decoder and server cold, and counts for nothing; so does mpv's.
        jump(&window, FRAMES_A_SECOND).await?;
        for frame in frames {
            taken.push(jump(&window, *frame).await?);
        }
        window.quit().await
    })?;
    Ok(taken)
}

/// Milliseconds.
async fn jump(window: &Window, frame: u32) -> Result<f64> {
    let script = "const [frame, rate, done] = arguments;
        const video = document.querySelector('[data-testid=player] video');
        const look = () => video.requestVideoFrameCallback((_, { mediaTime }) => {
            // After a jump it is the place in the frame, not the frame's beginning.
            if (Math.floor(mediaTime * rate + 0.01) === frame) done(performance.now() - begun);
            else look();
        });
        setTimeout(done, 10000, null);
        look();
        const begun = performance.now();
        video.currentTime = (frame + 0.5) / rate";
    let taken = window.script_async(script, &[json!(frame), json!(FRAMES_A_SECOND)]).await?;
    let taken = taken.as_f64().with_context(|| format!("frame {frame} was not shown within 10 s"))?;
    ensure!(taken > 0.0, "frame {frame} was there already");
    Ok(taken)
}

fn in_mpv(film: &Path, folder: &Path, frames: &[u32]) -> Result<Option<Vec<f64>>> {
    let Some(mut mpv) = Mpv::open(film, folder)? else { return Ok(None) };
    let seconds = frames.iter().map(|frame| (f64::from(*frame) + 0.5) / f64::from(FRAMES_A_SECOND));
    seconds.map(|second| mpv.seek(second)).collect::<Result<Vec<_>>>().map(Some)
}
