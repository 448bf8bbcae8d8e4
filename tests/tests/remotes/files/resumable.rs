//! The IETF's resumable uploads, interop versions 8 and 9.

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Method, RequestBuilder, Response};
use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::{Desk, MIB, created, cut_off, header, noise, number};

const APPEND: &str = "application/partial-upload";

fn ask(desk: &Desk, method: Method, address: &str, version: u64) -> RequestBuilder {
    let request = desk.client.request(method, desk.at(address)).bearer_auth(&desk.anna);
    request.header("upload-draft-interop-version", version)
}

fn create(desk: &Desk, name: &str) -> RequestBuilder {
    let named = format!("inline; filename=\"{name}\"");
    ask(desk, Method::POST, "/files", 9).header("content-disposition", named)
}

/// An upload that was begun without a byte.
async fn begun(desk: &Desk, name: &str, length: Option<u64>) -> Result<String> {
    let request = create(desk, name).header("upload-complete", "?0");
    let request = length.into_iter().fold(request, |request, length| request.header("upload-length", length));
    created(request.send().await?)
}

fn append(desk: &Desk, address: &str, offset: u64, complete: bool) -> RequestBuilder {
    let request = ask(desk, Method::PATCH, address, 9).header("content-type", APPEND);
    request.header("upload-offset", offset).header("upload-complete", if complete { "?1" } else { "?0" })
}

async fn problem(answer: Response) -> Result<(u16, String, Value)> {
    let status = answer.status().as_u16();
    assert_eq!(header(&answer, "content-type"), Some("application/problem+json"), "RFC 9457: {answer:?}");
    let problem: Value = answer.json().await?;
    let kind = problem["type"].as_str().context("a type")?;
    Ok((status, kind.rsplit('#').next().unwrap_or_default().to_owned(), problem))
}

