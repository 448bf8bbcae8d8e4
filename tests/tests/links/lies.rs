//! Servers that lie: what they say counts only as far as it can be true, and a film is done only when it is there.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, Response};
use serde_json::{Value, json};
use support::bad_link::Conditions;
use support::far::Kind;
use support::lying::{Lie, LyingServer};
use support::programs::{Talker, last};

use super::scene::{MIB, Scene};

const FILM: u64 = 40 * MIB;

/// Sends a film to a server that lies so often and then never again; the film must be there in the end.
fn is_not_believed(kind: Kind, lies: u32, liar: impl Fn(&Parts) -> Option<Lie> + Send + Sync + 'static) -> Result<()> {
    let scene = Scene::new(kind, FILM, Conditions::default())?;
    let front = LyingServer::before(scene.far.socket()?, lies, liar)?;
    let run = Talker::start(&mut scene.command_at(front.address())?)?;
    scene.arrives(run)?;
    ensure!(front.lies() == lies, "it lied {} times, not {lies}", front.lies());
    Ok(())
}

fn number(parts: &Parts, name: &str) -> Option<u64> {
    parts.headers.get(name)?.to_str().ok()?.parse().ok()
}

fn tus(status: u16, offset: u64) -> Response<Bytes> {
    let answer = Response::builder().status(status).header("Tus-Resumable", "1.0.0").header("Upload-Offset", offset);
    answer.body(Bytes::new()).expect("an answer")
}

fn with_offset(mut answer: Response<Bytes>, change: fn(u64) -> u64) -> Response<Bytes> {
    let said = answer.headers().get("upload-offset").and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(offset) = said {
        answer.headers_mut().insert("upload-offset", change(offset).into());
    }
    answer
}

#[test]
fn a_tus_server_that_drops_bytes_and_says_it_has_them_gets_them_again() -> Result<()> {
    is_not_believed(Kind::Tus, 2, |parts| {
        let offset = number(parts, "upload-offset").filter(|_| parts.method == Method::PATCH)?;
        Some(Lie::Instead(tus(204, offset + number(parts, "content-length")?)))
    })
}

#[test]
fn a_tus_server_that_says_more_or_less_than_was_sent_is_asked_again() -> Result<()> {
    is_not_believed(Kind::Tus, 2, |parts| {
        let more = |answer| with_offset(answer, |offset| offset + 1000);
        (parts.method == Method::PATCH).then_some(Lie::Altered(more))
    })?;
    is_not_believed(Kind::Tus, 2, |parts| {
        let less = |answer| with_offset(answer, |offset| offset - 1000);
        (parts.method == Method::PATCH).then_some(Lie::Altered(less))
    })
}

#[test]
fn a_tus_server_that_forgets_and_remembers_is_followed() -> Result<()> {
    let patches = AtomicU32::new(0);
    is_not_believed(Kind::Tus, 1, move |parts| {
        let nothing = |answer| with_offset(answer, |_| 0);
        patches.fetch_add((parts.method == Method::PATCH).into(), Ordering::Relaxed);
        let is_late = patches.load(Ordering::Relaxed) > 1;
        (parts.method == Method::HEAD && is_late).then_some(Lie::Altered(nothing))
    })
}

#[test]
fn a_tus_server_that_claims_all_before_it_has_any_is_asked_once_more() -> Result<()> {
    is_not_believed(Kind::Tus, 1, |parts| {
        let all = |answer| with_offset(answer, |_| FILM);
        (parts.method == Method::HEAD).then_some(Lie::Altered(all))
    })
}

#[test]
fn a_tus_server_with_more_than_the_film_fails_it_with_both_numbers() -> Result<()> {
    let scene = Scene::new(Kind::Tus, FILM, Conditions::default())?;
    let front = LyingServer::before(scene.far.socket()?, u32::MAX, |parts| {
        let beyond = |answer| with_offset(answer, |_| FILM + 1);
        (parts.method == Method::HEAD).then_some(Lie::Altered(beyond))
    })?;
    let (status, events) = Talker::start(&mut scene.command_at(front.address())?)?.end()?;
    ensure!(status.code() == Some(1), "it is not done: {:?}", events.last());
    let message = last(&events, "failed")?["message"].as_str().context("a sentence")?.to_owned();
    ensure!(message.contains(&FILM.to_string()) && message.contains(&(FILM + 1).to_string()), "{message}");
    Ok(())
}

fn is_chunk(parts: &Parts) -> bool {
    parts.method == Method::PUT && parts.uri.path().contains("/chunks/")
}

fn said(status: u16, kind: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).header("Content-Type", kind).body(body.into()).expect("an answer")
}

#[test]
fn a_pawl_server_that_drops_chunks_and_acknowledges_them_gets_them_again() -> Result<()> {
    let dropped = |parts: &Parts| is_chunk(parts).then(|| Lie::Instead(said(204, "text/plain", "")));
    is_not_believed(Kind::Pawl, 3, dropped)
}

/// The state of an upload, as somebody else tells it.
fn is_status(parts: &Parts) -> bool {
    let path = parts.uri.path().trim_start_matches("/api/v1/uploads/");
    parts.method == Method::GET && !path.contains('/')
}

#[test]
fn a_pawl_server_that_claims_chunks_it_has_not_is_held_against_their_digests() -> Result<()> {
    is_not_believed(Kind::Pawl, 1, |parts| {
        let all = |answer: Response<Bytes>| {
            let mut told: Value = serde_json::from_slice(answer.body()).expect("JSON");
            let count = FILM / (4 * MIB);
            told["chunks"] = json!([[0, count - 1]]);
            // 32 zeros each, in base64.
            told["cvs"] = json!(format!("{}A=", "A".repeat((count as usize * 32).div_ceil(3) * 4 - 2)));
            answer.map(|_| told.to_string().into())
        };
        is_status(parts).then_some(Lie::Altered(all))
    })
}

#[test]
fn a_pawl_server_that_claims_to_be_done_is_asked_to_prove_it() -> Result<()> {
    is_not_believed(Kind::Pawl, 1, |parts| {
        let done = |answer: Response<Bytes>| {
            let told: Value = serde_json::from_slice(answer.body()).expect("JSON");
            let done = json!({ "state": "completed", "handle": told["handle"], "video": told["video"] });
            answer.map(|_| done.to_string().into())
        };
        is_status(parts).then_some(Lie::Altered(done))
    })
}

fn is_part(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    // The one with the last number is the upload's mark.
    parts.method == Method::PUT && query.contains("partNumber=") && !query.contains("partNumber=10000")
}

#[test]
fn a_store_that_drops_parts_is_found_out_by_their_sums() -> Result<()> {
    is_not_believed(Kind::Store, 2, |parts| {
        let false_sum = || {
            let answer = Response::builder().status(200).header("ETag", "\"00000000000000000000000000000000\"");
            answer.body(Bytes::new()).expect("an answer")
        };
        is_part(parts).then(|| Lie::Instead(false_sum()))
    })
}

#[test]
fn a_store_that_says_success_and_means_an_error_is_not_done() -> Result<()> {
    const ERROR: &str = "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>no</Message></Error>";
    is_not_believed(Kind::Store, 2, |parts| {
        let completes =
            parts.method == Method::POST && parts.uri.query().is_some_and(|query| !query.contains("uploads"));
        completes.then(|| Lie::Instead(said(200, "application/xml", ERROR)))
    })
}
