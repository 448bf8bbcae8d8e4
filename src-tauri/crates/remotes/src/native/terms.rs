//! The engine's words in those of the wire.

use transfer::placing::Taken;
use transfer::remote::Arriving;
use wire::uploads;

pub(super) fn taken(taken: Taken) -> uploads::Taken {
    match taken {
        Taken::KeepBoth => uploads::Taken::KeepBoth,
        Taken::Replace => uploads::Taken::Replace,
        Taken::Skip => uploads::Taken::Skip,
    }
}

pub(super) fn arriving(arriving: Arriving) -> uploads::Arriving {
    match arriving {
        Arriving::Yes => uploads::Arriving::Yes,
        Arriving::Paused => uploads::Arriving::Paused,
        Arriving::Failed => uploads::Arriving::Failed,
    }
}
