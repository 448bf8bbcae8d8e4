//! A small window is still a whole one.

use anyhow::Result;
use serde_json::{Value, json};
use support::films::bunny;
use support::window::{Window, scene};

use super::{film, with_limit};

#[test]
fn at_900_by_600_every_control_is_in_view_and_nothing_scrolls_sideways() -> Result<()> {
    scene("small", async |scene| {
        with_limit(scene, 1).await?;
        let name = "a film with quite a long name, as cameras and people give them, take 12.mov";
        let long = film(scene, name, 8)?;
        let window = scene.open(&[&long, &bunny()]).await?;
        window.resize(900, 600).await?;
        window.until_row(name, &["uploading", "limited"]).await?;
        window.open_details(name).await?;
        window.until_map(name, "a map", |_| true).await?;
        assert_fits(&window, &["choose", "play", "pause", "more", "limit", "place-library"]).await?;
        window.act(name, "play").await?;
        window.find("[data-testid=player]").await?;
        assert_fits(&window, &["close-player", "limit"]).await
    })
}

/// No sideways scrolling, and each of these controls lies in the window with nothing over its middle.
async fn assert_fits(window: &Window, controls: &[&str]) -> Result<()> {
    let page = "const page = document.scrollingElement; return page.scrollWidth - page.clientWidth";
    assert_eq!(window.script(page, &[]).await?, json!(0), "the page is as wide as its window");
    let hidden = "return arguments[0].filter((name) => {
        const control = document.querySelector(`[data-testid=${name}]`);
        const { left, right, top, bottom, width, height } = control?.getBoundingClientRect() ?? {};
        const inside = width > 0 && height > 0 && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        const topmost = inside && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return !topmost || !control.contains(topmost);
    })";
    let hidden = window.script(hidden, &[json!(controls)]).await?;
    assert_eq!(hidden, Value::Array(Vec::new()), "every control can be seen and reached");
    Ok(())
}
