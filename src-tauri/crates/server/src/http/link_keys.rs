//! What public links are signed with: one key of the vault's and, for each owner, an epoch, which is raised to end all
//! links to its films.
//!
//! Owner of: `links.toml` ([`super::own_file`]), made with the first link. Invariant: a signature holds for one film of
//! one owner, one instant of expiry and one epoch, and is compared in constant time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use transfer::ids::ObjectId;

use super::own_file::{OwnFile, OwnFileError};
use crate::ports::Owner;

/// What is signed says what it is, so that the key could sign something else one day.
const PURPOSE: &str = "pawl public link, version 1";

/// What a link says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) object: &'a ObjectId,
    pub(super) owner: &'a Owner,
    /// Seconds since 1970.
    pub(super) expires: i64,
}

/// The key of a vault's links. Clones are the same file.
#[derive(Debug, Clone)]
pub struct LinkKeys(Arc<OwnFile<Contents>>);

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    /// 256 random bits in hex; empty until the first link.
    #[serde(default)]
    key: String,
    /// How often the links of an owner were ended.
    #[serde(default)]
    epoch: BTreeMap<Owner, u64>,
}

impl std::fmt::Debug for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contents").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

impl LinkKeys {
    /// The file in the vault's own folder; it need not be there.
    pub fn in_folder(own: &Path) -> Self {
        Self(Arc::new(OwnFile::at(own.join("links.toml"))))
    }

    /// Ends every link to films of this owner that was made before.
    pub fn revoke(&self, owner: &str) -> Result<(), OwnFileError> {
        let _alone = self.0.alone()?;
        let mut contents = self.0.read()?;
        *contents.epoch.entry(Owner(owner.to_owned())).or_default() += 1;
        self.0.write(&contents)
    }

    /// The signature as it stands in a link.
    pub(super) fn sign(&self, said: Said<'_>) -> Result<String, OwnFileError> {
        let signature = match self.signature(said) {
            Some(signature) => Some(signature),
            None => {
                self.make()?;
                self.signature(said)
            }
        };
        let unread = || OwnFileError::Io { path: "links.toml".into(), source: std::io::ErrorKind::InvalidData.into() };
        Ok(URL_SAFE_NO_PAD.encode(signature.ok_or_else(unread)?.as_bytes()))
    }

    /// Whether this vault signed that.
    pub(super) fn holds(&self, said: Said<'_>, signature: &str) -> bool {
        let claimed = URL_SAFE_NO_PAD.decode(signature).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        // Hashes are compared in constant time.
        claimed.is_some_and(|claimed| self.signature(said) == Some(blake3::Hash::from_bytes(claimed)))
    }

    /// None while there is no key.
    fn signature(&self, said: Said<'_>) -> Option<blake3::Hash> {
        let (key, epoch) = self.0.look(|contents| {
            let key = blake3::Hash::from_hex(&contents.key).ok()?;
            Some((key, contents.epoch.get(said.owner).copied().unwrap_or_default()))
        })?;
        let mut hasher = blake3::Hasher::new_keyed(key.as_bytes());
        // Each with its length: no two films can be said with the same bytes.
        for text in [PURPOSE, &said.object.0, &said.owner.0] {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        hasher.update(&said.expires.to_le_bytes()).update(&epoch.to_le_bytes());
        Some(hasher.finalize())
    }

    /// Once: a key that is there stays.
    fn make(&self) -> Result<(), OwnFileError> {
        let _alone = self.0.alone()?;
        let mut contents = self.0.read()?;
        if contents.key.is_empty() {
            contents.key = blake3::Hash::from_bytes(self.0.random()?).to_hex().to_string();
            self.0.write(&contents)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use tempfile::tempdir;

    use super::*;

    #[test]
    fn a_signature_holds_for_what_was_signed_and_nothing_else() {
        let folder = tempdir().expect("a folder");
        let keys = LinkKeys::in_folder(folder.path());
        let (object, other) = (ObjectId("film".into()), ObjectId("fil".into()));
        let (anna, bert) = (Owner("anna".into()), Owner("bert".into()));
        let said = Said { object: &object, owner: &anna, expires: 7 };
        assert!(!keys.holds(said, ""), "before the first link there is nothing to hold");
        let signature = keys.sign(said).expect("a signature");
        assert!(keys.holds(said, &signature), "what was signed");
        assert!(!keys.holds(Said { object: &other, ..said }, &signature), "another film");
        assert!(!keys.holds(Said { owner: &bert, ..said }, &signature), "another's film");
        assert!(!keys.holds(Said { expires: 8, ..said }, &signature), "a second longer");
        assert!(!keys.holds(said, &signature[1..]) && !keys.holds(said, ""), "half a signature");
        let elsewhere = LinkKeys::in_folder(tempdir().expect("a folder").path());
        assert!(!elsewhere.holds(said, &signature), "another vault's");
        let mode = fs::metadata(folder.path().join("links.toml")).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else reads the key");
    }

    #[test]
    fn the_key_is_made_once_and_an_owners_links_can_be_ended() {
        let folder = tempdir().expect("a folder");
        let keys = LinkKeys::in_folder(folder.path());
        let (object, anna, bert) = (ObjectId("film".into()), Owner("anna".into()), Owner("bert".into()));
        let of = |owner| Said { object: &object, owner, expires: 7 };
        let (annas, berts) = (keys.sign(of(&anna)).expect("signed"), keys.sign(of(&bert)).expect("signed"));
        assert!(LinkKeys::in_folder(folder.path()).holds(of(&anna), &annas), "another start knows the same key");
        LinkKeys::in_folder(folder.path()).revoke("anna").expect("written");
        assert!(!keys.holds(of(&anna), &annas), "Anna's links are over, in a running server too");
        assert!(keys.holds(of(&bert), &berts), "Bert's are not");
        let again = keys.sign(of(&anna)).expect("signed");
        assert!(keys.holds(of(&anna), &again), "new ones hold");
        assert!(!format!("{keys:?}").contains(&keys.0.read().expect("read").key), "the key is shown to nobody");
    }
}
