//! A film whose every frame says its time by its brightness, so that a picture of the window tells what is shown.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Makes one of `seconds`, about 30 megabytes in a minute, its index in front. In the middle stands a grey square that
/// brightens from black to white; around it noise, which makes the bytes many.
pub fn timed(path: &Path, seconds: u32) -> Result<()> {
    let noise = format!("testsrc2=size=640x360:rate=15:duration={seconds},noise=alls=60:allf=t");
    let grey = format!("color=black:size=16x16:rate=15:duration={seconds}");
    let graph = format!("[1]geq=lum='16+219*T/{seconds}':cb=128:cr=128,scale=240:240[grey];[0][grey]overlay=200:60");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &noise, "-f", "lavfi", "-i", &grey]);
    ffmpeg.args(["-filter_complex", &graph, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]);
    ffmpeg.args(["-g", "15", "-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "4M"]);
    let ended = ffmpeg.args(["-movflags", "+faststart"]).arg(path).status();
    let ended = ended.context("cannot start ffmpeg, which .ci/setup run installs")?;
    ensure!(ended.success(), "ffmpeg made no film: {ended}");
    Ok(())
}

/// Makes one of `seconds` at 15 frames a second whose frames count from 0 to 9 by their brightness, again and again:
/// each is a tenth brighter than the one before it, and no two neighbours look alike.
pub fn counted(path: &Path, seconds: u32) -> Result<()> {
    let grey = format!("color=black:size=640x360:rate=15:duration={seconds}");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &grey]);
    ffmpeg.args(["-vf", "geq=lum='16+21.9*mod(N,10)':cb=128:cr=128", "-c:v", "libx264", "-preset", "ultrafast"]);
    ffmpeg.args(["-pix_fmt", "yuv420p", "-g", "15", "-movflags", "+faststart"]);
    let ended = ffmpeg.arg(path).status().context("cannot start ffmpeg, which .ci/setup run installs")?;
    ensure!(ended.success(), "ffmpeg made no film: {ended}");
    Ok(())
}

/// How many pixels a picture has, across and down.
pub fn pixels(picture: &Path) -> Result<(u32, u32)> {
    let mut identify = Command::new("identify");
    let said = identify.args(["-format", "%w %h"]).arg(picture).output();
    let said = said.context("cannot start identify (ImageMagick), which .ci/setup run installs")?;
    let text = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    let (width, height) = text.split_once(' ').with_context(|| format!("identify said {text:?}"))?;
    Ok((width.parse()?, height.parse()?))
}

/// How bright a pixel of a picture is, from 0 (black) to 1 (white).
pub fn brightness(picture: &Path, x: u64, y: u64) -> Result<f64> {
    let mut convert = Command::new("convert");
    convert.arg(picture).args(["-crop", &format!("1x1+{x}+{y}"), "-format", "%[fx:intensity]", "info:"]);
    let said = convert.output().context("cannot start convert (ImageMagick), which .ci/setup run installs")?;
    let text = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    text.parse().with_context(|| format!("convert said {text:?}"))
}
