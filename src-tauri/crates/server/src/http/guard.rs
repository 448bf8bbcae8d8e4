//! Who may ask: a server on loopback answers only to its own names, so that a page of the web that points its own
//! name at 127.0.0.1 (DNS rebinding) reads nothing.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header, uri::Authority};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Kind;

/// What proxies say that they are ones.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Lets a request pass whose `Host` (or absolute target) is the loopback address or `localhost`, with our port.
pub(super) async fn loopback_names(State(address): State<SocketAddr>, request: Request, next: Next) -> Response {
    if is_ours(request.uri(), request.headers(), address) {
        next.run(request).await
    } else {
        Kind::WrongHost.into_response()
    }
}

/// Whether the request calls us by the loopback address or `localhost`, with our port.
pub(super) fn is_ours(target: &Uri, headers: &HeaderMap, address: SocketAddr) -> bool {
    named(target, headers).is_some_and(|authority| names(&authority, address, 80))
}

/// Whether a proxy says that it passed the request on. One that does not say so is not found out.
pub(super) fn was_passed_on(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

/// What the request calls us. An absolute target wins over `Host` (RFC 9112, section 3.2.2); two `Host` fields are no
/// name at all.
pub(super) fn named(target: &Uri, headers: &HeaderMap) -> Option<Authority> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<Authority>().ok());
    let alone = hosts.next().is_none();
    target.authority().cloned().or(host).filter(|_| alone)
}

/// Whether that is the address itself; `port` is the scheme's own, which need not be said.
pub(super) fn names(authority: &Authority, address: SocketAddr, port: u16) -> bool {
    // A name and password before the host are no part of `Host` (RFC 9110, section 7.2).
    let plain = !authority.as_str().contains('@');
    let host = authority.host().trim_matches(['[', ']']);
    let local = host.eq_ignore_ascii_case("localhost") && address.ip().is_loopback();
    plain && (local || host.parse() == Ok(address.ip())) && authority.port_u16().unwrap_or(port) == address.port()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(target: &str, hosts: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        hosts.iter().for_each(|host| {
            headers.append(header::HOST, host.parse().expect("a header"));
        });
        is_ours(&target.parse().expect("a target"), &headers, "127.0.0.1:4000".parse().expect("an address"))
    }

    #[test]
    fn only_our_own_names_with_our_port_pass() {
        assert!(passes("/x", &["127.0.0.1:4000"]), "the address itself");
        assert!(passes("/x", &["LOCALHOST:4000"]), "names have no case");
        for foreign in [
            "evil.example:4000",
            "127.0.0.1",
            "127.0.0.1:4001",
            "127.0.0.1.evil.example:4000",
            "",
            "[::1]:4000",
            "a@b@127.0.0.1:4000",
        ] {
            assert!(!passes("/x", &[foreign]), "{foreign:?} must not reach a film");
        }
        assert!(!passes("/x", &[]), "a request without a host has no name");
        assert!(!passes("/x", &["127.0.0.1:4000", "evil.example"]), "two hosts are none (RFC 9112, section 3.2)");
        assert!(!passes("http://evil.example:4000/x", &["127.0.0.1:4000"]), "the absolute target wins");
    }
}
