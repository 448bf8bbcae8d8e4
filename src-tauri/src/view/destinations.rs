//! Destinations: what the list shows of each, what a form holds, and what the real thing answered when it was tried.
//!
//! Invariant: no secret is in anything that crosses to the window. One crosses the other way, in [`SecretForm`], which
//! prints nothing of itself.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KindView {
    /// A folder of this computer.
    Vault,
    /// A Pawl server.
    Server,
    /// A tus server.
    Tus,
    /// A bucket of an S3 store.
    S3,
}

/// Where it is and how to connect: all of it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum PlaceView {
    /// A folder of this computer.
    Vault {
        /// Its whole path.
        folder: String,
    },
    /// A Pawl server.
    Server {
        /// `https://host`.
        url: String,
    },
    /// A tus server.
    Tus {
        /// Where uploads are created: `https://host/files/`.
        url: String,
    },
    /// A bucket of an S3 store.
    S3 {
        /// `https://host`.
        endpoint: String,
        /// The region that requests are signed for.
        region: String,
        /// The bucket's name.
        bucket: String,
        /// A folder in the bucket; empty for none.
        prefix: String,
        /// How the bucket is named in a request.
        style: StyleView,
    },
}

/// How a bucket is named in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StyleView {
    /// As the endpoint usually wants it.
    Auto,
    /// `https://host/bucket/key`.
    Path,
    /// `https://bucket.host/key`.
    Host,
}

/// What to do where a name is taken there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TakenView {
    /// The new one gets the next number.
    KeepBoth,
    /// The new one takes the place of the old.
    Replace,
    /// The new one is not sent.
    Skip,
}

/// What a form holds besides the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DestinationForm {
    /// What a person calls it.
    pub name: String,
    /// Where it is.
    pub place: PlaceView,
    /// What to do where the name is taken there.
    pub taken: TakenView,
    /// How fast films may go there, in bytes a second, or nothing.
    pub limit: Option<u64>,
    /// How the key or name is made: `{name}` alone, or with `{folder}/`, `{date}/`, `{batch}/` before it.
    pub template: String,
    /// A proxy instead of the system's, or nothing.
    pub proxy: Option<String>,
    /// Certificates of authorities to trust besides the system's, PEM text, or nothing.
    pub authorities: Option<String>,
}

/// A secret on its way in. It never comes back out.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SecretForm {
    /// The one that is kept.
    Keep,
    /// There is none, and one that was kept is forgotten.
    None,
    /// What a server wants to let us in.
    Token {
        /// Itself.
        token: String,
    },
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

impl fmt::Debug for SecretForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::None => "None",
            Self::Token { .. } => "Token",
            Self::Keys { .. } => "Keys",
        })
    }
}

/// Where a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlaceView {
    /// In the system's keyring.
    Keyring,
    /// In a file that only the person may read.
    File,
}

/// One destination of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DestinationView {
    /// Who.
    pub id: String,
    /// Which protocol.
    pub kind: KindView,
    /// What was chosen.
    pub form: DestinationForm,
    /// The place in one line, safe to show.
    pub address: String,
    /// Whether films go there when nothing else is said.
    pub is_default: bool,
    /// The vault of this computer cannot be removed, only moved (Settings).
    pub removable: bool,
    /// Where its secret is kept, if it has one.
    pub secret: Option<SecretPlaceView>,
    /// Unfinished transfers to it.
    pub unfinished: u32,
    /// Why it cannot be used now, or nothing.
    pub trouble: Option<String>,
}

/// What *Test connection* found: one line each, in the order of [`CheckedView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReportView {
    /// The lines.
    pub checks: Vec<CheckView>,
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CheckView {
    /// What was tried.
    pub what: CheckedView,
    /// Whether it is so. What comes after a failure is not tried, and unknown.
    pub verdict: VerdictView,
    /// In words.
    pub sentence: String,
}

/// What is tried of a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckedView {
    /// Something answers there.
    Reachable,
    /// It lets us in.
    SignedIn,
    /// An upload can be begun.
    CanWrite,
    /// A film there can be read by ranges.
    CanReadRanges,
    /// The largest file and the like.
    Limits,
    /// What *done* would rest on.
    Proof,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictView {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody knows.
    Unknown,
}

/// What a pasted text is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecognisedView {
    /// A proposal, its name filled in; none where the text is no destination.
    pub form: Option<DestinationForm>,
    /// Why not, or what was left out (a password in an address).
    pub sentence: Option<String>,
}

/// An upload that lies unfinished on a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OrphanView {
    /// Which.
    pub id: String,
    /// Its name or key, safe to show.
    pub name: String,
    /// Bytes of the whole, where that is known.
    pub size: Option<u64>,
    /// Bytes that are there, where that is known.
    pub received: Option<u64>,
    /// When it was begun, where that is known.
    pub begun_at: Option<i64>,
    /// The transfer of ours that it belongs to, if there is one: then it is no orphan and has no buttons.
    pub transfer: Option<String>,
    /// Whether a transfer of ours could go on with it.
    pub adoptable: bool,
}

/// The uploads that lie unfinished on a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OrphansView {
    /// They.
    pub orphans: Vec<OrphanView>,
    /// Why there is no list, where there is none.
    pub sentence: Option<String>,
}

/// A public link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LinkView {
    /// It.
    pub url: String,
    /// Until when it leads anywhere.
    pub expires_at: i64,
}

/// Files were dropped on the window (event `dropped`): the page says where they go (`take_drop`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct DroppedView {
    /// Which drop.
    pub drop: u64,
    /// Logical pixels from the left of the page.
    pub x: f64,
    /// Logical pixels from its top.
    pub y: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_on_its_way_in_prints_nothing_of_itself() {
        let token = SecretForm::Token { token: "s3cret".to_owned() };
        let keys = SecretForm::Keys {
            access_key: "s3cret".to_owned(),
            secret_key: "s3cret".to_owned(),
            session_token: Some("s3cret".to_owned()),
        };
        assert!(!format!("{token:?} {keys:?}").contains("s3cret"), "a log may print any form");
    }
}
