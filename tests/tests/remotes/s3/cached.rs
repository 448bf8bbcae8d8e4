//! Playing from a store through the blocks that are near, while somebody changes the object.

use anyhow::Result;
use futures::TryStreamExt;
use remotes::cache::{BlockCache, BlockCacheSetup, ObjectAt};
use support::garage::Garage;
use tempfile::TempDir;
use transfer::ids::DestinationId;
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::range::{RangeReader, ReadError};
use transfer::remote::Remote;
use transfer::testing::Film;

use super::bucket::Look;
use super::driver;

const MIB: u64 = 1 << 20;

async fn read(reader: &dyn RangeReader, start: u64, len: u64) -> Result<Vec<u8>, ReadError> {
    let pieces: Vec<_> = reader.read(ByteRange::at(start, len)).await?.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_written_over_while_it_plays_ends_the_reading_and_is_read_anew() -> Result<()> {
    let (garage, folder) = (Garage::start()?, TempDir::new()?);
    let (look, remote) = (Look::at(&garage)?, driver(&garage, "raw")?);
    let film = Film::new(&remote, 1, 12 * MIB + 5).named(FileName::new("film.mov")?);
    let done = film.deliver(&remote).await?;
    let setup = BlockCacheSetup { folder: folder.path().join("blocks"), memory: 32 * MIB, disk: 64 * MIB };
    let cache = BlockCache::open(setup)?;
    let at = ObjectAt { destination: DestinationId("s3:test".to_owned()), object: done.object.clone() };
    let reader = cache.over(&at, remote.open(&done.object).await?);
    for _ in 0..2 {
        assert!(read(reader.as_ref(), 100, 9 * MIB).await? == film.bytes[100..][..9 << 20], "the film's bytes");
    }
    assert_eq!(cache.counts().bytes_fetched, 9 * MIB, "over the border of a part, and once");
    look.put("raw/film.mov", "another one").await?;
    let beyond = read(reader.as_ref(), 10 * MIB, MIB).await;
    assert!(matches!(beyond, Err(ReadError::Changed)), "two versions make no film: {beyond:?}");
    cache.settled().await;
    let counts = cache.counts();
    assert_eq!((counts.memory_bytes, counts.disk_bytes), (0, 0), "nothing of the old one is kept: {counts:?}");
    let reader = cache.over(&at, remote.open(&done.object).await?);
    assert_eq!(read(reader.as_ref(), 0, reader.len()).await?, b"another one", "who opens it now gets what is there");
    Ok(())
}
