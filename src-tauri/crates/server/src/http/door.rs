//! What every request of the network door works on.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio_util::sync::CancellationToken;
use wire::uploads::LONGEST_CHUNK;

use super::access::{Access, Caller};
use super::called::Called;
use super::health::Tried;
use super::link_keys::LinkKeys;
use super::metrics::Metrics;
use super::pace::Pace;
use crate::ports::Owner;
use crate::vault::{Allowance, OwnedVault, Vault};

/// Before an event stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a sender may be silent in the middle of a body.
const SILENCE: Duration = Duration::from_secs(60);
/// Bytes of a JSON body: a name of 255 bytes, all percent-encoded, is the longest thing in any.
const JSON_LEN: usize = 16 << 10;
/// How long it may take.
const JSON_TIME: Duration = Duration::from_secs(30);

/// How much a sender may ask of this server. What is none is not limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub max_size: Option<u64>,
    /// Unfinished uploads of one owner.
    pub uploads: Option<usize>,
    /// Bytes of one owner, finished or not.
    pub bytes: Option<u64>,
    /// Requests of one owner a second; twice as many may come at once.
    pub requests: Option<NonZeroU32>,
    /// How long a sender may be silent in the middle of a body.
    pub silence: Duration,
    /// How slowly a chunk's body may come.
    pub pace: Pace,
    /// Bytes that the disk has free at least, for the server to call itself ready.
    pub least_free: u64,
    /// Bytes of a JSON body.
    pub json_len: usize,
    /// How long a JSON body may take.
    pub json_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_size: None,
            uploads: None,
            bytes: None,
            requests: None,
            silence: SILENCE,
            pace: Pace::LEAST,
            least_free: LONGEST_CHUNK,
            json_len: JSON_LEN,
            json_time: JSON_TIME,
        }
    }
}

/// A vault, who may come in, and how much they may ask.
#[derive(Debug, Clone)]
pub struct Door {
    pub(super) vault: Vault,
    pub(super) access: Access,
    pub(super) limits: Limits,
    pub(super) called: Called,
    pub(super) link_keys: LinkKeys,
    pub(super) heartbeat: Duration,
    /// Cancelled when the server is asked to stop: it is ready for nothing new.
    pub(super) leaving: CancellationToken,
    /// Cancelled when the server is about to stop: what would never end by itself ends then.
    pub(super) stopping: CancellationToken,
    pub(super) metrics: Arc<Metrics>,
    pub(super) tried: Tried,
    rate: Option<Arc<DefaultKeyedRateLimiter<Owner>>>,
}

impl Door {
    /// A door to `vault`.
    pub fn new(vault: Vault, access: Access, limits: Limits) -> Self {
        let quota = |a_second: NonZeroU32| Quota::per_second(a_second).allow_burst(a_second.saturating_mul(TWICE));
        let rate = limits.requests.map(|a_second| Arc::new(RateLimiter::keyed(quota(a_second))));
        Self {
            link_keys: LinkKeys::in_folder(&vault.folder().join(".pawl")),
            called: Called::default(),
            vault,
            access,
            limits,
            heartbeat: HEARTBEAT,
            leaving: CancellationToken::new(),
            stopping: CancellationToken::new(),
            metrics: Arc::default(),
            tried: Tried::default(),
            rate,
        }
    }

    /// The same door, in a house that is called so.
    #[must_use]
    pub fn called(self, called: Called) -> Self {
        Self { called, ..self }
    }

    /// Says to whoever asks that the server is about to stop. Requests are answered as before.
    pub fn leave(&self) {
        self.leaving.cancel();
    }

    /// Ends the event streams, so that the rest can end in order.
    pub fn close(&self) {
        self.stopping.cancel();
    }

    /// The vault as this caller may use it.
    pub(super) fn vault_of(&self, caller: &Caller) -> OwnedVault {
        let Limits { uploads, bytes, .. } = self.limits;
        self.vault.of(caller.owner(), Allowance { uploads, bytes })
    }

    /// One more request of an owner; how long it must wait when that is too many.
    pub(super) fn pass(&self, owner: &Owner) -> Result<(), Duration> {
        let Some(rate) = &self.rate else { return Ok(()) };
        rate.check_key(owner).map_err(|refused| {
            self.metrics.throttled.inc();
            refused.wait_time_from(DefaultClock::default().now())
        })
    }
}

const TWICE: NonZeroU32 = NonZeroU32::new(2).expect("it is not zero");
