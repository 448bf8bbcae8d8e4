//! A `pawl-server` with tokens, in a folder of its own and on a port that it keeps through kills and restarts.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};

use crate::programs::{Talker, program};

/// It is killed when it is dropped.
#[derive(Debug)]
pub struct PawlServer {
    folder: PathBuf,
    port: u16,
    options: Vec<String>,
    process: Option<Talker>,
}

impl PawlServer {
    /// Starts one on the vault in `folder`, with more options. Somebody must have a token already.
    pub fn start(folder: &Path, options: &[&str]) -> Result<Self> {
        // Between this and the server's own opening nobody else is given the port: they are given out in turn.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let options = options.iter().map(ToString::to_string).collect();
        let mut server = Self { folder: folder.to_owned(), port, options, process: None };
        server.run()?;
        Ok(server)
    }

    /// Starts it after [`PawlServer::kill`].
    pub fn run(&mut self) -> Result<()> {
        let mut command = Command::new(program("pawl-server")?);
        command.arg("--data").arg(&self.folder).args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        let mut process = Talker::start(command.args(&self.options))?;
        process.hear("its address", |line| line["event"] == "listening")?;
        self.process = Some(process);
        Ok(())
    }

    /// Kills it and starts it again with other options.
    pub fn restart_with(&mut self, options: &[&str]) -> Result<()> {
        self.kill()?;
        self.options = options.iter().map(ToString::to_string).collect();
        self.run()
    }

    /// Its process.
    pub fn pid(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("it runs")?.pid())
    }

    /// How it ends by itself.
    pub fn ends(&mut self) -> Result<ExitStatus> {
        Ok(self.process.take().context("it runs")?.end()?.0)
    }

    /// kill -9.
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("it runs")?.kill().map(drop)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The same, encrypted, by a name that a certificate can have.
    pub fn https(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

/// Makes a certificate for `localhost` and its key, in PEM, as an authority of its own: the two files.
pub fn certificate(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    write_certificate(folder, rcgen::CertificateParams::new(["localhost".to_owned()])?)
}

/// The same, good for so long from now on. One that was there before is replaced.
pub fn certificate_for(folder: &Path, good: Duration) -> Result<(PathBuf, PathBuf)> {
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()])?;
    params.not_after = (SystemTime::now() + good).into();
    write_certificate(folder, params)
}

fn write_certificate(folder: &Path, params: rcgen::CertificateParams) -> Result<(PathBuf, PathBuf)> {
    let signing_key = rcgen::KeyPair::generate()?;
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    fs::write(&certificate, params.self_signed(&signing_key)?.pem())?;
    fs::write(&key, signing_key.serialize_pem())?;
    Ok((certificate, key))
}

/// Makes a token for the vault in `folder`, permitting `scopes` (`read,upload`).
pub fn token(folder: &Path, name: &str, scopes: &str) -> Result<String> {
    let mut command = Command::new(program("pawl-server")?);
    let made = command.args(["token", "add", name, "--scopes", scopes, "--data"]).arg(folder).output()?;
    ensure!(made.status.success(), "no token: {}", String::from_utf8_lossy(&made.stderr));
    Ok(String::from_utf8(made.stdout)?.trim().to_owned())
}
