//! Accepting connections: one task each, tracked, ended in order.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, debug, debug_span};

use super::tls::Tls;

/// How long a client may take for its request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long answers that are under way may go on when a server is dropped.
const LAST_ANSWERS: Duration = Duration::from_secs(2);
/// How long to wait when the process has no free descriptor, before accepting again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    stop: CancellationToken,
    grace: watch::Sender<Duration>,
    task: Option<JoinHandle<()>>,
}

impl Serving {
    /// Serves on a loopback port that the system chooses.
    pub(super) async fn loopback(router: impl FnOnce(SocketAddr) -> Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self::on(listener, address, router(address), None))
    }

    /// Serves on a listener; encrypted, where there is a certificate.
    pub fn start(listener: TcpListener, router: Router, tls: Option<Tls>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self::on(listener, address, router, tls))
    }

    fn on(listener: TcpListener, address: SocketAddr, router: Router, tls: Option<Tls>) -> Self {
        let stop = CancellationToken::new();
        let (grace, last) = watch::channel(LAST_ANSWERS);
        let accepting = accept(listener, router, tls, stop.clone(), last);
        let task = tokio::spawn(accepting.instrument(debug_span!("serve", %address)));
        Self { address, stop, grace, task: Some(task) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests, lets answers under way end for so long, cuts the rest.
    pub async fn stop(mut self, grace: Duration) {
        self.grace.send_replace(grace);
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            task.await.unwrap_or_else(|error| debug!(%error, "the server's task ended badly"));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    tls: Option<Tls>,
    stop: CancellationToken,
    grace: watch::Receiver<Duration>,
) {
    let connections = GracefulShutdown::new();
    let cut = CancellationToken::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => {
                let answering = answer(stream, tls.clone(), router.clone(), connections.watcher());
                // What is cut off in the middle has had its two seconds.
                let answering = cut.clone().run_until_cancelled_owned(answering);
                tokio::spawn(answering.in_current_span());
            }
            Err(error) => {
                debug!(%error, "cannot accept");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let last = *grace.borrow();
    let ended = timeout(last, connections.shutdown()).await;
    debug!(all = ended.is_ok(), "the server stopped");
    cut.cancel();
}

async fn answer(stream: TcpStream, tls: Option<Tls>, router: Router, watcher: Watcher) {
    // Small ranges must not wait for Nagle's algorithm.
    stream.set_nodelay(true).unwrap_or_else(|error| debug!(%error, "no TCP_NODELAY"));
    match tls {
        None => serve(TokioIo::new(stream), router, watcher).await,
        Some(Tls(acceptor)) => match timeout(HEAD_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => serve(TokioIo::new(stream), router, watcher).await,
            Ok(Err(error)) => debug!(%error, "no handshake"),
            Err(_) => debug!("no handshake in time"),
        },
    }
}

async fn serve<I>(io: I, router: Router, watcher: Watcher)
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let served = builder.serve_connection(io, TowerToHyperService::new(router));
    // A player drops its connection with every seek: that is no news.
    if let Err(error) = watcher.watch(served).await {
        debug!(%error, "connection ended");
    }
}
