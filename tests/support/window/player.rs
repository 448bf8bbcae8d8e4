//! The player: what plays, which frame is on the screen, what the app served for it.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use super::desktop::Desktop;
use super::page::testid;
use super::{Window, until};

/// What the video element says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Playing {
    /// Where it is, in seconds.
    pub at: f64,
    /// How long the film is, in seconds.
    pub duration: f64,
    /// How wide a decoded frame is, in pixels; zero before there is one.
    pub width: u32,
    /// The time of the frame that was shown last, in seconds; none before there was one.
    pub frame: Option<f64>,
    /// How many frames were shown since the test looks.
    pub frames: u64,
    /// Whether it stands still.
    pub paused: bool,
    /// Whether it is on its way to another place.
    pub seeking: bool,
}

/// One answer of the app's own server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// 200 or 206.
    pub status: u16,
    /// The first byte.
    pub start: u64,
    /// The byte after the last.
    pub end: u64,
}

impl Window {
    /// What plays; none when there is no video element. From the first look on, the frames are counted.
    pub async fn playing(&self) -> Result<Option<Playing>> {
        let script = "
            const video = document.querySelector(arguments[0]);
            if (!video || !Number.isFinite(video.duration)) return null;
            const seen = (video.pawlSeen ??= { frame: null, frames: 0, watched: false });
            const watch = () => video.requestVideoFrameCallback((_, { mediaTime }) => {
                seen.frame = mediaTime;
                seen.frames += 1;
                watch();
            });
            if (!seen.watched) watch();
            seen.watched = true;
            const { currentTime: at, duration, videoWidth: width, paused, seeking } = video;
            return { at, duration, width, paused, seeking, frame: seen.frame, frames: seen.frames }";
        let video = self.script(script, &[json!(format!("{} video", testid("player")))]).await?;
        Ok(serde_json::from_value(video)?)
    }

    /// Waits until the player is like that.
    pub async fn until_playing(&self, what: &str, is: impl Fn(&Playing) -> bool) -> Result<Playing> {
        match until(what, async || Ok(self.playing().await?.filter(|playing| is(playing)))).await {
            Ok(playing) => Ok(playing),
            Err(error) => Err(error.context(format!("the player is {:?}", self.playing().await?))),
        }
    }

    /// Presses a key in the player.
    pub async fn key(&self, key: &str) -> Result<()> {
        self.write(&testid("player"), key).await
    }

    /// From now on, notes the time of every frame that the player shows.
    pub async fn note_frames(&self) -> Result<()> {
        let script = "
            const video = document.querySelector(arguments[0]);
            const noted = (video.pawlNoted = []);
            const note = () => video.requestVideoFrameCallback((_, { mediaTime }) => {
                noted.push(mediaTime);
                note();
            });
            note()";
        self.script(script, &[json!(format!("{} video", testid("player")))]).await.map(drop)
    }

    /// The times of the frames that were shown since [`Window::note_frames`], in seconds, in order.
    pub async fn noted_frames(&self) -> Result<Vec<f64>> {
        let script = "return document.querySelector(arguments[0]).pawlNoted";
        let noted = self.script(script, &[json!(format!("{} video", testid("player")))]).await?;
        Ok(serde_json::from_value(noted)?)
    }

    /// How bright the middle of the shown frame is on the screen. WebDriver's pictures are painted anew for it, and are
    /// empty now and then where a film stands still that a person does see.
    pub async fn middle_of_frame(&self) -> Result<f64> {
        let (x, y) = self.middle_of(&format!("{} video", testid("player"))).await?;
        Desktop::connect()?.brightness(x, y)
    }

    /// Every answer that the app's server gave so far, from its log.
    pub fn served(&self) -> Result<Vec<Served>> {
        self.output()?.lines().filter(|line| line.contains(" answered status=")).map(served).collect()
    }
}

fn served(line: &str) -> Result<Served> {
    let figure = |name: &str| {
        let value = line.split(&format!(" {name}=")).nth(1)?;
        value.split(' ').next()?.parse::<u64>().ok()
    };
    let all = || Some(Served { status: figure("status")? as u16, start: figure("start")?, end: figure("end")? });
    all().with_context(|| format!("no answer is told by {line:?}"))
}
