//! What lets us in at destinations: in the system's keyring, or where none answers, in a file that only the person may
//! read. Invariants: a secret is in one of the two places, and which one is told; it is in no log, no `Debug`, no error.
//!
//! Where a keyring appears later, a secret moves there when its destination is saved next.

mod file;
mod keyring;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use transfer::ids::DestinationId;

use file::SecretFile;

/// What lets us in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// A bearer token.
    Token(String),
    /// The keys of an S3 store.
    Keys {
        /// The access key.
        access_key: String,
        /// Its secret.
        secret_key: String,
        /// The token of a session, where there is one.
        session_token: Option<String>,
    },
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token",
            Self::Keys { .. } => "Keys",
        })
    }
}

impl Secret {
    fn written(&self) -> Result<String> {
        // The error of a serialiser quotes nothing of the value.
        serde_json::to_string(self).context("a secret cannot be written down")
    }

    /// What stands there is no secret of ours where this is none; a parser's error might quote it.
    fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Where a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In the system's keyring (Secret Service).
    Keyring,
    /// In `secrets.toml` of the state folder, mode 0600.
    File,
}

/// The secrets of one state folder.
#[derive(Debug, Clone)]
pub struct Secrets {
    file: SecretFile,
}

impl Secrets {
    /// Those of this folder. Nothing is asked or read yet.
    pub fn of(folder: &Path) -> Self {
        Self { file: SecretFile::of(folder) }
    }

    /// Keeps a secret, in the keyring where one answers, and says where it is now.
    ///
    /// # Errors
    /// Neither place takes it; what was kept before is still there.
    pub async fn keep(&self, id: &DestinationId, secret: &Secret) -> Result<SecretPlace> {
        match keyring::keep(id, secret.written()?).await {
            Ok(()) => {
                self.file.forget(id).await?;
                Ok(SecretPlace::Keyring)
            }
            Err(why) => {
                tracing::info!("no keyring takes a secret ({why}): it is kept in a file");
                self.file.keep(id, secret.written()?).await?;
                Ok(SecretPlace::File)
            }
        }
    }

    /// The secret of a destination; none where there is none at that place.
    ///
    /// # Errors
    /// The keyring does not answer or stays locked; the file cannot be read. The sentence says so.
    pub async fn read(&self, id: &DestinationId, place: SecretPlace) -> Result<Option<Secret>> {
        let text = match place {
            SecretPlace::Keyring => keyring::read(id).await.map_err(|why| anyhow::anyhow!("{why}"))?,
            SecretPlace::File => self.file.read(id).await?,
        };
        Ok(text.as_deref().and_then(Secret::read))
    }

    /// Forgets it. One that is not there is forgotten.
    ///
    /// # Errors
    /// It may be there still: the keyring does not answer, or the file cannot be written.
    pub async fn forget(&self, id: &DestinationId, place: SecretPlace) -> Result<()> {
        match place {
            SecretPlace::Keyring => keyring::forget(id).await.map_err(|why| anyhow::anyhow!("{why}")),
            SecretPlace::File => self.file.forget(id).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_is_never_shown() {
        let token = Secret::Token("s3cret".to_owned());
        let keys = Secret::Keys {
            access_key: "s3cret".to_owned(),
            secret_key: "s3cret".to_owned(),
            session_token: Some("s3cret".to_owned()),
        };
        for secret in [token, keys] {
            assert!(!format!("{secret:?}").contains("s3cret"), "a log may print it: {secret:?}");
            let written = secret.written().expect("plain fields");
            assert_eq!(Secret::read(&written), Some(secret), "what is kept is all of it");
        }
        assert_eq!(Secret::read("{\"token\":"), None, "half of one is none");
    }
}
