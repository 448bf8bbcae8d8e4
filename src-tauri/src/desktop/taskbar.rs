//! Progress on the icon in the taskbar: the launcher entry (`com.canonical.Unity.LauncherEntry`), which Plasma, Ubuntu's
//! dock and Dash to Dock read. Tauri's own way needs libunity, which most of them lack.

use std::collections::HashMap;

use zbus::Connection;
use zbus::zvariant::Value;

use super::course::Totals;

/// The desktop entry by which a taskbar finds its icon.
const ENTRY: &str = "application://pawl.desktop";
/// Any path will do; it tells our signals from others'.
const PATH: &str = "/app/pawl/Pawl/launcher";
const INTERFACE: &str = "com.canonical.Unity.LauncherEntry";

/// Says how far it is, to whom it may concern.
pub(crate) async fn show(session: &Connection, totals: &Totals) -> zbus::Result<()> {
    let percent = totals.percent.filter(|_| totals.running > 0);
    let shown = HashMap::from([
        ("progress", Value::from(f64::from(percent.unwrap_or(0)) / 100.0)),
        ("progress-visible", Value::from(percent.is_some())),
        ("count", Value::from(i64::try_from(totals.running).unwrap_or(i64::MAX))),
        ("count-visible", Value::from(totals.running > 0)),
    ]);
    session.emit_signal(None::<&str>, PATH, INTERFACE, "Update", &(ENTRY, shown)).await
}
