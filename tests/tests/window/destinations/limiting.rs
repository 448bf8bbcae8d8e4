//! What holds one destination: its own speed limit, and that it is away.

use anyhow::{Result, ensure};
use support::films::blake3;
use support::window::{Launch, scene, until};

use super::super::film;
use super::{edit, far, fill, home, save, send, studio};

#[test]
fn a_limit_holds_for_its_destination_alone_at_once_and_at_the_next_start() -> Result<()> {
    scene("destination-limit", async |scene| {
        let far = far(scene, &[])?;
        let window = studio(scene, &far).await?;
        edit(&window, "Studio").await?;
        fill(&window, &[("limit", "fast")]).await?;
        window.press("[data-testid=form-save]").await?;
        window.says("[data-testid=form-limit-wrong]", "Write a speed").await?;
        fill(&window, &[("limit", "1M")]).await?;
        save(&window, "Studio").await?;

        let (slow, quick) = (film(scene, "slow.mov", 20)?, film(scene, "quick.mov", 6)?);
        send(scene, &window, Some("Studio"), &slow).await?;
        window.until_row("slow.mov", &["limited", "uploading"]).await?;
        window.open_details("slow.mov").await?;
        window.says("[data-testid=speed-limit]", "Limit of Studio, 1 MB/s").await?;
        send(scene, &window, None, &quick).await?;
        window.until_row("quick.mov", &["done"]).await?;
        window.until_row("slow.mov", &["limited", "uploading"]).await?;
        window.quit().await?;

        let window = scene.launch(Launch::at_home(&home(scene))?).await?;
        window.until_row("slow.mov", &["limited", "uploading"]).await?;
        edit(&window, "Studio").await?;
        fill(&window, &[("limit", "900M")]).await?;
        save(&window, "Studio").await?;
        window.press("[data-testid=place-transfers]").await?;
        window.until_row("slow.mov", &["done"]).await?;
        ensure!(blake3(&far.vault.join("slow.mov"))? == blake3(&slow)?, "lifted at once, and whole");
        Ok(())
    })
}

#[test]
fn a_server_that_is_away_is_waited_for_with_a_countdown_and_retry_now_finds_it_again() -> Result<()> {
    scene("server-away", async |scene| {
        let mut far = far(scene, &[])?;
        let window = studio(scene, &far).await?;
        far.server.kill()?;
        let films = [film(scene, "first.mov", 4)?, film(scene, "second.mov", 4)?, film(scene, "third.mov", 4)?];
        for film in &films {
            send(scene, &window, Some("Studio"), film).await?;
        }
        window.says("[data-testid=\"row-first.mov\"]", "Tries again in").await?;
        window.says("[data-testid=\"row-third.mov\"]", "Its destination failed several times in a row").await?;
        // So long a rest that nobody comes before the person does.
        let script = "return /Tries again in [1-5]\\d\\s/.test(document.querySelector('[data-testid=\"row-third.mov\"]').innerText)";
        let long = async || Ok((window.script(script, &[]).await? == true).then_some(()));
        until("a long rest", long).await?;
        far.server.run()?;
        window.act("third.mov", "retry").await?;
        for film in &films {
            let name = film.file_name().unwrap_or_default().to_string_lossy();
            window.until_row(&name, &["done"]).await?;
            ensure!(blake3(&far.vault.join(&*name))? == blake3(film)?, "{name} got there whole");
        }
        Ok(())
    })
}
