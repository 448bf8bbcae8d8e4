//! One direction of one connection: read, held to the rate, spoilt, put on its way; and at the other end, when its
//! time has come, written.

use std::io;
use std::sync::atomic::Ordering;

use bytes::{BufMut, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep_until};

use super::chance::Ends;
use super::conditions::{Direction, How, Way};
use super::link::{Link, locked};
use super::pipe::Pipe;
use super::requests::{Part, Requests};

/// How a connection was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Both sides had said all.
    Clean,
    /// By the link's conditions.
    Ended(How),
    /// Because it was told to.
    Cut,
    /// By one of its sides.
    Broken,
}

impl From<io::Error> for Over {
    fn from(_: io::Error) -> Self {
        Self::Broken
    }
}

/// Why nothing more is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The sender has said all.
    Dry,
    /// The link ended it.
    Ended,
    /// The link answered instead of the server.
    Answered,
}

/// What moves bytes from a sender to a pipe.
#[derive(Debug)]
pub(super) struct Pump<'a> {
    link: &'a Link,
    direction: Direction,
    pipe: &'a Pipe,
    ends: Ends,
    /// Requests, and the way back for answers of the link's own.
    requests: Option<(Requests, &'a Pipe)>,
}

impl<'a> Pump<'a> {
    pub(super) fn new(link: &'a Link, direction: Direction, number: u64, pipe: &'a Pipe) -> Self {
        let ends = Ends::seeded(link.seed ^ (number << 1 | u64::from(direction == Direction::Down)));
        Self { link, direction, pipe, ends, requests: None }
    }

    /// The same, for requests, which the link may answer.
    pub(super) fn answering(self, back: &'a Pipe) -> Self {
        Self { requests: Some((Requests::default(), back)), ..self }
    }

    /// Moves all, or until a fault falls.
    pub(super) async fn run(mut self, from: &mut (impl AsyncRead + Unpin)) -> Result<Source, Over> {
        loop {
            let most = self.way().piece_len();
            let mut bytes = BytesMut::with_capacity(most);
            if from.read_buf(&mut (&mut bytes).limit(most)).await? == 0 {
                return self.dry().await;
            }
            while let Some(part) = self.part(&mut bytes) {
                if let Some(over) = self.moved(part).await? {
                    self.pipe.close();
                    return Ok(over);
                }
            }
        }
    }

    async fn dry(mut self) -> Result<Source, Over> {
        if let Some(held) = self.requests.as_mut().and_then(|(requests, _)| requests.rest()) {
            self.pass(held.freeze()).await?;
        }
        self.pipe.close();
        Ok(Source::Dry)
    }

    fn part(&mut self, bytes: &mut BytesMut) -> Option<Part> {
        match &mut self.requests {
            Some((requests, _)) => requests.next(bytes),
            None => (!bytes.is_empty()).then(|| Part::Words(bytes.split())),
        }
    }

    /// Whether it was the last.
    async fn moved(&mut self, part: Part) -> Result<Option<Source>, Over> {
        let bytes = match part {
            Part::Head(head) => {
                if self.answers().await {
                    return Ok(Some(Source::Answered));
                }
                head
            }
            Part::Film(mut film) => {
                self.spoil(&mut film);
                film
            }
            Part::Words(words) => words,
        };
        self.pass(bytes.freeze()).await
    }

    /// Answers, if that is wanted, and nothing comes down behind it.
    async fn answers(&mut self) -> bool {
        let Some((_, back)) = &self.requests else { return false };
        let Some(answer) = locked(&self.link.armed).next() else { return false };
        self.link.counts.answered.fetch_add(1, Ordering::Relaxed);
        let down = self.link.conditions().down;
        back.put(Instant::now() + self.way().delay + down.delay, answer, down.in_flight()).await;
        back.close();
        true
    }

    fn spoil(&self, film: &mut [u8]) {
        if let Some(flips) = self.way().flips {
            let flipped = locked(&self.link.flipper).pass(flips, film);
            self.link.counts.flipped.fetch_add(flipped, Ordering::Relaxed);
        }
    }

    /// Puts bytes on their way, as many as there are before an end.
    async fn pass(&mut self, mut bytes: Bytes) -> Result<Option<Source>, Over> {
        let way = self.way();
        let end = self.ends.within(way.end, bytes.len());
        bytes.truncate(end.unwrap_or(bytes.len()));
        if let Some(rate) = way.rate {
            sleep_until(self.link.bucket(self.direction).take(rate, bytes.len(), Instant::now())).await;
        }
        self.link.carried(self.direction, bytes.len());
        self.pipe.put(Instant::now() + way.delay, bytes, way.in_flight()).await;
        match (end, way.end.map(|end| end.how)) {
            (Some(_), Some(How::Reset)) => Err(Over::Ended(How::Reset)),
            (Some(_), Some(How::Fin)) => Ok(Some(Source::Ended)),
            (Some(_) | None, _) => Ok(None),
        }
    }

    fn way(&self) -> Way {
        self.link.conditions().way(self.direction)
    }
}

/// Writes what comes out of a pipe, and says when that was all.
pub(super) async fn write(pipe: &Pipe, to: &mut (impl AsyncWrite + Unpin)) -> Result<(), Over> {
    while let Some((due, piece)) = pipe.take().await {
        sleep_until(due).await;
        to.write_all(&piece).await?;
    }
    Ok(to.shutdown().await?)
}
