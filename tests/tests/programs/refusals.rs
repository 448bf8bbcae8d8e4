//! Bad input gets a clear error, and nothing is lost.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use support::films::{blake3, noise};
use support::programs::{Talker, last, program, upload};

use super::Desk;

fn message(events: &[Value]) -> Result<String> {
    Ok(last(events, "failed")?["message"].as_str().context("a failure has a sentence")?.to_owned())
}

#[test]
fn what_is_no_readable_file_is_refused_with_a_sentence_and_the_others_go_on() -> Result<()> {
    let desk = Desk::new()?;
    let (folder, missing, pipe, film) =
        (desk.path("folder"), desk.path("missing"), desk.path("pipe"), desk.path("film"));
    fs::create_dir(&folder)?;
    ensure!(Command::new("mkfifo").arg(&pipe).status()?.success(), "mkfifo is part of every system");
    noise(&film, 1, 1 << 20)?;
    let (code, events) = desk.run(&[&folder, &missing, &pipe, &film], &[])?;
    assert_eq!(code, Some(1), "not all is there");
    let refused: Vec<_> = events.iter().filter(|event| event["reason"] == "refused").collect();
    assert_eq!(refused.len(), 3, "folder, missing file and pipe, one sentence each: {refused:?}");
    assert!(refused.iter().all(|event| event["message"].as_str().is_some_and(|text| text.len() > 10)), "{refused:?}");
    assert_eq!(last(&events, "done")?["file"].as_str(), film.to_str(), "the good file arrived all the same");
    Ok(())
}

#[test]
fn a_film_that_is_edited_while_it_is_sent_fails_and_starts_over_when_asked() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 40 << 20)?;
    let mut run = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(["--limit", "10M"]))?;
    run.hear("the first acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
    let mut file = OpenOptions::new().write(true).open(&film)?;
    file.seek(SeekFrom::Start(30 << 20))?;
    file.write_all(b"edited")?;
    file.sync_all()?;
    let (status, events) = run.end()?;
    assert_eq!(status.code(), Some(1), "a mixture of two films must never be done");
    assert_eq!(last(&events, "failed")?["reason"], "source_changed", "the reason has its own word");
    let (code, _) = desk.run(&[&film], &[])?;
    assert_eq!(code, Some(1), "asked again without --start-over it stays failed: a person decides");
    let (code, events) = desk.run(&[&film], &["--start-over"])?;
    assert_eq!(code, Some(0), "as the file is now: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "what is there is what the file is");
    Ok(())
}

#[test]
fn a_second_pawl_on_the_same_state_or_vault_is_turned_away() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 30 << 20)?;
    let mut first = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(["--limit", "2M"]))?;
    first.hear("its first event", |_| true)?;
    for (vault, state) in [(desk.path("other"), desk.state()), (desk.vault(), desk.path("other-state"))] {
        let second = upload(&[&film], &vault, &state)?.output()?;
        assert_eq!(second.status.code(), Some(1), "two programs must not write one folder");
        let sentence = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(sentence.to_lowercase().contains("pawl"), "it says who holds it: {sentence}");
    }
    first.kill()?;
    Ok(())
}

#[test]
fn a_damaged_database_is_set_aside_and_said() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 2 << 20)?;
    desk.sends(&film)?;
    for database in [desk.state().join("journal.db"), desk.vault().join(".pawl/vault.db")] {
        fs::write(&database, b"this is no database, but somebody's shopping list, and long enough to be read as one")?;
    }
    let (code, events) = desk.run(&[&film], &[])?;
    assert_eq!(code, Some(0), "the program goes on with new databases: {events:?}");
    let notices: Vec<_> = events.iter().filter(|event| event["event"] == "notice").collect();
    assert_eq!(notices.len(), 2, "one sentence for each database: {notices:?}");
    let kept = |folder: &Path| -> Result<bool> {
        let mut entries = fs::read_dir(folder)?.filter_map(Result::ok);
        Ok(entries.any(|entry| fs::read(entry.path()).is_ok_and(|bytes| bytes.starts_with(b"this is no database"))))
    };
    assert!(kept(&desk.state())? && kept(&desk.vault().join(".pawl"))?, "what was there is kept, not overwritten");
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "the film that was there is untouched");
    Ok(())
}

