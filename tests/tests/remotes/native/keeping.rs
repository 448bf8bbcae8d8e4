//! What a keeper of `pawl-server` and its senders see and end: lists, metadata, films, anybody's upload.

use std::time::Duration;

use anyhow::{Context, Result};
use remotes::native::Native;
use remotes::{Connection, ConnectionSetup};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use support::programs::PATIENCE;
use tokio::time::timeout;
use transfer::remote::Remote;
use transfer::units::Timestamp;

use super::doors::{Doors, MIB, ONE, TWO, problem};

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    value[name].as_str().with_context(|| format!("no {name} in {value}"))
}

impl Doors {
    async fn json(&self, path: &str, token: &str) -> Result<Value> {
        Ok(self.ask(Method::GET, path, token, None).await?.json().await?)
    }

    async fn put(&self, handle: &str, number: u32, token: &str) -> Result<Response> {
        let url = format!("{}/api/v1/uploads/{handle}/chunks/{number}", self.server.url());
        Ok(self.client.put(url).bearer_auth(token).body(vec![7; MIB as usize]).send().await?)
    }

    fn native(&self, token: &str) -> Result<Native> {
        Ok(Native::new(Connection::new(&ConnectionSetup::default())?, &self.server.url(), Some(token))?)
    }
}

#[tokio::test]
async fn an_owner_sees_what_it_has_unfinished_and_nobody_elses() -> Result<()> {
    let doors = Doors::open(&[])?;
    let before = Timestamp::now();
    let annas = doors.begun(&doors.anna, ONE).await?;
    doors.begun(&doors.bert, ONE).await?;
    assert_eq!(doors.put(text(&annas, "handle")?, 1, &doors.anna).await?.status(), 204, "a chunk is taken");
    let list = doors.json("/uploads", &doors.anna).await?;
    let [upload] = list["uploads"].as_array().context("a list")?.as_slice() else { panic!("one is hers: {list}") };
    for (name, value) in [
        ("handle", annas["handle"].clone()),
        ("video", annas["video"].clone()),
        ("owner", json!("anna")),
        ("name", json!("film.mp4")),
        ("size", json!(3 * MIB)),
        ("received", json!(MIB)),
    ] {
        assert_eq!(upload[name], value, "{name}");
    }
    let seen = doors.native(&doors.anna)?.unfinished().await?;
    assert_eq!((seen.len(), seen[0].received), (1, MIB), "a sender's screen sees the same");
    let (begun, heard) = (seen[0].begun_at, seen[0].heard_at);
    assert!(before <= begun && begun <= heard && heard <= Timestamp::now(), "begun, heard, now: {begun:?} {heard:?}");
    doors.native(&doors.anna)?.abort(&seen[0].handle).await?;
    assert_eq!(doors.native(&doors.anna)?.unfinished().await?, [], "what was given up is not there");
    assert_eq!(problem(doors.ask(Method::GET, "/uploads", &doors.carla, None).await?).await?.0, 403, "not a sender");
    Ok(())
}

#[tokio::test]
async fn an_admin_sees_and_ends_what_is_anybodys() -> Result<()> {
    let doors = Doors::open(&[])?;
    let admin = doors.admin.clone();
    let annas = doors.begun(&doors.anna, ONE).await?;
    doors.begun(&doors.bert, ONE).await?;
    let count = async |path: &str, token: &str| -> Result<usize> {
        Ok(doors.json(path, token).await?["uploads"].as_array().context("a list")?.len())
    };
    assert_eq!(count("/uploads", &admin).await?, 0, "an admin's own are none");
    assert_eq!(count("/uploads?owner=bert", &admin).await?, 1, "Bert's is one");
    assert_eq!(count("/uploads?owner=", &admin).await?, 2, "and all are two");
    assert_eq!(count("/uploads?owner=anna", &doors.anna).await?, 1, "one may name oneself");
    let refused = doors.ask(Method::GET, "/uploads?owner=anna", &doors.bert, None).await?;
    assert_eq!(problem(refused).await?, (403, "/problems/not-permitted".into()), "but nobody else");
    let refused = doors.ask(Method::GET, "/uploads?of=anna", &doors.bert, None).await?;
    assert_eq!(problem(refused).await?, (400, "/problems/bad-request".into()), "a question that is not known");
    let path = format!("/uploads/{}", text(&annas, "handle")?);
    assert_eq!(doors.ask(Method::DELETE, &path, &admin, None).await?.status(), 204, "an admin gives up Anna's");
    assert_eq!(doors.ask(Method::GET, &path, &doors.anna, None).await?.status(), 404, "and it is gone");
    assert_eq!(count("/uploads?owner=", &admin).await?, 1, "Bert's is not");
    Ok(())
}

