//! Servers on the other side of a link that a test may stop or kill: a Pawl server, a tus server, an S3 store; and a film
//! that gets there through kills of either side.

mod torment;

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use futures::TryStreamExt;
use remotes::s3::{S3, S3Credentials};
use remotes::{Connection, ConnectionSetup};
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::remote::Remote;

use crate::films::blake3;
use crate::garage::{Garage, KEY, SECRET};
use crate::pawl_server::{PawlServer, token};
use crate::programs::upload_to;
use crate::tus_server::{Killed, TusServer};

pub use torment::{torment_both, torment_over};

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `pawl-server`.
    Pawl,
    /// `@tus/server`.
    Tus,
    /// A Garage.
    Store,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pawl, Self::Tus, Self::Store];

    /// The bytes of a chunk that is sent there.
    pub fn chunk_len(self) -> u64 {
        match self {
            Self::Pawl => 4 << 20,
            Self::Tus => 16 << 20,
            Self::Store => 8 << 20,
        }
    }

    /// The proof that it gives.
    pub fn proof(self) -> &'static str {
        match self {
            Self::Pawl => "root",
            Self::Tus => "size_only",
            Self::Store => "parts",
        }
    }
}

/// A server that can be killed and started again where it was.
#[derive(Debug)]
pub enum Far {
    /// `pawl-server`, and who may send to it.
    Pawl {
        /// The program.
        server: PawlServer,
        /// Its vault.
        vault: PathBuf,
        /// The sender's token.
        token: String,
    },
    /// `@tus/server`; none while it is being started again.
    Tus(Option<TusServer>),
    /// A Garage.
    Store(Garage),
}

impl Far {
    /// A server of that kind, with all that it keeps below `folder`.
    pub fn of(kind: Kind, folder: &Path) -> Result<Self> {
        Ok(match kind {
            Kind::Pawl => {
                let vault = folder.join("vault");
                let token = token(&vault, "anna", "read,upload")?;
                Self::Pawl { server: PawlServer::start(&vault, &[])?, vault, token }
            }
            Kind::Tus => {
                let files = folder.join("tus");
                fs::create_dir_all(&files)?;
                Self::Tus(Some(TusServer::start(&files, &[])?))
            }
            Kind::Store => Self::Store(Garage::start_in(folder)?),
        })
    }

    /// Where it listens, through all its lives.
    pub fn socket(&self) -> Result<SocketAddr> {
        Ok(match self {
            Self::Pawl { server, .. } => server.address(),
            Self::Tus(server) => server.as_ref().context("it runs")?.address()?,
            Self::Store(garage) => garage.socket(),
        })
    }

    /// Its process.
    pub fn pid(&self) -> Result<u32> {
        match self {
            Self::Pawl { server, .. } => server.pid(),
            Self::Tus(server) => Ok(server.as_ref().context("it runs")?.pid()),
            Self::Store(garage) => garage.pid(),
        }
    }

    /// One run of `pawl-upload --json` that sends a film there, over whatever listens at `at`.
    pub fn sends(&self, film: &Path, state: &Path, at: SocketAddr) -> Result<Command> {
        let to: OsString = match self {
            Self::Pawl { .. } => format!("http://{at}").into(),
            Self::Tus(_) => format!("tus+http://{at}/files/").into(),
            Self::Store(garage) => garage.address_at(at, "in").into(),
        };
        let mut command = upload_to(&[film], &to, state)?;
        match self {
            Self::Pawl { token, .. } => command.env("PAWL_TOKEN", token),
            Self::Tus(_) => command.env_remove("PAWL_TOKEN"),
            Self::Store(_) => command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET),
        };
        Ok(command)
    }

    /// kill -9, and up again.
    pub fn dies_and_returns(&mut self, gone: Duration) -> Result<()> {
        match self {
            Self::Pawl { server, .. } => {
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

    /// The BLAKE3 of the film that is there now, which the sender was told is called `object`.
    pub fn kept(&self, film: &str, object: &str) -> Result<String> {
        match self {
            Self::Pawl { vault, .. } => blake3(&vault.join(film)),
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
