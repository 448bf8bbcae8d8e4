//! What a server says that it can do (tus 1.0.0, "OPTIONS"). Asked once.

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use transfer::error::{Class, Operation, RemoteError};

use super::answer;
use super::checksum::Algorithm;
use super::requests::{Requests, VERSION, fatal};
use crate::failure;

/// What of it we use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// The most bytes of one upload, where there is a limit.
    pub(super) max_size: Option<u64>,
    /// Whether uploads can be given up.
    pub(super) termination: bool,
    /// How the server verifies what arrives, where it does.
    pub(super) checksums: Option<Algorithm>,
    /// Whether a film can be begun with its parts, which then travel side by side.
    pub(super) parts: bool,
}

impl Offer {
    pub(super) async fn of(requests: &Requests) -> Result<Self, RemoteError> {
        let response = requests.send(Operation::Begin, requests.probe()).await?;
        Self::answered(requests, response).await
    }

    /// The same from the answer to [`Requests::probe`].
    pub(super) async fn answered(requests: &Requests, response: Response) -> Result<Self, RemoteError> {
        if response.status().is_success() {
            return Self::read(response.headers());
        }
        Err(unanswered(requests.endpoint(), response).await)
    }

    fn read(headers: &HeaderMap) -> Result<Self, RemoteError> {
        let versions = list(headers, "Tus-Version");
        let extensions = list(headers, "Tus-Extension");
        if versions.is_empty() {
            return Err(no_tus(headers));
        }
        if !versions.contains(&VERSION) {
            let sentence = format!("the server speaks tus {}, and we speak {VERSION}", versions.join(", "));
            return Err(fatal(Operation::Begin, &sentence));
        }
        if !extensions.contains(&"creation") {
            return Err(fatal(Operation::Begin, "the server lets nobody begin an upload (tus without creation)"));
        }
        let max_size = answer::number(headers, "Tus-Max-Size").filter(|max| *max > 0);
        let algorithms = list(headers, "Tus-Checksum-Algorithm");
        let checksums = extensions.contains(&"checksum").then(|| Algorithm::best_of(&algorithms)).flatten();
        let parts = ["concatenation", "concatenation-unfinished"].iter().all(|name| extensions.contains(name));
        Ok(Self { max_size, termination: extensions.contains(&"termination"), checksums, parts })
    }

    /// Refuses a film that is longer than the server takes, before a byte of it is sent. Fatal and not `TooLarge`, for
    /// shorter chunks do not make it shorter.
    pub(super) fn admits(&self, size: u64) -> Result<(), RemoteError> {
        match self.max_size {
            Some(max) if size > max => {
                let sentence = format!("the server takes at most {max} bytes, and the file has {size}");
                Err(fatal(Operation::Begin, &sentence))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn list<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let lines = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|item| !item.is_empty()).collect()
}

fn no_tus(headers: &HeaderMap) -> RemoteError {
    if failure::is_page(headers) {
        return RemoteError::new(Operation::Begin, Class::Portal, "a page for people answers at this address");
    }
    fatal(Operation::Begin, "what answers at this address does not speak tus")
}

async fn unanswered(endpoint: &Url, response: Response) -> RemoteError {
    let moved = response.headers().get(LOCATION).and_then(|to| endpoint.join(to.to_str().ok()?).ok());
    match (response.status(), moved) {
        (StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::METHOD_NOT_ALLOWED, _) => {
            fatal(Operation::Begin, "there is no tus server at this address")
        }
        // A sign-in page leads to another host; a missing slash does not.
        (status, Some(to)) if status.is_redirection() && to.host() == endpoint.host() => {
            fatal(Operation::Begin, &format!("the address is {to} now: write that"))
        }
        _ => answer::refused(Operation::Begin, response).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(fields: &[(&'static str, &'static str)]) -> Result<Offer, (Class, String)> {
        let headers = fields
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), reqwest::header::HeaderValue::from_static(value)));
        Offer::read(&headers.collect()).map_err(|error| (error.class, error.context))
    }

    #[test]
    fn what_a_server_offers_is_read_whatever_its_spacing() {
        let fields =
            [("tus-version", "1.0.0, 0.2.2"), ("tus-extension", "creation ,termination"), ("tus-max-size", "12")];
        assert_eq!(
            offer(&fields),
            Ok(Offer { max_size: Some(12), termination: true, checksums: None, parts: false }),
            "as it is written"
        );
        let fields = [("tus-version", "1.0.0"), ("tus-extension", "creation"), ("tus-max-size", "0")];
        assert_eq!(
            offer(&fields),
            Ok(Offer { max_size: None, termination: false, checksums: None, parts: false }),
            "a limit of nothing is none"
        );
    }

    #[test]
    fn what_is_no_server_for_us_is_said_in_a_sentence() {
        for (fields, class, words) in [
            (&[("server", "nginx")][..], Class::Fatal, "does not speak tus"),
            (&[("content-type", "text/html")], Class::Portal, "a page for people"),
            (&[("tus-version", "2.0.0")], Class::Fatal, "speaks tus 2.0.0"),
            (&[("tus-version", "1.0.0"), ("tus-extension", "expiration")], Class::Fatal, "lets nobody begin"),
        ] {
            let (seen, sentence) = offer(fields).expect_err("it is of no use");
            assert!(seen == class && sentence.contains(words), "{fields:?}: {seen:?} {sentence}");
        }
    }

    #[test]
    fn a_film_over_the_limit_is_refused_with_both_numbers() {
        let offer = Offer { max_size: Some(1000), termination: true, checksums: None, parts: false };
        assert!(offer.admits(1000).is_ok(), "just as long as it may be");
        let refusal = offer.admits(1001).expect_err("one byte more");
        assert_eq!(refusal.class, Class::Fatal, "no chunk length helps");
        assert!(refusal.context.contains("1000") && refusal.context.contains("1001"), "{refusal}");
    }
}
