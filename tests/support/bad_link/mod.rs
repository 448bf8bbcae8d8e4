//! A bad link: a relay on loopback between a client and a server, which is slow, narrow and unreliable as a test wants,
//! and changes while it runs.
//!
//! Invariant: a delay costs no throughput, for what is on its way is kept with the instant at which it comes out; and a
//! rate is one for all connections. What TCP itself does on a long way (its windows open slowly) is not played: client
//! and server are a loopback away from the link.

mod answers;
mod bucket;
mod chance;
mod conditions;
mod connection;
mod link;
mod pipe;
mod pump;
mod requests;
#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Result;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Runtime;

pub use answers::{Answer, Span};
pub use conditions::{After, Conditions, End, Flips, How, Way};
use link::{Link, locked};

/// What a link takes from a client before it carries it: a client must not believe that megabytes have left which wait
/// for their turn.
const TAKEN_IN: u32 = 256 << 10;

/// A running link. With it all its connections end.
#[derive(Debug)]
pub struct BadLink {
    address: SocketAddr,
    link: Arc<Link>,
    /// Its own, so that neither a test's runtime nor its blocking calls hold anything up. None once it is dropped.
    runtime: Option<Runtime>,
}

/// What a link did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Connections that were made.
    pub connections: u64,
    /// Those that the link itself broke, ended or swallowed.
    pub ended: u32,
    /// Requests that it answered itself.
    pub answered: u32,
    /// Bits that it flipped.
    pub flipped: u32,
    /// Bytes that it carried towards the server.
    pub up: u64,
    /// Bytes that it carried towards the client.
    pub down: u64,
}

impl BadLink {
    /// A link to `server` in these conditions; where faults fall at random, `seed` says where.
    pub fn to(server: SocketAddr, seed: u64, conditions: Conditions) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let link = Arc::new(Link::to(server, seed, conditions));
        let listener = {
            let _within = runtime.enter();
            listening()?
        };
        let address = listener.local_addr()?;
        runtime.spawn(accept(listener, Arc::clone(&link)));
        Ok(Self { address, link, runtime: Some(runtime) })
    }

    /// Where to connect to instead of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Other conditions from now on, for the connections that are there too.
    pub fn set(&self, conditions: Conditions) {
        *locked(&self.link.conditions) = conditions;
    }

    /// The connections that are there carry nothing any more, and neither side is told.
    pub fn freeze(&self) {
        let all = self.link.counts.connections.load(Ordering::Relaxed);
        self.link.marks.send_modify(|marks| marks.frozen = all);
    }

    /// The connections that are there are reset.
    pub fn cut(&self) {
        let all = self.link.counts.connections.load(Ordering::Relaxed);
        self.link.marks.send_modify(|marks| marks.cut = all);
    }

    /// Answers requests itself, instead of what it answered before.
    pub fn answer(&self, answer: Answer, span: Span) {
        locked(&self.link.armed).arm(answer, span);
    }

    /// Leaves the answers to the server again.
    pub fn answer_nothing(&self) {
        locked(&self.link.armed).disarm();
    }

    /// What it did so far.
    pub fn tally(&self) -> Tally {
        let counts = &self.link.counts;
        Tally {
            connections: counts.connections.load(Ordering::Relaxed),
            ended: counts.ended.load(Ordering::Relaxed),
            answered: counts.answered.load(Ordering::Relaxed),
            flipped: counts.flipped.load(Ordering::Relaxed),
            up: counts.up.load(Ordering::Relaxed),
            down: counts.down.load(Ordering::Relaxed),
        }
    }
}

impl Drop for BadLink {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A runtime must not wait for its threads within another.
            runtime.shutdown_background();
        }
    }
}

fn listening() -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(TAKEN_IN)?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    socket.listen(1024)
}

async fn accept(listener: TcpListener, link: Arc<Link>) {
    while let Ok((client, _)) = listener.accept().await {
        let number = link.counts.connections.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::spawn(connection::carry(client, Arc::clone(&link), number));
    }
}
