//! `pawl-server`: what it offers, and to whom.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use support::films::noise;
use support::http::client;
use support::programs::{program, server};

use super::Desk;

#[tokio::test]
async fn it_lists_films_and_reads_any_range_of_them() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 6 << 20)?;
    let done = desk.sends(&film)?;
    let (_server, url) = server(&desk.vault())?;
    let list: serde_json::Value = client().get(format!("{url}/api/v1/videos")).send().await?.json().await?;
    let video = &list["videos"][0];
    assert_eq!((&video["id"], &video["blake3"]), (&done["object"], &done["blake3"]), "the list names what was sent");
    assert_eq!((&video["name"], &video["size"]), (&"film.mp4".into(), &(6 << 20).into()), "by name and size");
    assert!(video["created_at"].as_str().is_some_and(|at| at.ends_with('Z')), "RFC 3339 in UTC: {video}");
    assert!(list["next"].is_null(), "there is no second page");
    let content = format!("{url}/api/v1/videos/{}/content", video["id"].as_str().context("an id")?);
    let part = client().get(&content).header("range", "bytes=5000000-5000099").send().await?;
    assert_eq!(part.status(), 206, "one range");
    assert_eq!(part.bytes().await?[..], fs::read(&film)?[5_000_000..5_000_100], "the very bytes");
    assert_eq!(client().get(&content).send().await?.bytes().await?, fs::read(&film)?, "the whole without a range");
    assert_eq!(client().get(format!("{url}/api/v1/videos/none/content")).send().await?.status(), 404, "an unknown id");
    assert_eq!(client().get(format!("{url}/api/v1/videos?limit=x")).send().await?.status(), 400, "a nonsensical query");
    let rebound = client().get(&content).header("host", "evil.example").send().await?;
    assert_eq!(rebound.status(), 421, "a rebound name reads nothing");
    Ok(())
}

#[tokio::test]
async fn a_long_list_comes_in_pages() -> Result<()> {
    let desk = Desk::new()?;
    for number in 0..5 {
        let film = desk.path(&format!("{number}.mp4"));
        noise(&film, number, 1000)?;
        desk.sends(&film)?;
    }
    let (_server, url) = server(&desk.vault())?;
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let page: serde_json::Value =
            client().get(format!("{url}/api/v1/videos?limit=2{after}")).send().await?.json().await?;
        names.extend(page["videos"].as_array().context("a list")?.iter().map(|video| video["name"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5, "every film once: {names:?}");
    Ok(())
}

#[test]
fn without_tokens_it_serves_loopback_only_and_wants_to_be_told() -> Result<()> {
    let desk = Desk::new()?;
    let run = |more: &[&str]| -> Result<String> {
        let output = Command::new(program("pawl-server")?).arg("--data").arg(desk.vault()).args(more).output()?;
        assert!(!output.status.success(), "it must not start with {more:?}");
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert!(run(&[])?.contains("--no-auth"), "it says what it wants to hear");
    assert!(run(&["--no-auth", "--listen", "0.0.0.0:0"])?.contains("loopback"), "the world must not read films");
    let named = run(&["--no-auth", "--public-host", "https://films.example"])?;
    assert!(named.contains("--public-host"), "nor through a proxy at the same machine: {named}");
    Ok(())
}
