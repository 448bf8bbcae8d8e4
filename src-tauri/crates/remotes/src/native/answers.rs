//! What a Pawl server answers: its types, and its problems by their type. Whatever is not of ours (a proxy's page, a
//! login) is read by its status alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::remote::{Amendment, Completed, Proof, Received, UploadStatus};
use transfer::tree::Cv;
use transfer::units::Timestamp;
use wire::uploads::{Amend, CV_LEN, Receiving, Upload};
use wire::{Problem, problems};

use crate::failure;

/// The answer to a request, whatever it says.
pub(super) async fn sent(operation: Operation, request: RequestBuilder) -> Result<Response, RemoteError> {
    request.send().await.map_err(|error| failure::unanswered(operation, error))
}

/// The answer to a request, if it is a success.
pub(super) async fn answered(operation: Operation, request: RequestBuilder) -> Result<Response, RemoteError> {
    succeeded(operation, sent(operation, request).await?).await
}

/// Nothing but 204 says that it was done: another success is somebody else's, who answers for everyone.
pub(super) async fn acknowledged(operation: Operation, response: Response) -> Result<(), RemoteError> {
    match succeeded(operation, response).await?.status() {
        StatusCode::NO_CONTENT => Ok(()),
        _ => Err(portal(operation)),
    }
}

pub(super) async fn succeeded(operation: Operation, response: Response) -> Result<Response, RemoteError> {
    match (response.status().is_success(), is_problem(&response)) {
        (true, _) => Ok(response),
        (false, true) => Err(told(operation, response).await),
        (false, false) => Err(foreign(operation, response).await),
    }
}

pub(super) fn is_problem(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"))
}

/// A refusal that is not ours: of a proxy, of the local network. It knows nothing of uploads: that it found none is no
/// reason to begin again.
async fn foreign(operation: Operation, response: Response) -> RemoteError {
    let (is_page, moved) = (failure::is_page(response.headers()), elsewhere(&response));
    if let Some(address) = moved {
        return problem(operation, &format!("the server is at {address} now: change its address"));
    }
    let mut error = failure::refused(operation, response).await;
    error.class = match error.class {
        Class::Expired | Class::Desync | Class::Fatal if is_page => Class::Portal,
        Class::Expired | Class::Desync => Class::Transient,
        other => other,
    };
    error
}

/// Where a redirect leads, if to another address of the same host.
fn elsewhere(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    let to = response.url().join(location.to_str().ok()?).ok()?;
    (to.host_str() == response.url().host_str()).then(|| to.origin().ascii_serialization())
}

/// What our server says; an answer to HEAD has no words.
async fn told(operation: Operation, response: Response) -> RemoteError {
    let (status, fallback) = (response.status(), failure::class_of(response.status(), response.headers()));
    let said = response.bytes().await.ok().and_then(|bytes| serde_json::from_slice::<Problem>(&bytes).ok());
    match said {
        Some(problem) => {
            let words = problem.detail.clone().unwrap_or_else(|| problem.title.clone());
            RemoteError::new(operation, class(&problem, fallback), words)
        }
        None => RemoteError::new(operation, fallback, format!("the server answered {status}")),
    }
}

/// By the type where it says more than the status does.
fn class(problem: &Problem, fallback: Class) -> Class {
    match problem.kind.as_str() {
        problems::CORRUPT => Class::Corrupt,
        problems::DESYNC => Class::Desync,
        problems::NAME_TAKEN => Class::Taken,
        problems::NO_SPACE => Class::NoSpace { needed: problem.needed, free: problem.free },
        // Shorter chunks would not make the file smaller.
        problems::REFUSED | problems::BAD_REQUEST | problems::FILE_TOO_LARGE => Class::Fatal,
        // It is this upload that must wait for another to end, and no reason to stop those.
        problems::TOO_MANY_UPLOADS => Class::Transient,
        _ => fallback,
    }
}

/// A success that must be of a type of ours. A page for people is the local network's, which answers for everyone.
pub(super) async fn parsed<T: DeserializeOwned>(operation: Operation, response: Response) -> Result<T, RemoteError> {
    if failure::is_page(response.headers()) {
        return Err(portal(operation));
    }
    // An answer that breaks off is a bad link, and one that is no JSON a bad server.
    let bytes = response.bytes().await.map_err(|error| failure::unanswered(operation, error))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| problem(operation, "the server's answer cannot be understood").because(error))
}

