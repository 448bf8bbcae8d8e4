//! A link that breaks: a relay on loopback which carries so many bytes towards the server and then drops the connection.

use std::io::{Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// A relay that runs for as long as the test's process.
#[derive(Debug)]
pub struct BreakingLink {
    address: SocketAddr,
    breaks: Arc<AtomicU32>,
}

impl BreakingLink {
    /// A link to `server`, which breaks whenever a connection has carried `bytes`.
    pub fn to(server: SocketAddr, bytes: u64) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, breaks) = (listener.local_addr()?, Arc::new(AtomicU32::new(0)));
        let broken = Arc::clone(&breaks);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let broken = Arc::clone(&broken);
                // What ends a connection is the client's to notice.
                thread::spawn(move || carry(client, server, bytes, &broken).ok());
            }
        });
        Ok(Self { address, breaks })
    }

    /// Where to connect to instead of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often it broke.
    pub fn breaks(&self) -> u32 {
        self.breaks.load(Ordering::Relaxed)
    }
}

fn carry(mut client: TcpStream, server: SocketAddr, bytes: u64, broken: &AtomicU32) -> Result<()> {
    let mut server = TcpStream::connect(server)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        std::io::copy(&mut answers, &mut to_client).ok();
        to_client.shutdown(Shutdown::Both).ok();
    });
    let (mut piece, mut left) = ([0; 64 << 10], bytes);
    while left > 0 {
        let read = client.read(&mut piece)?;
        if read == 0 {
            return server.shutdown(Shutdown::Both);
        }
        server.write_all(&piece[..read])?;
        left = left.saturating_sub(read as u64);
    }
    broken.fetch_add(1, Ordering::Relaxed);
    client.shutdown(Shutdown::Both).and(server.shutdown(Shutdown::Both))
}
