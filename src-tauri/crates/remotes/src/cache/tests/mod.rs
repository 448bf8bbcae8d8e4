//! Readers through the cache, against a source that counts and can be held, broken and changed.

mod bounds;
mod disk;
mod failing;
mod film;
mod following;
mod properties;
mod ranges;

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use tempfile::TempDir;
use transfer::ids::{DestinationId, ObjectId};
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};

use super::block::BlockLen;
use super::near::Shape;
use super::{BlockCache, BlockCacheSetup, ObjectAt};
use film::{Film, Remote};

/// A block of the tests, in bytes.
const BLOCK: u64 = 1024;
/// Small enough to try everything with.
const SHAPE: Shape = Shape { block_len: BlockLen::new(BLOCK as u32), lead: 64, ahead: 8 * BLOCK, far: 2 };
/// More than any test reads.
const PLENTY: u64 = 1 << 20;

fn cache(folder: &TempDir, memory: u64, disk: u64) -> BlockCache {
    let setup = BlockCacheSetup { folder: folder.path().join("blocks"), memory, disk };
    BlockCache::shaped(setup, SHAPE).expect("a folder of ours")
}

/// One that keeps nothing on the disk.
fn in_memory(bytes: u64) -> BlockCache {
    let setup = BlockCacheSetup { folder: "/nowhere".into(), memory: bytes, disk: 0 };
    BlockCache::shaped(setup, SHAPE).expect("it touches no folder")
}

fn at(object: &str) -> ObjectAt {
    ObjectAt { destination: DestinationId("s3:films".to_owned()), object: ObjectId(object.to_owned()) }
}

/// The film through the cache.
fn over(cache: &BlockCache, film: &Arc<Film>) -> Arc<dyn RangeReader> {
    cache.over(&at("film.mp4"), Arc::new(Remote(Arc::clone(film))))
}

async fn read(reader: &dyn RangeReader, start: u64, len: u64) -> Result<Bytes, ReadError> {
    let pieces: Vec<_> = reader.read(ByteRange::at(start, len)).await?.try_collect().await?;
    Ok(pieces.concat().into())
}

/// Reads at least so many bytes of a stream, which stays open.
async fn take(stream: &mut ByteStream, least: usize) -> Vec<u8> {
    let mut taken = Vec::new();
    while taken.len() < least {
        taken.extend_from_slice(&stream.next().await.expect("there is more").expect("nothing fails"));
    }
    taken
}

/// Until no task has anything to do: with the clock paused, time passes only then.
async fn quiet() {
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
}
