//! The icon in the tray (StatusNotifierItem): its menu, and how far it all is.
//!
//! Owner: the watch. `ksni` speaks the protocol itself and says whether anybody shows the icon, which decides what
//! closing the window means; `tauri`'s own tray goes through libayatana, which knows neither that nor a tooltip, and
//! panics where the library is missing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ksni::menu::StandardItem;
use ksni::{Category, Handle, Icon, MenuItem, OfflineReason, ToolTip, TrayMethods};
use tauri::image::Image;
use tauri::{AppHandle, Manager};
use transfer::engine::{Command, Version};

use super::closing::quit;
use super::course::Totals;
use super::words;
use crate::adding::show_window;
use crate::starting::Starting;

/// The icon, in the sizes that trays have.
const ICONS: [Image<'static>; 3] = [
    tauri::include_image!("../assets/icons/16x16.png"),
    tauri::include_image!("../assets/icons/32x32.png"),
    tauri::include_image!("../assets/icons/128x128.png"),
];

/// Our icon, and whether somebody shows it.
pub(crate) struct Tray {
    handle: AppHandle,
    shown: Arc<AtomicBool>,
    totals: Totals,
}

impl Tray {
    /// Offers the icon, now or as soon as there is a tray; none without a session bus. `shown` says whether it is.
    pub(crate) async fn offer(handle: AppHandle, shown: Arc<AtomicBool>) -> Option<Handle<Self>> {
        shown.store(true, Ordering::Relaxed);
        let tray = Self { handle, shown: shown.clone(), totals: Totals::default() };
        let offered = tray.assume_sni_available(true).spawn().await;
        offered
            .inspect_err(|error| {
                shown.store(false, Ordering::Relaxed);
                tracing::info!(%error, "no icon in a tray");
            })
            .ok()
    }

    /// Shows how far it is.
    pub(crate) fn set(&mut self, totals: Totals) {
        self.totals = totals;
    }

    fn all_item(&self) -> MenuItem<Self> {
        let (label, command) = match self.totals {
            Totals { running: 0, paused: 1.., .. } => (words::RESUME_ALL, Command::Resume),
            Totals { .. } => (words::PAUSE_ALL, Command::Pause),
        };
        let something = self.totals.running + self.totals.paused > 0;
        let activate = move |tray: &mut Self| {
            let handle = tray.handle.clone();
            tauri::async_runtime::spawn(async move { command_all(&handle, command).await });
        };
        let enabled = something;
        StandardItem { label: label.into(), enabled, activate: Box::new(activate), ..StandardItem::default() }.into()
    }
}

impl ksni::Tray for Tray {
    fn id(&self) -> String {
        "pawl".to_owned()
    }

    fn title(&self) -> String {
        "Pawl".to_owned()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        ICONS.iter().map(icon).collect()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Pawl".to_owned(), description: words::totals(&self.totals), ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        show_window(&self.handle);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let progress = StandardItem { label: words::totals(&self.totals), enabled: false, ..StandardItem::default() };
        let quitting = |tray: &mut Self| {
            let handle = tray.handle.clone();
            tauri::async_runtime::spawn(async move { quit(&handle).await });
        };
        vec![
            progress.into(),
            MenuItem::Separator,
            item(words::SHOW, |tray| show_window(&tray.handle)),
            self.all_item(),
            MenuItem::Separator,
            item(words::QUIT, quitting),
        ]
    }

    fn watcher_online(&self) {
        self.shown.store(true, Ordering::Relaxed);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.shown.store(false, Ordering::Relaxed);
        true
    }
}

fn item(label: &str, activate: impl Fn(&mut Tray) + Send + 'static) -> MenuItem<Tray> {
    StandardItem { label: label.to_owned(), activate: Box::new(activate), ..StandardItem::default() }.into()
}

/// ARGB in network order, as the protocol wants it.
fn icon(image: &Image<'_>) -> Icon {
    let argb = image.rgba().chunks_exact(4).flat_map(|pixel| [pixel[3], pixel[0], pixel[1], pixel[2]]);
    Icon { width: image.width().cast_signed(), height: image.height().cast_signed(), data: argb.collect() }
}

/// Tells every transfer; those that it does not concern are left alone.
async fn command_all(handle: &AppHandle, command: Command) {
    let Ok(app) = handle.state::<Starting>().app().await else { return };
    let Ok(all) = app.engine.since(Version::default()).await else { return };
    let wanted = |state: &transfer::state::TransferState| match command {
        Command::Pause => state.is_running(),
        Command::Resume => *state == transfer::state::TransferState::Paused,
        Command::Cancel | Command::Retry | Command::StartOver | Command::SendChanged | Command::Remove => false,
    };
    for transfer in all.changed.iter().filter(|transfer| wanted(&transfer.state)) {
        // It may have ended meanwhile; its row says so.
        if let Err(error) = app.engine.command(transfer.id, command).await {
            tracing::info!(%error, "not all transfers took it");
        }
    }
}