#[tokio::test]
async fn a_video_can_be_asked_about_and_thrown_away_by_whoever_sent_it() -> Result<()> {
    let doors = Doors::open(&[])?;
    let admin = doors.admin.clone();
    let (film, name) = (doors.film(&doors.bert, ONE, b"film").await?, doors.folder.path().join("film.mp4"));
    let path = format!("/videos/{film}");
    let known = doors.json(&path, &doors.bert).await?;
    let hash = blake3::hash(b"film").to_hex().to_string();
    assert_eq!((&known["size"], text(&known, "blake3")?), (&json!(4), hash.as_str()), "one's own: {known}");
    assert_eq!(known, doors.json("/videos", &doors.carla).await?["videos"][0], "it is the same as in the list");
    let refused = doors.ask(Method::DELETE, &path, &doors.anna, None).await?;
    assert_eq!(problem(refused).await?.0, 403, "who may read and send does not throw away another's");
    assert!(name.exists(), "it is as it was");
    assert_eq!(doors.ask(Method::DELETE, &path, &doors.bert, None).await?.status(), 204, "its sender may");
    assert!(!name.exists(), "its file is gone");
    for path in [path.as_str(), &format!("{path}/content"), "/videos/none"] {
        assert_eq!(doors.ask(Method::GET, path, &doors.carla, None).await?.status(), 404, "{path} is nothing");
    }
    let again = doors.film(&doors.anna, ONE, b"film").await?;
    let deleted = doors.ask(Method::DELETE, &format!("/videos/{again}"), &admin, None).await?;
    assert_eq!(deleted.status(), 204, "an admin throws away anybody's");
    let arriving = doors.begun(&doors.anna, TWO).await?;
    let path = format!("/videos/{}", text(&arriving, "video")?);
    assert_eq!(doors.json(&path, &doors.anna).await?["blake3"], Value::Null, "one that arrives has no digest yet");
    assert_eq!(doors.ask(Method::DELETE, &path, &doors.anna, None).await?.status(), 204, "and can be thrown away too");
    assert_eq!(doors.json("/uploads", &doors.anna).await?["uploads"], json!([]), "its upload is given up");
    Ok(())
}

#[tokio::test]
async fn what_is_there_of_an_unfinished_film_is_read_by_ranges() -> Result<()> {
    let doors = Doors::open(&[])?;
    let begun = doors.begun(&doors.anna, ONE).await?;
    assert_eq!(doors.put(text(&begun, "handle")?, 1, &doors.anna).await?.status(), 204, "the middle chunk");
    let content = format!("{}/api/v1/videos/{}/content", doors.server.url(), text(&begun, "video")?);
    let range = format!("bytes={}-{}", MIB + 5, MIB + 9);
    let part = doors.client.get(&content).bearer_auth(&doors.carla).header("range", range).send().await?;
    assert_eq!(part.headers()["content-range"], format!("bytes {}-{}/{}", MIB + 5, MIB + 9, 3 * MIB), "of the whole");
    assert_eq!(part.bytes().await?.as_ref(), [7; 5], "the very bytes");
    let arriving = format!("/uploads/{}/arriving", text(&begun, "handle")?);
    let paused = doors.ask(Method::PUT, &arriving, &doors.anna, Some(json!("paused"))).await?;
    assert_eq!(paused.status(), 204, "its sender pauses");
    let missing = doors.client.get(&content).bearer_auth(&doors.carla).header("range", "bytes=0-9").send().await?;
    assert_eq!(problem(missing).await?, (503, "/problems/not-arriving".into()), "and nobody waits for the rest");
    Ok(())
}

