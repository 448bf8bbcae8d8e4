//! Public links of `pawl-server`: for everyone who has one, for a while, and for nobody who makes one up.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use remotes::native::Native;
use remotes::{Connection, ConnectionSetup};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use support::programs::{PATIENCE, program};
use transfer::error::Class;
use transfer::ids::ObjectId;

use super::doors::{Doors, ONE, problem};

const FILM: &[u8] = b"a film of few words";

async fn link(doors: &Doors, token: &str, video: &str, expires_in: u64) -> Result<Response> {
    doors.ask(Method::POST, &format!("/videos/{video}/links"), token, Some(json!({ "expires_in": expires_in }))).await
}

async fn url(doors: &Doors, token: &str, video: &str, expires_in: u64) -> Result<String> {
    let answer = link(doors, token, video, expires_in).await?;
    ensure!(answer.status() == 200, "a link is made, not {}", answer.text().await?);
    Ok(answer.json::<Value>().await?["url"].as_str().context("a url")?.to_owned())
}

#[tokio::test]
async fn whoever_has_a_link_reads_that_film_by_ranges_and_nothing_else() -> Result<()> {
    let doors = Doors::open(&[])?;
    let video = doors.film(&doors.anna, ONE, FILM).await?;
    let url = url(&doors, &doors.carla, &video, 3600).await?;
    let part = doors.client.get(&url).header("range", "bytes=2-5").send().await?;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT, "by ranges, without a token");
    assert_eq!(part.bytes().await?, &FILM[2..6], "the very bytes");
    let head = doors.client.head(&url).send().await?;
    assert_eq!(head.headers()["content-length"], FILM.len().to_string(), "players ask how long it is");
    assert_eq!(doors.client.delete(&url).send().await?.status(), 405, "a link is to be read");
    let content = format!("{}/api/v1/videos/{video}/content", doors.server.url());
    let signed = url.split_once('?').context("a signature")?.1;
    let asked = doors.client.get(format!("{content}?{signed}")).send().await?;
    assert_eq!(asked.status(), 401, "what is signed is the link alone");
    Ok(())
}

#[tokio::test]
async fn who_may_read_a_film_may_give_it_away() -> Result<()> {
    let doors = Doors::open(&[])?;
    let annas = doors.film(&doors.anna, ONE, FILM).await?;
    assert_eq!(problem(link(&doors, &doors.bert, &annas, 60).await?).await?.0, 403, "who only sends reads no other's");
    let berts = doors.begun(&doors.bert, ONE).await?["video"].as_str().context("a video")?.to_owned();
    let own = url(&doors, &doors.bert, &berts, 60).await?;
    assert_eq!(doors.client.head(&own).send().await?.status(), 200, "but one's own, while it still arrives");
    assert_eq!(link(&doors, &doors.carla, "none", 60).await?.status(), 404, "and of nothing there is no link");
    let refused = link(&doors, &doors.carla, &annas, 0).await?;
    assert_eq!(problem(refused).await?, (400, "/problems/bad-request".into()), "no time is no time");
    Ok(())
}

#[tokio::test]
async fn a_link_that_was_altered_is_refused() -> Result<()> {
    let doors = Doors::open(&[])?;
    let film = doors.film(&doors.anna, ONE, FILM).await?;
    let other = doors.begun(&doors.anna, super::doors::TWO).await?["video"].as_str().context("a video")?.to_owned();
    let url = url(&doors, &doors.anna, &film, 3600).await?;
    let (base, query) = url.split_once('?').context("a signature")?;
    let (expires, signature) = query.split_once("&s=").context("a signature")?;
    let until: i64 = expires.trim_start_matches("e=").parse()?;
    let other_letter = if signature.starts_with('A') { 'B' } else { 'A' };
    for (altered, what) in [
        (format!("{base}?e={}&s={signature}", until + 1), "a second longer"),
        (format!("{}?{query}", base.replace(&film, &other)), "another film"),
        (format!("{base}?{expires}&s={other_letter}{}", &signature[1..]), "another signature"),
        (format!("{base}?{expires}&s={}", &signature[1..]), "half of it"),
        (format!("{base}?{expires}&s=%00%ff"), "bytes that are none"),
        (format!("{base}?{expires}"), "no signature"),
        (format!("{base}?e=x&s={signature}"), "no time"),
        (format!("{url}&e={until}"), "said twice"),
        (base.to_owned(), "nothing at all"),
    ] {
        let answer = doors.client.get(&altered).send().await?;
        assert_eq!(problem(answer).await?, (403, "/problems/link-invalid".into()), "{what}");
    }
    for trick in ["..%2f..%2fvault.db", "%2e%2e", "%00", "%ff", "a%5cb", &"x".repeat(9000)] {
        let asked = doors.client.get(format!("{}/l/{trick}?{query}", doors.server.url())).send().await?;
        assert_eq!(asked.status(), 404, "{trick:.20} is no film");
    }
    Ok(())
}

