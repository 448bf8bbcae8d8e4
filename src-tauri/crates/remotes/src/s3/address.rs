//! Where an S3 destination is, as a person writes it and the journal keeps it:
//! `s3://bucket/prefix?endpoint=https://host&region=eu-1&style=path`. No secret has a place in it.

use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use reqwest::Url;
use rusty_s3::{Bucket, UrlStyle};
use thiserror::Error;
use transfer::name::FileName;
use transfer::placing::Folders;

use super::options::{Options, Style, amazon};

/// The longest prefix, in bytes. A key has 1,024 at most, and a name of 255 bytes that are no UTF-8 takes 765 of them.
const LONGEST_PREFIX: usize = 255;
/// The most parts of an upload, by the protocol.
pub(super) const MOST_PARTS: u16 = 10_000;

/// A place in a bucket, and the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Address {
    endpoint: Url,
    bucket: String,
    prefix: String,
    region: String,
    style: Style,
    parts: u16,
}

/// Why a text is no [`S3Address`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Not of the form at all.
    #[error("write s3://BUCKET/PREFIX?endpoint=URL&region=REGION")]
    Form,
    /// Keys in the address: it is shown and written down.
    #[error("leave the access key out of the address; it is read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    Secret,
    /// The bucket's name is none.
    #[error("{0:?} is no name of a bucket")]
    Bucket(String),
    /// The prefix is no text, or too long.
    #[error("the folder in the bucket must be UTF-8 of at most {LONGEST_PREFIX} bytes")]
    Prefix,
    /// The endpoint is no address of a server.
    #[error("{0:?} is no endpoint: write https://HOST or http://HOST:PORT")]
    Endpoint(String),
    /// A word that is not known after `?`.
    #[error("{0:?} is not known here: endpoint, region, style and parts are")]
    Unknown(String),
    /// A style that is not known.
    #[error("the style {0:?} is neither path nor virtual")]
    Style(String),
    /// A number of parts that is none.
    #[error("parts={0} must be a number between 2 and {MOST_PARTS}")]
    Parts(String),
}

impl FromStr for S3Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "s3").ok_or(AddressError::Form)?;
        if url.password().is_some() || !url.username().is_empty() {
            return Err(AddressError::Secret);
        }
        let options = Options::read(&url)?;
        let bucket = bucket(&url)?;
        let region = options.region.unwrap_or_else(|| "us-east-1".to_owned());
        // A certificate for *.host does not cover a bucket with a dot in its name.
        let usual = if options.endpoint.is_some() || bucket.contains('.') { Style::Path } else { Style::VirtualHost };
        let endpoint = options.endpoint.map_or_else(|| amazon(&region), Ok)?;
        let address = Self {
            endpoint,
            bucket,
            prefix: prefix(&url)?,
            region,
            style: options.style.unwrap_or(usual),
            parts: options.parts.unwrap_or(MOST_PARTS),
        };
        address.bucket().map(|_| address)
    }
}

fn bucket(url: &Url) -> Result<String, AddressError> {
    let name = url.host_str().unwrap_or_default();
    let fits = (3..=63).contains(&name.len()) && url.port().is_none();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    (fits && plain).then(|| name.to_owned()).ok_or_else(|| AddressError::Bucket(name.to_owned()))
}

fn prefix(url: &Url) -> Result<String, AddressError> {
    let path = percent_decode_str(url.path().trim_matches('/')).decode_utf8().map_err(|_| AddressError::Prefix)?;
    let fits = path.len() <= LONGEST_PREFIX && !path.chars().any(char::is_control);
    fits.then(|| path.into_owned()).ok_or(AddressError::Prefix)
}

/// In full, so that two texts which mean the same place are the same destination.
impl fmt::Display for S3Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = if self.style == Style::Path { "path" } else { "virtual" };
        write!(f, "s3://{}/{}", self.bucket, percent_encoding::utf8_percent_encode(&self.prefix, ESCAPED))?;
        write!(f, "?endpoint={}&region={}&style={style}", self.endpoint.as_str().trim_end_matches('/'), self.region)?;
        if self.parts == MOST_PARTS { Ok(()) } else { write!(f, "&parts={}", self.parts) }
    }
}

const ESCAPED: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#');

