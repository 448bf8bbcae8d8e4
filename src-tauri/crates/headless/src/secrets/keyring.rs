//! The system's keyring: the Secret Service over D-Bus, by the store of crate `keyring`.
//!
//! Its calls block, and a locked keyring asks the person and waits. So each runs on a thread of its own, which is waited
//! for so long and no longer, and which holds up no runtime that ends. A connection is made for each call: calls are
//! rare, and a keyring may come and go.

use std::fmt;
use std::time::Duration;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use tokio::sync::oneshot;
use transfer::ids::DestinationId;
use zbus_secret_service_keyring_store::Store;

/// Under this name the person finds it in the keyring.
const SERVICE: &str = "Pawl";
/// How long the bus and the service may take to answer at all.
const ANSWER: Duration = Duration::from_secs(4);
/// How long a person may take to unlock it.
const UNLOCK: Duration = Duration::from_secs(45);

/// Why the keyring did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Absent,
    Locked,
    Silent,
    Failed,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "no keyring answers",
            Self::Locked => "the keyring is locked; unlock it",
            Self::Silent => "the keyring does not answer",
            Self::Failed => "the keyring failed",
        })
    }
}

pub(super) async fn keep(id: &DestinationId, secret: String) -> Result<(), Trouble> {
    asked(id, move |entry| entry.set_password(&secret)).await
}

pub(super) async fn read(id: &DestinationId) -> Result<Option<String>, Trouble> {
    asked(id, |entry| match entry.get_password() {
        Err(Error::NoEntry) => Ok(None),
        read => read.map(Some),
    })
    .await
}

pub(super) async fn forget(id: &DestinationId) -> Result<(), Trouble> {
    asked(id, |entry| match entry.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        deleted => deleted,
    })
    .await
}

async fn asked<T: Send + 'static>(
    id: &DestinationId,
    ask: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, Trouble> {
    let ((connected, connecting), (told, answer)) = (oneshot::channel(), oneshot::channel());
    let user = id.0.clone();
    let work = move || {
        let store = match Store::new() {
            Ok(store) => store,
            Err(error) => return drop(told.send(Err(trouble(&error, Trouble::Absent)))),
        };
        // Whoever waited no longer needs not be told.
        let _ = connected.send(());
        let asked = store.build(SERVICE, &user, None).and_then(|entry| ask(&entry));
        let _ = told.send(asked.map_err(|error| trouble(&error, Trouble::Failed)));
    };
    std::thread::Builder::new().name("keyring".to_owned()).spawn(work).map_err(|_| Trouble::Failed)?;
    // A connection that failed says why in the answer.
    if tokio::time::timeout(ANSWER, connecting).await.is_err() {
        return Err(Trouble::Absent);
    }
    match tokio::time::timeout(UNLOCK, answer).await {
        Ok(answer) => answer.unwrap_or(Err(Trouble::Failed)),
        Err(_) => Err(Trouble::Silent),
    }
}

/// Its kind alone: what an error holds may be the secret itself.
fn trouble(error: &Error, otherwise: Trouble) -> Trouble {
    match error {
        Error::NoStorageAccess(_) => Trouble::Locked,
        _ => otherwise,
    }
}
