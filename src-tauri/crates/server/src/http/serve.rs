//! Accepting connections: one task each, tracked, ended in order.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, debug, debug_span};

/// How long a client may take for its request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long answers that are under way may go on once the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(2);
/// How long to wait when the process has no free descriptor, before accepting again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Serving {
    /// Serves on a loopback port that the system chooses.
    pub(super) async fn loopback(router: impl FnOnce(SocketAddr) -> Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self::on(listener, address, router(address)))
    }

    /// Serves on a listener.
    pub fn start(listener: TcpListener, router: Router) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self::on(listener, address, router))
    }

    fn on(listener: TcpListener, address: SocketAddr, router: Router) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(accept(listener, router, stop.clone()).instrument(debug_span!("serve", %address)));
        Self { address, stop, task: Some(task) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests, lets answers under way end for two seconds, cuts the rest.
    pub async fn stop(mut self) {
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

async fn accept(listener: TcpListener, router: Router, stop: CancellationToken) {
    let connections = GracefulShutdown::new();
    let cut = CancellationToken::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => connection(stream, router.clone(), &connections, cut.clone()),
            Err(error) => {
                debug!(%error, "cannot accept");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let ended = tokio::time::timeout(LAST_ANSWERS, connections.shutdown()).await;
    debug!(all = ended.is_ok(), "the server stopped");
    cut.cancel();
}

fn connection(stream: TcpStream, router: Router, connections: &GracefulShutdown, cut: CancellationToken) {
    // Small ranges must not wait for Nagle's algorithm.
    stream.set_nodelay(true).unwrap_or_else(|error| debug!(%error, "no TCP_NODELAY"));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let served = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let watched = connections.watch(served);
    let task = async move {
        // A player drops its connection with every seek: that is no news.
        if let Some(Err(error)) = cut.run_until_cancelled(watched).await {
            debug!(%error, "connection ended");
        }
    };
    tokio::spawn(task.in_current_span());
}
