//! What no store at hand does: answers of others, from a server that answers as a test says.

mod fake;

use std::time::Duration;

use fake::{Fake, answer};
use futures::TryStreamExt;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::{DestinationId, ObjectId, TransferId};
use transfer::layout::{ByteRange, ChunkLayout};
use transfer::placing::Taken;
use transfer::remote::{ChunkReceipt, Completion, Proof, Remote, UploadHandle};
use transfer::testing::{Film, root_of};

use super::handle::Handle;
use super::{S3, S3Credentials};
use crate::cache::{BlockCache, BlockCacheSetup, ObjectAt};
use crate::{Connection, ConnectionSetup};

const DONE: &str = "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>";

fn remote(fake: &Fake) -> S3 {
    let address = format!("s3://films/a?endpoint={}&region=r", fake.endpoint).parse().expect("an address");
    let connection = Connection::new(&ConnectionSetup::default()).expect("a client");
    S3::new(address, S3Credentials::new("key", "hidden", None), connection).expect("a bucket")
}

fn handle(vouches: bool) -> UploadHandle {
    let upload = TransferId::random();
    Handle { key: "a/film.mov".to_owned(), id: Some("id".to_owned()), upload, vouches, replaces: false }.written()
}

/// One part that was acknowledged, to be finished.
fn completion() -> Completion {
    let layout = ChunkLayout::new(5000, super::PART).expect("a layout");
    let receipts = vec![ChunkReceipt("0123".to_owned())];
    Completion { handle: handle(true), layout, root: root_of(b""), receipts, taken: Taken::KeepBoth }
}

fn refusal(code: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>for a test</Message></Error>")
}

fn class<T>(result: Result<T, RemoteError>) -> Option<Class> {
    result.err().map(|error| error.class)
}

#[tokio::test]
async fn a_store_that_asks_for_a_break_gets_it() {
    let fake = Fake::start(|_| answer("503 Slow Down\r\nRetry-After: 7", &refusal("SlowDown"))).await;
    let status = remote(&fake).status(&handle(true), &completion().layout).await;
    let after = Some(Duration::from_secs(7));
    assert_eq!(class(status), Some(Class::Throttled { after }), "as long as it says");
}

#[tokio::test]
async fn an_error_under_a_success_is_none() {
    let fake = Fake::start(|request| match request {
        head if head.starts_with("HEAD") => answer("404 Not Found", ""),
        _ => answer("200 OK", &format!("   \n{}", refusal("InternalError"))),
    })
    .await;
    let completed = remote(&fake).complete(&completion()).await;
    assert_eq!(class(completed), Some(Class::Transient), "the object is not there, whatever the status says");
}

#[tokio::test]
async fn a_store_without_conditions_is_asked_without_them_from_then_on() {
    let fake = Fake::start(|request| match request {
        head if head.starts_with("HEAD") => answer("404 Not Found", ""),
        head if head.contains("if-none-match: *") => answer("501 Not Implemented", &refusal("NotImplemented")),
        _ => answer("200 OK", DONE),
    })
    .await;
    let remote = remote(&fake);
    for time in ["first", "second"] {
        assert!(remote.complete(&completion()).await.is_ok(), "the {time} film is finished all the same");
    }
    let conditional = fake.heard().iter().filter(|head| head.contains("if-none-match: *")).count();
    assert_eq!(conditional, 1, "what a store does not know is asked of it once");
}

#[tokio::test]
async fn a_name_that_is_taken_under_the_request_begins_again() {
    for (status, code) in
        [("412 Precondition Failed", "PreconditionFailed"), ("409 Conflict", "ConditionalRequestConflict")]
    {
        let fake = Fake::start(move |request| match request {
            head if head.starts_with("HEAD") => answer("404 Not Found", ""),
            head if head.starts_with("DELETE") => answer("204 No Content", ""),
            _ => answer(status, &refusal(code)),
        })
        .await;
        let completed = remote(&fake).complete(&completion()).await;
        assert_eq!(class(completed), Some(Class::Expired), "{status}: under the next name");
        assert!(fake.heard().iter().any(|head| head.starts_with("DELETE")), "{status}: the old upload is given up");
    }
}

#[tokio::test]
async fn where_etags_are_no_sums_a_film_is_delivered_and_not_called_verified() {
    let fake = Fake::start(|request| match request {
        head if head.starts_with("HEAD") => answer("404 Not Found", ""),
        head if head.starts_with("PUT") => answer("200 OK\r\nETag: \"0000\"", ""),
        head if head.starts_with("POST") && head.contains("uploads=") => {
            answer("200 OK", "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>")
        }
        head if head.starts_with("POST") => answer("200 OK", DONE),
        _ => answer("200 OK", "<ListMultipartUploadsResult></ListMultipartUploadsResult>"),
    })
    .await;
    let remote = remote(&fake);
    let done = Film::new(&remote, 1, 5000).deliver(&remote).await.expect("it is delivered");
    assert_eq!(done.proof, Proof::SizeOnly, "nobody summed the parts");
}

#[tokio::test]
async fn a_sign_in_page_is_no_store() {
    let fake = Fake::start(|_| answer("200 OK\r\nContent-Type: text/html", "<html>Welcome to the hotel</html>")).await;
    let remote = remote(&fake);
    let begun = remote.begin(&Film::new(&remote, 1, 5000).upload()).await;
    assert_eq!(class(begun), Some(Class::Portal), "the person must sign in first");
}

