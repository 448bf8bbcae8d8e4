//! Accepting connections: one task each, tracked, ended in order.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing::{Instrument, debug, debug_span};

use super::bounds::{Bounds, Places};
use super::called::Here;
use super::tls::Tls;

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
        Ok(Self::on(listener, address, Answering { router: router(address), tls: None, bounds: Bounds::default() }))
    }

    /// Serves on a listener; encrypted, where there is a certificate.
    pub fn start(listener: TcpListener, router: Router, tls: Option<Tls>, bounds: Bounds) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self::on(listener, address, Answering { router, tls, bounds }))
    }

    fn on(listener: TcpListener, address: SocketAddr, answering: Answering) -> Self {
        let stop = CancellationToken::new();
        let (grace, last) = watch::channel(LAST_ANSWERS);
        let accepting = accept(listener, answering, stop.clone(), last);
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

/// What answers a connection.
#[derive(Debug, Clone)]
struct Answering {
    router: Router,
    tls: Option<Tls>,
    bounds: Bounds,
}

async fn accept(
    listener: TcpListener,
    answering: Answering,
    stop: CancellationToken,
    grace: watch::Receiver<Duration>,
) {
    let connections = GracefulShutdown::new();
    let places = Places::new(&answering.bounds);
    let cut = CancellationToken::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => match places.take() {
                Some(place) => {
                    let (answering, watcher) = (answering.clone(), connections.watcher());
                    let answered = async move {
                        answering.answer(stream, watcher).await;
                        drop(place);
                    };
                    // What is cut off in the middle has had its two seconds.
                    let answered = cut.clone().run_until_cancelled_owned(answered);
                    tokio::spawn(answered.in_current_span());
                }
                None if answering.tls.is_none() => {
                    tokio::spawn(places.clone().refuse(stream).in_current_span());
                }
                None => debug!("as many connections are open as there may be"),
            },
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

impl Answering {
    async fn answer(self, stream: TcpStream, watcher: Watcher) {
        // Small ranges must not wait for Nagle's algorithm.
        stream.set_nodelay(true).unwrap_or_else(|error| debug!(%error, "no TCP_NODELAY"));
        let Ok(here) = stream.local_addr().map(Here) else { return };
        match &self.tls {
            None => self.serve(TokioIo::new(stream), here, watcher).await,
            Some(Tls(acceptor)) => match timeout(self.bounds.head_time, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => self.serve(TokioIo::new(stream), here, watcher).await,
                Ok(Err(error)) => debug!(%error, "no handshake"),
                Err(_) => debug!("no handshake in time"),
            },
        }
    }

    async fn serve<I>(&self, io: I, here: Here, watcher: Watcher)
    where
        I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    {
        let mut builder = http1::Builder::new();
        let Bounds { head_time, head_len, .. } = self.bounds;
        builder.timer(TokioTimer::new()).header_read_timeout(head_time).max_header_size(head_len);
        let router = self.router.clone();
        let answered = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(here);
            router.clone().oneshot(request)
        });
        // A player drops its connection with every seek: that is no news.
        if let Err(error) = watcher.watch(builder.serve_connection(io, answered)).await {
            debug!(%error, "connection ended");
        }
    }
}
