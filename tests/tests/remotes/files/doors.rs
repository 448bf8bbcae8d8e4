//! Who comes in at `/files`, how far, and how much they may ask; browsers.

use anyhow::{Context, Result};
use reqwest::{Method, Response};
use serde_json::Value;
use support::programs::PATIENCE;
use tokio::io::AsyncReadExt;

use super::{BYTES, Desk, MIB, created, half, head_of, header, named, noise};

async fn problem(answer: Response) -> Result<(u16, String)> {
    let status = answer.status().as_u16();
    assert_eq!(header(&answer, "content-type"), Some("application/problem+json"), "RFC 9457: {answer:?}");
    let problem: Value = answer.json().await?;
    Ok((status, problem["type"].as_str().context("a type")?.to_owned()))
}

#[tokio::test]
async fn without_a_token_nothing_is_begun_or_told() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 10).await?;
    for (method, path) in [(Method::POST, "/files"), (Method::PATCH, &*address), (Method::GET, &address)] {
        let ask = || desk.client.request(method.clone(), desk.at(path)).header("tus-resumable", "1.0.0");
        let answer = ask().send().await?;
        assert_eq!(header(&answer, "tus-resumable"), Some("1.0.0"), "in every answer");
        assert_eq!(problem(answer).await?, (401, "/problems/no-token".into()), "{method} without a token");
        assert_eq!(ask().bearer_auth("pawl_wrong").send().await?.status(), 401, "{method} with a wrong one");
    }
    Ok(())
}

#[tokio::test]
async fn anothers_upload_is_not_there_and_readers_send_nothing() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 4).await?;
    let as_bert = |method: Method| {
        let request = desk.client.request(method, desk.at(&address)).bearer_auth(&desk.bert);
        request.header("tus-resumable", "1.0.0").header("content-type", BYTES).header("upload-offset", 0)
    };
    assert_eq!(as_bert(Method::HEAD).send().await?.status(), 404, "not even that it exists");
    assert_eq!(as_bert(Method::PATCH).body("evil").send().await?.status(), 404, "no byte gets into it");
    assert_eq!(as_bert(Method::DELETE).send().await?.status(), 404, "nobody else gives it up");
    let new = desk.client.post(desk.at("/files")).header("tus-resumable", "1.0.0").header("upload-length", 1);
    assert_eq!(new.bearer_auth(&desk.carla).send().await?.status(), 403, "who only reads does not send");
    let parts = desk.client.post(desk.at("/files")).header("tus-resumable", "1.0.0").bearer_auth(&desk.bert);
    let stolen = parts.header("upload-concat", format!("final;{address}")).send().await?;
    assert_eq!(stolen.status(), 400, "nor is it a part of another's film");
    desk.patch(&address, 0, b"mine").await?;
    let read = |token: &str| desk.client.get(desk.at(&address)).bearer_auth(token).header("range", "bytes=1-2");
    assert_eq!(read(&desk.anna).send().await?.bytes().await?[..], *b"in", "who sent it reads it");
    assert_eq!(read(&desk.carla).send().await?.status(), 206, "and who may read all");
    assert_eq!(read(&desk.bert).send().await?.status(), 403, "and nobody else");
    Ok(())
}

/// Chunks of our own protocol do not get into an upload whose bytes come in order.
#[tokio::test]
async fn the_two_ways_in_do_not_meet() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 3 * MIB).await?;
    let list: Value = desk.client.get(desk.at("/api/v1/videos")).bearer_auth(&desk.anna).send().await?.json().await?;
    let (id, film) = (address.rsplit('/').next().context("an id")?, &list["videos"][0]["id"]);
    let handle = format!("{id}.{}", film.as_str().context("the film that arrives")?);
    let url = desk.at(&format!("/api/v1/uploads/{handle}"));
    let put = desk.client.put(format!("{url}/chunks/0")).bearer_auth(&desk.anna).body(vec![7; MIB as usize]);
    assert_eq!(put.send().await?.status(), 404, "no chunk is taken");
    assert_eq!(
        desk.client.delete(url).bearer_auth(&desk.anna).send().await?.status(),
        204,
        "it is in the list, and goes"
    );
    assert_eq!(desk.head(&address).await?.status(), 404, "for good");
    Ok(())
}

