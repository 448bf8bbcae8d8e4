//! The player's server: 127.0.0.1, a port of the system's choice, an unguessable path for each opened film.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rand::TryRng;
use rand::rngs::SysRng;
use transfer::name::FileName;
use transfer::range::RangeReader;

use super::content::content;
use super::guard::loopback_names;
use super::problem::Kind;
use super::serve::Serving;

/// A film on offer.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What it is called; its extension decides the media type.
    pub name: FileName,
    /// Its bytes.
    pub reader: Arc<dyn RangeReader>,
}

/// How long reads under way may go on: a window that closes is waited for by nobody.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

pub(super) type Offers = Arc<Mutex<HashMap<String, Offer>>>;

/// The server. Dropping it ends every read.
#[derive(Debug)]
pub struct Loopback {
    serving: Serving,
    offers: Offers,
}

impl Loopback {
    /// Starts it. `origin` is the window's own origin: only pages from there may draw a film's frames on a canvas.
    pub async fn start(origin: HeaderValue) -> io::Result<Self> {
        let offers = Offers::default();
        let state = offers.clone();
        let serving = Serving::loopback(move |address| routes(state, origin, address));
        Ok(Self { serving: serving.await?, offers })
    }

    /// Puts a film on offer and gives its address.
    pub fn offer(&self, offer: Offer) -> io::Result<String> {
        let token = token()?;
        held(&self.offers).insert(token.clone(), offer);
        Ok(format!("http://{}/m/{token}", self.serving.address()))
    }

    /// Takes an address back: new requests find nothing; a read under way ends with its connection.
    pub fn withdraw(&self, url: &str) {
        let token = url.rsplit('/').next().unwrap_or_default();
        held(&self.offers).remove(token);
    }

    /// Ends it.
    pub async fn stop(self) {
        self.serving.stop(LAST_ANSWERS).await;
    }
}

pub(super) fn routes(offers: Offers, origin: HeaderValue, address: SocketAddr) -> Router {
    Router::new()
        .route("/m/{token}", get(film).with_state(offers))
        .fallback(async || Kind::NotFound)
        .method_not_allowed_fallback(async || Kind::MethodNotAllowed)
        .layer(from_fn(move |request, next| allow(origin.clone(), request, next)))
        .layer(from_fn_with_state(address, loopback_names))
}

/// A map whose holder panicked is still a map.
fn held(offers: &Offers) -> MutexGuard<'_, HashMap<String, Offer>> {
    offers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 128 random bits, in hex. Nobody guesses it, so that looking it up in a map gives nothing away by its time.
fn token() -> io::Result<String> {
    let mut bits = [0u8; 16];
    SysRng.try_fill_bytes(&mut bits).map_err(io::Error::other)?;
    Ok(bits.iter().map(|byte| format!("{byte:02x}")).collect())
}

async fn film(State(offers): State<Offers>, Path(token): Path<String>, request: Request) -> Response {
    let offer = held(&offers).get(&token).cloned();
    match offer {
        Some(Offer { name, reader }) => content(request.method(), request.headers(), &name, &*reader).await,
        None => Kind::NotFound.into_response(),
    }
}

async fn allow(origin: HeaderValue, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response
}
