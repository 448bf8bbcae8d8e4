//! Playing from a Pawl server through the blocks that are near: through its death, and through ours.

use std::sync::Arc;

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt};
use remotes::cache::{BlockCache, BlockCacheSetup, ObjectAt};
use remotes::native::Native;
use remotes::{Connection, ConnectionSetup};
use support::pawl_server::{PawlServer, token};
use tempfile::TempDir;
use transfer::ids::DestinationId;
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};
use transfer::remote::{Completed, Remote};
use transfer::testing::Film;

const MIB: u64 = 1 << 20;
/// Not at a border of anything.
const SEEK: u64 = 5 * MIB + 77;

/// What is kept, or not, as a whole.
const BLOCK: u64 = 512 << 10;

/// A server with a film, and a folder for blocks.
struct Room {
    folder: TempDir,
    server: PawlServer,
    remote: Native,
    film: Film,
    done: Completed,
}

impl Room {
    async fn with_film(len: u64) -> Result<Self> {
        let folder = TempDir::new()?;
        let vault = folder.path().join("vault");
        std::fs::create_dir(&vault)?;
        let token = token(&vault, "anna", "read,upload")?;
        let server = PawlServer::start(&vault, &[])?;
        let connection = Connection::new(&ConnectionSetup::default())?;
        let remote = Native::new(connection, &server.url(), Some(&token))?;
        let film = Film::new(&remote, 1, len);
        let done = film.deliver(&remote).await?;
        Ok(Self { folder, server, remote, film, done })
    }

    /// As a new run of Pawl opens it.
    async fn cache(&self) -> Result<BlockCache> {
        let folder = self.folder.path().join("blocks");
        let cache = BlockCache::open(BlockCacheSetup { folder, memory: 32 * MIB, disk: 256 * MIB })?;
        cache.settled().await;
        Ok(cache)
    }

    async fn reader(&self, cache: &BlockCache) -> Result<Arc<dyn RangeReader>> {
        let destination = DestinationId("pawl:test".to_owned());
        let at = ObjectAt { destination, object: self.done.object.clone() };
        Ok(cache.over(&at, self.remote.open(&self.done.object).await?))
    }

    fn bytes(&self, start: u64, len: usize) -> &[u8] {
        &self.film.bytes[start as usize..][..len]
    }
}

async fn taken(stream: &mut ByteStream, least: u64) -> Result<Vec<u8>> {
    let mut taken = Vec::new();
    while (taken.len() as u64) < least {
        taken.extend_from_slice(&stream.next().await.context("there is more")??);
    }
    Ok(taken)
}

async fn read(reader: &dyn RangeReader, start: u64, len: u64) -> Result<Vec<u8>, ReadError> {
    let pieces: Vec<_> = reader.read(ByteRange::at(start, len)).await?.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_asks_for_all_and_leaves_makes_little_travel_and_it_plays_without_the_server() -> Result<()> {
    let mut room = Room::with_film(24 * MIB + 5).await?;
    let cache = room.cache().await?;
    let reader = room.reader(&cache).await?;
    let mut stream = reader.read(ByteRange::at(SEEK, reader.len() - SEEK)).await?;
    let seen = taken(&mut stream, MIB).await?;
    assert!(seen == room.bytes(SEEK, seen.len()), "what is seen is the film");
    drop(stream);
    let fetched = cache.counts().bytes_fetched;
    assert!(fetched < 4 * MIB, "what was seen and as much ahead, not the rest of the film: {fetched} bytes");
    room.server.kill()?;
    let again = read(reader.as_ref(), SEEK, seen.len() as u64).await?;
    assert!(again == seen, "what was seen is near, with no server");
    let beyond = read(reader.as_ref(), 20 * MIB, 1).await;
    assert!(matches!(beyond, Err(ReadError::Io { .. })), "what was not is out of reach: {beyond:?}");
    room.server.run()?;
    assert!(read(reader.as_ref(), 20 * MIB, 9).await? == room.bytes(20 * MIB, 9), "the same reader goes on");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_before_a_restart_does_not_travel_again() -> Result<()> {
    let room = Room::with_film(12 * MIB + 5).await?;
    let cache = room.cache().await?;
    let mut stream = room.reader(&cache).await?.read(ByteRange::at(SEEK, 6 * MIB)).await?;
    let seen = taken(&mut stream, 2 * MIB).await?.len() as u64;
    drop(stream);
    cache.settled().await;
    drop(cache);
    let cache = room.cache().await?;
    let all = read(room.reader(&cache).await?.as_ref(), 0, 12 * MIB + 5).await?;
    assert!(all == room.film.bytes, "put together of what is near and what is far");
    let counts = cache.counts();
    // A block of which a part was seen when the player left is not kept.
    assert!(counts.bytes_fetched <= 12 * MIB + 5 - seen + BLOCK, "only what was missing travelled: {counts:?}");
    assert!(counts.disk_hits > 0, "the rest came from the disk: {counts:?}");
    Ok(())
}