impl S3Address {
    /// As the signer wants it.
    pub(super) fn bucket(&self) -> Result<Bucket, AddressError> {
        let style = if self.style == Style::Path { UrlStyle::Path } else { UrlStyle::VirtualHost };
        Bucket::new(self.endpoint.clone(), style, self.bucket.clone(), self.region.clone())
            .map_err(|_| AddressError::Endpoint(self.endpoint.to_string()))
    }

    /// The most parts that an upload has here.
    pub(super) fn parts(&self) -> u16 {
        self.parts
    }

    /// The key of a film in these folders, in the `number`th choice of name, from 1. What is no text, and what could disguise a name, becomes
    /// U+FFFD: keys are UTF-8, and XML, in which they are listed, has no control characters.
    pub(super) fn key(&self, folders: &Folders, name: &FileName, number: u32) -> String {
        let shown = if number == 1 { name.shown() } else { name.numbered(number).shown() };
        let prefix = Some(self.prefix.clone()).filter(|prefix| !prefix.is_empty());
        let steps = prefix.into_iter().chain(folders.names().iter().map(FileName::shown)).chain([shown]);
        steps.collect::<Vec<_>>().join("/")
    }

    /// What every key here begins with.
    pub(super) fn folder(&self) -> String {
        if self.prefix.is_empty() { String::new() } else { format!("{}/", self.prefix) }
    }

    /// The store's own address.
    pub(super) fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// How a key is told to people.
    pub(super) fn object(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// The key of what [`S3Address::object`] told.
    pub(super) fn key_of<'a>(&self, object: &'a str) -> Option<&'a str> {
        object.strip_prefix("s3://")?.strip_prefix(self.bucket.as_str())?.strip_prefix('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> S3Address {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn an_address_says_the_same_in_full() {
        for (short, full) in [
            ("s3://films", "s3://films/?endpoint=https://s3.us-east-1.amazonaws.com&region=us-east-1&style=virtual"),
            (
                "s3://my.films/a",
                "s3://my.films/a?endpoint=https://s3.us-east-1.amazonaws.com&region=us-east-1&style=path",
            ),
            (
                "s3://films/2026/raw%20cuts/?region=garage&endpoint=http://127.0.0.1:3900/",
                "s3://films/2026/raw%20cuts?endpoint=http://127.0.0.1:3900&region=garage&style=path",
            ),
            (
                "s3://films?region=fr-par&endpoint=https://s3.fr-par.scw.cloud&style=virtual&parts=1000",
                "s3://films/?endpoint=https://s3.fr-par.scw.cloud&region=fr-par&style=virtual&parts=1000",
            ),
        ] {
            assert_eq!(address(short).to_string(), full, "{short} in full");
            assert_eq!(address(full), address(short), "what is written down is the same place");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_reason() {
        use AddressError as E;
        for (text, reason) in [
            ("s3:films", E::Bucket(String::new())),
            ("https://films", E::Form),
            ("s3://key:secret@films/", E::Secret),
            ("s3://films/?endpoint=https://key:secret@host", E::Secret),
            ("s3://no", E::Bucket("no".to_owned())),
            ("s3://films/?endpoint=ftp://host", E::Endpoint("ftp://host".to_owned())),
            ("s3://films/?endpont=https://host", E::Unknown("endpont".to_owned())),
            ("s3://films/?style=guess", E::Style("guess".to_owned())),
            ("s3://films/?parts=1", E::Parts("1".to_owned())),
        ] {
            assert_eq!(text.parse::<S3Address>(), Err(reason), "{text}");
        }
    }

    #[test]
    fn keys_are_text_under_the_prefix_and_are_found_again() {
        let (address, name) = (address("s3://films/raw"), FileName::new(b"\xff\n.mov").expect("a name"));
        assert_eq!(
            address.key(&Folders::default(), &name, 1),
            "raw/\u{fffd}\u{fffd}.mov",
            "what is no text is replaced"
        );
        let name = FileName::new("film.mov").expect("a name");
        assert_eq!(
            address.key(&Folders::default(), &name, 2),
            "raw/film (2).mov",
            "a second film of that name is numbered"
        );
        let object = address.object("raw/film.mov");
        assert_eq!(
            (object.as_str(), address.key_of(&object)),
            ("s3://films/raw/film.mov", Some("raw/film.mov")),
            "both ways"
        );
        assert_eq!(address.key_of("s3://others/raw/film.mov"), None, "another bucket is another place");
    }
}
