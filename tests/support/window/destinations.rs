//! The place *Destinations*: its cards by their names, its form by its fields.

use anyhow::Result;

use super::Window;
use super::page::testid;

/// Opens an empty form, pastes an address into it and waits until it was recognised as that kind.
pub async fn paste(window: &Window, address: &str, kind: &str) -> Result<()> {
    window.press("[data-testid=place-destinations]").await?;
    window.press("[data-testid=teach-add], [data-testid=add-destination]").await?;
    window.write("[data-testid=form-paste]", address).await?;
    window.says("[data-testid=form-recognised]", kind).await.map(drop)
}

/// Fills in fields: their names without `form-`, and what is to stand in them.
pub async fn fill(window: &Window, fields: &[(&str, &str)]) -> Result<()> {
    for (field, text) in fields {
        window.fill(&testid(&format!("form-{field}")), text).await?;
    }
    Ok(())
}

/// Saves the form and waits until the destination is in the list.
pub async fn save(window: &Window, name: &str) -> Result<()> {
    window.press("[data-testid=form-save]").await?;
    window.find(&card(name)).await?;
    window.until_no("[data-testid=destination-form]").await
}

/// Chooses something from the menu of its card.
pub async fn choose(window: &Window, name: &str, what: &str) -> Result<()> {
    window.press("[data-testid=place-destinations]").await?;
    window.press(&of(name, "more")).await?;
    window.press(&testid(what)).await
}

/// Something on its card.
pub fn of(name: &str, what: &str) -> String {
    format!("{} {}", card(name), testid(what))
}

/// The card of a destination.
pub fn card(name: &str) -> String {
    testid(&format!("destination-{name}"))
}
