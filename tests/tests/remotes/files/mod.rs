//! `/files` of `pawl-server`: tus 1.0.0 and the IETF's resumable uploads, asked as a stranger would ask.

mod cancelling;
mod checksums;
mod concatenation;
mod core;
mod creation;
mod doors;
mod durable;
mod foreign;
mod requirements;
mod resumable;
mod rivals;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Client, Method, RequestBuilder, Response};
use support::http::client;
use support::pawl_server::{PawlServer, token};
use support::programs::PATIENCE;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MIB: u64 = 1 << 20;
const BYTES: &str = "application/offset+octet-stream";

/// A server that knows Anna (read, upload), Bert (upload) and Carla (read).
struct Desk {
    folder: TempDir,
    server: PawlServer,
    anna: String,
    bert: String,
    carla: String,
    client: Client,
}

impl Desk {
    fn open(options: &[&str]) -> Result<Self> {
        let folder = TempDir::new()?;
        let anna = token(folder.path(), "anna", "read,upload")?;
        let bert = token(folder.path(), "bert", "upload")?;
        let carla = token(folder.path(), "carla", "read")?;
        let server = PawlServer::start(folder.path(), options)?;
        Ok(Self { folder, server, anna, bert, carla, client: client() })
    }

    /// kill -9, and a new life. Connections of the old one are not tried again.
    fn restart(&mut self) -> Result<()> {
        self.server.kill()?;
        self.client = client();
        self.server.run()
    }

    /// A request of Anna's, in tus.
    fn tus(&self, method: Method, address: &str) -> RequestBuilder {
        let request = self.client.request(method, self.at(address)).bearer_auth(&self.anna);
        request.header("tus-resumable", "1.0.0")
    }

    fn at(&self, address: &str) -> String {
        format!("{}{address}", self.server.url())
    }

    /// Begins an upload that will have so many bytes: its address.
    async fn create(&self, name: &str, length: u64) -> Result<String> {
        let new = self.tus(Method::POST, "/files").header("upload-length", length);
        created(new.header("upload-metadata", named(name)).send().await?)
    }

    async fn patch(&self, address: &str, offset: u64, bytes: &[u8]) -> Result<Response> {
        Ok(self.patching(address, offset).body(bytes.to_vec()).send().await?)
    }

    fn patching(&self, address: &str, offset: u64) -> RequestBuilder {
        self.tus(Method::PATCH, address).header("content-type", BYTES).header("upload-offset", offset)
    }

    async fn head(&self, address: &str) -> Result<Response> {
        Ok(self.tus(Method::HEAD, address).send().await?)
    }

    async fn offset(&self, address: &str) -> Result<u64> {
        let answer = self.head(address).await?;
        ensure!(answer.status() == 200, "it is there: {answer:?}");
        number(&answer, "upload-offset")
    }

    /// The files that stand in the vault's folder.
    fn films(&self) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.folder.path())?.map(|entry| Ok(entry?.path()));
        let paths: Vec<PathBuf> = entries.collect::<Result<_>>()?;
        Ok(paths.into_iter().filter(|path| path.is_file()).collect())
    }

    /// Unfinished uploads on the disk.
    fn parts(&self) -> Result<usize> {
        Ok(fs::read_dir(self.folder.path().join(".pawl/incoming"))?.count())
    }

    /// The film of that name, which must have these bytes and be in the library with their BLAKE3.
    async fn assert_film(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let there = fs::read(self.folder.path().join(name)).with_context(|| format!("{name} is a film"))?;
        assert!(there == bytes, "{name} has the very bytes");
        let list: serde_json::Value =
            self.client.get(self.at("/api/v1/videos")).bearer_auth(&self.anna).send().await?.json().await?;
        let videos = list["videos"].as_array().context("a list")?;
        let listed = videos.iter().find(|video| video["name"] == name).context("it is in the library")?;
        let hash = blake3::hash(bytes).to_hex().to_string();
        assert_eq!(listed["blake3"], hash.as_str(), "with the hash that b3sum prints: {listed}");
        Ok(())
    }
}

/// Where a new upload is.
fn created(answer: Response) -> Result<String> {
    ensure!(answer.status() == 201, "an upload begins: {answer:?}");
    let address = answer.headers().get("location").context("a new upload has an address")?.to_str()?;
    Ok(address.to_owned())
}

fn named(name: &str) -> String {
    format!("filename {},filetype {}", BASE64_STANDARD.encode(name), BASE64_STANDARD.encode("video/mp4"))
}

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}

fn number(answer: &Response, name: &str) -> Result<u64> {
    let value = header(answer, name).with_context(|| format!("{name} in {answer:?}"))?;
    Ok(value.parse()?)
}

/// Bytes that differ everywhere.
fn noise(seed: u64, len: u64) -> Vec<u8> {
    let mut bytes = vec![0; len as usize];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

/// Asks until it is so.
async fn until(what: &str, mut is: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !is().await? {
        ensure!(Instant::now() < end, "{what} must happen, and did not");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// The head of a PATCH that announces `len` bytes, for a socket.
fn head_of(desk: &Desk, address: &str, offset: u64, len: usize, more: &[(&str, &str)]) -> Result<String> {
    let more: String = more.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (host, token) = (desk.server.url().replace("http://", ""), &desk.anna);
    Ok(format!(
        "PATCH {address} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ntus-resumable: 1.0.0\r\n\
         content-type: {BYTES}\r\nupload-offset: {offset}\r\ncontent-length: {len}\r\n{more}\r\n"
    ))
}

/// Sends the head and these bytes, which are not all, and leaves the connection open.
async fn half(desk: &Desk, head: &str, bytes: &[u8]) -> Result<TcpStream> {
    let mut socket = TcpStream::connect(desk.server.url().replace("http://", "")).await?;
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(bytes).await?;
    Ok(socket)
}

/// The same, says that nothing more comes, and waits until the server has let go of it.
async fn cut_off(desk: &Desk, head: &str, bytes: &[u8]) -> Result<()> {
    let mut socket = half(desk, head, bytes).await?;
    socket.shutdown().await?;
    let gone = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut Vec::new())).await;
    // However it ends, it ends.
    gone.context("the server lets go")?.map(drop).or(Ok(()))
}
