//! What an upload is found by again. Opaque to everyone else; the journal keeps it before the first part leaves.

use serde::{Deserialize, Serialize};
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::TransferId;
use transfer::remote::UploadHandle;

/// An upload of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Handle {
    /// Where the object will be.
    pub(super) key: String,
    /// The store's id of the upload; none of one that was finished before it was begun again.
    pub(super) id: Option<String>,
    /// Whose object it is: the same name is on the finished object.
    pub(super) upload: TransferId,
    /// Whether the store's ETags are MD5s of what arrived, as its first answer showed.
    pub(super) vouches: bool,
    /// Whether it takes the place of the object that was there when it was begun.
    #[serde(default)]
    pub(super) replaces: bool,
}

impl Handle {
    pub(super) fn read(operation: Operation, handle: &UploadHandle) -> Result<Self, RemoteError> {
        let unreadable = |error| {
            let what = "what was written down of this upload cannot be read";
            RemoteError::new(operation, Class::Expired, what).because(error)
        };
        serde_json::from_str(&handle.0).map_err(unreadable)
    }

    pub(super) fn written(&self) -> UploadHandle {
        // A struct of plain fields is always JSON.
        UploadHandle(serde_json::to_string(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_reads_back_and_nonsense_begins_again() {
        let upload = TransferId::random();
        let handle =
            Handle { key: "a/\"b\".mov".to_owned(), id: Some("id".to_owned()), upload, vouches: true, replaces: true };
        let read = Handle::read(Operation::Status, &handle.written()).expect("its own text");
        assert_eq!(read, handle, "what the journal keeps is all of it");
        let nonsense = Handle::read(Operation::Status, &UploadHandle("vault:7".to_owned()));
        assert_eq!(nonsense.err().map(|error| error.class), Some(Class::Expired), "it is begun anew");
    }
}
