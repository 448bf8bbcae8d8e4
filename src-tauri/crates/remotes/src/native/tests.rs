//! Answers that no Pawl server gives, and that must be borne: cut ones, a proxy's, the local network's.

use transfer::error::{Class, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::{ChunkLayout, MIN_CHUNK_LEN};
use transfer::remote::{Remote, UploadHandle, UploadStatus};
use transfer::testing::Film;

use super::{AddressError, Native};
use crate::canned::{Canned, answer, answer_with};
use crate::{Connection, ConnectionSetup};

const PAGE: &str = "\r\nContent-Type: text/html";
const PROBLEM: &str = "\r\nContent-Type: application/problem+json";

async fn server(answers: &[String]) -> (Canned, Native) {
    let server = Canned::start(answers.to_vec()).await;
    let native = native(&server.url).expect("an address");
    (server, native)
}

fn native(address: &str) -> Result<Native, AddressError> {
    let connection = Connection::new(&ConnectionSetup::default()).expect("a connection");
    Native::new(connection, address, Some("s3cret"))
}

fn handle() -> UploadHandle {
    UploadHandle("u.o".to_owned())
}

fn layout() -> ChunkLayout {
    ChunkLayout::new(9, MIN_CHUNK_LEN).expect("a layout")
}

fn class<T: std::fmt::Debug>(answer: Result<T, RemoteError>) -> Class {
    answer.expect_err("it must fail").class
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_bad_link() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"state\":".to_owned();
    let (_server, native) = server(&[cut]).await;
    assert_eq!(class(native.status(&handle(), &layout()).await), Class::Transient, "it is asked again");
}

#[tokio::test]
async fn an_answer_that_is_nonsense_is_a_bad_server() {
    let (_server, native) = server(&[answer_with("200 OK\r\nContent-Type: application/json", "[]")]).await;
    assert_eq!(class(native.status(&handle(), &layout()).await), Class::Fatal, "asking again would not help");
}

#[tokio::test]
async fn only_the_servers_own_word_says_that_an_upload_is_gone() {
    let gone = answer_with(&format!("404 Not Found{PROBLEM}"), r#"{"type":"/problems/not-found"}"#);
    let page = answer_with(&format!("404 Not Found{PAGE}"), "<h1>404</h1>");
    let proxy = answer_with("404 Not Found\r\nContent-Type: text/plain", "404 page not found");
    let (_server, native) = server(&[gone, page, proxy]).await;
    let status = native.status(&handle(), &layout()).await.expect("an answer");
    assert_eq!(status, UploadStatus::Unknown, "the server knows what it has");
    assert_eq!(class(native.status(&handle(), &layout()).await), Class::Portal, "a page is for people");
    assert_eq!(class(native.status(&handle(), &layout()).await), Class::Transient, "the server may be away");
}

#[tokio::test]
async fn a_page_that_answers_for_everyone_acknowledges_nothing() {
    let welcome = answer_with(&format!("200 OK{PAGE}"), "<h1>Welcome to the hotel</h1>");
    let (_server, native) = server(&[welcome.clone(), welcome]).await;
    let film = Film::new(&native, 1, 9);
    let put = native.put_chunk(film.put(&handle(), film.chunk(0))).await;
    assert_eq!(class(put), Class::Portal, "no chunk is safe in a hotel's page");
    assert_eq!(class(native.abort(&handle()).await), Class::Portal, "and nothing was given up there");
}

#[tokio::test]
async fn a_server_that_has_moved_says_where() {
    let (_server, native) = server(&[
        answer("301 Moved Permanently\r\nLocation: https://127.0.0.1/files/api/v1/uploads/u.o"),
        answer("302 Found\r\nLocation: http://portal.example/login"),
    ])
    .await;
    let moved = native.status(&handle(), &layout()).await.expect_err("it is not there");
    assert_eq!(moved.class, Class::Fatal, "a person must change the address");
    assert!(moved.context.contains("https://127.0.0.1"), "and is told to which: {}", moved.context);
    assert_eq!(class(native.status(&handle(), &layout()).await), Class::Portal, "another host is not the server");
}

#[tokio::test]
async fn an_answer_without_words_has_its_status() {
    let gone = format!("HTTP/1.1 404 Not Found{PROBLEM}\r\nContent-Length: 99\r\nConnection: close\r\n\r\n");
    let denied = answer_with(&format!("401 Unauthorized{PROBLEM}"), "{}");
    let (_server, native) = server(&[gone, denied]).await;
    assert_eq!(class(native.open(&ObjectId("v".into())).await), Class::Expired, "HEAD has no body");
    assert_eq!(class(native.status(&handle(), &layout()).await), Class::Denied, "every member may be missing");
}

#[tokio::test]
async fn the_address_may_have_a_path_before_ours() {
    let (server, native) = server(&[answer("204 No Content")]).await;
    native.abort(&handle()).await.expect("it is done");
    let heard = server.heard();
    assert!(heard[0].starts_with("delete /files/api/v1/uploads/u.o "), "below its own path: {}", heard[0]);
    assert!(heard[0].contains("authorization: bearer s3cret"), "with the token: {}", heard[0]);
    assert!(!format!("{native:?}").contains("s3cret"), "which is shown to nobody");
}

#[test]
fn an_address_holds_no_secret_and_nothing_but_a_server() {
    for address in ["http://anna:pw@host/", "http://anna@host", "http://host/?key=pw", "http://host/#pw"] {
        let refused = native(address).expect_err("there is more in it");
        assert!(!refused.to_string().contains("pw"), "{address} is not repeated: {refused}");
    }
    assert_eq!(native("ftp://host").expect_err("no server of ours"), AddressError::Scheme, "another protocol");
    assert_eq!(native("films").expect_err("no address"), AddressError::NoUrl, "a word");
    native("http://[::1]:8080").expect("an address of six");
}
