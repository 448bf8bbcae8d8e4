//! How the window looks: its frame, and what the page's `prefers-color-scheme` says.

use tauri::{AppHandle, Theme};

use crate::view::ThemeView;

/// Dresses every window so.
pub(crate) fn wear(app: &AppHandle, theme: ThemeView) {
    app.set_theme(match theme {
        ThemeView::System => None,
        ThemeView::Light => Some(Theme::Light),
        ThemeView::Dark => Some(Theme::Dark),
    });
}
