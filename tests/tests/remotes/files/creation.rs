//! tus: "Creation", "Creation With Upload", deferred lengths, "Expiration" as it is told.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Method, RequestBuilder};

use super::{BYTES, Desk, MIB, created, header, named, noise, number};

fn post(desk: &Desk) -> RequestBuilder {
    desk.tus(Method::POST, "/files")
}

#[tokio::test]
async fn a_creation_that_says_too_little_or_too_much_is_refused() -> Result<()> {
    let desk = Desk::open(&[])?;
    let bad: &[&[(&str, &str)]] = &[
        &[],
        &[("upload-length", "-1")],
        &[("upload-length", "ten")],
        &[("upload-length", "")],
        &[("upload-defer-length", "0")],
        &[("upload-defer-length", "2")],
        &[("upload-length", "5"), ("upload-defer-length", "1")],
        &[("upload-length", "5"), ("upload-metadata", "filename not+base64!")],
        &[("upload-length", "5"), ("upload-metadata", "a YQ==,a YQ==")],
        &[("upload-length", "5"), ("upload-concat", "whole")],
        &[("upload-length", "5"), ("upload-concat", "final;/files/x")],
    ];
    for fields in bad {
        let request = fields.iter().fold(post(&desk), |request, (name, value)| request.header(*name, *value));
        assert_eq!(request.send().await?.status(), 400, "{fields:?}");
    }
    assert_eq!(desk.parts()?, 0, "nothing was begun");
    Ok(())
}

#[tokio::test]
async fn names_that_are_tricks_stay_words() -> Result<()> {
    let desk = Desk::open(&[])?;
    for name in ["../../etc/passwd", "..", ".", "a\0b", "/etc/passwd"] {
        let metadata = format!("filename {}", BASE64_STANDARD.encode(name));
        let answer = post(&desk).header("upload-length", 1).header("upload-metadata", metadata).send().await?;
        assert_eq!(answer.status(), 400, "{name:?} is no file's name");
    }
    let unnamed = created(post(&desk).header("upload-length", 1).send().await?)?;
    desk.patch(&unnamed, 0, b"x").await?;
    desk.assert_film("upload", b"x").await
}

#[tokio::test]
async fn an_empty_film_is_complete_at_once() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("empty.mp4", 0).await?;
    desk.assert_film("empty.mp4", b"").await?;
    assert_eq!(desk.offset(&address).await?, 0, "all of it is there");
    Ok(())
}

#[tokio::test]
async fn two_films_of_one_name_are_two() -> Result<()> {
    let desk = Desk::open(&[])?;
    let (first, second) = (desk.create("a.mp4", 3).await?, desk.create("a.mp4", 3).await?);
    assert_ne!(first, second, "each has its address");
    desk.patch(&second, 0, b"two").await?;
    desk.patch(&first, 0, b"one").await?;
    desk.assert_film("a.mp4", b"two").await?;
    desk.assert_film("a (2).mp4", b"one").await
}

#[tokio::test]
async fn a_creation_may_bring_bytes() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(3, 5 * MIB);
    let with = |bytes: &[u8]| {
        let new = post(&desk).header("upload-length", 5 * MIB).header("upload-metadata", named("with.mp4"));
        new.header("content-type", BYTES).body(bytes.to_vec())
    };
    let begun = with(&film[..4_500_000]).send().await?;
    assert_eq!(number(&begun, "upload-offset")?, 4_500_000, "what came with it counts");
    let address = created(begun)?;
    assert_eq!(desk.patch(&address, 4_500_000, &film[4_500_000..]).await?.status(), 204, "and goes on");
    desk.assert_film("with.mp4", &film).await?;
    let whole = with(&film).send().await?;
    assert_eq!(number(&whole, "upload-offset")?, 5 * MIB, "also all of it");
    desk.assert_film("with (2).mp4", &film).await?;
    let other = post(&desk).header("upload-length", 3).body("abc").header("content-type", "text/plain").send().await?;
    assert_eq!(other.status(), 415, "bytes of another type are not an upload's");
    Ok(())
}

