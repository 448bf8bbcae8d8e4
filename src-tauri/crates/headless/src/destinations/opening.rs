//! From an entry and its secret to a driver, and to what the real thing says when it is tried.

use std::sync::Arc;

use remotes::native::Native;
use remotes::probe::Report;
use remotes::s3::{S3, S3Credentials};
use remotes::tus::{Access, Tus, TusSetup, Url};
use remotes::{Connection, probe};
use transfer::error::RemoteError;
use transfer::remote::Remote;

use super::entry::Entry;
use super::place::Place;
use crate::secrets::Secret;

/// An opened destination on the network.
#[derive(Debug, Clone)]
pub enum Driver {
    /// A Pawl server.
    Server(Arc<Native>),
    /// A tus server.
    Tus(Arc<Tus>),
    /// A bucket.
    S3(Arc<S3>),
}

impl Driver {
    /// As the engine takes it.
    pub fn remote(&self) -> Arc<dyn Remote> {
        match self {
            Self::Server(native) => Arc::clone(native) as Arc<dyn Remote>,
            Self::Tus(tus) => Arc::clone(tus) as Arc<dyn Remote>,
            Self::S3(s3) => Arc::clone(s3) as Arc<dyn Remote>,
        }
    }
}

/// Opens a destination on the network. A tus server is asked what it can do; the others are asked nothing yet.
///
/// # Errors
/// A sentence why there is no driver: a setting that cannot be used, a server that is away.
pub async fn open(entry: &Entry, secret: Option<&Secret>) -> Result<Driver, String> {
    match &entry.place {
        Place::Vault { .. } => Err("a vault is opened by its folder".to_owned()),
        Place::Server { url } => Ok(Driver::Server(Arc::new(native(entry, url, secret)?))),
        Place::Tus { url } => {
            let tus = Tus::connect(tus_setup(entry, url, secret)?).await;
            Ok(Driver::Tus(Arc::new(tus.map_err(|error: RemoteError| error.context)?)))
        }
        Place::S3 { .. } => Ok(Driver::S3(Arc::new(s3(entry, secret)?))),
    }
}

/// Tries the real thing, and says what it found.
///
/// # Errors
/// A sentence why nothing could be tried: a setting that cannot be used.
pub async fn probed(entry: &Entry, secret: Option<&Secret>) -> Result<Report, String> {
    match &entry.place {
        Place::Vault { .. } => Err("a vault is tried by its folder".to_owned()),
        Place::Server { url } => Ok(probe::server(&native(entry, url, secret)?).await),
        Place::Tus { url } => Ok(probe::tus(tus_setup(entry, url, secret)?).await),
        Place::S3 { .. } => Ok(probe::s3(&s3(entry, secret)?).await),
    }
}

fn native(entry: &Entry, url: &str, secret: Option<&Secret>) -> Result<Native, String> {
    Native::new(connection(entry)?, url, token(secret)?).map_err(|error| error.to_string())
}

fn tus_setup(entry: &Entry, url: &str, secret: Option<&Secret>) -> Result<TusSetup, String> {
    let endpoint = Url::parse(url).map_err(|error| error.to_string())?;
    let access = token(secret)?.map_or_else(|| Ok(Access::default()), Access::bearer);
    let access = access.map_err(|error| error.to_string())?;
    Ok(TusSetup { endpoint, access, connection: entry.connection() })
}

fn s3(entry: &Entry, secret: Option<&Secret>) -> Result<S3, String> {
    let address = entry.place.s3_address().ok_or("that is no bucket")?.map_err(|error| error.to_string())?;
    let credentials = match secret {
        Some(Secret::Keys { access_key, secret_key, session_token }) => {
            S3Credentials::new(access_key, secret_key, session_token.clone())
        }
        Some(Secret::Token(_)) | None => return Err("an S3 store wants an access key and its secret key".to_owned()),
    };
    S3::new(address, credentials, connection(entry)?).map_err(|error| error.to_string())
}

fn connection(entry: &Entry) -> Result<Connection, String> {
    Connection::new(&entry.connection()).map_err(|error| error.to_string())
}

fn token(secret: Option<&Secret>) -> Result<Option<&str>, String> {
    match secret {
        Some(Secret::Token(token)) => Ok(Some(token)),
        Some(Secret::Keys { .. }) => Err("the keys of an S3 store open no server: give its token".to_owned()),
        None => Ok(None),
    }
}
