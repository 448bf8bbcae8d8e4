//! Putting the house together: a vault on its folder and database, an engine on its journal.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use remotes::s3::{AddressError, S3Address};
use remotes::tus::Url;
use server::vault::{Vault, VaultSetup};
use store::{Opened, SetAside, SqliteVault};
use transfer::ids::DestinationId;
use transfer::remote::{Remote, Remotes};

/// The folder in a vault that holds what is Pawl's own.
const OWN_FOLDER: &str = ".pawl";

/// An opened vault, its database beside it.
#[derive(Debug)]
pub struct OpenVault {
    /// The vault.
    pub vault: Vault,
    /// What a person should know: a database that was set aside, a folder on a network file system.
    pub notices: Vec<String>,
    store: Arc<SqliteVault>,
}

impl OpenVault {
    /// Opens the vault in `folder`, which is made when it is missing.
    pub async fn open(folder: &Path) -> Result<Self> {
        let own = folder.join(OWN_FOLDER);
        std::fs::create_dir_all(&own).with_context(|| format!("cannot make the vault's folder {}", own.display()))?;
        let folder = folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
        let Opened { value, set_aside, caution } = SqliteVault::open(&folder.join(OWN_FOLDER)).await?;
        if let Some(set_aside) = &set_aside {
            keep_parts(&folder.join(OWN_FOLDER), set_aside)?;
        }
        let (store, notices) = (Arc::new(value), notices(set_aside.as_ref(), caution));
        let vault = Vault::open(VaultSetup::new(folder, store.clone(), store.clone())).await?;
        Ok(Self { vault, notices, store })
    }

    /// Flushes what is pending and closes the database.
    pub async fn close(self) {
        self.vault.close().await;
        self.store.close().await;
    }
}

/// What opening a database has to say, in sentences.
pub fn notices(set_aside: Option<&SetAside>, caution: Option<String>) -> Vec<String> {
    set_aside.map(ToString::to_string).into_iter().chain(caution).collect()
}

/// Unfinished films stay beside the database that knew them: to the new one they are nobody's, and it would sweep them.
fn keep_parts(own: &Path, set_aside: &SetAside) -> Result<()> {
    let (parts, database) = (own.join("incoming"), set_aside.path.file_name().unwrap_or_default());
    let mut kept = OsString::from("incoming-of-");
    kept.push(database);
    match std::fs::rename(&parts, own.join(kept)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error)
            .with_context(|| format!("cannot keep {} beside the database that was set aside", parts.display())),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Where `--to` points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A vault in a folder of this machine: `vault:DIR`.
    Vault(PathBuf),
    /// A Pawl server: `http://HOST:PORT` or `https://HOST`.
    Server(String),
    /// A bucket of an S3 store: `s3://BUCKET/PREFIX?endpoint=URL&region=REGION`.
    S3(S3Address),
    /// A tus server: `tus+https://HOST/PATH/`, where uploads are created.
    Tus(Url),
    /// A destination that was set up in the app, by its name.
    Named(String),
    /// Nowhere: bytes are read, hashed and dropped. For tests and benches: `discard:`.
    #[cfg(feature = "testing")]
    Discard,
}

impl std::str::FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("vault", "")) => Err("vault: needs a folder: vault:/media/archive".to_owned()),
            Some(("vault", folder)) => Ok(Self::Vault(folder.into())),
            Some(("http" | "https", _)) => Ok(Self::Server(text.trim_end_matches('/').to_owned())),
            Some(("s3", _)) => text.parse().map(Self::S3).map_err(|error: AddressError| error.to_string()),
            Some(("tus+http" | "tus+https", _)) => tus_address(text).map(Self::Tus),
            #[cfg(feature = "testing")]
            Some(("discard", "")) => Ok(Self::Discard),
            None if !text.trim().is_empty() => Ok(Self::Named(text.to_owned())),
            _ => Err(format!("{text:?} is no destination: {FORMS}")),
        }
    }
}

/// What may be written, where what was written is none of it.
const FORMS: &str = "write the name of one that was set up in the app, vault:DIR, https://HOST, s3://BUCKET/PREFIX?endpoint=URL or tus+https://HOST/PATH/";

fn tus_address(text: &str) -> Result<Url, String> {
    let address = text.strip_prefix("tus+").unwrap_or(text).parse::<Url>();
    address.map_err(|error| format!("{text:?} is no address ({error}): write tus+https://HOST/PATH/"))
}

/// The opened destinations.
#[derive(Debug, Default)]
pub struct Destinations {
    remotes: BTreeMap<DestinationId, Arc<dyn Remote>>,
}

impl Destinations {
    /// One destination.
    pub fn one(id: DestinationId, remote: Arc<dyn Remote>) -> Self {
        Self { remotes: BTreeMap::from([(id, remote)]) }
    }
}

impl Remotes for Destinations {
    fn remote(&self, destination: &DestinationId) -> Result<Arc<dyn Remote>, String> {
        self.remotes.get(destination).cloned().ok_or_else(|| format!("{destination} is not open now"))
    }
}

/// The name of a vault as a destination. The folder's path must be UTF-8, for the journal keeps destinations as text.
pub fn vault_id(vault: &Vault) -> Result<DestinationId> {
    let Some(path) = vault.folder().to_str() else {
        bail!("the path of the vault {} is no UTF-8; move it to one that is", vault.folder().display());
    };
    Ok(DestinationId(format!("vault:{path}")))
}
