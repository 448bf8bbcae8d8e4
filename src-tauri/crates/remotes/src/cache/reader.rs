//! An object read through the cache. Invariant: a stream gives the bytes that its upstream would have given, and ends with
//! its error.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};

use super::block::Block;
use super::counting::Origin;
use super::fetch::{Demand, Fetch};
use super::object::{CachedObject, Place};

#[derive(Debug)]
pub(super) struct CachedReader {
    pub(super) object: Arc<CachedObject>,
    pub(super) reader: Arc<dyn RangeReader>,
}

#[async_trait]
impl RangeReader for CachedReader {
    fn len(&self) -> u64 {
        self.reader.len()
    }

    fn validator(&self) -> String {
        self.reader.validator()
    }

    /// Waits for the remote's answer where the first byte is not near, so that a refusal is told at once.
    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        if range.end() > self.len() {
            return Err(ReadError::OutOfRange { asked: range, len: self.len() });
        }
        let mut reading = Reading::new(self, range);
        if !range.is_empty() {
            reading.begin().await?;
        }
        Ok(stream::try_unfold(reading, Reading::next).boxed())
    }
}

/// A stream of bytes, and where it gets them from.
struct Reading {
    object: Arc<CachedObject>,
    reader: Arc<dyn RangeReader>,
    began: u64,
    rest: ByteRange,
    source: Source,
    counted: Option<Block>,
}

enum Source {
    Unknown,
    Near(Bytes, Origin),
    Following(Arc<Fetch>),
}

impl Reading {
    fn new(cached: &CachedReader, range: ByteRange) -> Self {
        let (object, reader) = (Arc::clone(&cached.object), Arc::clone(&cached.reader));
        Self { object, reader, began: range.start(), rest: range, source: Source::Unknown, counted: None }
    }

    fn demand(&self) -> Demand {
        Demand { position: self.rest.start(), in_sequence: self.rest.start() - self.began }
    }

    async fn begin(&mut self) -> Result<(), ReadError> {
        self.find().await;
        match &self.source {
            Source::Following(fetch) => fetch.opened(self.rest.start()).await,
            Source::Unknown | Source::Near(..) => Ok(()),
        }
    }

    async fn find(&mut self) {
        let place = self.object.place(&self.reader, self.rest, self.demand()).await;
        self.source = match place {
            Place::Here(bytes, origin) => Source::Near(bytes, origin),
            Place::Coming(fetch) => return self.follow(fetch),
        };
    }

    /// Follows it until there is nothing left to read: whoever has everything holds nothing up.
    fn follow(&mut self, fetch: Arc<Fetch>) {
        if !self.rest.is_empty() {
            fetch.want(self.demand());
            self.source = Source::Following(fetch);
        }
    }

    async fn next(mut self) -> Result<Option<(Bytes, Self)>, ReadError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        loop {
            match std::mem::replace(&mut self.source, Source::Unknown) {
                Source::Unknown => self.find().await,
                Source::Near(bytes, origin) => return Ok(Some((self.given(bytes, origin), self))),
                Source::Following(fetch) => {
                    // None when the fetch ended before it, or has let go of it: it is looked for again.
                    if let Some(bytes) = fetch.bytes(self.rest.start()).await? {
                        let bytes = self.given(bytes, Origin::Remote);
                        self.follow(fetch);
                        return Ok(Some((bytes, self)));
                    }
                }
            }
        }
    }

    /// What of `bytes` was asked for; it counts as given.
    fn given(&mut self, mut bytes: Bytes, origin: Origin) -> Bytes {
        let near = self.object.near();
        let block = near.shape.block_len.of(self.rest.start());
        if self.counted.replace(block) != Some(block) {
            near.counters.found(origin);
        }
        bytes.truncate(usize::try_from(self.rest.len()).unwrap_or(usize::MAX));
        self.rest = self.rest.without_first(bytes.len() as u64);
        bytes
    }
}
