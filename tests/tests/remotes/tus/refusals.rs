//! What cannot go well is said before a byte is sent.

use std::fs;

use anyhow::Result;
use serde_json::Value;
use support::films::noise;
use support::programs::{Talker, last, upload_to};

use super::{Desk, is_there, sent};

/// Sends 3 MiB to a server that was started so, which must refuse them: the last `failed`.
fn refused_by(more: &[&str]) -> Result<Value> {
    let desk = Desk::new()?;
    let (server, film) = (desk.server(more)?, desk.path("film.mp4"));
    noise(&film, 1, 3 << 20)?;
    let (code, events) = desk.run(&film, &server)?;
    assert_eq!(code, Some(1), "what is refused is not done: {:?}", events.last());
    assert_eq!(sent(&events)?, 0, "not a byte leaves for a server that will not take the whole");
    assert_eq!(server.files()?.len(), 0, "and nothing is begun there");
    Ok(last(&events, "failed")?.clone())
}

#[test]
fn a_server_with_a_limit_says_so_with_both_numbers() -> Result<()> {
    let failed = refused_by(&["--max-size=1000000"])?;
    let message = failed["message"].as_str().unwrap_or_default();
    assert!(message.contains("1000000") && message.contains("3145728"), "what is too long, and for what: {message}");
    Ok(())
}

#[test]
fn a_server_without_room_says_so() -> Result<()> {
    let failed = refused_by(&["--full"])?;
    assert_eq!(failed["reason"], "no_space", "a person must make room: {failed}");
    Ok(())
}

#[test]
fn an_upload_that_the_server_forgot_begins_again() -> Result<()> {
    let desk = Desk::new()?;
    let (server, film) = (desk.server(&[])?, desk.path("film.mp4"));
    noise(&film, 1, 40 << 20)?;
    let mut run = Talker::start(desk.upload(&film, &server)?.args(["--limit", "20M"]))?;
    run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
    run.kill()?;
    for file in server.files()? {
        fs::remove_file(file.with_extension("json"))?;
        fs::remove_file(file)?;
    }
    let events = desk.sends(&film, &server)?;
    assert_eq!(sent(&events)?, 40 << 20, "nothing is there any more, and all of it leaves again");
    is_there(&film, &server)
}

#[test]
fn an_address_where_nobody_speaks_tus_is_said_at_once() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 1 << 20)?;
    for (to, word) in [
        ("tus+http://127.0.0.1:1/files/", "refuses connections"),
        ("tus+http://someone:secret@127.0.0.1:1/files/", "use a token"),
        ("tus+http://", "tus+https://HOST/PATH/"),
    ] {
        let output = upload_to(&[&film], to.as_ref(), &desk.path("state"))?.output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(word), "{to}: {said}");
        assert!(!said.contains("secret"), "a password is not repeated: {said}");
    }
    Ok(())
}
