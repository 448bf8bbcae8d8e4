//! The opened destination of one run.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use transfer::ids::DestinationId;
use transfer::placing::{Taken, Template};
use transfer::remote::{Remote, Remotes};
use transfer::units::Rate;

use super::{named, native, s3, tus};
use crate::compose::{Destinations, OpenVault, Target, vault_id};
use crate::destinations::Place;

/// What `--to` named, open.
#[derive(Debug)]
pub(super) struct Destination {
    id: DestinationId,
    remote: Arc<dyn Remote>,
    vault: Option<OpenVault>,
    usual: Usual,
    /// As receipts have it.
    shown: String,
}

/// How films are named there, unless the command line says otherwise, and how fast they go at most.
#[derive(Debug, Default)]
pub(super) struct Usual {
    /// Whether names may hold folders.
    pub(super) folders: bool,
    pub(super) template: Template,
    pub(super) taken: Taken,
    /// The most bytes a second that go there.
    pub(super) limit: Option<Rate>,
}

impl Destination {
    pub(super) async fn open(target: &Target) -> Result<Self> {
        match target {
            Target::Vault(folder) => Self::vault(folder).await,
            Target::Named(name) => Self::named(name).await,
            Target::Server(address) => {
                let remote = wrapped(Arc::new(native::open(address)?))?;
                Ok(Self::of(DestinationId(address.clone()), remote, Usual::default(), address.clone()))
            }
            Target::S3(address) => {
                let remote = wrapped(Arc::new(s3::open(address)?))?;
                let usual = Usual { folders: true, ..Usual::default() };
                Ok(Self::of(DestinationId(address.to_string()), remote, usual, address.to_string()))
            }
            Target::Tus(endpoint) => {
                let remote = wrapped(Arc::new(tus::connect(endpoint).await?))?;
                Ok(Self::of(tus::id(endpoint), remote, Usual::default(), tus::shown(endpoint)))
            }
            #[cfg(feature = "testing")]
            Target::Discard => {
                let remote = wrapped(Arc::new(transfer::testing::DiscardingRemote::default()))?;
                let id = DestinationId("discard:".to_owned());
                Ok(Self::of(id.clone(), remote, Usual::default(), id.0))
            }
        }
    }

    async fn vault(folder: &Path) -> Result<Self> {
        let opened = OpenVault::open(folder).await?;
        let id = vault_id(&opened.vault)?;
        let remote = wrapped(Arc::new(opened.vault.clone()))?;
        let shown = id.0.clone();
        Ok(Self { vault: Some(opened), ..Self::of(id, remote, Usual::default(), shown) })
    }

    async fn named(name: &str) -> Result<Self> {
        let entry = named::found(name)?;
        let folders = matches!(entry.place, Place::S3 { .. });
        let usual = Usual { folders, template: entry.template.clone(), taken: entry.taken, limit: entry.limit };
        if let Place::Vault { folder } = &entry.place {
            return Ok(Self { usual, shown: entry.described(), ..Self::vault(folder.as_ref()).await? });
        }
        let remote = wrapped(named::opened(&entry).await?.remote())?;
        let shown = entry.described();
        Ok(Self::of(entry.id, remote, usual, shown))
    }

    fn of(id: DestinationId, remote: Arc<dyn Remote>, usual: Usual, shown: String) -> Self {
        Self { id, remote, vault: None, usual, shown }
    }

    pub(super) fn id(&self) -> DestinationId {
        self.id.clone()
    }

    pub(super) fn usual(&self) -> &Usual {
        &self.usual
    }

    /// Where it is, without anything that lets somebody in.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// Its own speed limit: what the command line says holds beside it, and the lower of the two counts.
    pub(super) fn limits(&self) -> HashMap<DestinationId, Rate> {
        self.usual.limit.map(|limit| (self.id(), limit)).into_iter().collect()
    }

    pub(super) fn remotes(&self) -> Arc<dyn Remotes> {
        Arc::new(Destinations::one(self.id.clone(), self.remote.clone()))
    }

    /// What opening it has to say.
    pub(super) fn notices(&self) -> &[String] {
        self.vault.as_ref().map_or(&[], |opened| &opened.notices)
    }

    pub(super) async fn close(self) {
        if let Some(opened) = self.vault {
            opened.close().await;
        }
    }
}

#[cfg(not(feature = "testing"))]
fn wrapped(remote: Arc<dyn Remote>) -> Result<Arc<dyn Remote>> {
    Ok(remote)
}

/// With `PAWL_STOP_AT` the process ends between effect and reply of that call, as a power cut would end it.
#[cfg(feature = "testing")]
fn wrapped(remote: Arc<dyn Remote>) -> Result<Arc<dyn Remote>> {
    use transfer::testing::{Stop, StoppingRemote};
    let Ok(place) = std::env::var("PAWL_STOP_AT") else { return Ok(remote) };
    let stop: Stop = place.parse().map_err(|error| anyhow::anyhow!("PAWL_STOP_AT={place}: {error}"))?;
    Ok(Arc::new(StoppingRemote::new(remote, stop)))
}
