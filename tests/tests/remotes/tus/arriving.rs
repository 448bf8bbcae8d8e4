//! What goes well.

use anyhow::Result;
use support::films::noise;
use support::programs::{Talker, last};

use super::{Desk, is_there, sent};

#[test]
fn a_film_of_64_mib_is_delivered_and_not_called_verified() -> Result<()> {
    let desk = Desk::new()?;
    let (server, film) = (desk.server(&[])?, desk.path("film.mp4"));
    noise(&film, 1, 64 << 20)?;
    let events = desk.sends(&film, &server)?;
    assert_eq!(sent(&events)?, 64 << 20, "every byte leaves once");
    let object = last(&events, "done")?["object"].as_str().unwrap_or_default().to_owned();
    assert!(object.starts_with(server.url()), "the object is an address there: {object}");
    is_there(&film, &server)?;
    let again = desk.sends(&film, &server)?;
    assert_eq!(last(&again, "done")?["already"], true, "a second run knows");
    is_there(&film, &server)
}

#[test]
fn an_empty_film_arrives() -> Result<()> {
    let desk = Desk::new()?;
    let (server, film) = (desk.server(&[])?, desk.path("empty.mp4"));
    noise(&film, 1, 0)?;
    desk.sends(&film, &server)?;
    is_there(&film, &server)
}

#[test]
fn a_token_lets_in_and_is_never_told() -> Result<()> {
    let desk = Desk::new()?;
    let (server, film) = (desk.server(&["--token=s3cret"])?, desk.path("film.mp4"));
    noise(&film, 1, 3 << 20)?;
    let mut stranger = Talker::start(&mut desk.upload(&film, &server)?)?;
    let waits = stranger.hear("that it waits for a person", |event| event["state"] == "waiting")?;
    assert_eq!(waits["reason"], "credentials", "a person must give the token: {waits}");
    stranger.kill()?;
    let (status, events) = Talker::start(desk.upload(&film, &server)?.env("PAWL_TOKEN", "s3cret"))?.end()?;
    assert!(status.success(), "with the token it is let in: {:?}", events.last());
    is_there(&film, &server)?;
    let logs: Vec<_> = std::fs::read_dir(desk.path("state/logs"))?.collect::<std::io::Result<_>>()?;
    for log in logs {
        assert!(!std::fs::read_to_string(log.path())?.contains("s3cret"), "no log holds a token");
    }
    Ok(())
}
