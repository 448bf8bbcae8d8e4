//! tus: "Core Protocol".

use anyhow::{Context, Result};
use reqwest::Method;

use super::{BYTES, Desk, MIB, header, named, noise, number};

#[tokio::test]
async fn a_film_that_comes_in_pieces_is_a_film_of_the_library() -> Result<()> {
    let desk = Desk::open(&[])?;
    for len in [1, 5000, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 9 * MIB + 77] {
        let (film, name) = (noise(len, len), format!("film-{len}.mp4"));
        let address = desk.create(&name, len).await?;
        let mut at = 0;
        for piece in film.chunks(film.len().div_ceil(3)) {
            let answer = desk.patch(&address, at, piece).await?;
            assert_eq!(answer.status(), 204, "bytes at the end are taken: {answer:?}");
            at += piece.len() as u64;
            assert_eq!(number(&answer, "upload-offset")?, at, "the new offset is the old one and what came");
        }
        desk.assert_film(&name, &film).await?;
        assert_eq!(desk.offset(&address).await?, len, "its address still says that all is there");
    }
    assert_eq!(desk.parts()?, 0, "nothing half is left");
    Ok(())
}

#[tokio::test]
async fn head_tells_all_that_was_said_and_nothing_is_cached() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("a b.mp4", 100).await?;
    for (offset, bytes) in [(0, 0), (0, 70), (70, 30)] {
        desk.patch(&address, offset, &noise(1, 100)[offset as usize..][..bytes]).await?;
        let answer = desk.head(&address).await?;
        assert_eq!(answer.status(), 200, "it is there");
        assert_eq!(number(&answer, "upload-offset")?, offset + bytes as u64, "the offset, also 0 and when complete");
        assert_eq!(number(&answer, "upload-length")?, 100, "the length is known");
        assert_eq!(header(&answer, "upload-metadata"), Some(named("a b.mp4").as_str()), "as it was said");
        assert_eq!(header(&answer, "cache-control"), Some("no-store"), "an old offset must not be believed");
        assert_eq!(header(&answer, "upload-defer-length"), None, "nothing is deferred");
    }
    Ok(())
}

#[tokio::test]
async fn bytes_that_do_not_begin_at_the_offset_change_nothing() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 100).await?;
    desk.patch(&address, 0, &[1; 10]).await?;
    for wrong in [0, 9, 11, 100, u64::MAX] {
        let answer = desk.patch(&address, wrong, &[2; 5]).await?;
        assert_eq!(answer.status(), 409, "at {wrong} there is nothing to go on from");
        assert_eq!(desk.offset(&address).await?, 10, "nothing changed");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_of_another_type_or_without_an_offset_is_refused() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 100).await?;
    let patch = || desk.tus(Method::PATCH, &address).body(vec![1; 10]);
    let typed = patch().header("upload-offset", 0).header("content-type", "application/octet-stream").send().await?;
    assert_eq!(typed.status(), 415, "that is no PATCH of tus");
    assert_eq!(patch().header("upload-offset", 0).send().await?.status(), 415, "no type is another type");
    for offset in ["", "-1", "+1", "0x0", "1.0"] {
        let answer = patch().header("content-type", BYTES).header("upload-offset", offset).send().await?;
        assert_eq!(answer.status(), 400, "{offset:?} is no offset");
    }
    assert_eq!(desk.offset(&address).await?, 0, "nothing changed");
    Ok(())
}

#[tokio::test]
async fn bytes_past_the_length_are_refused() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 100).await?;
    let answer = desk.patch(&address, 0, &[1; 101]).await?;
    assert_eq!(answer.status(), 413, "there is no room for 101 bytes in 100");
    let chunked = reqwest::Body::wrap_stream(futures::stream::iter([Ok::<_, std::io::Error>(vec![1; 101])]));
    let answer = desk.patching(&address, 0).body(chunked).send().await?;
    assert_eq!(answer.status(), 413, "nor where they come without saying how many");
    assert_eq!(desk.offset(&address).await?, 0, "and it is no film");
    Ok(())
}