/// Nobody was told where it is, and nobody could go on: its room must not stay taken.
#[tokio::test]
async fn a_creation_that_breaks_off_leaves_nothing() -> Result<()> {
    let desk = Desk::open(&[])?;
    let (host, token) = (desk.server.url().replace("http://", ""), &desk.anna);
    for protocol in [
        format!("tus-resumable: 1.0.0\r\ncontent-type: {BYTES}\r\nupload-length: {}", 5 * MIB),
        "upload-draft-interop-version: 9\r\nupload-complete: ?1".to_owned(),
    ] {
        let head = format!(
            "POST /files HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\n{protocol}\r\n\r\n",
            5 * MIB
        );
        let socket = super::half(&desk, &head, &noise(1, MIB)).await?;
        super::until("it begins", async || Ok(desk.parts()? == 1)).await?;
        // The connection is reset, not ended in order.
        socket.set_zero_linger()?;
        drop(socket);
        super::until("nothing is left of it", async || Ok(desk.parts()? == 0)).await.context(protocol)?;
    }
    assert!(desk.films()?.is_empty(), "and it is no film");
    Ok(())
}

#[tokio::test]
async fn a_length_may_come_later_and_only_once() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(4, 9 * MIB);
    let begun =
        post(&desk).header("upload-defer-length", 1).header("upload-metadata", named("live.mp4")).send().await?;
    let address = created(begun)?;
    desk.patch(&address, 0, &film[..5_000_000]).await?;
    let answer = desk.head(&address).await?;
    assert_eq!(header(&answer, "upload-defer-length"), Some("1"), "as long as it is not known");
    assert_eq!(header(&answer, "upload-length"), None, "nothing is made up");
    let short = desk.patching(&address, 5_000_000).header("upload-length", 4_999_999).send().await?;
    assert_eq!(short.status(), 400, "more than that is there");
    let told = desk.patching(&address, 5_000_000).header("upload-length", film.len());
    assert_eq!(told.send().await?.status(), 204, "now it is known");
    let answer = desk.head(&address).await?;
    assert_eq!(header(&answer, "upload-defer-length"), None, "nothing is deferred any more");
    assert_eq!(number(&answer, "upload-length")?, film.len() as u64, "it is told");
    let other = desk.patching(&address, 5_000_000).header("upload-length", film.len() + 1).send().await?;
    assert_eq!(other.status(), 400, "what was said once is never another");
    assert_eq!(desk.patch(&address, 5_000_000, &film[5_000_000..]).await?.status(), 204, "the rest");
    desk.assert_film("live.mp4", &film).await
}

#[tokio::test]
async fn an_upload_without_a_length_takes_no_more_room_than_it_has_bytes() -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let desk = Desk::open(&[])?;
    let address = created(post(&desk).header("upload-defer-length", 1).send().await?)?;
    desk.patch(&address, 0, &noise(1, MIB)).await?;
    let id = address.rsplit('/').next().context("an id")?;
    let part = desk.folder.path().join(format!(".pawl/incoming/{id}.part")).metadata()?;
    assert_eq!(part.len(), MIB, "nothing is reserved for what nobody knows");
    assert!(part.blocks() * 512 < 2 * MIB, "not even behind its end: {} blocks", part.blocks());
    Ok(())
}

#[tokio::test]
async fn when_an_upload_is_given_up_is_told_until_it_is_complete() -> Result<()> {
    let desk = Desk::open(&[])?;
    let begun = post(&desk).header("upload-length", 10).send().await?;
    let date = |value: Option<&str>| httpdate(value.context("a date")?);
    let at_first = date(header(&begun, "upload-expires"))?;
    let week = SystemTime::now() + Duration::from_secs(6 * 86_400);
    assert!(at_first > week, "the vault keeps it for seven days");
    let address = created(begun)?;
    let patched = desk.patch(&address, 0, &[1; 5]).await?;
    assert!(date(header(&patched, "upload-expires"))? >= at_first, "each byte puts it off");
    let last = desk.patch(&address, 5, &[1; 5]).await?;
    assert_eq!(header(&last, "upload-expires"), None, "a film does not expire");
    assert_eq!(header(&desk.head(&address).await?, "upload-expires"), None, "ever");
    Ok(())
}

/// The fixed form of RFC 9110, section 5.6.7.
fn httpdate(text: &str) -> Result<SystemTime> {
    let date = jiff::fmt::rfc2822::parse(text).context("an HTTP date is one of RFC 2822")?;
    assert!(text.ends_with(" GMT") && text.len() == 29, "in the one form that may be sent: {text}");
    Ok(date.timestamp().into())
}