#[tokio::test]
async fn a_link_ends_with_its_time_and_no_link_is_good_for_ever() -> Result<()> {
    let doors = Doors::open(&[])?;
    let film = doors.film(&doors.anna, ONE, FILM).await?;
    let short = url(&doors, &doors.anna, &film, 1).await?;
    let gone = async {
        loop {
            let answer = doors.client.get(&short).send().await?;
            if answer.status() != 200 {
                return anyhow::Ok(answer);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let answer = tokio::time::timeout(PATIENCE, gone).await.context("it ends")??;
    assert_eq!(problem(answer).await?, (410, "/problems/link-expired".into()), "its second is over");
    let long = url(&doors, &doors.anna, &film, u64::MAX).await?;
    let until: u64 = long.split_once("e=").context("a time")?.1.split('&').next().context("a time")?.parse()?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    assert!((1..=30 * 86400).contains(&(until - now)), "30 days at most, not {}", until - now);
    Ok(())
}

#[tokio::test]
async fn links_outlive_a_restart_and_end_when_their_owner_is_told_to() -> Result<()> {
    let mut doors = Doors::open(&[])?;
    let film = doors.film(&doors.anna, ONE, FILM).await?;
    let url = url(&doors, &doors.anna, &film, 3600).await?;
    doors.restart(&[])?;
    assert_eq!(doors.client.get(&url).send().await?.status(), 200, "the key was made once");
    let mut revoke = std::process::Command::new(program("pawl-server")?);
    let ended = revoke.args(["link", "revoke", "anna", "--data"]).arg(doors.folder.path()).status()?;
    assert!(ended.success(), "the command ends well");
    let answer = doors.client.get(&url).send().await?;
    assert_eq!(problem(answer).await?, (403, "/problems/link-invalid".into()), "at once, while the server runs");
    Ok(())
}

#[tokio::test]
async fn a_link_leads_to_the_server_and_nowhere_that_a_request_names() -> Result<()> {
    let doors = Doors::open(&[])?;
    let film = doors.film(&doors.anna, ONE, FILM).await?;
    let ask = |doors: &Doors, host: &str| {
        let path = format!("{}/api/v1/videos/{film}/links", doors.server.url());
        doors.client.post(path).bearer_auth(&doors.anna).header("host", host).json(&json!({ "expires_in": 60 })).send()
    };
    let answer = ask(&doors, "evil.example").await?;
    assert_eq!(problem(answer).await?, (421, "/problems/wrong-host".into()), "a name that is not its own");
    let mut doors = doors;
    doors.restart(&["--public-host", "https://films.example/pawl/"])?;
    let link: Value = ask(&doors, "evil.example").await?.json().await?;
    let url = link["url"].as_str().context("a url")?;
    assert!(url.starts_with("https://films.example/pawl/l/"), "the name that it was given: {url}");
    Ok(())
}

#[tokio::test]
async fn a_sender_gets_a_link_for_what_it_sent() -> Result<()> {
    let doors = Doors::open(&[])?;
    let film = ObjectId(doors.film(&doors.anna, ONE, FILM).await?);
    let connection = Connection::new(&ConnectionSetup::default())?;
    let native = |token: &str| Native::new(connection.clone(), &doors.server.url(), Some(token));
    let made = native(&doors.anna)?.link(&film, Duration::from_secs(3600)).await?;
    assert_eq!(doors.client.get(&made.url).send().await?.bytes().await?, FILM, "whoever has it reads the film");
    let left = made.expires_at.since(transfer::units::Timestamp::now()).as_secs();
    assert!((3500..=3600).contains(&left), "an hour from now, not {left} s");
    assert!(!format!("{made:?}").contains("s="), "what signs it is not shown: {made:?}");
    let refused = native(&doors.bert)?.link(&film, Duration::from_secs(60)).await.expect_err("another's film");
    assert_eq!(refused.class, Class::Denied, "who may not read it gives none");
    Ok(())
}
