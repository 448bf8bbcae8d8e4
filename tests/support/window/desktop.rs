//! The X server under the app: its pointer, and the frames of its windows. WebDriver knows neither.

use anyhow::{Context, Result, ensure};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat,
    InputFocus, MOTION_NOTIFY_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use super::processes::Pid;

/// The left button.
const BUTTON: u8 = 1;
/// What the app's window is called. GTK keeps nameless ones beside it, for drags.
const TITLE: &[u8] = b"Pawl";

/// A connection to the display of `DISPLAY`.
#[derive(Debug)]
pub(super) struct Desktop {
    connection: RustConnection,
    root: Window,
}

impl Desktop {
    pub(super) fn connect() -> Result<Self> {
        let (connection, screen) = x11rb::connect(None).context("cannot reach the display")?;
        let root = connection.setup().roots[screen].root;
        Ok(Self { connection, root })
    }

    /// Moves the pointer, in pixels from the left and from the top.
    pub(super) fn point(&self, x: i16, y: i16) -> Result<()> {
        self.feign(MOTION_NOTIFY_EVENT, 0, x, y)
    }

    /// Presses the button.
    pub(super) fn press(&self) -> Result<()> {
        self.feign(BUTTON_PRESS_EVENT, BUTTON, 0, 0)
    }

    /// Lets it go.
    pub(super) fn release(&self) -> Result<()> {
        self.feign(BUTTON_RELEASE_EVENT, BUTTON, 0, 0)
    }

    /// How bright a pixel of the screen is, from 0 (black) to 1 (white), as a person sees it.
    pub(super) fn brightness(&self, x: i16, y: i16) -> Result<f64> {
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, 1, 1, u32::MAX)?.reply()?;
        let colours = image.data.get(..3).context("the screen has no three colours a pixel")?;
        Ok(colours.iter().copied().map(f64::from).sum::<f64>() / (3.0 * 255.0))
    }

    /// Asks the one window of a process to close, as the button in its frame does (ICCCM, section 4.2.8.1).
    pub(super) fn close_window(&self, owner: Pid) -> Result<()> {
        let shown = self.windows_of(owner)?;
        ensure!(shown.len() == 1, "process {owner} shows {} windows, not one", shown.len());
        let (protocols, delete) = (self.atom("WM_PROTOCOLS")?, self.atom("WM_DELETE_WINDOW")?);
        let message = ClientMessageEvent::new(32, shown[0], protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        Ok(self.connection.send_event(false, shown[0], EventMask::NO_EVENT, message)?.check()?)
    }

    /// Gives the one window of a process the keyboard, as a window manager does.
    pub(super) fn focus(&self, owner: Pid) -> Result<()> {
        let shown = self.windows_of(owner)?;
        ensure!(shown.len() == 1, "process {owner} shows {} windows, not one", shown.len());
        let focused = self.connection.set_input_focus(InputFocus::PARENT, shown[0], x11rb::CURRENT_TIME)?;
        Ok(focused.check()?)
    }

    /// Takes the keyboard away from every window.
    pub(super) fn focus_nothing(&self) -> Result<()> {
        Ok(self.connection.set_input_focus(InputFocus::NONE, x11rb::NONE, x11rb::CURRENT_TIME)?.check()?)
    }

    /// Whether a process shows a window.
    pub(super) fn shows(&self, owner: Pid) -> Result<bool> {
        Ok(!self.windows_of(owner)?.is_empty())
    }

    /// The windows that a process shows, wherever a window manager put them in the tree.
    fn windows_of(&self, owner: Pid) -> Result<Vec<Window>> {
        let (mut found, mut ahead) = (Vec::new(), vec![self.root]);
        while let Some(window) = ahead.pop() {
            // A window may go while it is looked at.
            let Ok(tree) = self.connection.query_tree(window)?.reply() else { continue };
            ahead.extend(tree.children);
            if self.is_shown_by(window, owner)? {
                found.push(window);
            }
        }
        Ok(found)
    }

    fn is_shown_by(&self, window: Window, owner: Pid) -> Result<bool> {
        let pid = self.connection.get_property(false, window, self.atom("_NET_WM_PID")?, AtomEnum::CARDINAL, 0, 1)?;
        let title = self.connection.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::STRING, 0, 64)?;
        let attributes = self.connection.get_window_attributes(window)?.reply();
        let pid = pid.reply().ok().and_then(|property| property.value32()?.next());
        let titled = title.reply().is_ok_and(|property| property.value == TITLE);
        let viewable = attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE);
        Ok(titled && viewable && pid == Some(owner.as_raw_nonzero().get().cast_unsigned()))
    }

    fn atom(&self, name: &str) -> Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }

    fn feign(&self, event: u8, detail: u8, x: i16, y: i16) -> Result<()> {
        let now = x11rb::CURRENT_TIME;
        Ok(self.connection.xtest_fake_input(event, detail, now, self.root, x, y, 0)?.check()?)
    }
}
