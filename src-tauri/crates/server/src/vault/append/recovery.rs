//! Opening a vault: uploads whose bytes come in order are taken up where they were.

use std::sync::Arc;

use transfer::layout::ByteRange;

use super::{Append, removal};
use crate::ports::{self, Appending, Arrived, Stage};
use crate::vault::error::VaultError;
use crate::vault::shared::Shared;
use crate::vault::{disk, recovery};

/// Enters it, where its bytes are still there; publishes what was being published.
pub(in crate::vault) async fn take_up(shared: &Shared, row: ports::Upload, told: Appending) -> Result<(), VaultError> {
    let arrived = shared.ledger.arrived(&row.id).await?;
    let publishing = matches!(row.stage, Stage::Publishing { .. });
    let (offset, length, part) = (offset(&arrived), row.size, shared.folder.part(&row.id));
    let append = Arc::new(Append::new(row, told, offset, part.clone()));
    let upload = length.and_then(|length| append.settle(length, arrived.cvs));
    if let Some(upload) = upload.clone().filter(|_| publishing) {
        shared.appends.enter(append.clone());
        return recovery::publish_on(shared, upload).await.map(|()| removal::strike_finished(shared, &append));
    }
    let reopened = disk::blocking_io(move || recovery::reopen(&part, length.unwrap_or(0), offset)).await;
    let Some(reserved) = reopened.map_err(|error| VaultError::folder(shared.folder.root(), error))? else {
        return recovery::forget(shared, &append.id).await;
    };
    if let Some(upload) = upload {
        if reserved {
            upload.set_preallocated();
        }
        shared.register.enter(upload);
    }
    shared.appends.enter(append);
    Ok(())
}

/// The bytes that are there without a gap.
fn offset(arrived: &Arrived) -> u64 {
    let join = |end, (range, _): &(ByteRange, bool)| if range.start() <= end { range.end() } else { end };
    arrived.ranges.iter().fold(0, join)
}
