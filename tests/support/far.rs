//! Servers on the other side of a link that a test may kill: a Pawl server, a tus server, an S3 store; and a film that
//! gets there through kills of either side.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::TryStreamExt;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use remotes::s3::{S3, S3Credentials};
use remotes::{Connection, ConnectionSetup};
use serde_json::Value;
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::remote::Remote;

use crate::films::{blake3, noise};
use crate::garage::{Garage, KEY, SECRET};
use crate::killing::Torment;
use crate::pawl_server::PawlServer;
use crate::programs::{Talker, last, upload_to};
use crate::tus_server::{Killed, TusServer};

/// A server that can be killed and started again where it was.
#[derive(Debug)]
pub enum Far {
    /// `pawl-server`, open on loopback.
    Pawl(PawlServer, PathBuf),
    /// `@tus/server`; none while it is being started again.
    Tus(Option<TusServer>),
    /// A Garage.
    Store(Garage),
}

impl Far {
    /// A Pawl server below `folder`.
    pub fn pawl(folder: &Path) -> Result<Self> {
        let vault = folder.join("vault");
        Ok(Self::Pawl(PawlServer::start(&vault, &["--no-auth"])?, vault))
    }

    /// A tus server below `folder`.
    pub fn tus(folder: &Path) -> Result<Self> {
        let files = folder.join("tus");
        fs::create_dir_all(&files)?;
        Ok(Self::Tus(Some(TusServer::start(&files, &[])?)))
    }

    /// An S3 store below `folder`.
    pub fn store(folder: &Path) -> Result<Self> {
        Ok(Self::Store(Garage::start_in(folder)?))
    }

    /// As `--to` takes it.
    fn address(&self) -> Result<OsString> {
        Ok(match self {
            Self::Pawl(server, _) => server.url().into(),
            Self::Tus(server) => format!("tus+{}", server.as_ref().context("it runs")?.url()).into(),
            Self::Store(garage) => garage.address("in").into(),
        })
    }

    /// kill -9, and up again.
    fn dies_and_returns(&mut self, gone: Duration) -> Result<()> {
        match self {
            Self::Pawl(server, _) => {
                server.kill()?;
                std::thread::sleep(gone);
                server.run()
            }
            Self::Tus(server) => {
                let killed = server.take().context("it runs")?.kill()?;
                std::thread::sleep(gone);
                *server = Some(Killed::restart(killed)?);
                Ok(())
            }
            Self::Store(garage) => {
                garage.kill()?;
                std::thread::sleep(gone);
                garage.run()
            }
        }
    }

    /// The BLAKE3 of what is there now under that name.
    fn kept(&self, object: &str) -> Result<String> {
        match self {
            Self::Pawl(_, vault) => blake3(&vault.join("film.bin")),
            Self::Tus(server) => {
                let files = server.as_ref().context("it runs")?.files()?;
                let whole = files.into_iter().max_by_key(|file| fs::metadata(file).map_or(0, |meta| meta.len()));
                blake3(&whole.context("a film is there")?)
            }
            Self::Store(garage) => tokio::runtime::Runtime::new()?.block_on(read(garage, object)),
        }
    }
}

async fn read(garage: &Garage, object: &str) -> Result<String> {
    let keys = S3Credentials::from_variables(|name| match name {
        "AWS_ACCESS_KEY_ID" => Some(KEY.to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some(SECRET.to_owned()),
        _ => None,
    })?;
    let store = S3::new(garage.address("in").parse()?, keys, Connection::new(&ConnectionSetup::default())?)?;
    let reader = store.open(&ObjectId(object.to_owned())).await?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = reader.read(ByteRange::at(0, reader.len())).await?;
    while let Some(piece) = bytes.try_next().await? {
        hasher.update(&piece);
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Kills sender, server or both at random instants, lets the sender finish, and checks that the film is there and that
/// each kill cost at most `in_flight` bytes.
pub fn torment_both(folder: &Path, far: &mut Far, in_flight: u64, torment: Torment) -> Result<()> {
    println!("{torment:?}");
    let (film, state) = (folder.join("film.bin"), folder.join("state"));
    noise(&film, torment.seed, torment.bytes)?;
    let to = far.address()?;
    let command = || -> Result<Command> {
        let mut command = upload_to(&[&film], &to, &state)?;
        command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET).args(["--limit", torment.limit]);
        Ok(command)
    };
    let mut random = StdRng::seed_from_u64(torment.seed);
    let mut wait = move |longest| Duration::from_millis(random.random_range(0..=longest));
    for kill in 0..torment.kills {
        let run = Talker::start(&mut command()?)?;
        std::thread::sleep(wait(torment.longest_ms));
        if kill % 3 != 0 {
            far.dies_and_returns(wait(1000))?;
        }
        if kill % 3 == 1 {
            // The sender goes on by itself a while before it is killed as well.
            std::thread::sleep(wait(torment.longest_ms));
        }
        run.kill()?;
    }
    let (status, events) = Talker::start(&mut command()?)?.end()?;
    ensure!(status.success(), "left alone it must finish: {:?}", events.last());
    judged(last(&events, "done")?, far, &film, in_flight * u64::from(torment.kills) * 2)
}

fn judged(done: &Value, far: &Far, film: &Path, most_again: u64) -> Result<()> {
    let kept = far.kept(done["object"].as_str().context("an object has a name")?)?;
    ensure!(kept == blake3(film)?, "what is there must be the film");
    ensure!(done["blake3"] == kept.as_str(), "and its receipt must say so");
    let (sent, size) = (done["bytes_sent"].as_u64().context("a count")?, fs::metadata(film)?.len());
    println!("{} MiB were sent again", sent.saturating_sub(size) >> 20);
    ensure!(sent <= size + most_again, "{sent} bytes left; {size} and {most_again} in flight are the most");
    Ok(())
}
