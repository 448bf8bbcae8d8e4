//! Vaults that play a part: with `PAWL_VAULT_PLAYS` they are slow, or ask for a break and never finish.
//!
//! For pictures and tests of what a healthy vault on a local disk shows too briefly to be seen. What the engine and the
//! window make of it is real.

use std::sync::Arc;
use std::time::Duration;

use transfer::error::{Class, Operation};
use transfer::remote::Remote;
use transfer::testing::{Fault, Faults, FaultyRemote, Step};

/// The variable that names the part.
const PART: &str = "PAWL_VAULT_PLAYS";
/// No film of a test has more chunks.
const CHUNKS: u32 = 1024;
/// So long the slow one thinks about each of them.
const PACE: Duration = Duration::from_secs(3);
/// At this chunk the weary one asks for a break: films that have fewer arrive whole.
const TIRED_AT: u32 = 16;
/// So long a break it wants.
const BREAK: Duration = Duration::from_secs(15 * 60);

/// `remote`, in the part that this run's environment gives it. A part that nobody knows is none.
pub(super) fn wrapped(remote: Arc<dyn Remote>) -> Arc<dyn Remote> {
    let faults = match std::env::var(PART).as_deref() {
        Ok("slow") => Faults::script((0..CHUNKS).map(|chunk| Step::put(chunk, 1, Fault::Delay(PACE)))),
        Ok("weary") => Faults::script([
            Step::put(TIRED_AT, 1, Fault::Before(Class::Throttled { after: Some(BREAK) })),
            Step::of(Operation::Complete, 1, Fault::Stall),
        ]),
        Ok(_) | Err(_) => return remote,
    };
    Arc::new(FaultyRemote::new(remote, faults))
}
