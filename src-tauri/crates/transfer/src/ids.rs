//! Who is who: opaque names of transfers, batches, destinations and objects.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new random name (UUID version 4, RFC 9562).
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_name! {
    /// One transfer, for ever: restarts and retries keep it. Uploads are named after it where the client may choose that.
    TransferId
}
uuid_name! {
    /// The files that were dropped together.
    BatchId
}

/// A configured destination, as the journal stores it: `vault:/path` today.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DestinationId(pub String);

impl fmt::Display for DestinationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object at a remote, finished or not, in the remote's own words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectId(pub String);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_32_hex_digits_and_reads_back() {
        let id = TransferId::random();
        let text = id.to_string();
        assert!(text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit()), "{text}: fit for a file name");
        assert_eq!(text.parse(), Ok(id), "what is printed can be asked for");
        assert!("film".parse::<TransferId>().is_err(), "anything else is refused");
        assert_ne!(TransferId::random(), id, "no two transfers share a name");
    }

    #[test]
    fn a_name_is_written_down_as_plain_text() {
        let id = BatchId(Uuid::from_u128(7));
        let text = serde_json::to_string(&id).expect("a string");
        assert_eq!(text, "\"00000000-0000-0000-0000-000000000007\"", "as the RFC writes it");
        assert_eq!(serde_json::from_str::<BatchId>(&text).ok(), Some(id), "and it comes back");
    }
}
