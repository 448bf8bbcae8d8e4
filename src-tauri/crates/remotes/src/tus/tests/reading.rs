//! Reading back, from a server that can do it and from one that cannot.

use futures::TryStreamExt;
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::remote::Remote;

use super::*;
use crate::canned::answer_with;

#[tokio::test]
async fn a_server_with_ranges_and_an_etag_is_read_from() {
    let range = |said: &str| format!("206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes {said}");
    let server = Canned::start(vec![
        answer(OFFER),
        answer_with(&range("0-0/10"), "0"),
        answer_with(&range("3-6/10"), "3456"),
        answer("412 Precondition Failed"),
    ])
    .await;
    let tus = Tus::connect(setup(&server, Access::default())).await.expect("it offers what we need");
    let reader = tus.open(&ObjectId(upload(&server).0)).await.expect("it can be read");
    assert_eq!((reader.len(), reader.validator().as_str()), (10, "v1"), "learnt from one byte");
    let stream = reader.read(ByteRange::at(3, 4)).await.expect("a range");
    let bytes: Vec<_> = stream.try_collect().await.expect("to its end");
    assert_eq!(bytes.concat(), b"3456", "just these bytes");
    let changed = reader.read(ByteRange::at(0, 1)).await;
    assert!(matches!(changed, Err(transfer::range::ReadError::Changed)), "another version is no answer");
}

#[tokio::test]
async fn a_server_that_cannot_be_read_from_says_so_in_a_sentence() {
    for (said, class) in [
        ("200 OK", Class::Fatal),
        ("405 Method Not Allowed", Class::Fatal),
        ("206 Partial Content\r\nContent-Range: bytes 0-0/10", Class::Fatal),
        ("206 Partial Content\r\nContent-Range: bytes 0-0/10\r\nETag: W/\"v\"", Class::Fatal),
        ("404 Not Found", Class::Expired),
    ] {
        let (server, tus) = connected(Access::default(), &[said]).await;
        let (seen, sentence) = failure(tus.open(&ObjectId(upload(&server).0)).await);
        assert_eq!(seen, class, "{said}: {sentence}");
    }
}
