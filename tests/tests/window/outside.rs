//! A network that is back, in the window: what waits for it goes on at once.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use support::fickle_link::FickleLink;
use support::pawl_server::{PawlServer, token};
use support::system_bus::{Service, SystemBus};
use support::window::{Launch, scene, until};

use super::film;
use super::knowing::{asked, told};

/// The server as the window's one destination.
const BOOK: &str = "default = \"there\"\n[[destination]]\nid = \"there\"\nname = \"There\"\nsecret = \"file\"\n";

#[test]
fn a_film_that_waits_behind_a_sign_in_page_goes_on_when_the_network_says_that_the_way_is_free() -> Result<()> {
    // It outlives the window: a webview whose system bus goes away goes with it.
    let mut bus = SystemBus::start()?;
    bus.bring(Service::NetworkManager)?;
    scene("outside", async |scene| {
        let token = token(&scene.path("server"), "anna", "read,upload")?;
        let server = PawlServer::start(&scene.path("server"), &[])?;
        let link = FickleLink::to(server.address())?;
        link.wants_sign_in(true);
        fs::create_dir_all(scene.state())?;
        let place = format!("{BOOK}place = {{ kind = \"server\", url = \"http://{}\" }}\n", link.address());
        fs::write(scene.state().join("destinations.toml"), place)?;
        fs::write(scene.state().join("secrets.toml"), format!("there = '{{\"token\":\"{token}\"}}'\n"))?;
        let launch = Launch::on(&scene.state()).variable(SystemBus::ADDRESS, bus.address());
        let window = scene.launch(launch.files([film(scene, "travels.mov", 2)?])).await?;
        let row = window.until_row("travels.mov", &["waiting"]).await?;
        assert!(row.text.contains("sign in"), "it says what is in the way: {row:?}");
        bus.until_listened_to()?;

        // Just led away once more, it waits for five seconds at least.
        let before = link.led_away();
        until("another look", async || Ok((link.led_away() > before).then_some(()))).await?;
        link.wants_sign_in(false);
        bus.connectivity(4)?;
        window.until_row("travels.mov", &["done"]).await?;

        let id = told(&window, "transfers").await?;
        let story = asked(&window, "details", &json!({ "id": id })).await?;
        let (until, went_on) = last_wait(story["log"].as_array().context("a log")?)?;
        assert!(went_on < until, "it went on {} ms after it would have by itself: {story}", went_on - until);
        Ok(())
    })
}

/// Until when it would have waited the last time, and when it went on.
fn last_wait(log: &[Value]) -> Result<(i64, i64)> {
    let state = |line: &Value| line["what"]["state"].clone();
    let last = log.iter().rposition(|line| state(line)["is"] == "waiting").context("it waited")?;
    let next = log[last..].iter().find(|line| state(line)["is"] == "preparing").context("it went on")?;
    let until = state(&log[last])["until"].as_i64().context("it waits for no person")?;
    Ok((until, next["at"].as_i64().context("an instant")?))
}
