//! Receipts: written when a film is there, and held against files later.

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use support::films::{blake3, noise};
use support::programs::{last, program, server, upload_to};

use super::Desk;

const CHUNK: u64 = 4 << 20;
const SIZE: u64 = 3 * CHUNK + 1000;

/// A film that was sent, and its receipt.
fn sent(desk: &Desk) -> Result<(PathBuf, PathBuf)> {
    let (film, receipt) = (desk.path("film.mp4"), desk.path("proof.json"));
    noise(&film, 1, SIZE)?;
    let (code, events) = desk.run(&[&film], &["--receipt", receipt.to_str().context("a plain path")?])?;
    assert_eq!(code, Some(0), "it must be there: {:?}", events.last());
    assert_eq!(last(&events, "receipt")?["receipt"].as_str(), receipt.to_str(), "and it is said where its receipt is");
    Ok((film, receipt))
}

fn verify(receipt: &Path, file: &Path, more: &[&str]) -> Result<Output> {
    Ok(Command::new(program("pawl-upload")?).arg("verify").arg(receipt).arg(file).args(more).output()?)
}

/// What it says of the file to a program, and to its caller.
fn verdict(receipt: &Path, file: &Path) -> Result<(Option<i32>, Value)> {
    let output = verify(receipt, file, &["--json"])?;
    let said = String::from_utf8(output.stdout)?;
    let line = said.lines().last().context("it says something")?;
    Ok((output.status.code(), serde_json::from_str(line)?))
}

fn flip(file: &Path, at: u64) -> Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(file)?;
    let mut byte = [0];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut byte)?;
    file.seek(SeekFrom::Start(at))?;
    Ok(file.write_all(&[byte[0] ^ 1])?)
}

#[test]
fn the_film_that_was_sent_is_equal_to_its_receipt_wherever_it_lies() -> Result<()> {
    let desk = Desk::new()?;
    let (film, receipt) = sent(&desk)?;
    let written: Value = serde_json::from_str(&fs::read_to_string(&receipt)?)?;
    assert_eq!(written["blake3"].as_str(), Some(blake3(&film)?.as_str()), "the film's own hash");
    assert_eq!((&written["name"], &written["size"]), (&json!("film.mp4"), &json!(SIZE)), "whose it is");
    assert_eq!(written["chunks"].as_array().map(Vec::len), Some(4), "chunk by chunk");
    assert_eq!(written["destination"], format!("vault:{}", desk.vault().display()), "where it went");
    for file in [&film, &desk.vault().join("film.mp4")] {
        let (code, said) = verdict(&receipt, file)?;
        assert_eq!((code, &said["equal"]), (Some(0), &json!(true)), "{}: {said}", file.display());
    }
    let words = verify(&receipt, &film, &[])?;
    assert!(String::from_utf8_lossy(&words.stdout).contains("is equal to the receipt"), "in words: {words:?}");
    Ok(())
}

#[test]
fn a_changed_byte_is_named_by_its_chunk_and_the_length_is_told() -> Result<()> {
    let desk = Desk::new()?;
    let (film, receipt) = sent(&desk)?;
    flip(&film, 2 * CHUNK + 5)?;
    let (code, said) = verdict(&receipt, &film)?;
    assert_eq!((code, &said["equal"]), (Some(1), &json!(false)), "it is another file");
    assert_eq!(said["differing"], json!([[2 * CHUNK, 3 * CHUNK]]), "the chunk of that byte, and no other");
    let words = String::from_utf8(verify(&receipt, &film, &[])?.stdout)?;
    assert!(words.contains("bytes 8388608 to 12582911 are others"), "in words: {words}");

    let file = OpenOptions::new().write(true).open(&film)?;
    file.set_len(CHUNK + 7)?;
    let (code, said) = verdict(&receipt, &film)?;
    assert_eq!((code, &said["bytes_found"]), (Some(1), &json!(CHUNK + 7)), "it was cut");
    assert_eq!((&said["differing"], &said["untold"]), (&json!([]), &json!([CHUNK, CHUNK + 7])), "the first is right");
    noise(&film, 1, SIZE)?;
    OpenOptions::new().append(true).open(&film)?.write_all(b"more")?;
    let (code, said) = verdict(&receipt, &film)?;
    assert_eq!((code, &said["bytes_found"]), (Some(1), &json!(SIZE + 4)), "it is longer");
    assert_eq!(said["differing"], json!([]), "and right as far as it was sent");
    noise(&film, 9, SIZE)?;
    let (code, said) = verdict(&receipt, &film)?;
    assert_eq!((code, &said["differing"]), (Some(1), &json!([[0, SIZE]])), "quite another film");
    Ok(())
}

