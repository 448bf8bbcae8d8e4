//! Trying a bucket: its open uploads are listed, as every beginning does; one is begun, marked and given up again; one
//! byte of something that is there is read.

use reqwest::header::RANGE;
use reqwest::{Response, StatusCode, Url};
use rusty_s3::Method;
use transfer::error::{Operation, RemoteError};
use transfer::ids::TransferId;

use super::begin::abort;
use super::finished::UPLOAD;
use super::refusal::Refusal;
use super::store::{Ask, Store};
use super::{LONGEST_PART, S3, xml};
use crate::probe::{Checked, Findings, led_away, sentence, size};

/// What the object of the trial would be called; it never becomes one.
const NAME: &str = "pawl-connection-test";

impl S3 {
    /// Tries it.
    pub(crate) async fn probe(&self) -> Findings {
        let mut found = Findings::default();
        if !self.introduce(&mut found).await {
            return found;
        }
        match self.begin_and_give_up().await {
            Ok(vouches) => {
                found.yes(Checked::CanWrite, "An upload was begun and given up again.");
                self.read_a_byte(&mut found).await;
                found.yes(Checked::Limits, self.limits());
                proof(vouches, &mut found);
            }
            Err(error) => found.failed(Checked::CanWrite, &error, self.url()).await,
        }
        found
    }

    fn url(&self) -> &Url {
        self.address.endpoint()
    }

    /// Asks for the open uploads; whether that went well.
    async fn introduce(&self, found: &mut Findings) -> bool {
        let folder = self.address.folder();
        let query = [("max-uploads", "1"), ("prefix", folder.as_str()), ("uploads", "")];
        let request = self.store.request(Ask { method: Method::Get, key: None, query: &query, headers: &[] });
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                let refusal = Refusal::unanswered(Operation::Status, error);
                found.failed(Checked::Reachable, &refusal.error, self.url()).await;
                return false;
            }
        };
        // A bucket in another region answers so too, and says in which.
        let is_the_stores = response.headers().contains_key("x-amz-bucket-region");
        if let Some(away) = led_away(&response).filter(|_| !is_the_stores) {
            found.no(Checked::Reachable, away);
            return false;
        }
        match said(response).await {
            Ok(()) => {
                found.yes(Checked::Reachable, "The store answers.");
                found.yes(Checked::SignedIn, "The keys let us in.");
                true
            }
            Err(refusal) => {
                self.refused(refusal, found).await;
                false
            }
        }
    }

    async fn refused(&self, refusal: Refusal, found: &mut Findings) {
        let words = sentence(&refusal.error.context);
        match (refusal.code.as_str(), refusal.status) {
            ("NoSuchBucket", _) => {
                found.yes(Checked::Reachable, "The store answers.");
                found.yes(Checked::SignedIn, "It answers our keys.");
                found.no(Checked::CanWrite, words);
            }
            // It is a store that speaks so, and it is us whom it does not like.
            (code, Some(status)) if !code.is_empty() && status.is_client_error() => {
                found.yes(Checked::Reachable, "The store answers.");
                found.no(Checked::SignedIn, words);
            }
            _ => found.failed(Checked::Reachable, &refusal.error, self.url()).await,
        }
    }

    /// Whether the store's checksums vouch for a part.
    async fn begin_and_give_up(&self) -> Result<bool, RemoteError> {
        let (store, upload) = (&self.store, TransferId::random());
        let (key, name) = (format!("{}{NAME}-{upload}", self.address.folder()), upload.to_string());
        let headers = [(UPLOAD, name.as_str())];
        let ask = Ask::of(Method::Post, &key).query(&[("uploads", "")]).headers(&headers);
        let id = store.read(Operation::Begin, store.request(ask), xml::upload_id).await?;
        let marked = store.mark(&key, &id, self.address.parts(), upload).await;
        // Whatever became of the mark, the upload goes.
        abort(store, Operation::Abort, &key, &id).await?;
        marked
    }

    async fn read_a_byte(&self, found: &mut Findings) {
        let what = Checked::CanReadRanges;
        let object = match self.an_object().await {
            Ok(Some(object)) => object,
            Ok(None) => return found.unknown(what, "Nothing is there yet that could be read."),
            Err(_) => return found.unknown(what, "The keys list no objects, so none could be tried."),
        };
        let request = self.store.request(Ask::of(Method::Get, &object)).header(RANGE, "bytes=0-0");
        match self.store.send(Operation::Read, request).await {
            Ok(answer) if answer.status() == StatusCode::PARTIAL_CONTENT => {
                found.yes(what, "One byte of an object was read by itself.");
            }
            Ok(_) => found.no(what, "Asked for one byte of an object, the store gives all of it."),
            Err(refusal) => found.failed(what, &refusal.error, self.url()).await,
        }
    }

    async fn an_object(&self) -> Result<Option<String>, RemoteError> {
        let folder = self.address.folder();
        let query = [("list-type", "2"), ("max-keys", "20"), ("prefix", folder.as_str())];
        let ask = Ask { method: Method::Get, key: None, query: &query, headers: &[] };
        Ok(self.store.read(Operation::Read, self.store.request(ask), xml::first_object).await?)
    }

    fn limits(&self) -> String {
        let parts = u64::from(self.address.parts()) - 1;
        format!("A film may have {parts} parts of at most {} each.", size(LONGEST_PART))
    }
}

/// Success must be a list; a page for people says success too.
async fn said(response: Response) -> Result<(), Refusal> {
    let response = Store::accepted(Operation::Status, response).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.map_err(|error| Refusal::unanswered(Operation::Status, error))?;
    if let Some(error) = xml::error(&text) {
        return Err(Refusal::said(Operation::Status, status, &headers, error));
    }
    let nothing = |context: &str| {
        let error = RemoteError { context: context.to_owned(), ..Refusal::unintelligible(Operation::Status) };
        Refusal { status: None, code: String::new(), error }
    };
    match xml::uploads(&text) {
        Some(_) => Ok(()),
        None if xml::is_page(&text) => Err(nothing("a page for people answers at this address, not a store")),
        None => Err(nothing("something answers there that is no S3 store")),
    }
}

fn proof(vouches: bool, found: &mut Findings) {
    match vouches {
        true => found.yes(Checked::Proof, "The store sums every part, and its sums are compared with ours."),
        false => found.no(Checked::Proof, "The store's sums are of another kind: films are delivered, not verified."),
    }
}
