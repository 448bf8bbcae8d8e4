//! What every request of the network door works on.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use tokio_util::sync::CancellationToken;

use super::access::{Access, Caller};
use crate::ports::Owner;
use crate::vault::{Allowance, OwnedVault, Vault};

/// Before an event stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a sender may be silent in the middle of a body.
const SILENCE: Duration = Duration::from_secs(60);

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
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_size: None, uploads: None, bytes: None, requests: None, silence: SILENCE }
    }
}

/// A vault, who may come in, and how much they may ask.
#[derive(Debug, Clone)]
pub struct Door {
    pub(super) vault: Vault,
    pub(super) access: Access,
    pub(super) limits: Limits,
    pub(super) heartbeat: Duration,
    /// Cancelled when the server is about to stop: what would never end by itself ends then.
    pub(super) stopping: CancellationToken,
    rate: Option<Arc<DefaultKeyedRateLimiter<Owner>>>,
}

impl Door {
    /// A door to `vault`.
    pub fn new(vault: Vault, access: Access, limits: Limits) -> Self {
        let quota = |a_second: NonZeroU32| Quota::per_second(a_second).allow_burst(a_second.saturating_mul(TWICE));
        let rate = limits.requests.map(|a_second| Arc::new(RateLimiter::keyed(quota(a_second))));
        Self { vault, access, limits, heartbeat: HEARTBEAT, stopping: CancellationToken::new(), rate }
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
        rate.check_key(owner).map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
    }
}

const TWICE: NonZeroU32 = NonZeroU32::new(2).expect("it is not zero");