#[tokio::test]
async fn an_upload_begins_empty_goes_on_and_is_complete_when_its_sender_says_so() -> Result<()> {
    let desk = Desk::open(&[])?;
    for (version, length) in [(8, Some(9 * MIB + 5)), (9, None)] {
        let (film, name) = (noise(version, 9 * MIB + 5), format!("film-{version}.mp4"));
        let address = begun(&desk, &name, length).await?;
        let mut at = 0;
        for piece in film.chunks(5_000_000) {
            let answer = append(&desk, &address, at, false).body(piece.to_vec()).send().await?;
            assert_eq!(answer.status(), 204, "bytes at the end are taken: {answer:?}");
            assert_eq!(header(&answer, "upload-complete"), Some("?0"), "and its sender did not say that it is all");
            at += piece.len() as u64;
        }
        let there = ask(&desk, Method::HEAD, &address, version).send().await?;
        assert_eq!(header(&there, "upload-complete"), Some("?0"), "an offset that is the length completes nothing");
        assert!(desk.films()?.iter().all(|film| !film.ends_with(&name)), "it is no film yet");
        let answer = append(&desk, &address, at, true).send().await?;
        assert_eq!(header(&answer, "upload-complete"), Some("?1"), "an empty append that says so does");
        assert_eq!(answer.status(), 201, "with the answer of where it was begun");
        assert!(answer.json::<Value>().await?["video"].is_string(), "which names the film");
        desk.assert_film(&name, &film).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_whole_upload_in_one_request_needs_nothing_more() -> Result<()> {
    let desk = Desk::open(&[])?;
    let film = noise(1, 5 * MIB);
    let request = create(&desk, "whole.mp4").header("upload-complete", "?1").body(film.clone());
    let answer = request.send().await?;
    assert_eq!((answer.status().as_u16(), header(&answer, "upload-complete")), (201, Some("?1")), "{answer:?}");
    desk.assert_film("whole.mp4", &film).await?;
    let empty = create(&desk, "empty.mp4").header("upload-complete", "?1").send().await?;
    assert_eq!(empty.status(), 201, "also of nothing");
    desk.assert_film("empty.mp4", b"").await?;
    let first = create(&desk, "begun.mp4").header("upload-complete", "?0").body(film[..100].to_vec()).send().await?;
    assert_eq!(number(&first, "upload-offset")?, 100, "or its first bytes");
    let address = created(first)?;
    let rest = append(&desk, &address, 100, true).body(film[100..].to_vec()).send().await?;
    assert_eq!(rest.status(), 201, "and the rest with the word that it is all");
    desk.assert_film("begun.mp4", &film).await
}

#[tokio::test]
async fn head_tells_offset_completeness_length_and_limits() -> Result<()> {
    let desk = Desk::open(&["--max-size", "1000"])?;
    let address = begun(&desk, "film.mp4", Some(100)).await?;
    append(&desk, &address, 0, false).body(vec![1; 70]).send().await?;
    let answer = ask(&desk, Method::HEAD, &address, 8).send().await?;
    assert_eq!(answer.status(), 204, "it is there");
    assert_eq!((number(&answer, "upload-offset")?, number(&answer, "upload-length")?), (70, 100), "how far it is");
    assert_eq!(header(&answer, "upload-complete"), Some("?0"), "and that there is more to come");
    assert_eq!(header(&answer, "cache-control"), Some("no-store"), "an old offset must not be believed");
    assert_eq!(header(&answer, "upload-draft-interop-version"), Some("8"), "in the version that was asked");
    let limits = header(&answer, "upload-limit").context("limits")?;
    assert!(limits.starts_with("max-size=1000, max-age=6047"), "seven days, less a moment: {limits}");
    let unknown = begun(&desk, "live.mp4", None).await?;
    let answer = ask(&desk, Method::HEAD, &unknown, 9).send().await?;
    assert_eq!(header(&answer, "upload-length"), None, "what was not said is not made up");
    append(&desk, &address, 70, true).body(vec![1; 30]).send().await?;
    let answer = ask(&desk, Method::HEAD, &address, 9).send().await?;
    assert_eq!((header(&answer, "upload-complete"), number(&answer, "upload-offset")?), (Some("?1"), 100), "a film");
    Ok(())
}

#[tokio::test]
async fn another_offset_is_told_the_right_one() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = begun(&desk, "film.mp4", Some(100)).await?;
    append(&desk, &address, 0, false).body(vec![1; 10]).send().await?;
    let answer = append(&desk, &address, 5, false).body(vec![2; 10]).send().await?;
    assert_eq!(number(&answer, "upload-offset")?, 10, "where it goes on");
    let (status, kind, said) = problem(answer).await?;
    assert_eq!((status, kind.as_str()), (409, "mismatching-upload-offset"), "the draft's own word");
    assert_eq!((&said["expected-offset"], &said["provided-offset"]), (&10.into(), &5.into()), "both are told: {said}");
    let missing = ask(&desk, Method::PATCH, &address, 9).header("content-type", APPEND).header("upload-complete", "?0");
    assert_eq!(missing.send().await?.status(), 400, "an append says where");
    let unsaid = ask(&desk, Method::PATCH, &address, 9).header("content-type", APPEND).header("upload-offset", 10);
    assert_eq!(unsaid.send().await?.status(), 400, "and whether it is the last");
    let other = ask(&desk, Method::PATCH, &address, 9).header("content-type", "video/mp4").header("upload-offset", 10);
    let other = other.header("upload-complete", "?0").body("x").send().await?;
    assert_eq!((other.status().as_u16(), header(&other, "accept-patch")), (415, Some(APPEND)), "in the one type");
    Ok(())
}

#[tokio::test]
async fn lengths_that_exclude_each_other_are_refused() -> Result<()> {
    let desk = Desk::open(&[])?;
    let both = create(&desk, "film.mp4").header("upload-complete", "?1").header("upload-length", 5).body("four");
    let (status, kind, _) = problem(both.send().await?).await?;
    assert_eq!((status, kind.as_str()), (400, "inconsistent-upload-length"), "four bytes are no five");
    let address = begun(&desk, "film.mp4", Some(100)).await?;
    append(&desk, &address, 0, false).body(vec![1; 10]).send().await?;
    for request in [
        append(&desk, &address, 10, false).header("upload-length", 99).body(vec![2; 10]),
        append(&desk, &address, 10, true).body(vec![2; 10]),
        append(&desk, &address, 10, false).body(vec![2; 91]),
        append(&desk, &address, 10, true),
    ] {
        let (status, kind, _) = problem(request.send().await?).await?;
        assert_eq!((status, kind.as_str()), (400, "inconsistent-upload-length"), "it was said before: 100");
    }
    let there = ask(&desk, Method::HEAD, &address, 9).send().await?;
    assert_eq!(number(&there, "upload-offset")?, 10, "nothing of it was taken");
    Ok(())
}

#[tokio::test]
async fn a_sender_that_goes_past_its_own_length_has_no_upload_any_more() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = begun(&desk, "film.mp4", Some(100)).await?;
    let chunked = reqwest::Body::wrap_stream(futures::stream::iter([Ok::<_, std::io::Error>(vec![1; 101])]));
    let (status, kind, _) = problem(append(&desk, &address, 0, false).body(chunked).send().await?).await?;
    assert_eq!((status, kind.as_str()), (400, "inconsistent-upload-length"), "a byte more than was said");
    assert_eq!(ask(&desk, Method::HEAD, &address, 9).send().await?.status(), 404, "it is deactivated");
    Ok(())
}

