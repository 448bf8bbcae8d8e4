//! Who asks, and what they may: by a bearer token, or everybody where the server stands open on loopback.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::{IntoResponse, Response};

use super::door::Door;
use super::guard::{is_ours, was_passed_on};
use super::problem::Kind;
use super::tokens::{Scope, Token, TokenFile};
use crate::ports::Owner;

/// Who may come in.
#[derive(Debug, Clone)]
pub enum Access {
    /// Whoever reaches this loopback address under its own name: a page of the web that points its name here does not,
    /// nor the world through a proxy that says so.
    Open(SocketAddr),
    /// Who brings a token.
    Tokens(TokenFile),
}

/// What the world is told that comes through a proxy.
const PASSED_ON: &str = "without tokens this server is for whoever sits at its machine, and a proxy passed this on";

/// Who asks.
#[derive(Debug, Clone)]
pub(super) struct Caller(Token);

impl Caller {
    pub(super) fn owner(&self) -> Owner {
        self.0.name.clone()
    }

    pub(super) fn scopes(&self) -> &[Scope] {
        &self.0.scopes
    }

    /// Refuses what the token does not permit.
    pub(super) fn must(&self, scope: Scope) -> Result<(), Response> {
        if self.0.permits(scope) { Ok(()) } else { Err(Kind::NotPermitted.into_response()) }
    }
}

impl FromRequestParts<Door> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let caller = match &door.access {
            Access::Open(_) if was_passed_on(&parts.headers) => return Err(Kind::NotPermitted.because(PASSED_ON)),
            Access::Open(address) if is_ours(&parts.uri, &parts.headers, *address) => Self::local(),
            Access::Open(_) => return Err(Kind::WrongHost.into_response()),
            Access::Tokens(tokens) => {
                let token = bearer(&parts.headers).and_then(|secret| tokens.find(secret));
                token.map(Self).ok_or_else(|| Kind::NoToken.into_response())?
            }
        };
        door.pass(&caller.0.name).map_err(too_soon)?;
        Ok(caller)
    }
}

impl Caller {
    /// Whoever sits at this machine.
    fn local() -> Self {
        let scopes = vec![Scope::Read, Scope::Upload, Scope::Admin];
        Self(Token { name: Owner::default(), blake3: String::new(), scopes })
    }
}

fn too_soon(wait: Duration) -> Response {
    let mut refusal = Kind::Throttled.because("so many requests a second are too many");
    // Whole seconds, and never none: who comes back at once is refused again (RFC 9110, section 10.2.3).
    let seconds = wait.as_secs() + 1;
    refusal.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    refusal
}

/// RFC 6750, section 2.1. The scheme has no case (RFC 9110, section 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
