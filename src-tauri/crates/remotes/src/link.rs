//! A public link to an object: whoever has it reads that object until it expires, without a token or key.

use transfer::units::Timestamp;

/// A link. It is a secret of a kind: its `Debug` hides what signs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Where the object is, for everyone who has this.
    pub url: String,
    /// Until when.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("Link").field("url", &place).field("expires_at", &self.expires_at).finish()
    }
}
