//! `pawl-server`: a vault over HTTP, to read and to send to; and the tokens that let people in.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Args, Parser, Subcommand};
use serde_json::json;
use server::http::{Access, Door, Limits, Scope, Serving, Tls, TokenFile, router};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::compose::OpenVault;
use crate::logs;

/// How long chunks in flight may take to arrive when the server is asked to stop.
const LAST_CHUNKS: Duration = Duration::from_secs(30);

/// Keeps films that others send, and serves them by byte ranges, finished or still arriving.
#[derive(Debug, Parser)]
#[command(name = "pawl-server", version, about, args_conflicts_with_subcommands = true)]
#[command(subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(flatten)]
    serve: Option<Serve>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Serving.
#[derive(Debug, Args)]
struct Serve {
    /// The vault's folder; the same that the app uses. It is made when it is missing.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where to listen; port 0 lets the system choose one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Let everyone who reaches the address do everything. Only on loopback.
    #[arg(long)]
    no_auth: bool,
    /// The server's certificate, and those between it and its authority, in PEM. With it, HTTPS is spoken.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Speak HTTP without encryption beyond loopback: only behind a proxy that encrypts, or in a network of one's own.
    #[arg(long)]
    plain_http: bool,
    /// The largest file, in bytes.
    #[arg(long, value_name = "BYTES")]
    max_size: Option<u64>,
    /// How many unfinished uploads one token may have.
    #[arg(long, value_name = "COUNT", default_value = "1000")]
    max_uploads: usize,
    /// How many bytes one token may keep, finished or not.
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<u64>,
    /// How many requests a second one token may make; twice as many may come at once.
    #[arg(long, value_name = "COUNT")]
    max_requests: Option<NonZeroU32>,
    /// For how many seconds a sender may be silent in the middle of a chunk.
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    silence: u64,
}

/// What there is besides serving.
#[derive(Debug, Subcommand)]
enum Command {
    /// Who may come in.
    #[command(subcommand)]
    Token(TokenCommand),
}

/// Tokens. A running server knows of a change at once.
#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Makes a token and prints it, once.
    Add {
        /// What it is called; films that it brings are under this name.
        name: String,
        /// The vault's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// What it permits: read (all films), upload (and what is one's own of it), admin (everything).
        #[arg(long, value_name = "SCOPE", value_delimiter = ',', default_value = "read,upload", value_parser = scope)]
        scopes: Vec<Scope>,
    },
    /// Lists names and what each permits.
    List {
        /// The vault's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Takes a token away. What it brought stays.
    Remove {
        /// What it is called.
        name: String,
        /// The vault's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

fn scope(word: &str) -> Result<Scope, String> {
    let all = [Scope::Read, Scope::Upload, Scope::Admin];
    let known = all.into_iter().find(|scope| scope.word() == word);
    known.ok_or_else(|| "the scopes are read, upload and admin".to_owned())
}

/// Runs until SIGINT or SIGTERM, or does what was commanded.
pub async fn run(arguments: Arguments) -> Result<()> {
    match (arguments.command, arguments.serve) {
        (Some(Command::Token(command)), _) => token(command),
        (None, Some(serve)) => serve.run().await,
        (None, None) => anyhow::bail!("--data DIR says which vault to serve"),
    }
}

fn token(command: TokenCommand) -> Result<()> {
    match command {
        TokenCommand::Add { name, data, scopes } => println!("{}", tokens(&data)?.add(&name, &scopes)?),
        TokenCommand::Remove { name, data } => tokens(&data)?.remove(&name)?,
        TokenCommand::List { data } => {
            for token in tokens(&data)?.all()? {
                let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.word()).collect();
                println!("{}\t{}", token.name, scopes.join(","));
            }
        }
    }
    Ok(())
}

/// The tokens of the vault in `folder`, which is made when it is missing.
fn tokens(folder: &Path) -> Result<TokenFile> {
    let own = folder.join(".pawl");
    std::fs::create_dir_all(&own).with_context(|| format!("cannot make the vault's folder {}", own.display()))?;
    Ok(TokenFile::in_folder(&own))
}

impl Serve {
    async fn run(self) -> Result<()> {
        self.refuse_what_is_unsafe()?;
        let opened = OpenVault::open(&self.data).await?;
        let _logs = logs::start(&opened.vault.folder().join(".pawl/logs"), "pawl-server")?;
        opened.notices.iter().for_each(|notice| eprintln!("{notice}"));
        let listener = TcpListener::bind(self.listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {}", self.listen))?;
        let address = listener.local_addr()?;
        let door = Door::new(opened.vault.clone(), self.access(address)?, self.limits());
        let tls = self.tls()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let serving = Serving::start(listener, router(door.clone()), tls)?;
        println!("{}", json!({ "event": "listening", "url": format!("{scheme}://{address}") }));
        asked_to_stop().await?;
        door.close();
        serving.stop(LAST_CHUNKS).await;
        opened.close().await;
        Ok(())
    }

    fn refuse_what_is_unsafe(&self) -> Result<()> {
        let (ip, loopback) = (self.listen.ip(), self.listen.ip().is_loopback());
        ensure!(loopback || !self.no_auth, "--no-auth is for loopback only: {ip} can be reached from outside");
        ensure!(
            loopback || self.plain_http || self.tls_certificate.is_some(),
            "tokens and films would travel to {ip} for everyone to read: give it a certificate (--tls-certificate, --tls-key), listen on loopback behind a proxy that \
             encrypts, or say --plain-http"
        );
        let known = tokens(&self.data)?.all()?.len();
        ensure!(
            self.no_auth || known > 0,
            "nobody could come in: make a token with `pawl-server token add NAME --data {}`, or say --no-auth, on \
             loopback",
            self.data.display()
        );
        Ok(())
    }

    fn tls(&self) -> Result<Option<Tls>> {
        let files = self.tls_certificate.as_ref().zip(self.tls_key.as_ref());
        Ok(files.map(|(certificate, key)| Tls::from_files(certificate, key)).transpose()?)
    }

    fn limits(&self) -> Limits {
        Limits {
            max_size: self.max_size,
            uploads: Some(self.max_uploads),
            bytes: self.max_bytes,
            requests: self.max_requests,
            silence: Duration::from_secs(self.silence),
        }
    }

    fn access(&self, address: SocketAddr) -> Result<Access> {
        Ok(if self.no_auth { Access::Open(address) } else { Access::Tokens(tokens(&self.data)?) })
    }
}

/// Waits for SIGINT or SIGTERM.
pub(crate) async fn asked_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for SIGINT"),
        _ = terminate.recv() => Ok(()),
    }
}
