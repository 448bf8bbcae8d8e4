//! Notifications (Desktop Notifications Specification 1.2), and what their buttons do.
//!
//! Owner: the shell. Invariant: a desktop that shows none disturbs nothing; failures are logged only. `zbus`, which is
//! in the tree already, says all that there is to say; `notify-rust` would be one more dependency for one call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use tauri::{AppHandle, Manager};
use tauri_plugin_opener::OpenerExt;
use tokio::sync::OnceCell;
use transfer::ids::TransferId;
use zbus::Connection;
use zbus::zvariant::Value;

use super::course::{News, What};
use super::words::{self, Told};
use crate::adding::show_window;
use crate::playing;
use crate::starting::Starting;
use crate::view::MediaRequest;

const OPEN: &str = "default";
const SHOW: &str = "show";

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    #[allow(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// The desktop's notifications; connected when the first is told.
#[derive(Debug)]
pub(crate) struct Notifier {
    handle: AppHandle,
    desktop: OnceCell<NotificationsProxy<'static>>,
    shown: Shown,
}

/// Which notifications of ours are shown, and the film that each is about, if it is one.
type Shown = Arc<Mutex<HashMap<u32, Option<TransferId>>>>;

impl Notifier {
    /// Of this app.
    pub(crate) fn new(handle: AppHandle) -> Self {
        Self { handle, desktop: OnceCell::new(), shown: Shown::default() }
    }

    /// Tells news in one notification.
    pub(crate) async fn tell(&self, news: &[News]) {
        let arrived = match news {
            [News { id, what: What::Done { .. }, .. }] => Some(*id),
            [] | [_] | [_, _, ..] => None,
        };
        if let Some(told) = words::told(news) {
            self.post(&told, arrived).await;
        }
    }

    /// Says something that is about no film.
    pub(crate) async fn say(&self, told: &Told) {
        self.post(told, None).await;
    }

    async fn post(&self, told: &Told, film: Option<TransferId>) {
        match self.posted(told, film).await {
            Ok(id) => drop(lock(&self.shown).insert(id, film)),
            Err(error) => tracing::info!(%error, "the desktop shows no notifications"),
        }
    }

    async fn posted(&self, told: &Told, film: Option<TransferId>) -> zbus::Result<u32> {
        let desktop = self.desktop.get_or_try_init(|| self.connect()).await?;
        let mut actions = vec![OPEN, words::OPEN];
        if film.is_some() {
            actions.extend([SHOW, words::SHOW_IN_FOLDER]);
        }
        let hints = HashMap::from([("desktop-entry", Value::from("pawl"))]);
        desktop.notify("Pawl", 0, "pawl", &told.title, &marked_up(&told.body), &actions, hints, -1).await
    }

    async fn connect(&self) -> zbus::Result<NotificationsProxy<'static>> {
        let desktop = NotificationsProxy::new(&Connection::session().await?).await?;
        let (pressed, closed) = (desktop.receive_action_invoked().await?, desktop.receive_notification_closed().await?);
        let (handle, shown) = (self.handle.clone(), self.shown.clone());
        tauri::async_runtime::spawn(listen(handle, shown, pressed, closed));
        Ok(desktop)
    }
}

async fn listen(
    handle: AppHandle,
    shown: Shown,
    mut pressed: ActionInvokedStream,
    mut closed: NotificationClosedStream,
) {
    loop {
        tokio::select! {
            Some(button) = pressed.next() => if let Ok(button) = button.args() {
                let film = lock(&shown).get(&button.id).copied();
                // Other programs' buttons are heard too.
                if let Some(film) = film {
                    act(&handle, &button.action_key, film).await;
                }
            },
            Some(gone) = closed.next() => if let Ok(gone) = gone.args() {
                lock(&shown).remove(&gone.id);
            },
            else => return,
        }
    }
}

async fn act(handle: &AppHandle, button: &str, film: Option<TransferId>) {
    match (button, film) {
        (SHOW, Some(film)) => show_in_folder(handle, film).await,
        _ => show_window(handle),
    }
}

async fn show_in_folder(handle: &AppHandle, film: TransferId) {
    let place = async {
        let app = handle.state::<Starting>().app().await?;
        playing::place(&app, &MediaRequest::Transfer { id: film.to_string() }).await
    };
    match place.await {
        Ok(path) => handle
            .opener()
            .reveal_item_in_dir(path)
            .unwrap_or_else(|error| tracing::warn!(%error, "the folder was not shown")),
        // The window says what became of it.
        Err(_) => show_window(handle),
    }
}

/// A body may carry marks; a film's name has none, whatever it looks like.
fn marked_up(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn lock(shown: &Shown) -> std::sync::MutexGuard<'_, HashMap<u32, Option<TransferId>>> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_films_name_is_no_markup() {
        assert_eq!(marked_up("a<b>&c"), "a&lt;b&gt;&amp;c", "what looks like a mark is shown as it is");
    }
}
