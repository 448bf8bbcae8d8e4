//! What went wrong on the way, as one of the classes that the engine reacts to: from an answer's status, and from what
//! a connection says when there is no answer. Sentences name the server and what a person can do.

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::time::SystemTime;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use transfer::error::{Class, Operation, RemoteError};

use crate::retry_after::retry_after;

/// As much of an error's body as is kept for the log.
const LONGEST_BODY: usize = 2000;

/// No answer came.
pub(crate) fn unanswered(operation: Operation, error: reqwest::Error) -> RemoteError {
    let (class, sentence) = broken(&error);
    // The address may hold a signature: it is no business of a log.
    RemoteError::new(operation, class, sentence).because(error.without_url())
}

/// The same as half a sentence, for a read.
pub(crate) fn unanswered_words(error: &reqwest::Error) -> String {
    broken(error).1
}

fn broken(error: &reqwest::Error) -> (Class, String) {
    let io = io_kind(error);
    match io {
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown) => {
            (Class::Offline, "there is no way to the network".to_owned())
        }
        _ if let Some(sentence) = untrusted(error) => (Class::Transient, sentence.to_owned()),
        Some(io::ErrorKind::ConnectionRefused) => (Class::Transient, "the server refuses connections".to_owned()),
        _ if error.is_connect() && !has_route() => (Class::Offline, "there is no network".to_owned()),
        _ if error.is_timeout() => (Class::Transient, "the server does not answer in time".to_owned()),
        _ if error.is_connect() => (Class::Transient, format!("the server cannot be reached ({})", innermost(error))),
        _ => (Class::Transient, format!("the connection broke ({})", innermost(error))),
    }
}

/// Whether it may be that nobody knows the name: no connection was tried that could have failed.
pub(crate) fn may_be_unnamed(error: &reqwest::Error) -> bool {
    use io::ErrorKind as Kind;
    let tried = matches!(
        io_kind(error),
        Some(
            Kind::ConnectionRefused
                | Kind::ConnectionReset
                | Kind::ConnectionAborted
                | Kind::TimedOut
                | Kind::InvalidData
                | Kind::UnexpectedEof
                | Kind::HostUnreachable
                | Kind::NetworkUnreachable
                | Kind::NetworkDown
        )
    );
    error.is_connect() && !tried
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&error| error.source())
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last()
}

/// What TLS has against the server, in words.
fn untrusted(error: &reqwest::Error) -> Option<&'static str> {
    use rustls::{CertificateError as Certificate, Error as Tls};
    Some(match tls(error)? {
        Tls::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => {
            "the server's certificate has expired, or this computer's clock is wrong"
        }
        Tls::InvalidCertificate(Certificate::NotValidYet | Certificate::NotValidYetContext { .. }) => {
            "the server's certificate is not valid yet, or this computer's clock is wrong"
        }
        Tls::InvalidCertificate(Certificate::NotValidForName | Certificate::NotValidForNameContext { .. }) => {
            "the server's certificate is for another name than this address has"
        }
        Tls::InvalidCertificate(_) => {
            "nobody whom this computer trusts vouches for the server's certificate; if it is yours, add its authority's \
             certificate to the destination"
        }
        Tls::InvalidMessage(_) => "what answers there does not speak TLS; it may want http:// in its address",
        _ => return None,
    })
}

/// The error of TLS beneath, where there is one: an I/O error hides it from the chain of causes.
fn tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    chain(error).find_map(|cause| {
        let mut hidden = cause.downcast_ref::<io::Error>();
        loop {
            let within = hidden?.get_ref()?;
            if let Some(tls) = within.downcast_ref::<rustls::Error>() {
                return Some(tls);
            }
            hidden = within.downcast_ref::<io::Error>();
        }
    })
}

