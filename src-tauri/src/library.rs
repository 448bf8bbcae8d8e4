//! The films of the current vault, as the window shows them; none while it is not open.

use anyhow::Result;
use server::ports::Video;
use server::vault::Vault;
use tokio::sync::watch;
use transfer::ids::DestinationId;

use crate::app::App;
use crate::view::VideoView;

/// The most finished videos that the list shows.
const SHOWN: u32 = 10_000;

/// A vault's list, as it was when it was last looked at.
pub(crate) struct Library {
    of: DestinationId,
    open: Option<(Vault, watch::Receiver<u64>)>,
}

impl Library {
    /// That of the vault which is the current one now.
    pub(crate) fn of(app: &App) -> Self {
        let current = app.vaults.current();
        let open = current.vault.ok().map(|vault| (vault.clone(), vault.library_changed()));
        Self { of: current.id, open }
    }

    /// Returns when its list is another.
    pub(crate) async fn changed(&mut self) {
        let Some((_, version)) = &mut self.open else { return std::future::pending().await };
        if version.changed().await.is_err() {
            // A closed vault changes no more.
            std::future::pending().await
        }
    }

    /// Whether there is another list to show: another vault's, or a changed one.
    pub(crate) fn has_changed(&self, app: &App) -> bool {
        let current = app.vaults.current();
        let same = current.id == self.of && current.vault.is_ok() == self.open.is_some();
        let changed = self.open.as_ref().is_some_and(|(_, version)| version.has_changed().unwrap_or_default());
        !same || changed
    }

    /// Its films, newest first.
    pub(crate) async fn videos(&self) -> Result<Vec<VideoView>> {
        let Some((vault, _)) = &self.open else { return Ok(Vec::new()) };
        Ok(vault.library(None, SHOWN).await?.into_iter().map(view).collect())
    }
}

fn view(video: Video) -> VideoView {
    VideoView {
        id: video.object.to_string(),
        name: video.name.shown(),
        size: video.size,
        blake3: video.root.to_string(),
        created_at: video.created_at.0,
    }
}
