//! The loopback server's answers, request by request, and over a real socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::BodyExt;
use proptest::prelude::*;
use tower::ServiceExt;
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::range::{ByteStream, RangeReader, ReadError};

use super::loopback::{Offers, routes};
use super::{Loopback, Offer};

const LEN: u64 = 1000;

/// A thousand bytes, of which those from `there` on are missing and nobody sends them.
#[derive(Debug)]
struct Film {
    there: u64,
}

#[async_trait]
impl RangeReader for Film {
    fn len(&self) -> u64 {
        LEN
    }

    fn validator(&self) -> String {
        "film".into()
    }

    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        let there = ByteRange::at(0, self.there);
        let bytes = (range.start()..range.end()).filter(move |at| *at < there.end());
        let pieces: Vec<_> = bytes.map(|at| Ok(Bytes::from(vec![at as u8]))).collect();
        let missing = (!there.contains(range)).then(|| Err(ReadError::NotArriving("its sender paused it".into())));
        Ok(stream::iter(pieces.into_iter().chain(missing)).boxed())
    }
}

fn film(there: u64) -> Offer {
    Offer { name: FileName::new("Fil\nm ä.mp4").expect("a name"), reader: Arc::new(Film { there }) }
}

fn server(there: u64) -> Router {
    let offers = Offers::default();
    offers.lock().expect("nobody panicked").insert("t".into(), film(there));
    routes(offers, HeaderValue::from_static("tauri://localhost"), "127.0.0.1:80".parse().expect("an address"))
}

async fn ask_at(there: u64, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server(there).oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible")
}

async fn ask(method: &str, headers: &[(&str, &str)]) -> Response {
    ask_at(LEN, method, "/m/t", headers).await
}

fn field<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

async fn bytes(response: Response) -> Vec<u8> {
    response.into_body().collect().await.expect("the body ends well").to_bytes().to_vec()
}

#[tokio::test]
async fn without_a_range_the_whole_film_and_the_word_that_ranges_are_taken() {
    let response = ask("GET", &[]).await;
    assert_eq!(response.status(), StatusCode::OK, "the webview's first request carries no range");
    assert_eq!(field(&response, "accept-ranges"), "bytes", "it must learn that it may seek");
    assert_eq!(field(&response, "content-length"), "1000", "the real total");
    assert_eq!(field(&response, "content-type"), "video/mp4", "by its name");
    assert_eq!(field(&response, "content-disposition"), "inline; filename*=UTF-8''Fil%0Am%20%C3%A4.mp4", "escaped");
    assert_eq!(field(&response, "etag"), "\"film\"", "a strong tag, quoted");
    assert_eq!(bytes(response).await.len(), 1000, "every byte");
}

#[tokio::test]
async fn one_range_is_206_with_exact_figures() {
    for (range, expected, len) in [
        ("bytes=0-1", "bytes 0-1/1000", 2),
        ("bytes=-300", "bytes 700-999/1000", 300),
        ("bytes=990-2000", "bytes 990-999/1000", 10),
    ] {
        let response = ask("GET", &[("range", range)]).await;
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(field(&response, "content-range"), expected, "{range}");
        assert_eq!(field(&response, "content-length"), len.to_string(), "{range}");
        assert_eq!(bytes(response).await.len(), len, "{range}: as many bytes as announced");
    }
}

#[tokio::test]
async fn a_range_past_the_end_is_416_with_the_length() {
    let response = ask("GET", &[("range", "bytes=1000-")]).await;
    assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE, "RFC 9110, section 15.5.17");
    assert_eq!(field(&response, "content-range"), "bytes */1000", "so that the client learns the length");
    assert_eq!(field(&response, "content-type"), "application/problem+json", "errors are problems (RFC 9457)");
}

#[tokio::test]
async fn conditions_come_before_ranges() {
    let range = ("range", "bytes=0-1");
    let status = async |name, value| ask("GET", &[range, (name, value)]).await.status();
    assert_eq!(status("if-none-match", "\"film\"").await, StatusCode::NOT_MODIFIED, "the client has it");
    assert_eq!(status("if-match", "\"other\"").await, StatusCode::PRECONDITION_FAILED, "the client wants another");
    assert_eq!(status("if-range", "\"other\"").await, StatusCode::OK, "parts of two films are never mixed");
    assert_eq!(status("if-range", "\"film\"").await, StatusCode::PARTIAL_CONTENT, "the same film goes on");
}

