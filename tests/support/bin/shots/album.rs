//! Looks of the window, and the folder that keeps a picture of each.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use serde_json::json;
use support::window::{Window, pictures, until};

/// How large a window is, in pixels, and what it wears.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    size: (u32, u32),
    theme: &'static str,
}

const SMALL: (u32, u32) = (900, 600);
const LARGE: (u32, u32) = (1440, 900);
const VAST: (u32, u32) = (3840, 2160);

/// The looks of every screen. Neighbours differ in one thing, so that one thing is changed at a time.
const USUAL: [Look; 4] =
    [Look::of(SMALL, "light"), Look::of(SMALL, "dark"), Look::of(LARGE, "dark"), Look::of(LARGE, "light")];
/// A window over a whole 4K screen.
const WHOLE_SCREEN: [Look; 2] = [Look::of(VAST, "light"), Look::of(VAST, "dark")];
/// For what differs by neither size nor theme.
const ONE: [Look; 1] = [Look::of(LARGE, "light")];

impl Look {
    const fn of(size: (u32, u32), theme: &'static str) -> Self {
        Self { size, theme }
    }

    /// Puts it on the window, where it is not on already.
    async fn put_on(self, window: &Window) -> Result<()> {
        window.resize(self.size.0, self.size.1).await?;
        let wear = "if (document.documentElement.dataset.theme === arguments[0]) return;
            return window.__TAURI_INTERNALS__.invoke('change_setting', { change: { is: 'theme', theme: arguments[0] } })";
        window.script(wear, &[json!(self.theme)]).await?;
        let worn = "return document.documentElement.dataset.theme === arguments[0]";
        let is = async || Ok((window.script(worn, &[json!(self.theme)]).await? == json!(true)).then_some(()));
        until(&format!("a window that is {}", self.theme), is).await?;
        window.settled().await
    }

    fn name(self) -> String {
        format!("{}x{}-{}", self.size.0, self.size.1, self.theme)
    }
}

/// The pictures.
#[derive(Debug)]
pub(crate) struct Album {
    folder: PathBuf,
    begun: Instant,
    taken: Cell<u32>,
}

impl Album {
    /// An empty one: what an earlier run left would pass for a picture of this one.
    pub(crate) fn emptied() -> Result<Self> {
        fs::remove_dir_all(pictures("shots")?)?;
        Ok(Self { folder: pictures("shots")?, begun: Instant::now(), taken: Cell::new(0) })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn taken(&self) -> u32 {
        self.taken.get()
    }

    /// The screen as it is, in every usual look.
    pub(crate) async fn take(&self, window: &Window, name: &str) -> Result<()> {
        self.take_in(window, name, &USUAL).await
    }

    /// The same, and over a whole 4K screen.
    pub(crate) async fn take_vast(&self, window: &Window, name: &str) -> Result<()> {
        self.take_in(window, name, &USUAL).await?;
        self.take_in(window, name, &WHOLE_SCREEN).await
    }

    /// The screen once, large and light.
    pub(crate) async fn take_one(&self, window: &Window, name: &str) -> Result<()> {
        self.take_in(window, name, &ONE).await
    }

    async fn take_in(&self, window: &Window, name: &str, looks: &[Look]) -> Result<()> {
        for look in looks {
            look.put_on(window).await?;
            window.picture(&self.folder.join(format!("{name}-{}.png", look.name()))).await?;
            self.taken.set(self.taken.get() + 1);
        }
        self.say(name);
        Ok(())
    }

    pub(crate) fn say(&self, sentence: &str) {
        println!("{:6.1} s  {sentence}", self.begun.elapsed().as_secs_f64());
    }
}
