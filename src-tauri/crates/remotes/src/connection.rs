//! One HTTP client a destination. Invariant: HTTP/1.1 only, for one lost packet must not stop every chunk of one
//! HTTP/2 connection; no redirect is followed, for a chunk or a password must not go where nobody sent it. After
//! [`Connection::forget`] no request goes over a connection from before.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
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
#[derive(Clone)]
pub struct Connection(Arc<Shared>);

struct Shared {
    setup: ConnectionSetup,
    clients: RwLock<Clients>,
}

/// Each has a pool of connections of its own, which goes with it.
struct Clients {
    asking: Client,
    sending: Client,
}

/// A proxy's address may hold a password.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connection {
    /// Sets it up; connects to nothing yet.
    pub fn new(setup: &ConnectionSetup) -> Result<Self, ConnectionError> {
        // Whoever was first has the say; ours is the only one anyway.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clients = RwLock::new(Clients::new(setup)?);
        Ok(Self(Arc::new(Shared { setup: setup.clone(), clients })))
    }

    /// Forgets every connection: those that lie idle are closed, and of those that are under way none is used again.
    pub(crate) fn forget(&self) {
        match Clients::new(&self.0.setup) {
            Ok(fresh) => *self.0.clients.write().unwrap_or_else(PoisonError::into_inner) = fresh,
            // It was possible with the same setup before: what there is is better than nothing.
            Err(error) => tracing::warn!(%error, "the old connections stay in use"),
        }
    }

    /// For requests without a body to speak of, and for reading.
    pub(crate) fn client(&self) -> Client {
        self.clients(|clients| clients.asking.clone())
    }

    /// For chunks, together with [`crate::patience`]. A client's read timeout counts from the request's first byte on:
    /// no chunk that takes longer than that could ever be sent.
    pub(crate) fn sender(&self) -> Client {
        self.clients(|clients| clients.sending.clone())
    }

    /// A clone of a client is a count: the lock is held no longer than that.
    fn clients<T>(&self, choose: impl FnOnce(&Clients) -> T) -> T {
        choose(&self.0.clients.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Clients {
    fn new(setup: &ConnectionSetup) -> Result<Self, ConnectionError> {
        let built = |builder: ClientBuilder| builder.build().map_err(ConnectionError::Tls);
        let asking = built(builder(setup)?.read_timeout(SILENCE))?;
        Ok(Self { asking, sending: built(builder(setup)?)? })
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// Answers one request, and keeps the connection.
    async fn answer(stream: &mut TcpStream) {
        let mut read = 0;
        while read < 4 {
            read += stream.read(&mut [0; 4096]).await.expect("a request");
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.expect("the client listens");
    }

    #[tokio::test]
    async fn a_connection_from_before_is_never_used_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let connection = Connection::new(&ConnectionSetup::default()).expect("a connection");
        let clone = connection.clone();
        let ask = async |connection: &Connection| {
            let asked = connection.client().get(&url).send().await;
            asked.expect("an answer").bytes().await.expect("all of it")
        };
        let first = async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            answer(&mut stream).await;
            answer(&mut stream).await;
            stream
        };
        let (mut first, ()) = tokio::join!(first, async {
            ask(&connection).await;
            ask(&connection).await;
        });
        clone.forget();
        let second = async { answer(&mut listener.accept().await.expect("another connection").0).await };
        tokio::join!(second, ask(&connection));
        assert_eq!(first.read(&mut [0]).await.ok(), Some(0), "the idle one was closed, and not only left alone");
    }
}
