//! `pawl-server scrub`: a vault that nobody has open is read again.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use support::films::noise;
use support::programs::{Talker, program, server, upload};

use super::Desk;

const CHUNK: u64 = 4 << 20;

/// Its exit code, what it says of each thing that it found, and its last word.
fn scrub(vault: &Path) -> Result<(Option<i32>, Vec<Value>, Value)> {
    let output = Command::new(program("pawl-server")?).args(["scrub", "--json", "--data"]).arg(vault).output()?;
    let said = String::from_utf8(output.stdout)?;
    let lines = said.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let mut told: Vec<_> = lines.into_iter().filter(|line| line["event"] != "progress").collect();
    let last = told.pop().unwrap_or_else(|| json!(String::from_utf8_lossy(&output.stderr)));
    Ok((output.status.code(), told, last))
}

fn flip(file: &Path, at: u64) -> Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(file)?;
    let mut byte = [0];
    file.read_exact_at(&mut byte, at)?;
    Ok(file.write_all_at(&[byte[0] ^ 1], at)?)
}

/// A vault with three films, one of them empty.
fn vault_with_films() -> Result<Desk> {
    let desk = Desk::new()?;
    for (seed, (name, len)) in (1..).zip([("a.mp4", 9 << 20), ("b.mp4", 5000), ("empty.mp4", 0)]) {
        noise(&desk.path(name), seed, len)?;
        desk.sends(&desk.path(name))?;
    }
    Ok(desk)
}

#[test]
fn a_sound_vault_is_said_to_be_so_and_nothing_in_it_is_touched() -> Result<()> {
    let desk = vault_with_films()?;
    let database = desk.vault().join(".pawl/vault.db");
    let before = (fs::read(&database)?, fs::metadata(&database)?.modified()?);
    let (code, told, last) = scrub(&desk.vault())?;
    assert_eq!((code, &last["sound"], told.len()), (Some(0), &json!(true), 0), "all of it is right: {last}");
    assert_eq!((&last["films"], &last["bytes"]), (&json!(3), &json!((9 << 20) + 5000)), "the empty one too");
    assert_eq!((fs::read(&database)?, fs::metadata(&database)?.modified()?), before, "its database is untouched");
    let mut words = Command::new(program("pawl-server")?);
    let words = words.args(["scrub", "--data"]).arg(desk.vault()).output()?;
    assert!(String::from_utf8_lossy(&words.stdout).contains("all of it is what arrived"), "in words: {words:?}");
    desk.sends(&desk.path("a.mp4"))?;
    Ok(())
}

#[test]
fn what_is_damaged_missing_or_nobodys_is_named() -> Result<()> {
    let desk = vault_with_films()?;
    noise(&desk.path("c.mp4"), 7, 6000)?;
    desk.sends(&desk.path("c.mp4"))?;
    flip(&desk.vault().join("a.mp4"), 5 << 20)?;
    OpenOptions::new().write(true).open(desk.vault().join("b.mp4"))?.set_len(4999)?;
    fs::remove_file(desk.vault().join("c.mp4"))?;
    fs::write(desk.vault().join("notes.txt"), "the person's own")?;
    fs::create_dir(desk.vault().join("a folder of the person's own"))?;
    let (code, told, last) = scrub(&desk.vault())?;
    assert_eq!((code, &last["sound"], &last["ended"]), (Some(1), &json!(false), &json!(true)), "{last}");
    let mut found: Vec<_> = told.iter().map(|one| (one["event"].to_string(), one["film"].to_string())).collect();
    found.sort();
    let wanted = [("damaged", "a.mp4"), ("damaged", "b.mp4"), ("missing", "c.mp4")];
    let wanted = wanted.map(|(event, film)| (json!(event).to_string(), json!(film).to_string()));
    assert_eq!(found[..3], wanted, "each by its name, and no other: {told:?}");
    let extra = told.iter().find(|one| one["event"] == "extra").context("the file that is nobody's")?;
    assert_eq!(extra["file"].as_str(), desk.vault().join("notes.txt").to_str(), "and where it is");
    assert_eq!(told.len(), 4, "a folder is a person's own: {told:?}");
    assert_eq!(fs::read(desk.vault().join("notes.txt"))?, b"the person's own", "nothing is taken away");
    Ok(())
}

#[test]
fn a_file_that_is_nobodys_does_no_harm() -> Result<()> {
    let desk = vault_with_films()?;
    fs::write(desk.vault().join("notes.txt"), "the person's own")?;
    let (code, told, _) = scrub(&desk.vault())?;
    assert_eq!((code, told.len()), (Some(0), 1), "it is told, and the films are right: {told:?}");
    Ok(())
}

#[test]
fn what_was_acknowledged_of_an_unfinished_film_is_read_again_too() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 40 << 20)?;
    let mut run = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(["--limit", "20M"]))?;
    run.hear("two acknowledged chunks", |event| event["bytes_acked"].as_u64() >= Some(2 * CHUNK))?;
    run.kill()?;
    let (code, told, last) = scrub(&desk.vault())?;
    assert_eq!(
        (code, &last["unfinished"], told.len()),
        (Some(0), &json!(1), 0),
        "it is right as far as it is: {told:?}"
    );
    assert_eq!(last["films"], json!(0), "and no film yet");

    let part = fs::read_dir(desk.vault().join(".pawl/incoming"))?.next().context("its part")??.path();
    for chunk in 0..10 {
        flip(&part, chunk * CHUNK + 9)?;
    }
    let (code, told, _) = scrub(&desk.vault())?;
    assert_eq!(code, Some(1), "what was acknowledged is not there any more");
    let ranges = told[0]["differing"].as_array().context("which")?.clone();
    assert!(!ranges.is_empty() && told[0]["finished"] == json!(false), "chunk by chunk: {told:?}");
    let changed: u64 = ranges.iter().map(|range| range[1].as_u64().unwrap_or(0) - range[0].as_u64().unwrap_or(0)).sum();
    assert!((2 * CHUNK..40 << 20).contains(&changed), "what has not arrived is not missed: {ranges:?}");
    fs::remove_file(part)?;
    assert_eq!(scrub(&desk.vault())?.1[0]["event"], "missing", "and a part that is gone is missed");
    Ok(())
}

#[test]
fn a_vault_in_use_and_what_is_none_are_refused() -> Result<()> {
    let desk = vault_with_films()?;
    let (running, _) = server(&desk.vault())?;
    let (code, _, said) = scrub(&desk.vault())?;
    assert_eq!(code, Some(2), "somebody has it open: {said}");
    assert!(said.to_string().contains("another Pawl"), "and that is said: {said}");
    running.kill()?;
    let (code, _, said) = scrub(&desk.path(""))?;
    assert_eq!(code, Some(2), "a folder that is no vault is not called sound");
    assert!(said.to_string().contains("is no vault"), "and nothing is made there: {said}");
    assert!(!desk.path(".pawl").exists(), "it changes nothing");
    fs::write(desk.vault().join(".pawl/vault.db"), "no database")?;
    let (code, _, said) = scrub(&desk.vault())?;
    assert_eq!((code, said.to_string().contains("is damaged")), (Some(2), true), "nobody knows what was there: {said}");
    assert_eq!(fs::read(desk.vault().join(".pawl/vault.db"))?, b"no database", "it is left where it is");
    Ok(())
}
