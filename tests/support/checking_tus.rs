//! A tus server in memory that verifies checksums, which `@tus/server` does not: strict, as the protocol permits. It
//! takes no PATCH without a checksum, and keeps nothing of one that is wrong or broke off.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::http::response::Builder;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running one. It ends when it is dropped.
#[derive(Debug)]
pub struct CheckingTus {
    address: SocketAddr,
    uploads: Arc<Uploads>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Uploads {
    algorithms: &'static str,
    /// Which body from now on is damaged; none at zero.
    until_damage: AtomicU32,
    /// By their place. One that was given up is gone.
    list: Mutex<Vec<Option<Upload>>>,
}

#[derive(Debug)]
struct Upload {
    length: usize,
    bytes: Vec<u8>,
}

type Answer = Response<Empty<Bytes>>;

impl CheckingTus {
    /// Starts one that knows these algorithms.
    pub async fn start(algorithms: &'static str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let uploads = Arc::new(Uploads { algorithms, until_damage: AtomicU32::new(0), list: Mutex::default() });
        let serving = tokio::spawn(serve(listener, Arc::clone(&uploads)));
        Ok(Self { address, uploads, serving })
    }

    /// The address at which uploads are created.
    pub fn url(&self) -> String {
        format!("http://{}/files/", self.address)
    }

    /// The body that comes after so many others is damaged on its way: one bit of it arrives wrong.
    pub fn damage_after(&self, others: u32) {
        self.uploads.until_damage.store(others + 1, Ordering::SeqCst);
    }

    /// What has arrived of the only upload.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        self.uploads.list().first()?.as_ref().map(|upload| upload.bytes.clone())
    }
}

impl Drop for CheckingTus {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, uploads: Arc<Uploads>) {
    while let Ok((stream, _)) = listener.accept().await {
        let uploads = Arc::clone(&uploads);
        let service = service_fn(move |request| {
            let uploads = Arc::clone(&uploads);
            async move { Ok::<_, Infallible>(uploads.answer(request).await) }
        });
        // A connection that breaks is the client's to notice.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Uploads {
    fn list(&self) -> MutexGuard<'_, Vec<Option<Upload>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let place = request.uri().path().rsplit('/').next().and_then(|place| place.parse().ok()).unwrap_or(usize::MAX);
        match *request.method() {
            Method::OPTIONS => finish(
                said(204)
                    .header("Tus-Version", "1.0.0")
                    .header("Tus-Extension", "creation,termination,checksum")
                    .header("Tus-Checksum-Algorithm", self.algorithms),
            ),
            Method::POST => self.create(&request),
            Method::HEAD => self.tell(place),
            Method::DELETE => self.forget(place),
            Method::PATCH => self.append(place, request).await.unwrap_or_else(|status| finish(said(status))),
            _ => finish(said(405)),
        }
    }

    fn create(&self, request: &Request<Incoming>) -> Answer {
        let Some(length) = number(request, "Upload-Length") else { return finish(said(400)) };
        let mut list = self.list();
        list.push(Some(Upload { length, bytes: Vec::new() }));
        finish(said(201).header("Location", format!("/files/{}", list.len() - 1)))
    }

    fn tell(&self, place: usize) -> Answer {
        match self.list().get(place) {
            Some(Some(upload)) => {
                finish(said(200).header("Upload-Offset", upload.bytes.len()).header("Upload-Length", upload.length))
            }
            Some(None) | None => finish(said(404)),
        }
    }

    fn forget(&self, place: usize) -> Answer {
        let gone = self.list().get_mut(place).and_then(Option::take);
        finish(said(if gone.is_some() { 204 } else { 404 }))
    }

    /// The answer, or the status of a refusal.
    async fn append(&self, place: usize, request: Request<Incoming>) -> Result<Answer, u16> {
        let offset = number(&request, "Upload-Offset").ok_or(400_u16)?;
        let checksum = text(&request, "Upload-Checksum").ok_or(400_u16)?;
        self.at(place, offset)?;
        let mut body = request.into_body().collect().await.map_err(|_| 400_u16)?.to_bytes().to_vec();
        if self.is_damaged() {
            body.iter_mut().take(1).for_each(|byte| *byte ^= 1);
        }
        self.verify(&checksum, &body)?;
        // Another may have been quicker.
        self.at(place, offset)?;
        let mut list = self.list();
        let upload = list.get_mut(place).and_then(Option::as_mut).ok_or(404_u16)?;
        upload.bytes.extend_from_slice(&body);
        Ok(finish(said(204).header("Upload-Offset", upload.bytes.len())))
    }

    fn is_damaged(&self) -> bool {
        let counted = |left: u32| left.checked_sub(1);
        self.until_damage.fetch_update(Ordering::SeqCst, Ordering::SeqCst, counted) == Ok(1)
    }

    fn at(&self, place: usize, offset: usize) -> Result<(), u16> {
        match self.list().get(place) {
            Some(Some(upload)) if upload.bytes.len() == offset => Ok(()),
            Some(Some(_)) => Err(409),
            Some(None) | None => Err(404),
        }
    }

    fn verify(&self, checksum: &str, body: &[u8]) -> Result<(), u16> {
        let (name, value) = checksum.split_once(' ').ok_or(400_u16)?;
        let algorithm = match name {
            "sha1" => &SHA1_FOR_LEGACY_USE_ONLY,
            "sha256" => &SHA256,
            _ => return Err(400),
        };
        let known = self.algorithms.split(',').any(|known| known == name);
        let right = BASE64_STANDARD.encode(digest(algorithm, body)) == value;
        if !known {
            Err(400)
        } else if right {
            Ok(())
        } else {
            Err(460)
        }
    }
}

fn said(status: u16) -> Builder {
    Response::builder().status(status).header("Tus-Resumable", "1.0.0")
}

fn finish(answer: Builder) -> Answer {
    answer.body(Empty::new()).expect("every status and field here is one")
}

fn text(request: &Request<Incoming>, name: &str) -> Option<String> {
    Some(request.headers().get(name)?.to_str().ok()?.to_owned())
}

fn number(request: &Request<Incoming>, name: &str) -> Option<usize> {
    text(request, name)?.parse().ok()
}
