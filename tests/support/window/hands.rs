//! The keyboard and the pointer as a person has them: keys go to whatever has the focus, the pointer to a place.

use anyhow::{Context, Result, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::key::Key;
use serde_json::json;

use super::{Window, until};

/// The left button, as WebDriver counts.
const LEFT: u64 = 0;

impl Window {
    /// Strikes keys one after the other, wherever the focus is.
    pub async fn strike(&self, keys: &str) -> Result<()> {
        let strokes = keys.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        let actions = strokes.fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        Ok(self.client.perform_actions(actions).await?)
    }

    /// Strikes a key of the keyboard's own.
    pub async fn strike_key(&self, key: Key) -> Result<()> {
        self.strike(&char::from(key).to_string()).await
    }

    /// Strikes a key while another is held.
    pub async fn chord(&self, held: Key, key: char) -> Result<()> {
        let held = char::from(held);
        let strokes = [
            KeyAction::Down { value: held },
            KeyAction::Down { value: key },
            KeyAction::Up { value: key },
            KeyAction::Up { value: held },
        ];
        let actions = strokes.into_iter().fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        Ok(self.client.perform_actions(actions).await?)
    }

    /// Waits until the focus is on such an element.
    pub async fn until_focused(&self, css: &str) -> Result<()> {
        let is = async || {
            let script = "return document.activeElement?.matches(arguments[0])";
            Ok((self.script(script, &[json!(css)]).await? == true).then_some(()))
        };
        match until(&format!("the focus on {css}"), is).await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("it is on {}", self.focused().await?))),
        }
    }

    /// The tag of what has the focus, as it stands in the page.
    pub async fn focused(&self) -> Result<String> {
        let script = "return document.activeElement?.cloneNode(false)?.outerHTML ?? 'nothing'";
        let tag = self.script(script, &[]).await?;
        tag.as_str().map(str::to_owned).context("a tag is text")
    }

    /// Strikes a key again and again until the focus is on such an element, as a person tabs to what they look for.
    pub async fn walk(&self, key: Key, css: &str) -> Result<()> {
        const STEPS: usize = 40;
        for _ in 0..STEPS {
            let there = self.script("return document.activeElement?.matches(arguments[0])", &[json!(css)]).await?;
            if there == true {
                return Ok(());
            }
            self.strike_key(key).await?;
        }
        ensure!(false, "{STEPS} steps lead not to {css} but to {}", self.focused().await?);
        Ok(())
    }

    /// Moves the pointer to a place in the page, in pixels.
    pub async fn point(&self, (x, y): (f64, f64)) -> Result<()> {
        Ok(self.client.perform_actions(mouse().then(PointerAction::MoveTo { duration: None, x, y })).await?)
    }

    /// Where the middle of an element is in the page, in pixels.
    pub async fn place_of(&self, css: &str) -> Result<(f64, f64)> {
        let script =
            "const { left, top, width, height } = document.querySelector(arguments[0]).getBoundingClientRect();
            return [left + width / 2, top + height / 2]";
        Ok(serde_json::from_value(self.script(script, &[json!(css)]).await?)?)
    }

    /// Presses at a place in the page and carries what is there to another, without letting go of it.
    pub async fn carry(&self, from: (f64, f64), to: (f64, f64)) -> Result<()> {
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let at = |(x, y): (f64, f64)| PointerAction::MoveTo { duration: None, x, y };
        let pressed = mouse().then(at(from)).then(PointerAction::Down { button: LEFT });
        Ok(self.client.perform_actions(pressed.then(at(middle)).then(at(to))).await?)
    }

    /// Lets go of what the pointer carries.
    pub async fn let_go(&self) -> Result<()> {
        Ok(self.client.perform_actions(mouse().then(PointerAction::Up { button: LEFT })).await?)
    }

    /// Clicks at a place in the page, in pixels.
    pub async fn click(&self, (x, y): (f64, f64)) -> Result<()> {
        let moved = mouse().then(PointerAction::MoveTo { duration: None, x, y });
        let clicked = moved.then(PointerAction::Down { button: LEFT }).then(PointerAction::Up { button: LEFT });
        Ok(self.client.perform_actions(clicked).await?)
    }
}

fn mouse() -> MouseActions {
    MouseActions::new("mouse".to_owned())
}
