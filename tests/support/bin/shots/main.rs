//! Every screen and every state of the real app in its real webview, as pictures in `target/shots`. `make shots` runs
//! it in a virtual display.
//!
//! States are the engine's own: files change, go away and are held while they travel, and where a healthy vault would
//! be too quick to be seen it plays a part (`PAWL_VAULT_PLAYS`, in builds for tests alone). A window is started once
//! and then worn in every look.

mod album;
mod destinations;
mod films;
mod places;
mod playing;
mod senses;
mod transfers;

use anyhow::Result;
use support::window::scene;

use album::Album;

fn main() -> Result<()> {
    let album = Album::emptied()?;
    scene("shots-places", async |scene| places::story(scene, &album).await)?;
    scene("shots-destinations", async |scene| destinations::story(scene, &album).await)?;
    scene("shots-transfers", async |scene| transfers::slow(scene, &album).await)?;
    scene("shots-breaks", async |scene| transfers::weary(scene, &album).await)?;
    album.say(&format!("{} pictures are in {}", album.taken(), album.folder().display()));
    Ok(())
}
