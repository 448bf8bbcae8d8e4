//! The power switch: the disk while it is on, the survivor once it is off.
//!
//! Every operation of the driver goes through here, is counted when it changes something, and meets the armed cut.
//! Invariant: once the power is off nothing changes any more, and every operation but reading an open file is refused.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::model::{Disk, Ino, Refusal};

/// The disk behind its switch. Shared by the thread that answers the kernel and by the test.
pub(super) struct Power {
    state: Mutex<State>,
    off: Condvar,
}

struct State {
    disk: Disk,
    /// What the cut left; the power is off once it is there.
    survivor: Option<Disk>,
    /// Operations that changed something, or would have when the power went.
    operations: u64,
    armed: Option<ArmedCut>,
    read_only: bool,
    /// The ending of the names of files whose syncs are a lie.
    ignored: Option<String>,
}

/// A cut that waits for its operation.
#[derive(Clone, Copy)]
struct ArmedCut {
    operation: u64,
    seed: u64,
}

impl Power {
    pub(super) fn on(disk: Disk) -> Self {
        let state = State { disk, survivor: None, operations: 0, armed: None, read_only: false, ignored: None };
        Self { state: Mutex::new(state), off: Condvar::new() }
    }

    /// An operation that only looks.
    pub(super) fn observe<T>(&self, look: impl FnOnce(&Disk) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let state = self.state();
        if state.is_off() { Err(Refusal::PowerLost) } else { look(&state.disk) }
    }

    /// A read of an open file, which works even without power, as from a page cache. Were it refused, a program that
    /// touches a mapped page would not get an error but SIGBUS, and the test may be that program.
    pub(super) fn recall<T>(&self, read: impl FnOnce(&Disk) -> T) -> T {
        read(&self.state().disk)
    }

    /// An operation that changes files or names.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Disk) -> Result<T, Refusal>) -> Result<T, Refusal> {
        if self.state().read_only {
            return Err(Refusal::ReadOnly);
        }
        self.synchronise(change)
    }

    /// An operation that makes something durable: it counts as a change, but a read-only disk allows it.
    pub(super) fn synchronise<T>(&self, sync: impl FnOnce(&mut Disk) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut state = self.state();
        state.operations += 1;
        if let Some(armed) = state.armed
            && armed.operation <= state.operations
        {
            self.cut_off(&mut state, armed.seed);
        }
        state.operate(sync)
    }

    /// An fsync of a file, which may be ignored on purpose.
    pub(super) fn sync_file(&self, ino: Ino) -> Result<(), Refusal> {
        let ignored = self.state().ignored.clone();
        self.synchronise(|disk| match ignored {
            Some(ending) if disk.is_named(ino, &ending) => Ok(()),
            Some(_) | None => disk.sync_file(ino),
        })
    }

    /// From now on syncs of files whose name ends with `ending` do nothing.
    pub(super) fn ignore_syncs(&self, ending: &str) {
        self.state().ignored = Some(ending.to_owned());
    }

    /// A change that is no operation of its own: handles that open and close, switches of the test.
    pub(super) fn adjust<T>(&self, adjust: impl FnOnce(&mut Disk) -> T) -> Result<T, Refusal> {
        self.state().operate(|disk| Ok(adjust(disk)))
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.state().read_only
    }

    pub(super) fn set_read_only(&self, read_only: bool) {
        self.state().read_only = read_only;
    }

    pub(super) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Lets the power go when operation number `operation` arrives, or at once if it has been.
    pub(super) fn arm(&self, operation: u64, seed: u64) {
        self.state().armed = Some(ArmedCut { operation, seed });
    }

    /// Waits until the power is off; whether it is.
    pub(super) fn wait_off(&self, timeout: Duration) -> bool {
        let waited = self.off.wait_timeout_while(self.state(), timeout, |state| !state.is_off());
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Cuts the power now, unless it is off already; what survived.
    pub(super) fn cut(&self, seed: u64) -> Disk {
        let mut state = self.state();
        self.cut_off(&mut state, seed);
        state.survivor(seed)
    }

    /// What a cut at this instant would leave. The power stays on.
    pub(super) fn would_survive(&self, seed: u64) -> Disk {
        self.state().survivor(seed)
    }

    fn cut_off(&self, state: &mut State, seed: u64) {
        state.survivor = Some(state.survivor(seed));
        self.off.notify_all();
    }

    /// A panic of a test thread leaves the disk whole: each operation changes it in one go under this lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_off(&self) -> bool {
        self.survivor.is_some()
    }

    fn operate<T>(&mut self, operate: impl FnOnce(&mut Disk) -> Result<T, Refusal>) -> Result<T, Refusal> {
        if self.is_off() {
            return Err(Refusal::PowerLost);
        }
        self.disk.now = SystemTime::now();
        operate(&mut self.disk)
    }

    fn survivor(&self, seed: u64) -> Disk {
        self.survivor.clone().unwrap_or_else(|| self.disk.cut(seed))
    }
}
