//! What the doors and the tasks of one vault have in common.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use transfer::engine::Clock;
use transfer::error::{Class, Operation, RemoteError};
use transfer::remote::UploadHandle;

use super::append::Appends;
use super::film::Films;
use super::folder::Folder;
use super::register::Register;
use super::setup::VaultSetup;
use super::upload::Upload;
use super::{disk, trouble};
use crate::ports::{Catalogue, Ledger, UploadId};

/// The vault behind its handles. It holds no sender of a task's channel, so that tasks end with the last handle.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) folder: Folder,
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) catalogue: Arc<dyn Catalogue>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) expiry: Duration,
    pub(super) patience: Duration,
    pub(super) register: Register,
    pub(super) appends: Appends,
    pub(super) films: Films,
    pub(super) library: watch::Sender<u64>,
    pub(super) closed: CancellationToken,
}

impl Shared {
    pub(super) fn new(setup: VaultSetup, folder: Folder) -> Self {
        let films = Films::new(folder.clone(), setup.catalogue.clone());
        Self {
            folder,
            ledger: setup.ledger,
            catalogue: setup.catalogue,
            clock: setup.clock,
            expiry: setup.expiry,
            patience: setup.patience,
            register: Register::default(),
            appends: Appends::default(),
            films,
            library: watch::Sender::new(0),
            closed: CancellationToken::new(),
        }
    }

    /// The unfinished upload with this handle, if it takes chunks.
    pub(super) fn upload(&self, handle: &UploadHandle) -> Option<Arc<Upload>> {
        self.register.by_id(&UploadId(handle.0.clone())).filter(|upload| !upload.is_in_order())
    }

    pub(super) fn library_changed(&self) {
        self.library.send_modify(|changes| *changes += 1);
    }

    /// A failure of the disk; when there is no room, with what is free.
    pub(super) async fn disk_failed(&self, operation: Operation, error: std::io::Error) -> RemoteError {
        let mut failure = trouble::of_disk(operation, error);
        if let Class::NoSpace { free, .. } = &mut failure.class {
            *free = self.free_bytes().await;
        }
        failure
    }

    /// The same while a chunk of `upload` is stored; when there is no room, also with what the upload still needs.
    pub(super) async fn not_stored(&self, upload: &Upload, error: std::io::Error) -> RemoteError {
        let mut failure = self.disk_failed(Operation::Put, error).await;
        if let Class::NoSpace { needed, .. } = &mut failure.class {
            *needed = Some(upload.missing());
        }
        failure
    }

    /// What the disk has free, where it tells.
    pub(super) async fn free_bytes(&self) -> Option<u64> {
        let folder = self.folder.clone();
        disk::blocking_io(move || folder.free_bytes()).await.ok()
    }
}