#[tokio::test]
async fn a_finished_upload_takes_nothing_more() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 10).await?;
    desk.patch(&address, 0, &[1; 10]).await?;
    assert_eq!(desk.patch(&address, 10, &[]).await?.status(), 204, "nothing more is taken, as nothing");
    assert_eq!(desk.patch(&address, 10, &[1]).await?.status(), 413, "a byte more is one too many");
    assert_eq!(desk.patch(&address, 0, &[1; 10]).await?.status(), 409, "its beginning is there");
    desk.assert_film("film.mp4", &[1; 10]).await
}

#[tokio::test]
async fn another_version_is_not_answered() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 100).await?;
    let ask = |method: Method, path: &str| desk.client.request(method, desk.at(path)).bearer_auth(&desk.anna);
    for (method, path) in [(Method::HEAD, &*address), (Method::DELETE, &address), (Method::POST, "/files")] {
        for request in [ask(method.clone(), path), ask(method.clone(), path).header("tus-resumable", "0.2.2")] {
            let answer = request.header("upload-length", 1).send().await?;
            assert_eq!(answer.status(), 412, "{method} in no version or another");
            assert_eq!(header(&answer, "tus-version"), Some("1.0.0"), "what is spoken is told");
            assert_eq!(header(&answer, "tus-resumable"), Some("1.0.0"), "in every answer");
        }
    }
    assert_eq!(desk.offset(&address).await?, 0, "it was not processed: the upload is still there");
    Ok(())
}

#[tokio::test]
async fn the_method_that_is_meant_wins() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 10).await?;
    let over = |meant: &str| desk.tus(Method::POST, &address).header("x-http-method-override", meant);
    let patched = over("PATCH").header("content-type", BYTES).header("upload-offset", 0).body(vec![7; 4]);
    assert_eq!(patched.send().await?.status(), 204, "a POST that is a PATCH");
    assert_eq!(number(&over("HEAD").send().await?, "upload-offset")?, 4, "a POST that is a HEAD");
    assert_eq!(over("DELETE").send().await?.status(), 204, "a POST that is a DELETE");
    assert_eq!(desk.head(&address).await?.status(), 404, "and it is gone");
    Ok(())
}

#[tokio::test]
async fn an_unknown_upload_has_no_offset() -> Result<()> {
    let desk = Desk::open(&[])?;
    for address in ["/files/nothing", "/files/..%2F..%2Fetc", "/files/%00", "/files/a.b"] {
        let answer = desk.head(address).await?;
        assert_eq!((answer.status().as_u16(), header(&answer, "upload-offset")), (404, None), "HEAD {address}");
        assert_eq!(desk.patch(address, 0, b"x").await?.status(), 404, "PATCH {address}");
        let gone = desk.tus(Method::DELETE, address).send().await?;
        assert_eq!(gone.status(), 404, "DELETE {address}");
    }
    Ok(())
}

#[tokio::test]
async fn options_tell_what_is_spoken_to_whoever_asks() -> Result<()> {
    let desk = Desk::open(&["--max-size", "1000"])?;
    let answer =
        desk.client.request(Method::OPTIONS, desk.at("/files")).header("tus-resumable", "9.9.9").send().await?;
    assert_eq!(answer.status(), 204, "the version of such a request is ignored, and no token is needed");
    assert_eq!(header(&answer, "tus-version"), Some("1.0.0"), "one version");
    assert_eq!(number(&answer, "tus-max-size")?, 1000, "the limit that there is");
    let said = header(&answer, "tus-extension").context("extensions")?;
    for extension in [
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "expiration",
        "checksum",
        "termination",
        "concatenation",
        "concatenation-unfinished",
    ] {
        assert!(said.split(',').any(|one| one == extension), "{extension} in {said}");
    }
    assert!(!said.contains("trailer"), "what is not there is not offered: {said}");
    let algorithms = header(&answer, "tus-checksum-algorithm").context("algorithms")?;
    assert!(algorithms.split(',').any(|one| one == "sha1"), "sha1 must be there: {algorithms}");
    Ok(())
}
