//! A transfer whose file is at another place now is pointed at it.

use std::path::PathBuf;
use std::sync::Arc;

use super::actor::Actor;
use super::docket::Written;
use super::words::EngineError;
use crate::ids::TransferId;
use crate::source::Fingerprint;
use crate::state::{Event, Intent};

/// Which file is taken for a transfer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// One that is as long and looks like it.
    Same,
    /// Whichever it is, from its first byte.
    Any,
}

/// A file that was pointed at.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) fingerprint: Fingerprint,
    pub(super) accept: Accept,
}

impl Actor {
    pub(super) fn locate(&mut self, id: TransferId, found: Found) -> Result<Written, EngineError> {
        let Found { path, fingerprint, accept } = found;
        let transfer = self.transfers.get_mut(&id).ok_or(EngineError::UnknownTransfer(id))?;
        let event = match accept {
            Accept::Same => {
                alike(&transfer.record.fingerprint, &fingerprint)?;
                Event::Located
            }
            Accept::Any => Event::StartOver,
        };
        let record = &mut transfer.record;
        let before = (
            std::mem::replace(&mut record.path, path),
            std::mem::replace(&mut record.fingerprint, fingerprint),
            std::mem::replace(&mut record.intent, Intent::Run),
        );
        if !self.take(id, &event) {
            let transfer = self.transfers.get_mut(&id).ok_or(EngineError::UnknownTransfer(id))?;
            (transfer.record.path, transfer.record.fingerprint, transfer.record.intent) = before;
            return Err(EngineError::NotMissing);
        }
        self.moved_file(id, before.0);
        Ok(self.docket.written())
    }

    /// The file of a transfer is at another place now.
    fn moved_file(&mut self, id: TransferId, before: PathBuf) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        transfer.label.path = Arc::new(transfer.record.path.clone());
        let (path, destination) = (Arc::clone(&transfer.label.path), Arc::clone(&transfer.label.destination));
        let old = (Arc::new(before), Arc::clone(&destination));
        if self.files.get(&old) == Some(&id) {
            self.files.remove(&old);
        }
        self.files.insert((path, destination), id);
        self.news.changed(id);
    }
}

/// When it was modified does not count: a copy is younger than what it was made of.
fn alike(film: &Fingerprint, found: &Fingerprint) -> Result<(), EngineError> {
    let another = |how: String| Err(EngineError::AnotherFilm(format!("This is another film: {how}.")));
    if film.size != found.size {
        return another(format!("{} bytes instead of {}", found.size, film.size));
    }
    if film.sample != found.sample {
        return another("it is as long, and has other bytes".to_owned());
    }
    Ok(())
}
