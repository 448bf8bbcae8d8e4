//! The player: a film that plays, what is inside it, its keys, and one that cannot be shown.

use anyhow::Result;
use support::window::Window;

use super::album::Album;
use super::places::FOREIGN;

const FILM: &str = "bigbuckbunny.mp4";

/// Begins in the library and comes back to the list.
pub(crate) async fn story(window: &Window, album: &Album) -> Result<()> {
    window.press("[data-testid=place-transfers]").await?;
    window.act(FILM, "play").await?;
    window.until_playing("the film moving", |playing| playing.width > 0 && playing.frames > 5).await?;
    window.key("k").await?;
    window.key("5").await?;
    window.until_playing("its middle", |playing| playing.paused && !playing.seeking).await?;
    album.take(window, "player").await?;
    for (key, name) in [("i", "player-facts"), ("?", "player-keys")] {
        window.key(key).await?;
        window.find("[data-testid=player] section.panel").await?;
        album.take(window, name).await?;
        window.key(key).await?;
    }
    window.press("[data-testid=close-player]").await?;
    window.act(FOREIGN, "play").await?;
    window.find("[data-testid=player-trouble]").await?;
    album.take(window, "player-trouble").await?;
    window.press("[data-testid=close-player]").await
}