#[test]
fn what_had_arrived_stays_beside_a_database_that_was_set_aside() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 30 << 20)?;
    let mut run = Talker::start(upload(&[&film], &desk.vault(), &desk.state())?.args(["--limit", "8M"]))?;
    run.hear("an acknowledged chunk", |event| event["bytes_acked"].as_u64() > Some(0))?;
    run.kill()?;
    fs::write(desk.vault().join(".pawl/vault.db"), b"this is no database")?;
    let (code, events) = desk.run(&[&film], &[])?;
    assert_eq!(code, Some(0), "it begins again with a new database: {:?}", events.last());
    let entries = fs::read_dir(desk.vault().join(".pawl"))?.filter_map(Result::ok);
    let mut kept = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("incoming-of-"));
    let parts = fs::read_dir(kept.next().context("the parts of the old database are kept")?.path())?.count();
    assert_eq!(parts, 1, "the unfinished film is not swept away");
    Ok(())
}

#[test]
fn a_nonsensical_command_line_is_explained() -> Result<()> {
    let desk = Desk::new()?;
    for (arguments, word) in [(["--to", "nowhere:x"], "vault:DIR"), (["--to", "vault:"], "folder")] {
        let output = Command::new(program("pawl-upload")?).arg("film").args(arguments).output()?;
        assert!(!output.status.success(), "it cannot run like that");
        assert!(String::from_utf8_lossy(&output.stderr).contains(word), "it says what to write instead: {output:?}");
    }
    let output = upload(&[&desk.path("film")], &desk.vault(), &desk.state())?.args(["--limit", "fast"]).output()?;
    assert!(String::from_utf8_lossy(&output.stderr).contains("20M"), "an example helps: {output:?}");
    Ok(())
}

#[test]
fn a_full_disk_is_said_with_its_figures_and_the_upload_goes_on_when_there_is_room() -> Result<()> {
    let desk = Desk::new()?;
    let disk = support::mounts::Tmpfs::mount(&desk.path("disk"), 24 << 20)?;
    let (vault, film) = (disk.path().join("vault"), desk.path("film.mp4"));
    noise(&film, 1, 16 << 20)?;
    noise(&disk.path().join("ballast"), 2, 12 << 20)?;
    let run = || -> Result<(Option<i32>, Vec<Value>)> {
        let (status, events) = Talker::start(&mut upload(&[&film], &vault, &desk.state())?)?.end()?;
        Ok((status.code(), events))
    };
    let (code, events) = run()?;
    assert_eq!(code, Some(1), "it does not fit");
    assert_eq!(last(&events, "failed")?["reason"], "no_space", "the reason has its own word");
    assert!(message(&events)?.contains("MiB"), "the sentence has the figures: {}", message(&events)?);
    fs::remove_file(disk.path().join("ballast"))?;
    let (code, events) = run()?;
    assert_eq!(code, Some(0), "with room it goes on: {:?}", events.last());
    assert_eq!(blake3(&vault.join("film.mp4"))?, blake3(&film)?, "and is right");
    Ok(())
}

#[test]
fn a_read_only_vault_is_said() -> Result<()> {
    let desk = Desk::new()?;
    let disk = support::mounts::Tmpfs::mount(&desk.path("disk"), 24 << 20)?;
    fs::create_dir(disk.path().join("vault"))?;
    disk.read_only()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 1 << 20)?;
    let output = upload(&[&film], &disk.path().join("vault"), &desk.state())?.output()?;
    assert_eq!(output.status.code(), Some(1), "nothing can be kept there");
    let sentence = String::from_utf8_lossy(&output.stderr).to_lowercase();
    assert!(sentence.contains("read-only"), "it says why: {sentence}");
    Ok(())
}