fn innermost(error: &reqwest::Error) -> String {
    chain(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Whether the system knows any way out. Connecting a datagram socket sends nothing; the addresses are those for
/// documentation (RFC 5737, RFC 3849).
fn has_route() -> bool {
    let leads =
        |from: IpAddr, to: IpAddr| UdpSocket::bind((from, 0)).and_then(|socket| socket.connect((to, 9))).is_ok();
    leads(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(192, 0, 2, 1).into())
        || leads(Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into())
}

/// The class of an answer that is no success, by its status alone. `404` and `410` are of the thing that was asked for.
pub(crate) fn class_of(status: StatusCode, headers: &HeaderMap) -> Class {
    let after = retry_after(headers, SystemTime::now());
    match status.as_u16() {
        429 => Class::Throttled { after },
        503 if after.is_some() => Class::Throttled { after },
        401 | 403 | 407 => Class::Denied,
        404 | 410 => Class::Expired,
        409 | 412 => Class::Desync,
        413 => Class::TooLarge,
        460 => Class::Corrupt,
        507 => Class::NoSpace { needed: None, free: None },
        511 | 300..=399 => Class::Portal,
        408 | 423 | 425 | 500.. => Class::Transient,
        _ => Class::Fatal,
    }
}

/// A page for people where an answer for programs should be: a sign-in page of the local network, most likely.
pub(crate) fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("text/html")
}

/// An answer that is no success, with what it says about itself for the log.
pub(crate) async fn refused(operation: Operation, response: Response) -> RemoteError {
    let (status, headers) = (response.status(), response.headers().clone());
    let class = class_of(status, &headers);
    let said = said(response).await;
    let sentence = sentence(&class, status);
    let error = RemoteError::new(operation, class, sentence);
    if said.is_empty() { error } else { error.because(said) }
}

fn sentence(class: &Class, status: StatusCode) -> String {
    match class {
        Class::Throttled { .. } => "the server asks for a break".to_owned(),
        Class::Denied => format!("the server does not let us in ({status})"),
        Class::Expired => "the server does not know it any more".to_owned(),
        Class::Desync => "the server has something else than we believed".to_owned(),
        Class::TooLarge => "the server takes no request of that size".to_owned(),
        Class::Corrupt => "what arrived is not what was sent".to_owned(),
        Class::NoSpace { .. } => "the server has no room".to_owned(),
        Class::Portal => "this network wants you to sign in".to_owned(),
        Class::Transient | Class::Offline | Class::Taken | Class::Fatal => format!("the server answered {status}"),
    }
}

/// The beginning of what it says: a page may be endless.
async fn said(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        bytes.extend_from_slice(&piece);
        if bytes.len() >= LONGEST_BODY {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).chars().take(LONGEST_BODY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, retry_after: Option<&str>) -> Class {
        let mut headers = HeaderMap::new();
        headers.extend(retry_after.map(|value| (reqwest::header::RETRY_AFTER, value.parse().expect("a header"))));
        class_of(StatusCode::from_u16(status).expect("a status"), &headers)
    }

    #[test]
    fn a_status_has_one_class() {
        let twelve = Some(std::time::Duration::from_secs(12));
        for (status, retry_after, expected) in [
            (429, None, Class::Throttled { after: None }),
            (429, Some("12"), Class::Throttled { after: twelve }),
            (503, Some("12"), Class::Throttled { after: twelve }),
            (503, None, Class::Transient),
            (500, None, Class::Transient),
            (423, None, Class::Transient),
            (502, Some("12"), Class::Transient),
            (401, None, Class::Denied),
            (403, None, Class::Denied),
            (404, None, Class::Expired),
            (410, None, Class::Expired),
            (409, None, Class::Desync),
            (413, None, Class::TooLarge),
            (460, None, Class::Corrupt),
            (507, None, Class::NoSpace { needed: None, free: None }),
            (302, None, Class::Portal),
            (511, None, Class::Portal),
            (400, None, Class::Fatal),
            (418, None, Class::Fatal),
        ] {
            assert_eq!(class(status, retry_after), expected, "{status} with Retry-After {retry_after:?}");
        }
    }
}
