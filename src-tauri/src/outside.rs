//! The machine's network and its sleep, told to whom they concern: what was played from far away, the destinations that
//! could not be opened, the engine.

use std::sync::Arc;

use headless::outside::{Happening, Outside};
use transfer::engine::Engine;

use crate::destinations::Destinations;

/// Tells them until the engine has ended.
pub(crate) async fn keep_told(destinations: Arc<Destinations>, engine: Engine) {
    let mut outside = Outside::watch();
    loop {
        let happening = outside.next().await;
        match happening {
            Happening::NetworkChanged | Happening::Woke { .. } => destinations.begin_anew(),
            Happening::GoingToSleep => {}
        }
        if happening.tell(&engine).await.is_err() {
            return;
        }
    }
}
