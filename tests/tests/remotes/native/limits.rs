//! What strangers can take of `pawl-server`: connections, heads, bodies, time; and that the others are served meanwhile.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::json;
use support::programs::PATIENCE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::doors::{Doors, MIB, ONE, TWO, problem};

impl Doors {
    /// A connection that has sent so much.
    async fn sent(&self, text: &str) -> Result<TcpStream> {
        let mut socket = TcpStream::connect(self.server.url().replace("http://", "")).await?;
        socket.write_all(text.as_bytes()).await?;
        Ok(socket)
    }

    async fn serves(&self) -> Result<bool> {
        Ok(self.ask(Method::GET, "/server", &self.anna, None).await?.status() == 200)
    }
}

/// What the server says until it closes.
async fn last_words(mut socket: TcpStream) -> Result<String> {
    let mut answer = Vec::new();
    timeout(PATIENCE, socket.read_to_end(&mut answer)).await.context("it is cut")??;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn who_is_slow_with_a_head_is_cut() -> Result<()> {
    let doors = Doors::open(&["--head-time", "1"])?;
    let slow = doors.sent("GET /api/v1/videos HTTP/1.1\r\nhost: x\r\n").await?;
    let idle = doors.sent("").await?;
    assert!(doors.serves().await?, "others are served meanwhile");
    assert_eq!(last_words(slow).await?, "", "half a head has no answer");
    assert_eq!(last_words(idle).await?, "", "neither has none");
    Ok(())
}

#[tokio::test]
async fn a_head_that_is_too_long_is_told_so() -> Result<()> {
    let doors = Doors::open(&["--max-head", "4096"])?;
    let head = |bytes: usize| {
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: {}\r\n\r\n", "x".repeat(bytes))
    };
    assert!(last_words(doors.sent(&head(3000)).await?).await?.starts_with("HTTP/1.1 200"), "three thousand are few");
    let answer = last_words(doors.sent(&head(5000)).await?).await?;
    assert!(answer.starts_with("HTTP/1.1 431"), "RFC 6585, section 5, and not: {answer}");
    let many = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(500));
    assert!(last_words(doors.sent(&many).await?).await?.starts_with("HTTP/1.1 431"), "many short ones are long, too");
    assert!(doors.serves().await?, "others are served");
    Ok(())
}

#[tokio::test]
async fn a_json_body_is_short_and_comes_soon() -> Result<()> {
    let doors = Doors::open(&["--max-json", "1000", "--json-time", "1"])?;
    let answer = doors.begin(&doors.anna, ONE, &"x".repeat(2000)).await?;
    assert_eq!(problem(answer).await?, (413, "/problems/too-large".into()), "two thousand bytes are too many");
    let head = |path: &str, len: usize| {
        let token = &doors.anna;
        format!(
            "POST /api/v1{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\nconnection: close\r\ncontent-length: {len}\r\n\r\n{{"
        )
    };
    let slow = doors.sent(&head("/uploads", 500)).await?;
    let said = last_words(slow).await?;
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("/problems/too-slow"), "half a body: {said}");
    let lie = last_words(doors.sent(&head("/uploads", 2000)).await?).await?;
    assert!(lie.starts_with("HTTP/1.1 413"), "what says that it is too long is not read: {lie}");
    let form = doors.client.post(format!("{}/api/v1/uploads", doors.server.url())).bearer_auth(&doors.anna);
    let answer = form.header("content-type", "text/plain").body("{}").send().await?;
    assert_eq!(problem(answer).await?.0, 400, "a form of a web page is no request");
    Ok(())
}

#[tokio::test]
async fn a_chunk_that_drips_is_cut_with_a_clear_answer() -> Result<()> {
    let doors = Doors::open(&["--min-rate", "1000", "--grace", "1"])?;
    let begun = doors.begun(&doors.anna, ONE).await?;
    let path = format!("/api/v1/uploads/{}/chunks/0", begun["handle"].as_str().context("a handle")?);
    let token = &doors.anna;
    let head =
        format!("PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {MIB}\r\n\r\n");
    let (reading, mut writing) = doors.sent(&head).await?.into_split();
    let dripping = tokio::spawn(async move {
        while writing.write_all(b"xx").await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    });
    let mut answer = vec![0; 4096];
    let mut reading = reading;
    let read = timeout(PATIENCE, reading.read(&mut answer)).await.context("it is answered")??;
    let said = String::from_utf8_lossy(&answer[..read]);
    assert!(
        said.starts_with("HTTP/1.1 408") && said.contains("/problems/too-slow"),
        "a hundred bytes a second: {said}"
    );
    drop(reading);
    dripping.abort();
    let put = doors.client.put(format!("{}{path}", doors.server.url())).bearer_auth(token);
    assert_eq!(put.body(vec![7; MIB as usize]).send().await?.status(), 204, "who is fast enough is taken");
    Ok(())
}

#[tokio::test]
async fn a_connection_too_many_is_told_so_and_the_others_stay() -> Result<()> {
    let doors = Doors::open(&["--max-connections", "2"])?;
    let ask = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut socket = doors.sent(ask).await?;
        assert!(socket.read(&mut [0; 1024]).await? > 0, "it has its place");
        held.push(socket);
    }
    let refused = last_words(doors.sent(ask).await?).await?;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 1"), "the third: {refused}");
    let body = refused.split("\r\n\r\n").nth(1).context("a body")?;
    let told: serde_json::Value = serde_json::from_str(body)?;
    assert_eq!((&told["status"], &told["type"]), (&json!(503), &json!("/problems/unavailable")), "as a problem");
    held[0].write_all(ask.as_bytes()).await?;
    assert!(held[0].read(&mut [0; 1024]).await? > 0, "who has a place keeps it");
    held.pop();
    let free = async {
        loop {
            let mut socket = doors.sent(ask).await?;
            let (mut answer, mut read) = ([0; 1024], 0);
            read += socket.read(&mut answer).await?;
            if answer[..read].starts_with(b"HTTP/1.1 200") {
                return anyhow::Ok(());
            }
        }
    };
    timeout(PATIENCE, free).await.context("a place that was left is free")?
}

#[tokio::test]
async fn no_route_is_a_way_around_its_prefix() -> Result<()> {
    let doors = Doors::open(&[])?;
    let film = doors.film(&doors.anna, TWO, b"film").await?;
    for path in [
        "/api/v1/videos/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/videos/..%5c..%5cetc/content",
        "/l/%2e%2e%2f.pawl%2ftokens.toml",
        "/api/v1/../../.pawl/tokens.toml",
        "/.pawl/tokens.toml",
        "//etc/passwd",
        "/api/v1/videos/%00/content",
        "/api/v1/videos/%ff/content",
    ] {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
            doors.carla
        );
        let said = last_words(doors.sent(&head).await?).await?;
        let status: u16 = said.get(9..12).context("a status")?.parse()?;
        assert!((400..500).contains(&status) && !said.contains("blake3"), "{path} leads nowhere: {said}");
    }
    let long = format!("/videos/{}/content", "x".repeat(20_000));
    assert_eq!(doors.ask(Method::GET, &long, &doors.carla, None).await?.status(), 404, "a long id is an id of nothing");
    let there = doors.ask(Method::GET, &format!("/videos/{film}/content"), &doors.carla, None).await?;
    assert_eq!(there.bytes().await?.as_ref(), b"film", "what is there is still there");
    Ok(())
}
