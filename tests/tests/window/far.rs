//! A film whose file is gone from this computer, played from the server that has it.

use std::fs;

use anyhow::{Context, Result, ensure};
use support::http::client;
use support::pawl_server::PawlServer;
use support::window::{scene, timed};

const SECONDS: u32 = 300;
/// The server as the window's one destination; it stands open on loopback.
const BOOK: &str = "default = \"there\"\n[[destination]]\nid = \"there\"\nname = \"There\"\n";

#[test]
fn a_film_that_is_on_the_server_alone_plays_and_only_what_is_shown_travels() -> Result<()> {
    scene("far", async |scene| {
        let server = PawlServer::start(&scene.path("server"), &["--no-auth"])?;
        fs::create_dir_all(scene.state())?;
        let place = format!("{BOOK}place = {{ kind = \"server\", url = \"{}\" }}\n", server.url());
        fs::write(scene.state().join("destinations.toml"), place)?;
        let film = scene.path("timed.mp4");
        timed(&film, SECONDS)?;
        let size = fs::metadata(&film)?.len();
        let window = scene.open(&[&film]).await?;
        window.until_row("timed.mp4", &["done"]).await?;
        ensure!(fs::metadata(scene.path("server/timed.mp4"))?.len() == size, "it is on the server, whole");
        fs::remove_file(&film)?;

        window.act("timed.mp4", "play").await?;
        window.until_playing("a first frame", |playing| playing.width > 0 && playing.frames > 0).await?;
        window.key("k").await?;
        window.until_playing("standing still", |playing| playing.paused).await?;
        window.key("8").await?;
        let there = f64::from(SECONDS) * 0.8;
        let shown = |frame: f64| (frame - there).abs() < 0.2;
        window
            .until_playing("the sought frame", |playing| !playing.seeking && playing.frame.is_some_and(shown))
            .await?;
        // The webview reads ahead as fast as it is given; what lies between the two places it must not need.
        let travelled = served(&server).await?;
        ensure!(travelled < size * 3 / 4, "of {size} bytes {travelled} travelled to show two places of them");

        window.press("[data-testid=close-player]").await?;
        window.press("[data-testid=place-settings]").await?;
        let told = window.says("[data-testid=setting-near]", "travelled").await?;
        ensure!(!told.contains("and 0 travelled"), "the figures are the cache's: {told}");
        window.press("[data-testid=clear-near]").await?;
        window.says("[data-testid=told-near]", "Nothing is kept here now").await?;
        Ok(())
    })
}

/// Bytes of films that the server gave out.
async fn served(server: &PawlServer) -> Result<u64> {
    let metrics = client().get(format!("{}/metrics", server.url())).send().await?.text().await?;
    let sent = metrics.lines().filter(|line| line.contains("sent_bytes_total"));
    let bytes = sent.map(|line| line.rsplit(' ').next().context("a figure")?.parse::<u64>().context("a whole one"));
    bytes.sum()
}