#[tokio::test]
async fn head_tells_the_figures_of_the_whole_and_sends_nothing() {
    let response = ask("HEAD", &[("range", "bytes=0-1")]).await;
    assert_eq!(response.status(), StatusCode::OK, "ranges are for GET (RFC 9110, section 14.2)");
    assert_eq!(field(&response, "content-length"), "1000", "what GET would send");
    assert!(bytes(response).await.is_empty(), "no body");
}

#[tokio::test]
async fn who_does_not_know_the_path_or_the_name_gets_nothing() {
    assert_eq!(ask_at(LEN, "GET", "/m/x", &[]).await.status(), StatusCode::NOT_FOUND, "a guessed token");
    assert_eq!(ask_at(LEN, "GET", "/", &[]).await.status(), StatusCode::NOT_FOUND, "there is no index");
    assert_eq!(ask("POST", &[]).await.status(), StatusCode::METHOD_NOT_ALLOWED, "films are read here");
    let rebound = Request::builder().uri("/m/t").header("host", "evil.example").body(Body::empty());
    let response = server(LEN).oneshot(rebound.expect("a request")).await.expect("infallible");
    assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "a rebound name reads nothing");
    assert_eq!(field(&ask("GET", &[]).await, "access-control-allow-origin"), "tauri://localhost", "no wildcard");
}

#[tokio::test]
async fn bytes_that_nobody_sends_are_an_answer_and_not_a_broken_film() {
    let response = ask_at(500, "GET", "/m/t", &[("range", "bytes=500-")]).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "the first byte is missing");
    let problem: wire::Problem = serde_json::from_slice(&bytes(response).await).expect("a problem");
    assert_eq!(problem.detail.as_deref(), Some("its sender paused it"), "the sentence says why");
    let begun = ask_at(500, "GET", "/m/t", &[]).await;
    assert_eq!(begun.status(), StatusCode::OK, "the first half is there");
    assert!(
        begun.into_body().collect().await.is_err(),
        "a body that cannot end as announced must break, not end early"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_real_socket_and_a_withdrawn_film_is_gone() {
    let loopback = Loopback::start(HeaderValue::from_static("tauri://localhost")).await.expect("it starts");
    let url = loopback.offer(film(LEN)).expect("a token");
    let (host, path) = url.trim_start_matches("http://").split_once('/').expect("a path");
    assert_eq!(path.len(), 2 + 32, "128 bits of token in hex");
    assert!(!url.ends_with(&loopback.offer(film(LEN)).expect("a token")), "each offer has a token of its own");
    let fetch = |host: &str, path: &str| {
        let mut socket = TcpStream::connect(host).expect("it listens");
        write!(socket, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nRange: bytes=0-1\r\nConnection: close\r\n\r\n")
            .expect("sent");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).expect("the answer ends");
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert!(fetch(host, path).starts_with("HTTP/1.1 206"), "the film is on offer");
    loopback.withdraw(&url);
    assert!(fetch(host, path).starts_with("HTTP/1.1 404"), "a withdrawn film is gone");
    loopback.stop().await;
    assert!(TcpStream::connect(host).is_err(), "a stopped server listens no more");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_a_range_header_says_the_announced_length_is_sent(header in "(bytes=)?[0-9, a-]{0,24}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let response = ask("GET", &[("range", header.trim())]).await;
            let announced: usize = field(&response, "content-length").parse().unwrap_or(usize::MAX);
            let known = [StatusCode::OK, StatusCode::PARTIAL_CONTENT, StatusCode::RANGE_NOT_SATISFIABLE];
            assert!(known.contains(&response.status()), "{header:?} gave {}", response.status());
            let (status, sent) = (response.status(), bytes(response).await.len());
            assert!(status == StatusCode::RANGE_NOT_SATISFIABLE || sent == announced, "{header:?}: {sent} of {announced}");
        });
    }
}