#[tokio::test]
async fn a_complete_upload_takes_nothing_more_and_is_not_cancelled() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = begun(&desk, "film.mp4", None).await?;
    append(&desk, &address, 0, true).body("bytes").send().await?;
    let (status, kind, _) = problem(append(&desk, &address, 5, true).send().await?).await?;
    assert_eq!((status, kind.as_str()), (400, "completed-upload"), "it is complete already");
    let (status, kind, _) = problem(append(&desk, &address, 5, false).body("x").send().await?).await?;
    assert_eq!((status, kind.as_str()), (400, "inconsistent-upload-length"), "and has five bytes");
    let (_, kind, _) = problem(ask(&desk, Method::DELETE, &address, 9).send().await?).await?;
    assert_eq!(kind, "completed-upload", "there is nothing left to cancel");
    desk.assert_film("film.mp4", b"bytes").await
}

#[tokio::test]
async fn a_cancelled_upload_is_gone() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = begun(&desk, "film.mp4", Some(100)).await?;
    append(&desk, &address, 0, false).body(vec![1; 10]).send().await?;
    assert_eq!(ask(&desk, Method::DELETE, &address, 9).send().await?.status(), 204, "it goes");
    assert_eq!(desk.parts()?, 0, "with its bytes");
    assert_eq!(ask(&desk, Method::HEAD, &address, 9).send().await?.status(), 404, "for good");
    Ok(())
}

#[tokio::test]
async fn what_came_before_a_broken_append_is_kept_and_it_is_not_complete() -> Result<()> {
    let mut desk = Desk::open(&[])?;
    let film = noise(5, 2 * MIB);
    let address = begun(&desk, "film.mp4", None).await?;
    let (host, token) = (desk.server.url().replace("http://", ""), &desk.anna);
    let head = format!(
        "PATCH {address} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nupload-complete: ?1\r\n\
         upload-draft-interop-version: 9\r\ncontent-type: {APPEND}\r\nupload-offset: 0\r\ntransfer-encoding: chunked\r\n\r\n\
         100000\r\n"
    );
    // One chunk of the transfer coding, whole; and no word of the end.
    cut_off(&desk, &head, &film[..MIB as usize]).await?;
    desk.restart()?;
    let there = ask(&desk, Method::HEAD, &address, 9).send().await?;
    assert_eq!(number(&there, "upload-offset")?, MIB, "every byte that came is kept, also by a server that is killed");
    assert_eq!(header(&there, "upload-complete"), Some("?0"), "half a request completes nothing");
    let rest = append(&desk, &address, MIB, true).body(film[MIB as usize..].to_vec()).send().await?;
    assert_eq!(rest.status(), 201, "it goes on");
    desk.assert_film("film.mp4", &film).await
}

#[tokio::test]
async fn bytes_without_their_digest_leave_nothing() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = begun(&desk, "film.mp4", None).await?;
    let right = format!("sha-256=:{}:", BASE64_STANDARD.encode(digest(&SHA256, b"right")));
    let append = |body: &'static str| append(&desk, &address, 0, false).header("content-digest", &right).body(body);
    assert_eq!(append("wrong").send().await?.status(), 422, "what came is not what was sent (RFC 9530)");
    let there = ask(&desk, Method::HEAD, &address, 9).send().await?;
    assert_eq!(number(&there, "upload-offset")?, 0, "nothing of it is kept");
    assert_eq!(append("right").send().await?.status(), 204, "the right bytes are taken");
    Ok(())
}

#[tokio::test]
async fn options_tell_limits_and_what_can_be_appended() -> Result<()> {
    let desk = Desk::open(&["--max-size", "1000"])?;
    let answer = desk.client.request(Method::OPTIONS, desk.at("/files")).send().await?;
    assert_eq!(header(&answer, "upload-limit"), Some("max-size=1000, max-age=604800"), "before anything is begun");
    assert!(header(&answer, "accept-patch").context("types")?.contains(APPEND), "the draft's own type");
    Ok(())
}

#[tokio::test]
async fn other_versions_and_strangers_are_refused() -> Result<()> {
    let desk = Desk::open(&["--max-size", "1000"])?;
    for version in [3, 7, 10] {
        let answer = ask(&desk, Method::POST, "/files", version).header("upload-complete", "?0").send().await?;
        assert_eq!(answer.status(), 400, "version {version} means other fields");
    }
    let stranger = desk.client.post(desk.at("/files")).header("upload-complete", "?0").send().await?;
    assert_eq!(stranger.status(), 401, "without a token nothing is begun");
    let reader = desk.client.post(desk.at("/files")).header("upload-complete", "?0").bearer_auth(&desk.carla);
    assert_eq!(reader.send().await?.status(), 403, "who only reads does not send");
    let large = create(&desk, "large.mp4").header("upload-complete", "?0").header("upload-length", 1001).send().await?;
    assert_eq!(large.status(), 413, "before a byte leaves");
    Ok(())
}
