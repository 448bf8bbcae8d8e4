//! Notifications (Desktop Notifications Specification 1.2), and what their buttons do.
//!
//! Owner: the shell. Invariant: a desktop that shows none disturbs nothing; failures are logged only. `zbus`, which is
//! in the tree already, says all that there is to say; `notify-rust` would be one more dependency for one call.

use std::collections::HashMap;

use futures::StreamExt;
use tauri::{AppHandle, Manager};
use tauri_plugin_opener::OpenerExt;
use tokio::sync::mpsc;
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
    posts: mpsc::Sender<Post>,
}

/// A notification on its way.
#[derive(Debug)]
struct Post {
    told: Told,
    film: Option<TransferId>,
}

/// More than these at once are news to nobody.
const POSTS: usize = 32;

impl Notifier {
    /// Of this app.
    pub(crate) fn new(handle: AppHandle) -> Self {
        let (posts, waiting) = mpsc::channel(POSTS);
        tauri::async_runtime::spawn(deliver(handle, waiting));
        Self { posts }
    }

    /// Tells news in one notification.
    pub(crate) fn tell(&self, news: &[News]) {
        let arrived = match news {
            [News { id, what: What::Done { .. }, .. }] => Some(*id),
            [] | [_] | [_, _, ..] => None,
        };
        if let Some(told) = words::told(news) {
            self.post(told, arrived);
        }
    }

    /// Says something that is about no film.
    pub(crate) fn say(&self, told: Told) {
        self.post(told, None);
    }

    fn post(&self, told: Told, film: Option<TransferId>) {
        if let Err(error) = self.posts.try_send(Post { told, film }) {
            tracing::info!(%error, "a notification was not shown");
        }
    }
}

/// Posts what comes; a desktop that cannot be reached is tried again with the next.
async fn deliver(handle: AppHandle, mut posts: mpsc::Receiver<Post>) {
    while let Some(post) = posts.recv().await {
        match Desktop::connect(handle.clone()).await {
            Ok(mut desktop) => {
                desktop.post(&post).await;
                desktop.run(&mut posts).await;
            }
            Err(error) => tracing::info!(%error, "the desktop shows no notifications"),
        }
    }
}

/// The connection. One task posts and hears, so that a button that is pressed at once is known already.
struct Desktop {
    handle: AppHandle,
    notifications: NotificationsProxy<'static>,
    pressed: ActionInvokedStream,
    closed: NotificationClosedStream,
    /// Which notifications of ours are shown, and the film that each is about, if it is one.
    shown: HashMap<u32, Option<TransferId>>,
}

impl Desktop {
    async fn connect(handle: AppHandle) -> zbus::Result<Self> {
        let notifications = NotificationsProxy::new(&Connection::session().await?).await?;
        let pressed = notifications.receive_action_invoked().await?;
        let closed = notifications.receive_notification_closed().await?;
        Ok(Self { handle, notifications, pressed, closed, shown: HashMap::new() })
    }

    /// Until the desktop's bus is gone, or nobody posts any more.
    async fn run(&mut self, posts: &mut mpsc::Receiver<Post>) {
        loop {
            tokio::select! {
                post = posts.recv() => match post {
                    Some(post) => self.post(&post).await,
                    None => return,
                },
                button = self.pressed.next() => match button {
                    Some(button) => self.press(&button).await,
                    None => return,
                },
                Some(gone) = self.closed.next() => if let Ok(gone) = gone.args() {
                    self.shown.remove(&gone.id);
                },
            }
        }
    }

    async fn post(&mut self, Post { told, film }: &Post) {
        let mut actions = vec![OPEN, words::OPEN];
        if film.is_some() {
            actions.extend([SHOW, words::SHOW_IN_FOLDER]);
        }
        let (body, hints) = (marked_up(&told.body), HashMap::from([("desktop-entry", Value::from("pawl"))]));
        match self.notifications.notify("Pawl", 0, "pawl", &told.title, &body, &actions, hints, -1).await {
            Ok(id) => drop(self.shown.insert(id, *film)),
            Err(error) => tracing::info!(%error, "the desktop shows no notifications"),
        }
    }

    /// Other programs' buttons are heard too.
    async fn press(&self, button: &ActionInvoked) {
        let Ok(button) = button.args() else { return };
        if let Some(film) = self.shown.get(&button.id) {
            act(&self.handle, &button.action_key, *film).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_films_name_is_no_markup() {
        assert_eq!(marked_up("a<b>&c"), "a&lt;b&gt;&amp;c", "what looks like a mark is shown as it is");
    }
}
