//! A link to a server that can go dead without a word, and that can want a sign-in first: a relay on loopback.
//!
//! A connection that died carries nothing any more, in neither direction, and is not closed: that is what is left of one
//! when a machine wakes. New ones are not harmed.

use std::io::{Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

/// What a hotel's network answers in a server's stead.
const PORTAL: &[u8] =
    b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A relay that runs for as long as the test's process.
#[derive(Debug)]
pub struct FickleLink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// How often what there was died. A connection belongs to the life in which it began.
    deaths: AtomicU64,
    wants_sign_in: AtomicBool,
    /// How many requests were led away to sign in.
    led_away: AtomicU64,
}

impl FickleLink {
    /// A link to `server`.
    pub fn to(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, shared) = (listener.local_addr()?, Arc::new(Shared::default()));
        let carriers = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&carriers);
                // What ends a connection is the client's to notice.
                thread::spawn(move || shared.connect(client, server).ok());
            }
        });
        Ok(Self { address, shared })
    }

    /// Where to connect to instead of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on every connection that there is is dead.
    pub fn dies(&self) {
        self.shared.deaths.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether requests are answered with the way to a sign-in page.
    pub fn wants_sign_in(&self, wants: bool) {
        self.shared.wants_sign_in.store(wants, Ordering::SeqCst);
    }

    /// How many requests were answered so.
    pub fn led_away(&self) -> u64 {
        self.shared.led_away.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn connect(self: Arc<Self>, client: TcpStream, server: SocketAddr) -> Result<()> {
        if self.wants_sign_in.load(Ordering::SeqCst) {
            return self.lead_away(client);
        }
        let life = self.deaths.load(Ordering::SeqCst);
        let server = TcpStream::connect(server)?;
        let (answers, to_client, own) = (server.try_clone()?, client.try_clone()?, Arc::clone(&self));
        thread::spawn(move || own.carry(answers, to_client, life).ok());
        self.carry(client, server, life)
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream, life: u64) -> Result<()> {
        let mut piece = [0; 64 << 10];
        loop {
            let read = from.read(&mut piece)?;
            if self.deaths.load(Ordering::SeqCst) != life {
                // Held for ever: who closes it tells the other side something.
                loop {
                    thread::park();
                }
            }
            if read == 0 {
                return to.shutdown(Shutdown::Write);
            }
            to.write_all(&piece[..read])?;
        }
    }

    fn lead_away(&self, mut client: TcpStream) -> Result<()> {
        if client.read(&mut [0; 4096])? == 0 {
            return Ok(());
        }
        client.write_all(PORTAL)?;
        client.shutdown(Shutdown::Write)?;
        self.led_away.fetch_add(1, Ordering::SeqCst);
        // The rest of the request is read and not refused, or the answer would be lost with it.
        std::io::copy(&mut client, &mut std::io::sink()).map(drop)
    }
}