#[tokio::test]
async fn limits_are_told_and_kept() -> Result<()> {
    let desk = Desk::open(&["--max-size", "3000000", "--max-uploads", "2", "--max-bytes", "4000000"])?;
    let post = |field: &'static str, value: u64| desk.tus(Method::POST, "/files").header(field, value);
    let large = post("upload-length", 3_000_001).send().await?;
    assert_eq!(problem(large).await?, (413, "/problems/file-too-large".into()), "before a byte leaves");
    let deferred = created(post("upload-defer-length", 1).send().await?)?;
    let told = desk.patching(&deferred, 0).header("upload-length", 3_000_001).send().await?;
    assert_eq!(told.status(), 413, "also where the length comes later");
    let grown = desk.patch(&deferred, 0, &vec![1; 3_000_001]).await?;
    assert_eq!(grown.status(), 413, "or never");
    let never = Desk::open(&[])?;
    let beyond = never.tus(Method::POST, "/files").header("upload-length", 1_u64 << 50).send().await?;
    assert_eq!(problem(beyond).await?, (507, "/problems/no-space".into()), "no disk here has room for a petabyte");
    let _second = created(post("upload-length", 3_000_000).send().await?)?;
    let third = post("upload-length", 1).send().await?;
    assert_eq!(problem(third).await?, (429, "/problems/too-many-uploads".into()), "two are unfinished");
    let full = desk.patch(&deferred, 0, &vec![1; 1_000_001]).await?;
    assert_eq!(problem(full).await?, (507, "/problems/no-space".into()), "what may be kept is used up");
    desk.tus(Method::DELETE, &deferred).send().await?;
    let more = post("upload-length", 1_000_001).send().await?;
    assert_eq!(problem(more).await?, (507, "/problems/no-space".into()), "however it is begun");
    Ok(())
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_again() -> Result<()> {
    let desk = Desk::open(&["--max-requests", "2"])?;
    for _ in 0..20 {
        let answer = desk.head("/files/x").await?;
        if answer.status() == 429 {
            assert_eq!(header(&answer, "retry-after"), Some("1"), "in a second there is room for two more");
            return Ok(());
        }
    }
    anyhow::bail!("twenty at once are too many")
}

#[tokio::test]
async fn who_falls_silent_is_cut_and_what_it_brought_is_kept() -> Result<()> {
    let desk = Desk::open(&["--silence", "1"])?;
    let film = noise(1, 2 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    let head = head_of(&desk, &address, 0, film.len(), &[])?;
    let mut silent = half(&desk, &head, &film[..MIB as usize]).await?;
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, silent.read_to_end(&mut answer)).await.context("the silent one is cut")??;
    assert!(answer.starts_with(b"HTTP/1.1 503"), "and told: {}", String::from_utf8_lossy(&answer));
    assert_eq!(desk.offset(&address).await?, MIB, "its bytes are kept");
    Ok(())
}

#[tokio::test]
async fn a_page_of_any_origin_may_ask_with_a_token_of_its_own() -> Result<()> {
    let desk = Desk::open(&[])?;
    let preflight = desk.client.request(Method::OPTIONS, desk.at("/files")).header("origin", "https://page.example");
    let preflight = preflight.header("access-control-request-method", "POST");
    let answer = preflight.header("access-control-request-headers", "tus-resumable,upload-length").send().await?;
    assert!(answer.status().is_success(), "a browser asks without a token");
    let allowed = header(&answer, "access-control-allow-headers").context("what may be sent")?.to_ascii_lowercase();
    for name in ["authorization", "tus-resumable", "upload-length", "upload-concat", "upload-checksum"] {
        assert!(allowed.split(", ").any(|one| one == name), "{name} in {allowed}");
    }
    let methods = header(&answer, "access-control-allow-methods").context("methods")?;
    assert!(methods.contains("PATCH") && methods.contains("DELETE"), "what a browser does not allow by itself");
    let new = desk.tus(Method::POST, "/files").header("upload-length", 5).header("origin", "https://page.example");
    let answer = new.header("upload-metadata", named("a.mp4")).send().await?;
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"), "the page may read the answer");
    let exposed = header(&answer, "access-control-expose-headers").context("what of it")?.to_ascii_lowercase();
    for name in ["location", "upload-offset", "upload-expires", "tus-resumable"] {
        assert!(exposed.split(", ").any(|one| one == name), "{name} in {exposed}");
    }
    Ok(())
}

/// Where no token is asked for, any page of the web could send and read films of this machine.
#[tokio::test]
async fn an_open_server_lets_no_page_in() -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let (_server, url) = support::programs::server(folder.path())?;
    let ask = support::http::client().request(Method::OPTIONS, format!("{url}/files"));
    let answer = ask.header("origin", "https://page.example").header("access-control-request-method", "POST");
    let answer = answer.send().await?;
    assert_eq!(header(&answer, "access-control-allow-origin"), None, "a browser keeps the page out");
    Ok(())
}

#[tokio::test]
async fn who_sends_too_slowly_is_cut_and_what_it_brought_is_kept() -> Result<()> {
    let desk = Desk::open(&["--silence", "3600", "--min-rate", "1000000000", "--grace", "1"])?;
    let film = noise(1, 2 * MIB);
    let address = desk.create("film.mp4", film.len() as u64).await?;
    let head = head_of(&desk, &address, 0, film.len(), &[])?;
    let mut slow = half(&desk, &head, &film[..MIB as usize]).await?;
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, slow.read_to_end(&mut answer)).await.context("the slow one is cut")??;
    assert!(answer.starts_with(b"HTTP/1.1 503"), "and told: {}", String::from_utf8_lossy(&answer));
    assert_eq!(desk.offset(&address).await?, MIB, "its bytes are kept");
    Ok(())
}
