//! Where bytes go, and where what lets us in goes.

use reqwest::Url;
use reqwest::header::{HeaderMap, LOCATION};
use transfer::remote::Remote;

use super::*;
use crate::tus::answer::location;

fn said(location: &str) -> HeaderMap {
    [(LOCATION, location.parse().expect("a header"))].into_iter().collect()
}

#[test]
fn an_uploads_address_may_be_relative_and_is_never_less_safe() {
    let endpoint: Url = "https://a.example/files/".parse().expect("an address");
    for (given, expected) in [
        ("abc", "https://a.example/files/abc"),
        ("/other/abc", "https://a.example/other/abc"),
        ("//b.example/abc", "https://b.example/abc"),
        ("https://b.example/abc?key=1", "https://b.example/abc?key=1"),
        ("http://a.example/files/abc", "https://a.example/files/abc"),
        ("http://a.example:80/files/abc", "https://a.example/files/abc"),
    ] {
        let url = location(&said(given), &endpoint).expect("it can be");
        assert_eq!(url.as_str(), expected, "{given} from {endpoint}");
    }
    for unsafe_one in ["http://b.example/files/abc", "ftp://a.example/abc"] {
        let (class, sentence) = failure(location(&said(unsafe_one), &endpoint));
        assert_eq!(class, Class::Fatal, "a film that was to travel encrypted must: {sentence}");
    }
}

#[tokio::test]
async fn what_lets_us_in_goes_to_its_own_server_alone() {
    let other = Canned::start(vec![answer("200 OK\r\nUpload-Offset: 0\r\nUpload-Length: 1000")]).await;
    let begun = format!("201 Created\r\nLocation: {}abc", other.url);
    let access = Access::bearer("s3cret").expect("a token");
    let (own, tus) = connected(access, &[&begun]).await;
    let film = film(&tus);
    let handle = tus.begin(&film.upload()).await.expect("begun elsewhere");
    tus.status(&handle, &film.layout).await.expect("the other answers");
    assert!(own.heard().iter().all(|head| head.contains("authorization: bearer s3cret")), "it is let in: {own:?}");
    assert!(!other.heard()[0].contains("authorization"), "the other server gets no token: {other:?}");
    assert!(!format!("{tus:?}").contains("s3cret"), "nor does a log: {tus:?}");
}

#[tokio::test]
async fn every_request_but_the_first_names_the_version_and_what_it_must() {
    let begun = "201 Created\r\nLocation: abc";
    let (server, tus) = connected(Access::default(), &[begun, "204 No Content\r\nUpload-Offset: 1000"]).await;
    let film = film(&tus);
    let handle = tus.begin(&film.upload()).await.expect("begun");
    assert_eq!(handle, upload(&server), "relative to where it was asked for");
    tus.put_chunk(film.put(&handle, film.chunk(0))).await.expect("taken");
    let [options, post, patch] = <[String; 3]>::try_from(server.heard()).expect("three requests");
    assert!(!options.contains("tus-resumable"), "OPTIONS goes without: {options}");
    for field in
        ["post /files/ ", "tus-resumable: 1.0.0", "upload-length: 1000", "content-length: 0", "upload-metadata:"]
    {
        assert!(post.contains(field), "{field} in {post}");
    }
    for field in ["patch /files/abc ", "tus-resumable: 1.0.0", "upload-offset: 0", "content-length: 1000"] {
        assert!(patch.contains(field), "{field} in {patch}");
    }
    assert!(patch.contains("content-type: application/offset+octet-stream"), "as tus wants it: {patch}");
}
