//! A whole Pawl in one process: journal, vault, engine and the server that lets others watch.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use headless::compose::{Destinations, OpenVault, vault_id};
use server::http::{Access, Bounds, Door, Limits, Serving, router};
use server::vault::Vault;
use store::SqliteJournal;
use tokio::net::TcpListener;
use transfer::engine::{AddOrder, Engine, Setup, Snapshot};
use transfer::ids::{BatchId, DestinationId, TransferId};
use transfer::placing::Placement;
use transfer::source::FileSources;
use transfer::state::TransferState;
use transfer::units::Rate;

use crate::programs::PATIENCE;
use crate::recording::{Listener, Recording};

/// It runs until [`House::close`].
#[derive(Debug)]
pub struct House {
    /// The engine.
    pub engine: Engine,
    /// What its vault was asked and answered, in order.
    pub remote: Arc<Recording>,
    /// Where others watch: `http://127.0.0.1:PORT`.
    pub url: String,
    opened: OpenVault,
    journal: Arc<SqliteJournal>,
    serving: Serving,
    destination: DestinationId,
}

impl House {
    /// Opens one in `folder`.
    pub async fn open(folder: &Path, limit: Option<Rate>) -> Result<Self> {
        Self::heard_by(folder, limit, Box::new(|_| {})).await
    }

    /// Opens one whose vault somebody listens to.
    pub async fn heard_by(folder: &Path, limit: Option<Rate>, listener: Listener) -> Result<Self> {
        let journal = SqliteJournal::open(&folder.join("state")).await?;
        let opened = OpenVault::open(&folder.join("vault")).await?;
        let (journal, destination) = (Arc::new(journal.value), vault_id(&opened.vault)?);
        let remote = Arc::new(Recording::heard_by(Arc::new(opened.vault.clone()), listener));
        let remotes = Arc::new(Destinations::one(destination.clone(), remote.clone()));
        let engine =
            Engine::start(Setup { limit, ..Setup::new(journal.clone(), remotes, Arc::new(FileSources)) }).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serving = Serving::start(
            listener,
            router(Door::new(opened.vault.clone(), Access::Open(address), Limits::default())),
            None,
            Bounds::default(),
        )?;
        let url = format!("http://{address}");
        Ok(Self { engine, remote, url, opened, journal, serving, destination })
    }

    /// The vault.
    pub fn vault(&self) -> &Vault {
        &self.opened.vault
    }

    /// Sends one file.
    pub async fn add(&self, file: &Path) -> Result<TransferId> {
        let order = AddOrder {
            batch: BatchId::random(),
            files: vec![file.to_owned()],
            destination: self.destination.clone(),
            placement: Placement::default(),
        };
        let mut answers = self.engine.add(order).await?;
        Ok(answers.pop().context("one answer a file")??.id)
    }

    /// Waits until the transfer is as the test wants it. One that fails meanwhile never will be, and says why.
    pub async fn until(&self, id: TransferId, what: &str, is: impl Fn(&Snapshot) -> bool) -> Result<Snapshot> {
        let mut versions = self.engine.version();
        let watched = async {
            loop {
                versions.borrow_and_update();
                let snapshot = self.engine.snapshot(id).await?;
                if is(&snapshot) {
                    return Ok(snapshot);
                }
                if let TransferState::Failed(failure) = &snapshot.state {
                    bail!("it failed instead of {what}: {}", failure.sentence);
                }
                versions.changed().await?;
            }
        };
        match tokio::time::timeout(PATIENCE, watched).await {
            Ok(snapshot) => snapshot,
            Err(_) => bail!("waited in vain for {what}; it is {:?}", self.engine.snapshot(id).await?),
        }
    }

    /// Where the bytes of the one upload are read.
    pub fn content(&self) -> Result<String> {
        let handle = self.remote.handle().context("nothing was begun")?;
        let object = self.vault().object_of(&handle).context("the vault knows no object of it")?;
        Ok(format!("{}/api/v1/videos/{object}/content", self.url))
    }

    /// Ends all of it.
    pub async fn close(self) {
        self.serving.stop(Duration::from_secs(2)).await;
        self.engine.shutdown(Duration::from_secs(2)).await;
        self.opened.close().await;
        self.journal.close().await;
    }
}
