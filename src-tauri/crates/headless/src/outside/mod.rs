//! What happens to the machine that uploads may care about: another network, a sleep.
//!
//! Heard from NetworkManager and logind on the system bus where they are, and seen in the machine's own clocks and
//! addresses where they are not. Owner: [`Outside`], with one task, which ends with it. Invariant: nothing in here fails. A
//! bus or a service that is missing, goes away or comes back is no more than a way to hear that is there or is not.

mod bus;
mod machine;
mod signs;

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_util::task::AbortOnDropHandle;
use transfer::engine::{Engine, EngineError};

use signs::{Sign, Signs};

/// How often the machine itself is looked at: late enough to cost nothing, soon enough for who waits for a network.
const LOOK: Duration = Duration::from_secs(5);
/// So much may wait to be heard.
const MEMORY: usize = 16;

/// What happened to the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// There is a network, and it is another one than before, or it is back.
    NetworkChanged,
    /// The machine slept, for so long as far as its clocks know, and is awake.
    Woke {
        /// How long it slept.
        slept: Duration,
    },
    /// The machine is about to sleep. Not every sleep is announced.
    GoingToSleep,
}

/// A watch over the machine.
#[derive(Debug)]
pub struct Outside {
    happenings: mpsc::Receiver<Happening>,
    _watch: AbortOnDropHandle<()>,
}

impl Outside {
    /// Begins to watch; within a tokio runtime.
    pub fn watch() -> Self {
        let (told, happenings) = mpsc::channel(MEMORY);
        Self { happenings, _watch: AbortOnDropHandle::new(tokio::spawn(watch(told))) }
    }

    /// The next thing that happens. Dropped before that, nothing is lost.
    pub async fn next(&mut self) -> Happening {
        match self.happenings.recv().await {
            Some(happening) => happening,
            // The watch ends with the runtime alone, and so does whoever waits for it.
            None => std::future::pending().await,
        }
    }
}

impl Happening {
    /// Tells an engine.
    ///
    /// # Errors
    /// [`EngineError::Stopped`] when it has ended.
    pub async fn tell(self, engine: &Engine) -> Result<(), EngineError> {
        tracing::info!(happening = ?self, "outside");
        match self {
            Self::NetworkChanged => engine.network_changed().await,
            Self::Woke { slept } => engine.woke(slept).await,
            // Whatever is in flight is sent again after the sleep, and nothing that is not written down is promised.
            Self::GoingToSleep => Ok(()),
        }
    }
}

/// Tells an engine whatever happens, until it has ended.
pub async fn keep_told(engine: Engine) {
    let mut outside = Outside::watch();
    while outside.next().await.tell(&engine).await.is_ok() {}
}

/// Watches for as long as somebody listens.
async fn watch(told: mpsc::Sender<Happening>) {
    let (says, mut said) = mpsc::channel(MEMORY);
    let _bus = AbortOnDropHandle::new(tokio::spawn(bus::listen(says)));
    let mut signs = Signs::new(machine::asleep(), machine::addresses());
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let happening = tokio::select! {
            Some(sign) = said.recv() => signs.take(sign, machine::asleep(), Instant::now()),
            _ = looks.tick() => signs.take(Sign::Addresses(machine::addresses()), machine::asleep(), Instant::now()),
            () = due(signs.due()) => signs.settle(),
        };
        if let Some(happening) = happening
            && told.send(happening).await.is_err()
        {
            return;
        }
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