#[test]
fn what_cannot_be_relied_on_is_refused_with_a_sentence() -> Result<()> {
    let desk = Desk::new()?;
    let (film, receipt) = sent(&desk)?;
    let whole: Value = serde_json::from_str(&fs::read_to_string(&receipt)?)?;
    let refused = |change: fn(&mut Value)| -> Result<String> {
        let mut other = whole.clone();
        change(&mut other);
        fs::write(&receipt, other.to_string())?;
        let output = verify(&receipt, &film, &[])?;
        assert_eq!(output.status.code(), Some(2), "it cannot be told: {output:?}");
        Ok(String::from_utf8(output.stderr)?)
    };
    assert!(refused(|other| other["chunks"][1] = other["chunks"][2].clone())?.contains("was changed"), "a digest");
    assert!(refused(|other| other["version"] = json!(7))?.contains("version 7"), "a later Pawl's");
    assert!(refused(|other| other["chunks"] = json!([]))?.contains("4 chunks"), "too few digests");
    let swapped = verify(&film, &receipt, &[])?;
    assert_eq!(swapped.status.code(), Some(2), "a film is no receipt");
    assert!(String::from_utf8(swapped.stderr)?.contains("no receipt"), "and that is said");
    let missing = verify(&receipt, &desk.path("missing"), &[])?;
    assert_eq!(missing.status.code(), Some(2), "a file that is not there is neither equal nor another");
    Ok(())
}

#[test]
fn a_folder_gets_a_receipt_of_each_film_also_of_those_that_were_there() -> Result<()> {
    let desk = Desk::new()?;
    let folder = desk.path("receipts/");
    let films = ["a/film.mp4", "b/film.mp4", "empty.mp4"].map(|name| desk.path(name));
    for (seed, film) in (0..).zip(&films) {
        fs::create_dir_all(film.parent().context("it has one")?)?;
        noise(film, seed, if seed == 2 { 0 } else { 5000 })?;
    }
    let place = folder.to_str().context("a plain path")?;
    let paths: Vec<&Path> = films.iter().map(PathBuf::as_path).collect();
    for run in ["the first", "the second, which sends nothing"] {
        let (code, events) = desk.run(&paths, &["--receipt", place])?;
        assert_eq!(code, Some(0), "{run}: {:?}", events.last());
        let mut names: Vec<_> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
        names.sort();
        let wanted = ["empty.mp4.receipt.json", "film.mp4 (2).receipt.json", "film.mp4.receipt.json"];
        assert_eq!(names, wanted, "{run}: one a film, and nothing half written");
        for event in events.iter().filter(|event| event["event"] == "receipt") {
            let of = |field: &str| event[field].as_str().map(PathBuf::from).context("a path");
            assert_eq!(verdict(&of("receipt")?, &of("file")?)?.0, Some(0), "{run}: each is its own film's: {event}");
        }
    }
    Ok(())
}

#[test]
fn a_receipt_writes_over_nothing_but_a_receipt() -> Result<()> {
    let desk = Desk::new()?;
    let (film, receipt) = sent(&desk)?;
    let place = receipt.to_str().context("a plain path")?;
    assert_eq!(desk.run(&[&film], &["--receipt", place])?.0, Some(0), "its own it writes again");
    let (other, kept) = (desk.path("other.mp4"), desk.path("kept.mp4"));
    noise(&other, 2, 5000)?;
    noise(&kept, 3, 5000)?;
    let (code, _) = desk.run(&[&other], &["--receipt", kept.to_str().context("a plain path")?])?;
    assert_eq!(code, Some(1), "a film is not written over");
    assert!(!desk.vault().join("other.mp4").exists(), "and that is said before anything is sent");
    let (code, _) = desk.run(&[&film, &other], &["--receipt", place])?;
    assert_eq!(code, Some(1), "two films have a receipt each, and no file holds two");
    Ok(())
}

#[test]
fn a_server_gives_what_a_receipt_needs() -> Result<()> {
    let desk = Desk::new()?;
    let (film, receipt) = (desk.path("film.mp4"), desk.path("proof.json"));
    noise(&film, 4, SIZE)?;
    let (_server, url) = server(&desk.vault())?;
    let mut command = upload_to(&[&film], url.as_ref(), &desk.state())?;
    assert!(command.arg("--receipt").arg(&receipt).output()?.status.success(), "it is there");
    let written: Value = serde_json::from_str(&fs::read_to_string(&receipt)?)?;
    assert_eq!((&written["proof"], &written["destination"]), (&json!("root"), &json!(url)), "what it rests on, where");
    assert_eq!(verdict(&receipt, &film)?.0, Some(0), "and the film is equal to it");
    Ok(())
}

#[test]
fn a_film_that_is_called_verify_or_help_is_still_a_film() -> Result<()> {
    let desk = Desk::new()?;
    for name in ["verify", "help"] {
        noise(&desk.path(name), 1, 1000)?;
    }
    let to = format!("vault:{}", desk.vault().display());
    let run = |arguments: &[&str]| -> Result<Output> {
        let mut command = Command::new(program("pawl-upload")?);
        Ok(command.current_dir(desk.path("")).arg("--state").arg(desk.state()).args(arguments).output()?)
    };
    let output = run(&["--to", &to, "verify", "help"])?;
    assert!(output.status.success(), "behind an option they are files: {output:?}");
    assert!(desk.vault().join("verify").is_file() && desk.vault().join("help").is_file(), "and were sent");
    let output = Command::new(program("pawl-upload")?).output()?;
    assert_eq!(output.status.code(), Some(2), "without anything it says how it is used: {output:?}");
    Ok(())
}
