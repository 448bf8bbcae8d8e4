//! `pawl-server`: a vault's films over HTTP, to read.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use serde_json::json;
use server::http::{Serving, router};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::compose::OpenVault;
use crate::logs;

/// Serves the films of a vault by byte ranges, finished or still arriving.
#[derive(Debug, Parser)]
#[command(name = "pawl-server", version, about)]
pub struct Arguments {
    /// The vault's folder; the same that the app uses. It is made when it is missing.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where to listen; port 0 lets the system choose one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Let everyone who reaches the address read everything. Only on loopback.
    #[arg(long)]
    no_auth: bool,
}

/// Runs until SIGINT or SIGTERM.
pub async fn run(arguments: Arguments) -> Result<()> {
    ensure!(arguments.no_auth, "this server knows no tokens yet: start it with --no-auth, on loopback");
    ensure!(
        arguments.listen.ip().is_loopback(),
        "--no-auth is for loopback only: {} can be reached from outside",
        arguments.listen.ip()
    );
    let opened = OpenVault::open(&arguments.data).await?;
    let _logs = logs::start(&opened.vault.folder().join(".pawl/logs"), "pawl-server")?;
    opened.notices.iter().for_each(|notice| eprintln!("{notice}"));
    let listener = TcpListener::bind(arguments.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address = listener.local_addr()?;
    let serving = Serving::start(listener, router(opened.vault.clone(), address))?;
    println!("{}", json!({ "event": "listening", "url": format!("http://{address}") }));
    asked_to_stop().await?;
    serving.stop().await;
    opened.close().await;
    Ok(())
}

/// Waits for SIGINT or SIGTERM.
pub(crate) async fn asked_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for SIGINT"),
        _ = terminate.recv() => Ok(()),
    }
}
