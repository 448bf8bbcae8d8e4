//! What does not work is said in the test of the connection, a plain sentence each; and what waits for a token goes on
//! once it has one.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use anyhow::{Context, Result};
use support::films::blake3;
use support::garage::Garage;
use support::pawl_server::{PawlServer, certificate, token};
use support::window::scene;

use super::super::film;
use super::{Far, at_destinations, edit, far, fill, paste, save, send, tested};

#[test]
fn a_token_that_nobody_gave_out_is_told_and_what_waits_goes_on_once_it_is_replaced() -> Result<()> {
    scene("wrong-token", async |scene| {
        let Far { vault, token, server } = far(scene, &[])?;
        let window = at_destinations(scene).await?;
        paste(&window, &server.url(), "Pawl server").await?;
        fill(&window, &[("name", "Studio"), ("token", "not-the-token")]).await?;
        let said = tested(&window, "signed_in", "no").await?;
        assert!(said.contains("token"), "it is said what is wrong: {said}");
        window.says("[data-testid=check-reachable][data-verdict=yes]", "").await?;
        window.says("[data-testid=check-can_write][data-verdict=unknown]", "Not tried").await?;
        save(&window, "Studio").await?;

        let film = film(scene, "harbour.mov", 2)?;
        send(scene, &window, Some("Studio"), &film).await?;
        let row = window.until_row("harbour.mov", &["waiting"]).await?;
        assert!(row.text.contains("Sign-in needed"), "it waits for a person, and says for what: {row:?}");

        edit(&window, "Studio").await?;
        let field = window.script("return document.querySelector('[data-testid=form-token]').value", &[]).await?;
        assert_eq!(field, "", "what was saved never comes back");
        fill(&window, &[("token", &token)]).await?;
        tested(&window, "signed_in", "yes").await?;
        save(&window, "Studio").await?;
        window.press("[data-testid=place-transfers]").await?;
        window.until_row("harbour.mov", &["done"]).await?;
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&film)?, "it went on by itself, in the same run");
        Ok(())
    })
}

#[test]
fn addresses_at_which_no_pawl_server_is_are_told_apart() -> Result<()> {
    scene("no-server", async |scene| {
        let garage = Garage::start_in(&scene.path(""))?;
        // It was free a moment ago, and nobody listens there.
        let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let window = at_destinations(scene).await?;
        paste(&window, &garage.endpoint(), "Pawl server").await?;
        let said = tested(&window, "reachable", "no").await?;
        assert!(said.contains("no Pawl server"), "somebody answers, and not who was meant: {said}");
        fill(&window, &[("url", &format!("http://{nobody}"))]).await?;
        window.until_no("[data-testid=report]").await?;
        let said = tested(&window, "reachable", "no").await?;
        assert!(said.contains("refuses connections"), "nobody answers at all: {said}");
        fill(&window, &[("url", "http://films.invalid")]).await?;
        let said = tested(&window, "reachable", "no").await?;
        assert!(said.contains("Nobody knows a computer called films.invalid"), "a name that is none: {said}");
        fill(&window, &[("url", "films")]).await?;
        window.press("[data-testid=form-test]").await?;
        window.says("[data-testid=form-url-wrong]", "This is no address").await?;
        window.until_focused("[data-testid=form-url]").await
    })
}

#[test]
fn a_certificate_of_ones_own_is_refused_until_its_authority_is_trusted() -> Result<()> {
    scene("own-certificate", async |scene| {
        let vault = scene.path("far");
        let token = token(&vault, "anna", "read,upload")?;
        let (certificate, key) = certificate(&scene.path(""))?;
        let path = |path: &Path| path.to_str().map(str::to_owned).context("a plain path");
        let options = ["--tls-certificate", &path(&certificate)?, "--tls-key", &path(&key)?];
        let server = PawlServer::start(&vault, &options)?;
        let window = at_destinations(scene).await?;
        paste(&window, &server.https(), "Pawl server").await?;
        fill(&window, &[("name", "Studio"), ("token", &token)]).await?;
        let said = tested(&window, "reachable", "no").await?;
        assert!(said.contains("certificate"), "it is said what is not trusted: {said}");

        window.press("[data-testid=form-advanced]").await?;
        fill(&window, &[("authorities", &fs::read_to_string(&certificate)?)]).await?;
        tested(&window, "can_write", "yes").await?;
        save(&window, "Studio").await?;
        let film = film(scene, "harbour.mov", 1)?;
        send(scene, &window, Some("Studio"), &film).await?;
        window.until_row("harbour.mov", &["done"]).await?;
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&film)?, "it travelled encrypted, and arrived");
        Ok(())
    })
}
