//! One HTTP client a destination. Invariant: HTTP/1.1 only, for one lost packet must not stop every chunk of one
//! HTTP/2 connection; no redirect is followed, for a chunk or a password must not go where nobody sent it.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Proxy};
use thiserror::Error;

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(15);
/// How long nothing may arrive of an answer. A server that verifies a whole film before it answers takes its time.
pub(crate) const SILENCE: Duration = Duration::from_secs(120);
/// Servers and routers forget idle connections; we do before they do.
const IDLE: Duration = Duration::from_secs(20);

/// What a person can set about a destination's connections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionSetup {
    /// Certificates of authorities to trust besides the system's, in PEM.
    pub authorities: Vec<u8>,
    /// A proxy instead of the system's, as a URL (`http`, `https` or `socks5`).
    pub proxy: Option<String>,
}

/// Why there is no connection to be had.
#[derive(Debug, Error)]
pub enum ConnectionError {
    /// The certificates are none.
    #[error("the certificates of authorities cannot be read; they must be PEM")]
    Authorities(#[source] reqwest::Error),
    /// The proxy is none.
    #[error("the proxy's address cannot be understood")]
    Proxy(#[source] reqwest::Error),
    /// The system gives no TLS.
    #[error("no TLS can be set up on this system")]
    Tls(#[source] reqwest::Error),
}

/// The client of one destination. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Connection {
    asking: Client,
    sending: Client,
}

impl Connection {
    /// Sets it up; connects to nothing yet.
    pub fn new(setup: &ConnectionSetup) -> Result<Self, ConnectionError> {
        // Whoever was first has the say; ours is the only one anyway.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let built = |builder: ClientBuilder| builder.build().map_err(ConnectionError::Tls);
        let asking = built(builder(setup)?.read_timeout(SILENCE))?;
        Ok(Self { asking, sending: built(builder(setup)?)? })
    }

    /// For requests without a body to speak of, and for reading.
    pub(crate) fn client(&self) -> &Client {
        &self.asking
    }

    /// For chunks, together with [`crate::patience`]. A client's read timeout counts from the request's first byte on:
    /// no chunk that takes longer than that could ever be sent.
    pub(crate) fn sender(&self) -> &Client {
        &self.sending
    }
}

fn builder(setup: &ConnectionSetup) -> Result<ClientBuilder, ConnectionError> {
    let authorities = Certificate::from_pem_bundle(&setup.authorities).map_err(ConnectionError::Authorities)?;
    let builder = Client::builder()
        .http1_only()
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .user_agent(concat!("pawl/", env!("CARGO_PKG_VERSION")))
        .tls_certs_merge(authorities);
    match &setup.proxy {
        Some(proxy) => Ok(builder.proxy(Proxy::all(proxy).map_err(ConnectionError::Proxy)?)),
        None => Ok(builder),
    }
}
