//! `pawl-server`: a vault over HTTP, to read and to send to; and the tokens that let people in.

mod commands;
mod config;
mod flags;
mod scrub;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches, Parser};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use server::http::{Door, Serving, router};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::compose::OpenVault;
use crate::logs;
use commands::Command;
use flags::Flags;

/// How long chunks in flight may take to arrive when the server is asked to stop.
const LAST_CHUNKS: Duration = Duration::from_secs(30);

/// Keeps films that others send, and serves them by byte ranges, finished or still arriving.
#[derive(Debug, Parser)]
#[command(name = "pawl-server", version, about, args_conflicts_with_subcommands = true)]
#[command(subcommand_negates_reqs = true, args_override_self = true)]
pub struct Arguments {
    #[command(flatten)]
    serve: Option<Flags>,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Arguments {
    /// Reads a command line and the file of settings that it names. Ends the process with a sentence where it is wrong,
    /// as clap does.
    pub fn read(given: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let given: Vec<OsString> = given.into_iter().collect();
        let all = config::with_file(&Self::command(), given.clone())?;
        let said = all.len() > given.len();
        let matches = Self::command().try_get_matches_from(all);
        match matches.and_then(|matches| Self::from_arg_matches(&matches)) {
            Ok(arguments) => Ok(arguments),
            Err(error) => {
                if said && error.use_stderr() {
                    eprintln!("{}", config::HINT);
                }
                error.exit()
            }
        }
    }
}

/// Runs until SIGINT or SIGTERM, or does what was commanded.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    match (arguments.command, arguments.serve) {
        (Some(command), _) => command.run().await,
        (None, Some(flags)) => serve(flags).await.map(|()| ExitCode::SUCCESS),
        (None, None) => anyhow::bail!("--data DIR says which vault to serve"),
    }
}

async fn serve(flags: Flags) -> Result<()> {
    flags.refuse_what_is_unsafe()?;
    permit_files();
    let opened = OpenVault::open(&flags.data).await?;
    let _logs = logs::start(&opened.vault.folder().join(".pawl/logs"), "pawl-server")?;
    opened.notices.iter().for_each(|notice| eprintln!("{notice}"));
    let listener = TcpListener::bind(flags.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", flags.listen))?;
    let address = listener.local_addr()?;
    let door = Door::new(opened.vault.clone(), flags.access(address)?, flags.limits()).called(flags.called());
    let tls = flags.tls()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let serving = Serving::start(listener, router(door.clone()), tls, flags.bounds())?;
    println!("{}", json!({ "event": "listening", "url": format!("{scheme}://{address}") }));
    asked_to_stop().await?;
    door.leave();
    wait_out(flags.drain()).await?;
    door.close();
    serving.stop(LAST_CHUNKS).await;
    opened.close().await;
    Ok(())
}

/// As many open files as the system permits: a thousand connections and the films that they read are more than what most
/// systems give at first. Where that fails, those that there are must do.
fn permit_files() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Waits so long, or until somebody asks once more.
async fn wait_out(drain: Duration) -> Result<()> {
    tokio::select! {
        asked = asked_to_stop() => asked,
        () = tokio::time::sleep(drain) => Ok(()),
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
