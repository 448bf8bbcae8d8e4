//! A destination is set up without a mouse.

use anyhow::Result;
use support::window::{Key, Window, scene};

use super::{Far, at_destinations, far, of};

/// Tabs to a control and presses it.
async fn act(window: &Window, control: &str) -> Result<()> {
    window.walk(Key::Tab, control).await?;
    window.strike_key(Key::Enter).await
}

#[test]
fn a_server_is_added_tested_and_made_the_default_by_keyboard_alone() -> Result<()> {
    scene("destination-keys", async |scene| {
        let Far { token, server, .. } = far(scene, &[])?;
        let window = at_destinations(scene).await?;
        act(&window, "[data-testid=teach-add]").await?;
        window.until_focused("[data-testid=form-paste]").await?;
        window.strike(&server.url()).await?;
        window.strike_key(Key::Enter).await?;
        window.says("[data-testid=form-recognised]", "Pawl server").await?;
        window.walk(Key::Tab, "[data-testid=form-name]").await?;
        window.strike("Studio").await?;
        window.walk(Key::Tab, "[data-testid=form-token]").await?;
        window.strike(&token).await?;
        act(&window, "[data-testid=form-test]").await?;
        window.says("[data-testid=check-can_write][data-verdict=yes]", "").await?;
        act(&window, "[data-testid=form-save]").await?;
        window.until_no("[data-testid=destination-form]").await?;
        let more = of("Studio", "more");
        act(&window, &more).await?;
        window.until_focused("[data-testid=make-default]").await?;
        window.strike_key(Key::Enter).await?;
        window.find(&of("Studio", "is-default")).await?;
        window.until_focused(&more).await
    })
}

#[test]
fn what_was_typed_is_not_lost_without_a_question() -> Result<()> {
    scene("form-lost", async |scene| {
        let window = at_destinations(scene).await?;
        window.press("[data-testid=teach-add]").await?;
        window.write("[data-testid=form-name]", "Studio").await?;
        window.strike_key(Key::Escape).await?;
        window.until_focused("[data-testid=form-stay]").await?;
        window.strike_key(Key::Enter).await?;
        window.until_focused("[data-testid=form-name]").await?;
        window.strike_key(Key::Escape).await?;
        window.press("[data-testid=form-lose]").await?;
        window.until_no("[data-testid=destination-form]").await
    })
}
