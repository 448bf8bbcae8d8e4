//! Links to films, and breaks that a server asks for.

use std::fs;

use anyhow::{Context, Result, ensure};
use support::films::blake3;
use support::http::client;
use support::window::{Copied, scene};

use super::super::film;
use super::{Far, far, send, studio};

#[test]
fn a_copied_link_shows_the_film_to_whoever_has_it_and_an_altered_one_shows_nothing() -> Result<()> {
    scene("copied-link", async |scene| {
        let far = far(scene, &[])?;
        let window = studio(scene, &far).await?;
        let Far { token, server, .. } = far;
        let film = film(scene, "harbour.mov", 2)?;
        send(scene, &window, Some("Studio"), &film).await?;
        window.until_row("harbour.mov", &["done"]).await?;
        window.act("harbour.mov", "copy-link").await?;
        window.says("[data-testid=toast]", "harbour.mov is on the clipboard").await?;
        let link = Copied::text(scene)?;
        assert!(link.starts_with(&server.url()), "it leads to the server: {link}");
        assert!(!link.contains(&token), "it gives no token away");
        let shown = client().get(&link).send().await?.error_for_status()?.bytes().await?;
        assert!(shown == fs::read(&film)?, "without a token one has the very film");

        let (base, query) = link.split_once('?').context("a signature")?;
        let until = query.split('&').find_map(|part| part.strip_prefix("e=")).context("a time")?;
        let later = link.replace(until, &(until.parse::<i64>()? + 86400).to_string());
        for (altered, what) in [(later.as_str(), "a day longer"), (base, "no signature")] {
            let answer = client().get(altered).send().await?;
            ensure!(answer.status() == 403, "{what}: {}", answer.status());
        }
        Ok(())
    })
}

#[test]
fn a_server_that_asks_for_breaks_is_given_them_in_sight_and_gets_the_film() -> Result<()> {
    scene("breaks", async |scene| {
        let far = far(scene, &["--max-requests", "1"])?;
        let window = studio(scene, &far).await?;
        let Far { vault, .. } = far;
        let film = film(scene, "harbour.mov", 6)?;
        send(scene, &window, Some("Studio"), &film).await?;
        let row = window.until_row("harbour.mov", &["throttled"]).await?;
        assert!(row.text.contains("asked for a break until"), "it is said whose wish it is, and for how long: {row:?}");
        assert!(!row.text.contains("failed"), "a break is no failure: {row:?}");
        window.until_row("harbour.mov", &["done"]).await?;
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&film)?, "the server has the very bytes");
        Ok(())
    })
}