#[tokio::test]
async fn open_uploads_are_listed_page_by_page() {
    let page = |id: &str, more: bool| {
        let upload = format!("<Upload><Key>a/film-1.mp4</Key><UploadId>{id}</UploadId></Upload>");
        format!("<ListMultipartUploadsResult><IsTruncated>{more}</IsTruncated>{upload}</ListMultipartUploadsResult>")
    };
    let ours = super::sum::Sum::of(Film::new(&any().await, 1, 5000).transfer.to_string().as_bytes()).hex();
    let mark = format!("<Part><PartNumber>10000</PartNumber><ETag>{ours}</ETag><Size>32</Size></Part>");
    let fake = Fake::start(move |request| match request {
        head if head.contains("uploadId=second") => {
            answer("200 OK", &format!("<ListPartsResult>{mark}</ListPartsResult>"))
        }
        head if head.contains("uploadId=") => answer("404 Not Found", &refusal("NoSuchUpload")),
        head if head.contains("upload-id-marker=first") => answer("200 OK", &page("second", false)),
        _ => answer("200 OK", &page("first", true)),
    })
    .await;
    let remote = remote(&fake);
    let handle = remote.begin(&Film::new(&remote, 1, 5000).upload()).await.expect("it is found");
    let read = Handle::read(Operation::Begin, &handle).expect("ours");
    assert_eq!(read.id.as_deref(), Some("second"), "on the second page, where our mark is");
}

#[tokio::test]
async fn what_lies_unfinished_is_listed_page_by_page_and_one_that_ended_meanwhile_is_left_out() {
    let page = |key: &str, id: &str, more: bool| {
        let upload = format!(
            "<Upload><Key>{key}</Key><UploadId>{id}</UploadId><Initiated>2026-11-25T12:00:00.000Z</Initiated></Upload>"
        );
        format!("<ListMultipartUploadsResult><IsTruncated>{more}</IsTruncated>{upload}</ListMultipartUploadsResult>")
    };
    let parts = "<Part><PartNumber>1</PartNumber><ETag>a</ETag><Size>7</Size></Part>\
                 <Part><PartNumber>10000</PartNumber><ETag>m</ETag><Size>32</Size></Part>";
    let fake = Fake::start(move |request| match request {
        head if head.contains("uploadId=gone") => answer("404 Not Found", &refusal("NoSuchUpload")),
        head if head.contains("uploadId=") => answer("200 OK", &format!("<ListPartsResult>{parts}</ListPartsResult>")),
        head if head.contains("upload-id-marker=one") => answer("200 OK", &page("a/b.mov", "gone", true)),
        head if head.contains("upload-id-marker=gone") => answer("200 OK", &page("a/c.mov", "two", false)),
        _ => answer("200 OK", &page("a/a.mov", "one", true)),
    })
    .await;
    let listed = remote(&fake).unfinished().await.expect("it is listed");
    let found: Vec<_> = listed.iter().map(|one| (one.id.as_str(), one.received, one.begun_at)).collect();
    let at = Some(1_795_608_000_000);
    assert_eq!(found, [("one", Some(7), at), ("two", Some(7), at)], "of every page, and the mark is no film's byte");
}

/// A driver to plan with; it asks nothing.
async fn any() -> S3 {
    remote(&Fake::start(|_| answer("404 Not Found", "")).await)
}

#[tokio::test]
async fn a_read_that_was_refused_is_signed_anew_and_names_the_same_version_also_through_the_cache() {
    let refused = std::sync::atomic::AtomicBool::new(false);
    let fake = Fake::start(move |request| match request {
        head if head.starts_with("HEAD") => {
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n".to_owned()
        }
        _ if !refused.swap(true, std::sync::atomic::Ordering::SeqCst) => {
            answer("403 Forbidden", &refusal("RequestTimeTooSkewed"))
        }
        _ => answer("206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 0-5/6", "a film"),
    })
    .await;
    let setup = BlockCacheSetup { folder: "/nowhere".into(), memory: 1 << 20, disk: 0 };
    let cache = BlockCache::open(setup).expect("it touches no folder");
    let object = ObjectId("s3://films/a/film.mov".to_owned());
    let reader = remote(&fake).open(&object).await.expect("it is there");
    let reader = cache.over(&ObjectAt { destination: DestinationId("s3".to_owned()), object }, reader);
    let whole = ByteRange::at(0, 6);
    assert!(reader.read(whole).await.is_err(), "a refusal is told at once, and nobody tries again in secret");
    for _ in 0..2 {
        let pieces: Vec<_> = reader.read(whole).await.expect("signed anew").try_collect().await.expect("to its end");
        assert_eq!(pieces.concat(), b"a film", "what the store gives");
    }
    let gets: Vec<_> = fake.heard().into_iter().filter(|head| head.starts_with("GET")).collect();
    assert_eq!(gets.len(), 2, "the second time it is near");
    for head in gets {
        assert!(
            head.contains("X-Amz-Signature=") && head.contains("if-match: \"v1\""),
            "signed, of that version: {head}"
        );
    }
}