/// The events of a stream, one after the other: name and data.
struct Events {
    answer: Response,
    rest: String,
}

impl Events {
    async fn next(&mut self) -> Result<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let told = field("event:").zip(field("data:")).map(|(name, data)| (name.to_owned(), data.to_owned()));
                self.rest = rest.to_owned();
                if let Some((name, data)) = told {
                    return Ok((name, serde_json::from_str(&data)?));
                }
            } else {
                let piece = timeout(PATIENCE, self.answer.chunk()).await.context("an event")??;
                self.rest += std::str::from_utf8(&piece.context("the stream goes on")?)?;
            }
        }
    }

    async fn until(&mut self, name: &str, data: Value) -> Result<()> {
        while self.next().await? != (name.to_owned(), data.clone()) {}
        Ok(())
    }
}

#[tokio::test]
async fn whoever_listens_hears_of_wishes_and_of_progress() -> Result<()> {
    let doors = Doors::open(&[])?;
    let begun = doors.begun(&doors.anna, ONE).await?;
    let handle = text(&begun, "handle")?;
    let answer = doors.ask(Method::GET, &format!("/uploads/{handle}/events"), &doors.anna, None).await?;
    assert_eq!(answer.headers()["content-type"], "text/event-stream", "as browsers know it");
    let mut events = Events { answer, rest: String::new() };
    assert_eq!(events.next().await?, ("wishes".into(), json!({ "ranges": [] })), "nobody waits");
    assert_eq!(events.next().await?, ("progress".into(), json!({ "received": 0, "chunks": 0 })), "nothing is there");
    doors.put(handle, 1, &doors.anna).await?;
    assert_eq!(events.next().await?, ("progress".into(), json!({ "received": MIB, "chunks": 1 })), "and then one is");
    let content = format!("{}/api/v1/videos/{}/content", doors.server.url(), text(&begun, "video")?);
    let reading = doors.client.get(content).bearer_auth(&doors.carla).header("range", "bytes=5-9").send();
    let reading = tokio::spawn(reading);
    events.until("wishes", json!({ "ranges": [[5, 10]] })).await?;
    doors.put(handle, 0, &doors.anna).await?;
    assert_eq!(reading.await??.bytes().await?.as_ref(), [7; 5], "the reader got what it waited for");
    events.until("progress", json!({ "received": 2 * MIB, "chunks": 2 })).await?;
    doors.ask(Method::DELETE, &format!("/uploads/{handle}"), &doors.anna, None).await?;
    events.until("end", json!({})).await
}

/// Sixty-four chunks as fast as they go are a few words of progress, of which the last says it all.
#[tokio::test]
async fn progress_is_told_a_few_times_a_second() -> Result<()> {
    let doors = Doors::open(&[])?;
    let new = json!({ "id": ONE, "name": "film.mp4", "size": 64 * MIB, "chunk_len": MIB });
    let begun: Value = doors.ask(Method::POST, "/uploads", &doors.anna, Some(new)).await?.json().await?;
    let handle = text(&begun, "handle")?;
    let answer = doors.ask(Method::GET, &format!("/uploads/{handle}/events"), &doors.anna, None).await?;
    let (mut events, began) = (Events { answer, rest: String::new() }, std::time::Instant::now());
    let sending = async {
        for number in 0..64 {
            assert_eq!(doors.put(handle, number, &doors.anna).await?.status(), 204, "chunk {number}");
        }
        anyhow::Ok(())
    };
    let hearing = async {
        let mut heard = 0_u128;
        loop {
            let (name, data) = events.next().await?;
            heard += u128::from(name == "progress");
            if data["chunks"] == 64 {
                return anyhow::Ok(heard);
            }
        }
    };
    let ((), heard) = tokio::try_join!(sending, hearing)?;
    let most = began.elapsed().as_millis() / Duration::from_millis(250).as_millis() + 2;
    assert!(heard <= most, "{heard} words in {:?} are more than four a second", began.elapsed());
    Ok(())
}
