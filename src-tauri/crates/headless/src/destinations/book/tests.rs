use std::fs;

use tempfile::TempDir;

use transfer::placing::{Taken, Template};
use transfer::units::Rate;

use super::super::Place;
use super::*;
use crate::secrets::SecretPlace;

fn entry(id: &str, name: &str) -> Entry {
    Entry {
        id: DestinationId(id.to_owned()),
        name: name.to_owned(),
        taken: Taken::Skip,
        limit: Rate::bytes_per_second(5_000_000),
        template: Template::default(),
        proxy: None,
        authorities: None,
        secret: Some(SecretPlace::File),
        place: Place::S3 {
            endpoint: "https://host".to_owned(),
            region: "eu-1".to_owned(),
            bucket: "films".to_owned(),
            prefix: "raw \"cuts\"".to_owned(),
            style: super::super::Style::Path,
        },
        more: Table::new(),
    }
}

fn folder_with(text: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join(NAME), text).expect("a file");
    folder
}

#[test]
fn what_was_written_is_there_at_the_next_start() {
    let folder = TempDir::new().expect("a folder");
    let (mut book, told) = Book::read(folder.path());
    assert_eq!((book.contents(), told.len()), (&Contents::default(), 0), "no file is an empty book");
    let mut contents = Contents::default();
    contents.put(entry("a", "Films")).expect("the name is free");
    contents
        .put(Entry { place: Place::Vault { folder: "/films".to_owned() }, ..entry("vault:/films", "Disk") })
        .expect("free");
    contents.choose_default(Some(DestinationId("a".to_owned())));
    book.write(contents.clone()).expect("it can be written");
    let (again, told) = Book::read(folder.path());
    assert_eq!((again.contents(), told), (&contents, Vec::new()), "all of it");
    assert!(contents.remove(&DestinationId("a".to_owned())).is_some(), "it is there");
    assert_eq!(contents.chosen(), None, "what is gone is no default");
}

#[test]
fn two_destinations_cannot_have_one_name_for_they_are_asked_for_by_it() {
    let mut contents = Contents::default();
    contents.put(entry("a", "Films")).expect("the name is free");
    assert_eq!(contents.put(entry("b", "films ")), Err(EntryError::NameTaken("films ".to_owned())), "of the same name");
    contents.put(entry("a", "FILMS")).expect("one's own name may change its letters");
}

#[test]
fn what_cannot_be_understood_is_told_and_kept_beside_the_rest() {
    let odd = "default = \"a\"\nfuture = 1\n\n[[destination]]\nid = \"a\"\nname = \"Good\"\nnew = \"word\"\nplace = { kind = \"server\", url = \"https://host\" }\n\n[[destination]]\nid = \"b\"\nname = \"Odd\"\nplace = { kind = \"ftp\", url = \"ftp://host\" }\n\n[[destination]]\nid = \"c\"\nname = \"Typo\"\nplace = { kind = \"server\", url = \"https://host\", prot = 1 }\n";
    let folder = folder_with(odd);
    let (mut book, told) = Book::read(folder.path());
    assert_eq!(book.contents().entries().len(), 1, "the good one holds");
    assert!(
        told.len() == 2 && told[0].contains("Odd") && told[1].contains("prot"),
        "each of the others is told: {told:?}"
    );
    let mut contents = book.contents().clone();
    contents.put(entry("d", "New")).expect("free");
    book.write(contents).expect("it can be written");
    let text = fs::read_to_string(folder.path().join(NAME)).expect("text");
    for kept in ["ftp://host", "prot = 1", "future = 1", "new = \"word\"", "New"] {
        assert!(text.contains(kept), "{kept} must not be lost: {text}");
    }
}

#[test]
fn a_broken_file_is_set_aside_whole_and_never_written_over() {
    let folder = folder_with("[[destination]\n");
    let (mut book, told) = Book::read(folder.path());
    let kept = folder.path().join("destinations.broken-1.toml");
    assert!(told[0].contains(&kept.display().to_string()), "the person is told where it is: {told:?}");
    book.write(Contents::default()).expect("a new file can be written");
    assert_eq!(fs::read_to_string(&kept).expect("it is there"), "[[destination]\n", "not a byte of it is lost");
}

#[test]
fn a_book_that_the_disk_does_not_give_is_left_alone() {
    let folder = TempDir::new().expect("a folder");
    // A folder in its place cannot be read as a file, whoever asks.
    fs::create_dir(folder.path().join(NAME)).expect("in its place");
    let (mut book, told) = Book::read(folder.path());
    assert_eq!(told.len(), 1, "the person is told: {told:?}");
    assert!(folder.path().join(NAME).is_dir(), "and nothing is set aside");
    assert!(book.write(Contents::default()).is_err(), "nor written over");
}
