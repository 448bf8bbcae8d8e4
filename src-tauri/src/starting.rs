//! The app opens its databases while the window already paints; whoever needs it waits here.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use crate::app::App;
use crate::arguments::Arguments;
use crate::error::Error;
use crate::settings::Settings;

type Opening = Shared<BoxFuture<'static, Result<Arc<App>, Arc<anyhow::Error>>>>;

/// The app, or why it cannot start.
pub(crate) struct Starting(Opening);

impl Starting {
    /// Begins to open it. `told` is what there was to say of the settings.
    pub(crate) fn begin(arguments: Arguments, settings: Settings, told: Vec<String>) -> Self {
        let opening = async move {
            let app = App::open(&arguments, settings).await.map_err(Arc::new)?;
            told.into_iter().for_each(|sentence| app.notices.warn(sentence));
            Ok(Arc::new(app))
        };
        let opening: Opening = opening.boxed().shared();
        tauri::async_runtime::spawn(opening.clone());
        Self(opening)
    }

    /// The opened app.
    pub(crate) async fn app(&self) -> Result<Arc<App>, Error> {
        self.0.clone().await.map_err(|error| {
            tracing::error!("cannot start: {error:#}");
            Error::CannotStart(error)
        })
    }
}
