//! Opening a vault: uploads whose bytes come in order are taken up where they were.

use std::io;
use std::path::Path;
use std::sync::Arc;

use transfer::layout::ByteRange;

use super::{Append, removal};
use crate::ports::{self, Appending, Arrived, Stage};
use crate::vault::error::VaultError;
use crate::vault::shared::Shared;
use crate::vault::{disk, recovery};

/// Enters it, where its bytes are still there.
pub(in crate::vault) async fn take_up(shared: &Shared, row: ports::Upload, told: Appending) -> Result<(), VaultError> {
    let arrived = shared.ledger.arrived(&row.id).await?;
    let (offset, part) = (offset(&arrived), shared.folder.part(&row.id));
    let publishing = matches!(row.stage, Stage::Publishing { .. });
    let append = Arc::new(Append::new(row, told, offset, part.clone()));
    let there = disk::blocking_io(move || is_there(&part, offset)).await;
    let there = there.map_err(|error| VaultError::folder(shared.folder.root(), error))?;
    if !there && !publishing {
        return recovery::forget(shared, &append.id).await;
    }
    if let Some(upload) = append.length().and_then(|length| append.settle(length, arrived.cvs)) {
        shared.register.enter(upload.clone());
        if publishing {
            shared.appends.enter(append.clone());
            return recovery::publish_on(shared, upload).await.map(|()| removal::strike_finished(shared, &append));
        }
    }
    shared.appends.enter(append);
    Ok(())
}

/// The bytes that are there without a gap.
fn offset(arrived: &Arrived) -> u64 {
    arrived
        .ranges
        .iter()
        .fold(0, |end, (range, _): &(ByteRange, bool)| if range.start() <= end { range.end() } else { end })
}

fn is_there(part: &Path, offset: u64) -> io::Result<bool> {
    match std::fs::metadata(part) {
        Ok(found) => Ok(found.len() >= offset),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
