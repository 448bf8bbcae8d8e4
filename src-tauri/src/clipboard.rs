//! The system's clipboard: files on it, as a file browser's *Copy* puts them there: addresses, a line each (RFC 2483).

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use tauri::AppHandle;
use tokio::sync::oneshot;

/// The files on the clipboard; none when there is something else on it, or nothing.
pub(crate) async fn files(app: &AppHandle) -> tauri::Result<Vec<PathBuf>> {
    let (told, heard) = oneshot::channel();
    // GTK may be asked on the main thread only. It is not waited for there: whoever owns the clipboard may be slow.
    app.run_on_main_thread(move || ask(told))?;
    Ok(heard.await.map(|list| paths(&list)).unwrap_or_default())
}

/// Puts a text on it.
pub(crate) fn put(app: &AppHandle, text: String) -> tauri::Result<()> {
    app.run_on_main_thread(move || write(&text))
}

#[cfg(target_os = "linux")]
fn write(text: &str) {
    gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD).set_text(text);
}

#[cfg(not(target_os = "linux"))]
fn write(_: &str) {}

#[cfg(target_os = "linux")]
fn ask(told: oneshot::Sender<Vec<u8>>) {
    let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
    // The receiver waits for as long as the person may: a send that nobody hears matters to nobody.
    clipboard.request_contents(&gtk::gdk::Atom::intern("text/uri-list"), |_, found| drop(told.send(found.data())));
}

#[cfg(not(target_os = "linux"))]
fn ask(_: oneshot::Sender<Vec<u8>>) {}

/// The local files of a list of addresses; comments and what lies elsewhere are left out.
fn paths(list: &[u8]) -> Vec<PathBuf> {
    list.split(|byte| matches!(byte, b'\n' | b'\r' | 0)).filter_map(path).collect()
}

/// `file:///films/a%20b.mp4`, with or without this machine's name before the path (RFC 8089). Names are bytes.
pub(crate) fn path(address: &[u8]) -> Option<PathBuf> {
    let rest = address.strip_prefix(b"file:")?;
    let rest = rest.strip_prefix(b"//localhost").or_else(|| rest.strip_prefix(b"//")).unwrap_or(rest);
    let bytes: Vec<u8> = percent_encoding::percent_decode(rest).collect();
    (bytes.starts_with(b"/") && !bytes.contains(&0)).then(|| OsString::from_vec(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths_to_the_byte() {
        let list = b"# copied\r\nfile:///films/a%20%26%20b%231.mp4\r\nfile://localhost/c.mp4\r\nfile:/d\r\n";
        let expected = ["/films/a & b#1.mp4", "/c.mp4", "/d"].map(PathBuf::from);
        assert_eq!(paths(list), expected, "escaped characters are the name's own");
        let odd = OsString::from_vec(b"/\xff\n.mp4".to_vec());
        assert_eq!(paths(b"file:///%FF%0A.mp4"), [PathBuf::from(odd)], "a name need not be text");
    }

    #[test]
    fn what_is_no_local_file_is_left_out() {
        let list = b"https://example.org/a.mp4\nfile://elsewhere/a.mp4\nwords\nfile:relative\nfile:///a%00b\n";
        assert_eq!(paths(list), Vec::<PathBuf>::new(), "only this machine's files can be read");
    }
}
