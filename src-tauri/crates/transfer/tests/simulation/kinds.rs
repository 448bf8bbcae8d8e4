//! The kinds of drivers that histories are played with, after those that there are.

use std::num::NonZeroU32;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use transfer::remote::{Capabilities, Order, Proof};
use transfer::testing::MemoryRemote;

/// A kind of driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any order, digests of chunks, proof by root; the client names the upload. As the vault and a Pawl server.
    Vault,
    /// The same, and what arrived of a broken chunk is kept.
    KeepsParts,
    /// One after the other, byte by byte, finished with its last byte; no digests. As tus.
    Sequential,
    /// Two sequences side by side. As tus with concatenation.
    Lanes,
    /// Any order, receipts instead of digests, proof by parts. As S3.
    Receipts,
}

const KINDS: [Kind; 5] = [Kind::Vault, Kind::KeepsParts, Kind::Sequential, Kind::Lanes, Kind::Receipts];

impl Kind {
    pub(crate) fn draw(chance: &mut StdRng) -> Self {
        *KINDS.choose(chance).expect("there are kinds")
    }

    /// One that keeps what a file that became another still has.
    pub(crate) fn draw_amending(chance: &mut StdRng) -> Self {
        *[Self::Vault, Self::KeepsParts].choose(chance).expect("there are kinds")
    }

    pub(crate) fn capabilities(self) -> Capabilities {
        let all = Capabilities { amends: self.is_named(), ..MemoryRemote::everything() };
        let tus = |order| Capabilities {
            order,
            byte_resume: true,
            finishes_itself: true,
            checksums: false,
            proof: Proof::SizeOnly,
            wishes: false,
            ..all.clone()
        };
        match self {
            Self::Vault => all,
            Self::KeepsParts => Capabilities { byte_resume: true, ..all },
            Self::Sequential => tus(Order::Sequential),
            Self::Lanes => tus(Order::Lanes(NonZeroU32::new(2).expect("two"))),
            Self::Receipts => Capabilities { checksums: false, proof: Proof::Parts, wishes: false, ..all },
        }
    }

    /// Whether the client names the upload, so that beginning twice gives one.
    pub(crate) fn is_named(self) -> bool {
        match self {
            Self::Vault | Self::KeepsParts => true,
            Self::Sequential | Self::Lanes | Self::Receipts => false,
        }
    }

    /// Whether its status tells a digest of each chunk.
    pub(crate) fn tells_digests(self) -> bool {
        self.is_named()
    }

    /// Whether its status tells what a put of each chunk was answered with.
    pub(crate) fn tells_receipts(self) -> bool {
        self == Self::Receipts
    }
}
