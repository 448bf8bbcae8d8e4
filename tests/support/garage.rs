//! A Garage: a real S3 store of its own for a test, on free ports of loopback, in a folder that goes with it.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::programs::PATIENCE;

/// The one bucket that there is.
pub const BUCKET: &str = "films";
/// The region that it is in.
pub const REGION: &str = "garage";
/// The key to it.
pub const KEY: &str = "GK0123456789abcdef01234567";
/// The key's secret.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A running store. It is killed when it is dropped.
#[derive(Debug)]
pub struct Garage {
    folder: TempDir,
    port: u16,
    running: Option<Child>,
}

impl Garage {
    /// Starts one and waits until it answers.
    pub fn start() -> Result<Self> {
        Self::begin(TempDir::new()?)
    }

    /// The same, with all that it keeps below `folder`.
    pub fn start_in(folder: &Path) -> Result<Self> {
        Self::begin(TempDir::with_prefix_in("garage-", folder)?)
    }

    fn begin(folder: TempDir) -> Result<Self> {
        let [rpc, api] = free_ports()?;
        std::fs::write(folder.path().join("garage.toml"), configuration(folder.path(), rpc, api))?;
        let mut garage = Self { folder, port: api, running: None };
        garage.run()?;
        Ok(garage)
    }

    /// Where it answers.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where it listens.
    pub fn socket(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// A folder in its bucket as a destination.
    pub fn address(&self, prefix: &str) -> String {
        self.address_at(self.socket(), prefix)
    }

    /// The same, over whatever listens at `at`.
    pub fn address_at(&self, at: SocketAddr, prefix: &str) -> String {
        format!("s3://{BUCKET}/{prefix}?endpoint=http://{at}&region={REGION}&style=path")
    }

    /// Its process.
    pub fn pid(&self) -> Result<u32> {
        Ok(self.running.as_ref().context("it runs")?.id())
    }

    /// kill -9.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut running) = self.running.take() {
            running.kill()?;
            running.wait()?;
        }
        Ok(())
    }

    /// Starts it again on what it stored, where it was before.
    pub fn run(&mut self) -> Result<()> {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        let mut command = Command::new(program()?);
        command.arg("-c").arg(self.folder.path().join("garage.toml"));
        command.args(["server", "--single-node", "--default-bucket"]);
        command.env("GARAGE_DEFAULT_BUCKET", BUCKET).env("GARAGE_DEFAULT_ACCESS_KEY", KEY);
        command.env("GARAGE_DEFAULT_SECRET_KEY", SECRET).env("RUST_LOG", "garage=info");
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.running = Some(command.spawn()?);
        self.until_it_answers()
    }

    fn until_it_answers(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.running.as_mut().map(Child::try_wait).transpose()?.flatten();
            ensure!(ended.is_none(), "the store ended: {}", self.log());
            ensure!(Instant::now() < until, "the store does not answer: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Garage {
    fn drop(&mut self) {
        // What cannot be killed has ended.
        self.kill().ok();
    }
}

/// Ports that nobody had a moment ago.
fn free_ports() -> Result<[u16; 2]> {
    let listeners = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
    let [rpc, api] = listeners.map(|listener| listener.local_addr());
    Ok([rpc?.port(), api?.port()])
}

fn configuration(folder: &Path, rpc: u16, api: u16) -> String {
    let folder = folder.display();
    format!(
        r#"
        metadata_dir = "{folder}/meta"
        data_dir = "{folder}/data"
        db_engine = "lmdb"
        replication_factor = 1
        rpc_bind_addr = "127.0.0.1:{rpc}"
        rpc_public_addr = "127.0.0.1:{rpc}"
        rpc_secret = "{SECRET}"
        compression_level = "none"

        [s3_api]
        s3_region = "{REGION}"
        api_bind_addr = "127.0.0.1:{api}"
        root_domain = ".s3.localhost"
        "#
    )
}

/// On the PATH, or where `.ci/setup` put it.
fn program() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let tools = cache.map(|cache| cache.join("pawl/tools/bin"));
    let mut places = std::env::split_paths(&path).chain(tools).map(|folder| folder.join("garage"));
    places.find(|file| file.is_file()).context("there is no garage: run `.ci/setup test`, which installs it")
}