fn portal(operation: Operation) -> RemoteError {
    RemoteError::new(operation, Class::Portal, "this network wants you to sign in")
}

/// A server that does not keep to the protocol.
pub(super) fn problem(operation: Operation, context: &str) -> RemoteError {
    RemoteError::new(operation, Class::Fatal, context)
}

/// RFC 3339.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|at| Timestamp(at.as_millisecond()))
}

/// An amendment as it is sent.
pub(super) fn amend(amendment: &Amendment) -> Amend {
    let mut kept = vec![0_u8; (amendment.after.count() as usize).div_ceil(8)];
    amendment.keep.iter().for_each(|index| kept[index.position() / 8] |= 1 << (index.position() % 8));
    Amend {
        size_before: amendment.before.size(),
        size: amendment.after.size(),
        chunk_len: amendment.after.chunk_len(),
        keep: STANDARD.encode(kept),
    }
}

/// Shorter chunks would help nobody whose list of chunks is too long.
pub(super) fn not_amended(error: RemoteError) -> RemoteError {
    let class = if error.class == Class::TooLarge { Class::Fatal } else { error.class };
    RemoteError { class, ..error }
}

/// What has arrived, held against our own layout.
pub(super) fn status(upload: Upload, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
    match upload {
        Upload::Completed(completed) => {
            Ok(UploadStatus::Completed(Completed { object: ObjectId(completed.video), proof: Proof::Root }))
        }
        Upload::Receiving(receiving)
            if (receiving.size, receiving.chunk_len) != (layout.size(), layout.chunk_len()) =>
        {
            Err(RemoteError::new(Operation::Status, Class::Expired, "the server's upload is of another file"))
        }
        Upload::Receiving(receiving) => {
            let received = received(&receiving, layout);
            let nonsense = || problem(Operation::Status, "the server names chunks that the file does not have");
            received.map(UploadStatus::Receiving).ok_or_else(nonsense)
        }
    }
}

fn received(receiving: &Receiving, layout: &ChunkLayout) -> Option<Received> {
    let digests = STANDARD.decode(&receiving.cvs).ok()?;
    let mut digests = digests.chunks_exact(CV_LEN).map(|digest| digest.try_into().ok().map(Cv));
    let mut chunks = Vec::new();
    for &(first, last) in &receiving.chunks {
        for number in first..=last {
            chunks.push((layout.index(number)?, Some(digests.next()??)));
        }
    }
    digests.next().is_none().then_some(Received { chunks, ..Received::default() })
}

#[cfg(test)]
mod tests {
    use transfer::units::MIB;

    use super::*;

    fn receiving(chunks: Vec<(u32, u32)>, digests: usize) -> Upload {
        let cvs = STANDARD.encode(vec![7; digests * CV_LEN]);
        let (handle, video) = ("h".to_owned(), "v".to_owned());
        Upload::Receiving(Receiving { handle, video, size: 10 * MIB, chunk_len: MIB, chunks, cvs })
    }

    fn layout() -> ChunkLayout {
        ChunkLayout::new(10 * MIB, MIB).expect("ten chunks")
    }

    #[test]
    fn runs_of_chunks_are_unpacked_with_their_digests() {
        let status = status(receiving(vec![(0, 1), (9, 9)], 3), &layout()).expect("an answer");
        let UploadStatus::Receiving(received) = status else { panic!("it takes chunks") };
        let numbers: Vec<_> = received.chunks.iter().map(|(index, cv)| (index.get(), *cv)).collect();
        assert_eq!(numbers, [(0, Some(Cv([7; 32]))), (1, Some(Cv([7; 32]))), (9, Some(Cv([7; 32])))], "three chunks");
    }

    #[test]
    fn an_answer_that_cannot_be_is_refused() {
        for (chunks, digests) in [(vec![(0, 10)], 11), (vec![(0, 1)], 1), (vec![(0, 1)], 3), (vec![(0, u32::MAX)], 2)] {
            let answer = status(receiving(chunks.clone(), digests), &layout());
            assert_eq!(answer.map_err(|error| error.class), Err(Class::Fatal), "{chunks:?} with {digests} digests");
        }
    }

    #[test]
    fn an_upload_of_another_layout_is_another_upload() {
        let other = ChunkLayout::new(10 * MIB, 2 * MIB).expect("five chunks");
        let answer = status(receiving(vec![], 0), &other);
        assert_eq!(answer.map_err(|error| error.class), Err(Class::Expired), "it must be begun again");
    }
}
