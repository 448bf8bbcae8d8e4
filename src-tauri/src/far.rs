//! Playing what is on this machine no more, from where it was sent: through the cache of what was played from far away.
//!
//! Owner of the cache: [`Far`]. It lies in the state folder, and all of it may be thrown away at any time.

use std::io;
use std::path::Path;

use headless::destinations::Driver;
use remotes::cache::{BlockCache, BlockCacheSetup, ObjectAt};
use server::http::Offer;
use transfer::engine::Snapshot;
use transfer::error::RemoteError;
use transfer::ids::ObjectId;
use transfer::name::FileName;
use transfer::state::TransferState;

use crate::app::App;
use crate::error::Error;
use crate::view::NearView;

/// As much of it may be in memory, in bytes: some seconds of several films.
const MEMORY: u64 = 64 << 20;
/// As much of it may be on the disk, in bytes: an evening.
const DISK: u64 = 2 << 30;

/// What was played from far away, kept near.
#[derive(Debug)]
pub(crate) struct Far(BlockCache);

impl Far {
    /// The cache below the state folder. Where the disk takes none, it is in memory alone.
    pub(crate) fn open(state: &Path) -> io::Result<Self> {
        let setup = BlockCacheSetup { folder: state.join("near"), memory: MEMORY, disk: DISK };
        let opened = BlockCache::open(setup.clone()).or_else(|error| {
            tracing::warn!(%error, "what is played from far away is kept in memory alone");
            BlockCache::open(BlockCacheSetup { disk: 0, ..setup })
        });
        opened.map(Self)
    }

    /// What it holds and did in this run.
    pub(crate) fn view(&self) -> NearView {
        let counts = self.0.counts();
        NearView {
            kept: counts.disk_bytes,
            most: DISK,
            found: counts.memory_hits + counts.disk_hits,
            fetched: counts.misses,
            bytes_fetched: counts.bytes_fetched,
        }
    }

    /// Throws all of it away.
    pub(crate) async fn clear(&self) -> io::Result<()> {
        self.0.clear().await
    }
}

/// A film whose file is gone from here, from the destination on the network that has it, or gets it just now.
pub(crate) async fn offer(app: &App, snapshot: &Snapshot) -> Result<Offer, Error> {
    let driver = app.destinations.driver(&snapshot.destination)?;
    let object = object(&driver, snapshot).await?;
    let reader = driver.remote().open(&object).await.map_err(|error| gone(&error))?;
    let at = ObjectAt { destination: snapshot.destination.as_ref().clone(), object };
    Ok(Offer { name: FileName::clone(&snapshot.name), reader: app.far.0.over(&at, reader) })
}

/// What it is called there. Before it is whole, only a Pawl server can be read.
async fn object(driver: &Driver, snapshot: &Snapshot) -> Result<ObjectId, Error> {
    if let TransferState::Done(completed) = &snapshot.state {
        return Ok(completed.object.clone());
    }
    let nothing = || Error::MediaGone("The file is gone, and there is nothing to play of it yet.".to_owned());
    match (driver, &snapshot.handle) {
        (Driver::Server(server), Some(handle)) => {
            server.object_of(handle).await.map_err(|error| gone(&error))?.ok_or_else(nothing)
        }
        (Driver::Server(_) | Driver::Tus(_) | Driver::S3(_), _) => Err(nothing()),
    }
}

fn gone(error: &RemoteError) -> Error {
    Error::MediaGone(format!("The file is gone from this computer, and where it was sent: {}.", error.context))
}
