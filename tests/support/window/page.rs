//! The page as a person meets it: look, press, type.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use fantoccini::key::Key;
use fantoccini::{Locator, elements::Element};
use serde_json::{Value, json};

use super::{Window, until};

impl Window {
    /// What a script answers; it reads its arguments from `arguments`.
    pub async fn script(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        Ok(self.client.execute(script, arguments.to_vec()).await?)
    }

    /// What a script hands to the last of its arguments, a function.
    pub async fn script_async(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        Ok(self.client.execute_async(script, arguments.to_vec()).await?)
    }

    /// Opens another page in the app's own webview.
    pub async fn visit(&self, address: &str) -> Result<()> {
        Ok(self.client.goto(address).await?)
    }

    /// Waits until nothing on the page fades or moves any more: colours in between are nobody's choice. What was just put
    /// there begins to fade with the next frame.
    pub async fn settled(&self) -> Result<()> {
        let still = "const [told] = arguments;
            const isStill = (one) =>
                one.effect?.getComputedTiming().iterations === Infinity || one.playState === 'finished';
            const look = () => told(document.getAnimations().every(isStill));
            requestAnimationFrame(() => requestAnimationFrame(look))";
        let is_still = async || Ok((self.script_async(still, &[]).await? == json!(true)).then_some(()));
        until("the page to stand still", is_still).await
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Result<Element> {
        until(css, async || Ok(Some(self.client.find(Locator::Css(css)).await?))).await
    }

    /// Whether there is such an element now.
    pub async fn shows(&self, css: &str) -> Result<bool> {
        Ok(!self.client.find_all(Locator::Css(css)).await?.is_empty())
    }

    /// Waits until an element is there that can be clicked, and clicks it.
    pub async fn press(&self, css: &str) -> Result<()> {
        let clicked = async || Ok(Some(self.client.find(Locator::Css(css)).await?.click().await?));
        until(&format!("{css} to be pressed"), clicked).await
    }

    /// Types into an element: text, or a key of [`fantoccini::key::Key`].
    pub async fn write(&self, css: &str, keys: &str) -> Result<()> {
        Ok(self.find(css).await?.send_keys(keys).await?)
    }

    /// Puts a text into a field in place of what stands in it.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.find(css).await?;
        field.clear().await?;
        // The driver writes no line ends, but presses what makes them.
        field.send_keys(&text.replace('\n', &char::from(Key::Enter).to_string())).await?;
        let script = "return document.querySelector(arguments[0]).value.trim()";
        let filled = async || Ok((self.script(script, &[json!(css)]).await? == text.trim()).then_some(()));
        until(&format!("{css} to hold what was typed"), filled).await
    }

    /// Waits until there is no such element any more.
    pub async fn until_no(&self, css: &str) -> Result<()> {
        until(&format!("{css} to go"), async || Ok((!self.shows(css).await?).then_some(()))).await
    }

    /// All text that the elements show now, an item each.
    pub async fn texts(&self, css: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.innerText)";
        let said = self.script(script, &[json!(css)]).await?;
        Ok(serde_json::from_value(said)?)
    }

    /// Waits until one of the elements says it, and gives all that this one says.
    pub async fn says(&self, css: &str, words: &str) -> Result<String> {
        let said = async || Ok(self.texts(css).await?.into_iter().find(|text| text.contains(words)));
        match until(&format!("{css} to say {words:?}"), said).await {
            Ok(text) => Ok(text),
            Err(error) => Err(error.context(format!("it says {:?}", self.texts(css).await?))),
        }
    }

    /// Writes what the window shows as a PNG, once what is in the page has been painted.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        let painted = "const [done] = arguments;
            requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))";
        self.script_async(painted, &[]).await?;
        fs::write(path, self.client.screenshot().await?).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Makes the window so large, in pixels, and waits until its page is.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_size(width, height).await?;
        let size = "return [window.innerWidth, window.innerHeight]";
        let resized = async || Ok((self.script(size, &[]).await? == json!([width, height])).then_some(()));
        until(&format!("a window of {width} by {height}"), resized).await
    }

    /// Moves the window there and makes it so large, in pixels.
    pub async fn place(&self, x: u32, y: u32, width: u32, height: u32) -> Result<()> {
        self.client.set_window_rect(x, y, width, height).await?;
        let there =
            async || Ok((self.frame().await? == (x.into(), y.into(), width.into(), height.into())).then_some(()));
        until(&format!("a window of {width} by {height} at {x}, {y}"), there).await
    }

    /// Where the window is and how large, in pixels: from the left, from the top, across, down.
    pub async fn frame(&self) -> Result<(u64, u64, u64, u64)> {
        Ok(self.client.get_window_rect().await?)
    }

    /// The middle of the window on the screen, in pixels.
    pub(super) async fn middle(&self) -> Result<(i16, i16)> {
        let (x, y, width, height) = self.client.get_window_rect().await?;
        Ok(((x + width / 2).try_into()?, (y + height / 2).try_into()?))
    }

    /// The middle of an element on the screen, in pixels.
    pub(super) async fn middle_of(&self, css: &str) -> Result<(i16, i16)> {
        let script =
            "const { left, top, width, height } = document.querySelector(arguments[0]).getBoundingClientRect();
            return [window.screenX + left + width / 2, window.screenY + top + height / 2].map(Math.round)";
        Ok(serde_json::from_value(self.script(script, &[json!(css)]).await?)?)
    }

    /// Sets the speed limit with the window's own control, in megabytes a second; none for no limit.
    pub async fn limit(&self, megabytes: Option<u32>) -> Result<()> {
        self.press(&testid("limit")).await?;
        let Some(megabytes) = megabytes else {
            self.press(&testid("limit-none")).await?;
            return self.says(&testid("limit"), "No limit").await.map(drop);
        };
        self.write(&testid("limit-typed"), &format!("{megabytes}M")).await?;
        self.press(&testid("limit-set")).await?;
        self.says(&testid("limit"), &format!("Limit {megabytes} MB/s")).await.map(drop)
    }
}

/// The selector of an element that tests may rely on.
pub(super) fn testid(name: &str) -> String {
    let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("[data-testid=\"{quoted}\"]")
}
