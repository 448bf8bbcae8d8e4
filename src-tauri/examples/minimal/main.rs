//! The least that a Tauri app can be: one window, one static page. `make bench` holds Pawl beside it, for what both take
//! is Tauri's and the webview's own. It is no part of what is shipped.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("examples/minimal/tauri.conf.json"))
}
