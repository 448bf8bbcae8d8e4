//! Answers that cannot be true get a sentence, and never a panic or a wrong belief.

use transfer::error::Class;
use transfer::remote::{Received, Remote, UploadStatus};

use super::*;

async fn status(answers: &[&str]) -> Result<UploadStatus, RemoteError> {
    let (server, tus) = connected(Access::default(), answers).await;
    tus.status(&upload(&server), &layout(1000)).await
}

#[tokio::test]
async fn an_offset_beyond_the_length_is_a_clear_error() {
    let (class, sentence) = failure(status(&["200 OK\r\nUpload-Offset: 1001\r\nUpload-Length: 1000"]).await);
    assert_eq!(class, Class::Fatal, "such a server cannot be trusted with a film");
    assert!(sentence.contains("1001") && sentence.contains("1000"), "both numbers are told: {sentence}");
}

#[tokio::test]
async fn an_upload_of_another_length_is_not_ours() {
    for said in
        ["200 OK\r\nUpload-Offset: 0\r\nUpload-Length: 7", "200 OK\r\nUpload-Offset: 0\r\nUpload-Defer-Length: 1"]
    {
        let (class, sentence) = failure(status(&[said]).await);
        assert_eq!(class, Class::Fatal, "bytes of another film must not be mixed with ours: {sentence}");
    }
}

#[tokio::test]
async fn an_answer_without_an_offset_is_not_the_servers() {
    let (class, _) = failure(status(&["200 OK\r\nContent-Type: text/html; charset=utf-8"]).await);
    assert_eq!(class, Class::Portal, "a page for people: the network wants a sign-in");
    for said in ["200 OK", "200 OK\r\nUpload-Offset: -1", "200 OK\r\nUpload-Offset: 1e3", "200 OK\r\nUpload-Offset: "] {
        let (class, sentence) = failure(status(&[said]).await);
        assert_eq!(class, Class::Fatal, "{said:?} is no offset: {sentence}");
    }
}

#[tokio::test]
async fn bytes_that_went_back_are_asked_for_again() {
    for offset in ["0", "999"] {
        let said = format!("204 No Content\r\nUpload-Offset: {offset}");
        let (server, tus) = connected(Access::default(), &[&said]).await;
        let film = film(&tus);
        let put = tus.put_chunk(film.put(&upload(&server), film.chunk(0))).await;
        let (class, sentence) = failure(put);
        assert_eq!(class, Class::Desync, "the server is asked what it really has");
        assert!(sentence.contains(offset), "what it said is told: {sentence}");
    }
    let (server, tus) = connected(Access::default(), &["204 No Content\r\nUpload-Offset: 5000"]).await;
    let film = film(&tus);
    let (class, _) = failure(tus.put_chunk(film.put(&upload(&server), film.chunk(0))).await);
    assert_eq!(class, Class::Fatal, "more than the whole film is a lie");
}

#[tokio::test]
async fn an_offset_is_chunks_and_the_head_of_one() {
    let (server, tus) =
        connected(Access::default(), &["200 OK\r\nUpload-Offset: 2097159\r\nUpload-Length: 3145728"]).await;
    let layout = layout(3 << 20);
    let status = tus.status(&upload(&server), &layout).await.expect("a right answer");
    let [first, second, third] = [0, 1, 2].map(|number| layout.index(number).expect("a chunk"));
    let received =
        Received { chunks: vec![(first, None), (second, None)], partial: vec![(third, 7)], ..Received::default() };
    assert_eq!(status, UploadStatus::Receiving(received), "two whole, and seven bytes of the third");
}
