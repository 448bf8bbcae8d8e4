//! The whole journey in the real app: add two films, watch them arrive, verify, play, seek. `make demo` runs it in a
//! virtual display. Each step is a sentence on the terminal; pictures of the window are left in `target/demo`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use support::films::{blake3, bunny};
use support::window::{Launch, Scene, Window, pictures, scene, timed};

const SECONDS: u32 = 60;
const FILM: &str = "sixty seconds.mp4";
const BUNNY: &str = "bigbuckbunny.mp4";

fn main() -> Result<()> {
    let pictures = pictures("demo")?;
    scene("demo", async |scene| {
        let demo = Demo { scene, pictures: pictures.clone(), begun: Instant::now() };
        demo.first_start().await?;
        demo.upload().await?;
        demo.verify()?;
        demo.play().await?;
        demo.in_the_dark().await
    })?;
    println!("The pictures are in {}.", pictures.display());
    Ok(())
}

struct Demo<'a> {
    scene: &'a Scene,
    pictures: PathBuf,
    begun: Instant,
}

impl Demo<'_> {
    async fn first_start(&self) -> Result<()> {
        timed(&self.film(), SECONDS)?;
        let window = self.scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;
        self.picture(&window, "1-empty").await?;
        self.say("The window opens and says where films go.");
        window.limit(Some(6)).await?;
        self.say("The speed limit is set to 6 MB/s.");
        window.quit().await
    }

    async fn upload(&self) -> Result<()> {
        let window = self.scene.open(&[&self.film(), &bunny()]).await?;
        window.until_row(FILM, &["uploading", "limited"]).await?;
        window.open_details(FILM).await?;
        self.say("Two films are added; the limit of the last start still holds.");
        let map = window.until_map(FILM, "some safe", |map| map.acked >= 2 && map.acked < map.chunks).await?;
        self.picture(&window, "2-uploading").await?;
        self.say(&format!("{} of {} chunks of the first are safe.", map.acked, map.chunks));
        window.resize(900, 600).await?;
        self.picture(&window, "3-small").await?;
        window.kill().await?;
        self.say("The app is killed in the middle (kill -9).");

        let window = self.scene.open(&[]).await?;
        window.open_details(FILM).await?;
        let again = window.until_map(FILM, "where it was", |again| again.acked >= map.acked).await?;
        self.say(&format!("Started again, it goes on with {} chunks safe; the limit is lifted.", again.acked));
        window.limit(None).await?;
        for film in [FILM, BUNNY] {
            window.until_row(film, &["done"]).await?;
        }
        window.until_map(FILM, "all safe", |map| map.acked == map.chunks).await?;
        self.picture(&window, "4-done").await?;
        self.say("Both films are done and verified.");
        window.quit().await
    }

    fn verify(&self) -> Result<()> {
        for (source, name) in [(self.film(), FILM), (bunny(), BUNNY)] {
            let (sent, kept) = (blake3(&source)?, blake3(&self.scene.vault().join(name))?);
            ensure!(sent == kept, "{name} in the vault is not what was sent");
            self.say(&format!("{name} in the vault has the hash of its source, {}….", &kept[..16]));
        }
        Ok(())
    }

    async fn play(&self) -> Result<()> {
        let window = self.scene.open(&[]).await?;
        window.press("[data-testid=place-library]").await?;
        window.find("[data-testid=library-item]").await?;
        self.picture(&window, "5-library").await?;
        window.press("[data-testid=place-transfers]").await?;
        window.act(BUNNY, "play").await?;
        window.until_playing("the film moving", |playing| playing.width > 0 && playing.frames > 10).await?;
        self.picture(&window, "6-playing").await?;
        self.say("The film plays.");
        window.key("k").await?;
        window.key("8").await?;
        let there = window.until_playing("the sought frame", |playing| {
            let goal = playing.duration * 0.8;
            !playing.seeking && playing.frame.is_some_and(|frame| (frame - goal).abs() < 0.5)
        });
        let there = there.await?;
        self.picture(&window, "7-sought").await?;
        self.say(&format!("A seek shows the frame of second {:.1} of {:.1}.", there.at, there.duration));
        window.quit().await
    }

    async fn in_the_dark(&self) -> Result<()> {
        let dark = |state: &Path| Launch::on(state).variable("GTK_THEME", "Adwaita:dark");
        let window = self.scene.launch(dark(&self.scene.state())).await?;
        window.until_row(FILM, &["done"]).await?;
        window.open_details(FILM).await?;
        window.until_map(FILM, "all safe", |map| map.acked == map.chunks).await?;
        self.picture(&window, "8-done-dark").await?;
        window.quit().await?;
        let window = self.scene.launch(dark(&self.scene.path("empty"))).await?;
        window.find("[data-testid=welcome]").await?;
        self.picture(&window, "9-empty-dark").await?;
        self.say("On a dark desktop the window is dark.");
        Ok(())
    }

    fn film(&self) -> PathBuf {
        self.scene.path(FILM)
    }

    async fn picture(&self, window: &Window, name: &str) -> Result<()> {
        window.picture(&self.pictures.join(format!("{name}.png"))).await
    }

    fn say(&self, sentence: &str) {
        println!("{:6.1} s  {sentence}", self.begun.elapsed().as_secs_f64());
    }
}
