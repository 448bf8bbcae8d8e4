//! Each refusal has its class, and an upload's address is dropped for two of them alone.

use transfer::remote::{Remote, UploadStatus};

use super::*;

async fn status(access: Access, said: &str) -> Result<UploadStatus, RemoteError> {
    let (server, tus) = connected(access, &[said]).await;
    tus.status(&upload(&server), &layout(1000)).await
}

#[tokio::test]
async fn an_upload_is_unknown_only_when_the_server_says_so() {
    for said in ["404 Not Found", "410 Gone", "403 Forbidden\r\nTus-Resumable: 1.0.0"] {
        let status = status(Access::default(), said).await.expect("that is an answer");
        assert_eq!(status, UploadStatus::Unknown, "{said} says that there is none");
    }
    let access = Access::bearer("old").expect("a token");
    let (class, _) = failure(status(access, "403 Forbidden\r\nTus-Resumable: 1.0.0").await);
    assert_eq!(class, Class::Denied, "a token that is refused is no reason to send the film again");
    let (class, _) = failure(status(Access::default(), "403 Forbidden").await);
    assert_eq!(class, Class::Denied, "nor is somebody between us and the server");
    let (class, sentence) = failure(status(Access::default(), "404 Not Found\r\nContent-Type: text/html").await);
    assert_eq!(class, Class::Transient, "nor a proxy's page while the server is away: {sentence}");
}

#[tokio::test]
async fn every_other_refusal_keeps_the_upload() {
    for (said, class) in [
        ("400 Bad Request\r\nTus-Resumable: 1.0.0", Class::Fatal),
        ("401 Unauthorized", Class::Denied),
        ("409 Conflict", Class::Desync),
        ("412 Precondition Failed\r\nTus-Version: 2.0.0", Class::Fatal),
        ("413 Payload Too Large", Class::TooLarge),
        ("423 Locked", Class::Transient),
        ("429 Too Many Requests", Class::Throttled { after: None }),
        ("460 Checksum Mismatch", Class::Corrupt),
        ("500 Internal Server Error", Class::Transient),
        ("507 Insufficient Storage", Class::NoSpace { needed: None, free: None }),
    ] {
        let (seen, sentence) = failure(status(Access::default(), said).await);
        assert_eq!(seen, class, "{said}: {sentence}");
        let (server, tus) = connected(Access::default(), &[said]).await;
        let film = film(&tus);
        let put = tus.put_chunk(film.put(&upload(&server), film.chunk(0))).await;
        assert_eq!(failure(put).0, class, "{said} for a chunk");
    }
    let (_, sentence) = failure(status(Access::default(), "412 Precondition Failed\r\nTus-Version: 2.0.0").await);
    assert!(sentence.contains("2.0.0"), "what it speaks is told: {sentence}");
}

#[tokio::test]
async fn a_chunk_that_came_without_its_end_is_sent_again() {
    let (server, tus) = connected(Access::default(), &["400 Bad Request"]).await;
    let film = film(&tus);
    let (class, sentence) = failure(tus.put_chunk(film.put(&upload(&server), film.chunk(0))).await);
    assert_eq!(class, Class::Transient, "what does not even name its version understood nothing: {sentence}");
    let (class, _) = failure(status(Access::default(), "400 Bad Request").await);
    assert_eq!(class, Class::Fatal, "a question without a body is not cut short");
}

#[tokio::test]
async fn what_begins_no_upload_is_said_in_a_sentence() {
    for (said, class, words) in [
        ("404 Not Found", Class::Fatal, "no tus server"),
        ("413 Payload Too Large", Class::Fatal, "no file of 1000 bytes"),
        ("507 Insufficient Storage", Class::NoSpace { needed: None, free: None }, "no room"),
        ("200 OK", Class::Fatal, "as if it had begun"),
        ("201 Created", Class::Fatal, "does not say where"),
        ("401 Unauthorized", Class::Denied, "let us in"),
    ] {
        let (_server, tus) = connected(Access::default(), &[said]).await;
        let (seen, sentence) = failure(tus.begin(&film(&tus).upload()).await);
        assert!(seen == class && sentence.contains(words), "{said}: {seen:?} {sentence}");
    }
}

#[tokio::test]
async fn an_address_without_a_tus_server_is_refused_at_once() {
    for (said, class, words) in [
        ("404 Not Found", Class::Fatal, "no tus server"),
        ("200 OK", Class::Fatal, "does not speak tus"),
        ("200 OK\r\nContent-Type: text/html", Class::Portal, "a page"),
        ("301 Moved Permanently\r\nLocation: /files/x/", Class::Fatal, "/files/x/ now"),
        ("302 Found\r\nLocation: http://portal.invalid/", Class::Portal, "sign in"),
        ("401 Unauthorized", Class::Denied, "let us in"),
    ] {
        let server = Canned::start(vec![answer(said)]).await;
        let (seen, sentence) = failure(Tus::connect(setup(&server, Access::default())).await);
        assert!(seen == class && sentence.contains(words), "{said}: {seen:?} {sentence}");
    }
}

#[tokio::test]
async fn giving_up_what_is_not_there_is_done() {
    for said in ["204 No Content", "404 Not Found", "410 Gone"] {
        let (server, tus) = connected(Access::default(), &[said]).await;
        assert!(tus.abort(&upload(&server)).await.is_ok(), "{said} leaves nothing behind");
    }
    let (server, tus) = connected(Access::default(), &["503 Service Unavailable"]).await;
    assert_eq!(failure(tus.abort(&upload(&server)).await).0, Class::Transient, "it is asked again");
}
