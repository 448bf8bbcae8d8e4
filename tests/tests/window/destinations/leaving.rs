//! What lies unfinished there, and destinations that one wants no longer.

use anyhow::Result;
use remotes::native::Native;
use remotes::s3::{S3, S3Credentials};
use remotes::{Connection, ConnectionSetup};
use support::garage::{Garage, KEY, SECRET};
use support::pawl_server::{PawlServer, token};
use support::tus_server::TusServer;
use support::window::{Window, scene};
use transfer::remote::Remote;
use transfer::testing::Film;

use super::super::film;
use super::{Far, at_destinations, card, choose, far, fill, holding, home, paste, save, send, studio};

/// Another program begins a film there and is never heard of again; what the film is called.
async fn begun_and_left(remote: &dyn Remote) -> Result<String> {
    let film = Film::new(remote, 7, 17_000_000);
    let handle = remote.begin(&film.upload()).await?;
    remote.put_chunk(film.put(&handle, film.chunk(0))).await?;
    Ok("film-7.mp4".to_owned())
}

/// Looks at what lies unfinished at a destination, finds the film with its size and age, and throws it away.
async fn thrown_away(window: &Window, name: &str, film: &str) -> Result<String> {
    choose(window, name, "look-unfinished").await?;
    let orphan = format!("[data-testid$=\"{film}\"][data-testid^=orphan-]");
    let told = window.says(&orphan, "begun").await?;
    window.press(&format!("{orphan} [data-testid=abort]")).await?;
    window.press("[data-testid=abort-for-good]").await?;
    window.says("[data-testid=unfinished-none]", "Nothing unfinished").await?;
    Ok(told)
}

#[test]
fn what_another_program_left_unfinished_is_listed_with_age_and_size_and_thrown_away() -> Result<()> {
    scene("orphans", async |scene| {
        let connection = || Connection::new(&ConnectionSetup::default());
        let (vault, garage) = (scene.path("far"), Garage::start_in(&scene.path(""))?);
        let token = token(&vault, "anna", "read,upload")?;
        let server = PawlServer::start(&vault, &[])?;
        let native = Native::new(connection()?, &server.url(), Some(&token))?;
        let store = S3::new(garage.address("in").parse()?, S3Credentials::new(KEY, SECRET, None), connection()?)?;
        let left = [begun_and_left(&native).await?, begun_and_left(&store).await?];

        let window = at_destinations(scene).await?;
        paste(&window, &server.url(), "Pawl server").await?;
        fill(&window, &[("name", "Studio"), ("token", &token)]).await?;
        save(&window, "Studio").await?;
        paste(&window, &garage.address("in"), "S3 store").await?;
        fill(&window, &[("name", "Archive"), ("access_key", KEY), ("secret_key", SECRET)]).await?;
        save(&window, "Archive").await?;
        let told = thrown_away(&window, "Studio", &left[0]).await?;
        assert!(told.contains("of 17"), "how much of how much is there: {told}");
        let told = thrown_away(&window, "Archive", &left[1]).await?;
        assert!(told.contains("MB there"), "how much is there: {told}");
        assert_eq!(native.unfinished().await?.len(), 0, "the server forgot it");
        assert_eq!(store.unfinished().await?, [], "and so did the store");
        Ok(())
    })
}

#[test]
fn a_destination_goes_only_when_nothing_is_on_its_way_there_and_what_had_no_secret_comes_back() -> Result<()> {
    scene("removing", async |scene| {
        let files = scene.path("far");
        std::fs::create_dir(&files)?;
        let server = TusServer::start(&files, &[])?;
        let window = at_destinations(scene).await?;
        paste(&window, server.url(), "tus server").await?;
        fill(&window, &[("name", "Drop box")]).await?;
        save(&window, "Drop box").await?;
        window.limit(Some(1)).await?;
        send(scene, &window, Some("Drop box"), &film(scene, "long.mov", 16)?).await?;
        window.until_row("long.mov", &["uploading", "limited"]).await?;
        choose(&window, "Drop box", "remove-destination").await?;
        window.says("[data-testid=toast], [data-testid=notice]", "still on its way there").await?;
        window.find(&card("Drop box")).await?;

        window.press("[data-testid=place-transfers]").await?;
        window.act("long.mov", "cancel").await?;
        if window.shows("[data-testid=give-up]").await? {
            window.press("[data-testid=give-up]").await?;
        }
        window.until_row("long.mov", &["cancelled"]).await?;
        choose(&window, "Drop box", "remove-destination").await?;
        window.until_no(&card("Drop box")).await?;
        window.says("[data-testid=toast]", "Drop box is removed").await?;
        window.press("[data-testid=undo]").await?;
        window
            .says(&card("Drop box"), server.url().trim_start_matches("http://").split('/').next().unwrap_or(""))
            .await?;
        Ok(())
    })
}

#[test]
fn a_destination_with_a_secret_is_asked_about_and_its_secret_goes_with_it() -> Result<()> {
    scene("removing-secret", async |scene| {
        let far = far(scene, &[])?;
        let window = studio(scene, &far).await?;
        let Far { token, .. } = far;
        assert_eq!(holding(&home(scene), token.as_bytes())?.len(), 1, "the secret is kept in one place");
        choose(&window, "Studio", "remove-destination").await?;
        window.press("[data-testid=keep-destination]").await?;
        window.find(&card("Studio")).await?;
        choose(&window, "Studio", "remove-destination").await?;
        window.press("[data-testid=remove-for-good]").await?;
        window.until_no(&card("Studio")).await?;
        assert!(holding(&home(scene), token.as_bytes())?.is_empty(), "nobody needs it any more");
        Ok(())
    })
}
