//! How this server is called: the address that a request reached, and the name that the world has for it.

use std::net::SocketAddr;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::{Authority, Uri};
use axum::response::Response;
use thiserror::Error;

use super::door::Door;
use super::guard::{named, names};
use super::problem::Kind;

/// The address that a request reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here(pub(super) SocketAddr);

/// How the server is called from outside: `https://films.example.org`, perhaps with a path before ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    base: String,
    authority: Authority,
}

/// A text is no [`PublicUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("write it as https://HOST or https://HOST/PATH: no name, password or question in it")]
pub struct NoPublicUrl;

impl FromStr for PublicUrl {
    type Err = NoPublicUrl;

    fn from_str(text: &str) -> Result<Self, NoPublicUrl> {
        let url: Uri = text.parse().map_err(|_| NoPublicUrl)?;
        let authority = url.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(NoPublicUrl)?;
        let web = matches!(url.scheme_str(), Some("http" | "https"));
        let bare = url.query().is_none() && !text.contains('#');
        let base = text.trim_end_matches('/').to_owned();
        (web && bare).then(|| Self { base, authority: authority.clone() }).ok_or(NoPublicUrl)
    }
}

/// What a server is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// From outside, where somebody said so.
    pub public: Option<PublicUrl>,
    /// Whether it encrypts by itself.
    pub encrypted: bool,
}

impl Called {
    /// What every address of this server begins with. Without a name for the world it is what the request calls it, and
    /// only where that is the address itself: whoever asks must not choose which host a link leads to.
    fn base(&self, parts: &Parts) -> Option<String> {
        if let Some(public) = &self.public {
            return Some(public.base.clone());
        }
        let (scheme, port) = if self.encrypted { ("https", 443) } else { ("http", 80) };
        let Here(here) = parts.extensions.get()?;
        let here = SocketAddr::new(here.ip().to_canonical(), here.port());
        let authority = named(&parts.uri, &parts.headers).filter(|named| names(named, here, port))?;
        Some(format!("{scheme}://{authority}"))
    }
}

/// What an address begins with that is given away.
#[derive(Debug)]
pub(super) struct Base(pub(super) String);

impl FromRequestParts<Door> for Base {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let unnamed = "a link needs to know how this server is called from outside: start it with --public-host URL";
        door.called.base(parts).map(Self).ok_or_else(|| Kind::WrongHost.because(unnamed))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn base(called: &Called, host: &str) -> Option<String> {
        let here = "10.0.0.1:8080".parse().expect("an address");
        let request = Request::get("/x").header("host", host).extension(Here(here)).body(());
        called.base(&request.expect("a request").into_parts().0)
    }

    #[test]
    fn without_a_public_name_only_the_address_itself_is_one() {
        let called = Called::default();
        assert_eq!(base(&called, "10.0.0.1:8080").as_deref(), Some("http://10.0.0.1:8080"), "it was reached there");
        for foreign in ["evil.example:8080", "10.0.0.1", "localhost:8080", "10.0.0.2:8080", ""] {
            assert_eq!(base(&called, foreign), None, "{foreign:?} must stand in no link");
        }
    }

    #[test]
    fn a_public_name_stands_in_every_link_whatever_the_request_says() {
        let public = "https://films.example/pawl/".parse().expect("a name");
        let called = Called { public: Some(public), encrypted: false };
        for host in ["evil.example", "10.0.0.1:8080"] {
            assert_eq!(base(&called, host).as_deref(), Some("https://films.example/pawl"), "asked by {host}");
        }
        for wrong in ["films.example", "ftp://host", "https://a:b@host", "https://host/?q", "https://host/#x", ""] {
            assert_eq!(wrong.parse::<PublicUrl>(), Err(NoPublicUrl), "{wrong:?} is no name for a server");
        }
    }
}
