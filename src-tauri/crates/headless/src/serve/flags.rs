//! How `pawl-server` is told to serve.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use server::http::{Access, Bounds, Called, Limits, Pace, PublicUrl, Tls};

use super::commands::tokens;

/// Serving.
#[derive(Debug, Args)]
pub(super) struct Flags {
    /// A file (TOML) that says what flags say, under the same names without the dashes before them: max-size = 1000000.
    /// A flag wins over it.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The vault's folder; the same that the app uses. It is made when it is missing.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// Where to listen; port 0 lets the system choose one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(super) listen: SocketAddr,
    /// How the server is called from outside: what public links begin with. It may have a path:
    /// https://films.example.org/pawl.
    #[arg(long, value_name = "URL")]
    public_host: Option<PublicUrl>,
    /// Let everyone who reaches the address do everything. Only on loopback, and not behind a proxy (--public-host).
    #[arg(long)]
    no_auth: bool,
    /// The server's certificate, and those between it and its authority, in PEM. With it, HTTPS is spoken.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Speak HTTP without encryption beyond loopback: only behind a proxy that encrypts, or in a network of one's own.
    #[arg(long)]
    plain_http: bool,
    /// The largest file, in bytes.
    #[arg(long, value_name = "BYTES")]
    max_size: Option<u64>,
    /// How many unfinished uploads one token may have.
    #[arg(long, value_name = "COUNT", default_value = "1000")]
    max_uploads: usize,
    /// How many bytes one token may keep, finished or not.
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<u64>,
    /// How many requests a second one token may make; twice as many may come at once.
    #[arg(long, value_name = "COUNT")]
    max_requests: Option<NonZeroU32>,
    /// How many connections may be open at once. One more is told 503 and closed; one more encrypted one is closed.
    #[arg(long, value_name = "COUNT", default_value = "4000")]
    max_connections: usize,
    /// How many bytes a request's head may have; 431 beyond.
    #[arg(long, value_name = "BYTES", default_value = "32768")]
    max_head: usize,
    /// How many bytes a JSON body may have; 413 beyond.
    #[arg(long, value_name = "BYTES", default_value = "16384")]
    max_json: usize,
    /// For how many seconds a request's head may be on its way, and a connection idle.
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    head_time: u64,
    /// For how many seconds a JSON body may be on its way; 408 beyond.
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    json_time: u64,
    /// For how many seconds a sender may be silent in the middle of a chunk; 408 beyond, and 503 at /files.
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    silence: u64,
    /// How many bytes a second a chunk must bring at least, over each stretch of --grace; 408 below, and 503 at /files.
    /// 0 asks for none.
    #[arg(long, value_name = "BYTES", default_value = "512")]
    min_rate: u64,
    /// Over how many seconds --min-rate is counted.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u64).range(1..))]
    grace: u64,
    /// With fewer bytes free on the disk, /readyz says that the server is not ready.
    #[arg(long, value_name = "BYTES", default_value = "67108864")]
    min_free: u64,
    /// For how many seconds the server goes on answering when it is asked to stop, while /readyz says no: so long, whoever
    /// spreads requests over servers needs to notice.
    #[arg(long, value_name = "SECONDS", default_value = "0")]
    drain: u64,
}

impl Flags {
    pub(super) fn refuse_what_is_unsafe(&self) -> Result<()> {
        let (ip, loopback) = (self.listen.ip(), self.listen.ip().is_loopback());
        ensure!(loopback || !self.no_auth, "--no-auth is for loopback only: {ip} can be reached from outside");
        ensure!(
            self.public_host.is_none() || !self.no_auth,
            "--no-auth would let the world do everything: a server with a --public-host is reached from outside. Make a \
             token with `pawl-server token add NAME --data {}`, or leave one of the two out",
            self.data.display()
        );
        ensure!(
            loopback || self.plain_http || self.tls_certificate.is_some(),
            "tokens and films would travel to {ip} for everyone to read: give it a certificate (--tls-certificate, --tls-key), listen on loopback behind a proxy that \
             encrypts, or say --plain-http"
        );
        let known = tokens(&self.data)?.all()?.len();
        ensure!(
            self.no_auth || known > 0,
            "nobody could come in: make a token with `pawl-server token add NAME --data {}`, or say --no-auth, on \
             loopback",
            self.data.display()
        );
        Ok(())
    }

    pub(super) fn tls(&self) -> Result<Option<Tls>> {
        let files = self.tls_certificate.as_ref().zip(self.tls_key.as_ref());
        Ok(files.map(|(certificate, key)| Tls::from_files(certificate, key)).transpose()?)
    }

    pub(super) fn called(&self) -> Called {
        Called { public: self.public_host.clone(), encrypted: self.tls_certificate.is_some() }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            max_size: self.max_size,
            uploads: Some(self.max_uploads),
            bytes: self.max_bytes,
            requests: self.max_requests,
            silence: Duration::from_secs(self.silence),
            pace: Pace { rate: self.min_rate, grace: Duration::from_secs(self.grace) },
            least_free: self.min_free,
            json_len: self.max_json,
            json_time: Duration::from_secs(self.json_time),
        }
    }

    pub(super) fn bounds(&self) -> Bounds {
        let head_time = Duration::from_secs(self.head_time);
        Bounds { connections: self.max_connections, head_time, head_len: self.max_head }
    }

    pub(super) fn access(&self, address: SocketAddr) -> Result<Access> {
        Ok(if self.no_auth { Access::Open(address) } else { Access::Tokens(tokens(&self.data)?) })
    }

    pub(super) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain)
    }
}
