//! A film over a long link, as a share of what the link carries: a plain copy of the same bytes over the same link in the
//! same run is the whole. Beside it tus-js-client to `@tus/server`, the same way.

use std::fmt;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use support::bad_link::{After, BadLink, Conditions, How, Tally};
use support::far::{Far, Kind};
use support::films::noise;
use support::programs::Talker;
use support::tus_clients::tus_js;
use tempfile::TempDir;

use super::watch::{Spent, watched};
use crate::figures::Goal;
use crate::sending::memory;

const ROUND_TRIP: Duration = Duration::from_millis(100);
/// 200 Mbit/s.
const RATE: u64 = 25_000_000;
const FILM: u64 = 1 << 30;
const BETWEEN_RESETS: u64 = 30_000_000;
const SEED: u64 = 1;

pub(crate) fn against_a_plain_copy(_: &Path) -> Result<()> {
    let folder = memory()?;
    let film = folder.path().join("film.bin");
    noise(&film, 1, FILM)?;
    println!("  a plain copy through the link without conditions: {:.0} MB/s", raw(&film, Conditions::default())?);
    let clean = Conditions::long(ROUND_TRIP, RATE);
    let breaking = clean.ending(After::Mean(BETWEEN_RESETS), How::Reset);
    let whole = raw(&film, clean)?;
    println!("  100 ms, 200 Mbit/s: a plain copy {whole:.2} MB/s");
    for (path, conditions, least) in [("on a clean path", clean, 0.97), ("with a reset every 30 MB", breaking, 0.9)] {
        let ours = pawl(&film, folder.path(), conditions)?;
        let share = ours.rate / whole;
        println!("  pawl-upload to pawl-server {path}: {share:.3} of it; {}", Goal::AtLeast(least).judge(share));
        println!("    {ours}");
        let theirs = tus(&film, folder.path(), conditions)?;
        println!("  tus-js-client to @tus/server {path}: {:.3} of it", theirs.rate / whole);
        println!("    {theirs}");
    }
    Ok(())
}

/// A film that arrived.
struct Arrived {
    /// Megabytes of the film a second.
    rate: f64,
    again: u64,
    spent: Spent,
    tally: Tally,
}

impl fmt::Display for Arrived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rate, again, Tally { connections, ended, .. }) = (self.rate, self.again as f64 / 1e6, self.tally);
        let Spent { before, idle, after } = self.spent;
        write!(
            f,
            "{rate:.2} MB/s; {again:.1} MB carried again; {ended} resets of {connections} connections; the link "
        )?;
        write!(f, "stood idle {before:.2} s before the film, {idle:.2} s meanwhile, {after:.2} s behind it")
    }
}

fn pawl(film: &Path, folder: &Path, conditions: Conditions) -> Result<Arrived> {
    let here = TempDir::with_prefix_in("pawl-", folder)?;
    let far = Far::of(Kind::Pawl, here.path())?;
    let link = BadLink::to(far.socket()?, SEED, conditions)?;
    arrived(&link, &mut far.sends(film, &here.path().join("state"), link.address())?)
}

fn tus(film: &Path, folder: &Path, conditions: Conditions) -> Result<Arrived> {
    let here = TempDir::with_prefix_in("tus-", folder)?;
    let far = Far::of(Kind::Tus, here.path())?;
    let link = BadLink::to(far.socket()?, SEED, conditions)?;
    arrived(&link, &mut tus_js(&format!("http://{}/files/", link.address()), film, "", &[])?)
}

fn arrived(link: &BadLink, sender: &mut Command) -> Result<Arrived> {
    let begun = Instant::now();
    let watched = watched(Talker::start(sender)?, begun, link)?;
    let (rate, tally) = (FILM as f64 / 1e6 / watched.took.as_secs_f64(), link.tally());
    let spent = watched.spent(RATE).with_context(|| format!("nothing left: {:?}", watched.events))?;
    Ok(Arrived { rate, again: tally.up.saturating_sub(FILM), spent, tally })
}

/// Megabytes a second of the film by itself, until the other side says that it has all of it.
fn raw(film: &Path, conditions: Conditions) -> Result<f64> {
    let link = BadLink::to(sink()?, SEED, conditions)?;
    let mut film = std::fs::File::open(film)?;
    let begun = Instant::now();
    let mut stream = TcpStream::connect(link.address())?;
    std::io::copy(&mut film, &mut stream)?;
    stream.shutdown(Shutdown::Write)?;
    stream.read_exact(&mut [0]).context("the other side has it")?;
    Ok(FILM as f64 / 1e6 / begun.elapsed().as_secs_f64())
}

/// Hears one connection to its end and says so.
fn sink() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || -> std::io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let mut piece = vec![0; 256 << 10];
        while stream.read(&mut piece)? > 0 {}
        stream.write_all(&[1])
    });
    Ok(address)
}
