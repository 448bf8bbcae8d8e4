//! A server that lies: it passes requests on to a true one, and answers some of them itself, or alters what the true one
//! said.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// What is said instead of the truth.
pub enum Lie {
    /// This, and the true server never hears of the request.
    Instead(Response<Bytes>),
    /// What becomes of the true answer.
    Altered(fn(Response<Bytes>) -> Response<Bytes>),
}

/// Which requests are lied about, by their heads.
type Liar = dyn Fn(&Parts) -> Option<Lie> + Send + Sync;
type Answer = Response<BoxBody<Bytes, hyper::Error>>;

/// A running one. It ends when it is dropped.
#[derive(Debug)]
pub struct LyingServer {
    address: SocketAddr,
    lies: Arc<AtomicU32>,
    /// None once it is dropped.
    runtime: Option<Runtime>,
}

struct Front {
    server: SocketAddr,
    liar: Box<Liar>,
    left: AtomicU32,
    lies: Arc<AtomicU32>,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl LyingServer {
    /// In front of `server`. After so many lies it tells the truth.
    pub fn before(
        server: SocketAddr,
        most: u32,
        liar: impl Fn(&Parts) -> Option<Lie> + Send + Sync + 'static,
    ) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let (address, lies) = (listener.local_addr()?, Arc::new(AtomicU32::new(0)));
        let client = Client::builder(TokioExecutor::new()).build_http();
        let (liar, left) = (Box::new(liar), AtomicU32::new(most));
        let front = Front { server, liar, left, lies: Arc::clone(&lies), client };
        runtime.spawn(serve(listener, Arc::new(front)));
        Ok(Self { address, lies, runtime: Some(runtime) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often it lied.
    pub fn lies(&self) -> u32 {
        self.lies.load(Ordering::SeqCst)
    }
}

impl Drop for LyingServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(listener: TcpListener, front: Arc<Front>) {
    while let Ok((stream, _)) = listener.accept().await {
        let front = Arc::clone(&front);
        let service = service_fn(move |request| {
            let front = Arc::clone(&front);
            async move { Ok::<_, Infallible>(front.answer(request).await) }
        });
        // A connection that breaks is the client's to notice.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Front {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (parts, body) = request.into_parts();
        // It is heard to its end, as by any server.
        let Ok(body) = body.collect().await else { return bad_gateway() };
        match (self.lie(&parts), body.to_bytes()) {
            (Some(Lie::Instead(answer)), _) => answer.map(whole),
            (Some(Lie::Altered(alter)), body) => match self.truth(parts, body).await {
                Some(truth) => match collected(truth).await {
                    Some(truth) => alter(truth).map(whole),
                    None => bad_gateway(),
                },
                None => bad_gateway(),
            },
            (None, body) => self.truth(parts, body).await.map_or_else(bad_gateway, |truth| truth.map(BodyExt::boxed)),
        }
    }

    fn lie(&self, parts: &Parts) -> Option<Lie> {
        let lie = (self.liar)(parts)?;
        let counted = |left: u32| left.checked_sub(1);
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, counted).ok()?;
        self.lies.fetch_add(1, Ordering::SeqCst);
        Some(lie)
    }

    async fn truth(&self, mut parts: Parts, body: Bytes) -> Option<Response<Incoming>> {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        parts.uri = format!("http://{}{target}", self.server).parse::<Uri>().ok()?;
        self.client.request(Request::from_parts(parts, Full::new(body))).await.ok()
    }
}

async fn collected(answer: Response<Incoming>) -> Option<Response<Bytes>> {
    let (mut parts, body) = answer.into_parts();
    // What is altered has a length of its own.
    parts.headers.remove("content-length");
    parts.headers.remove("transfer-encoding");
    Some(Response::from_parts(parts, body.collect().await.ok()?.to_bytes()))
}

fn whole(bytes: Bytes) -> BoxBody<Bytes, hyper::Error> {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}

fn bad_gateway() -> Answer {
    let mut answer = Response::new(whole(Bytes::new()));
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer
}
