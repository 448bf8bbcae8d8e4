//! What is no film, and films that end in the middle: an error or facts, within the limit.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use media::{Cancel, Limit, MediaError, poster, probe};

use crate::films::{film, folder, patience};

/// A look at a film of three seconds that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(20);
const CUTS: usize = 20;

#[test]
fn a_film_cut_anywhere_ends_in_facts_or_an_error() {
    let folder = folder();
    let whole = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac";
    for kind in ["-movflags +faststart front.mp4", "end.mp4"] {
        let film = fs::read(film(&folder, &format!("{whole} {kind}"))).expect("it was made");
        let cut = folder.path().join("cut.mp4");
        for part in 0..CUTS {
            fs::write(&cut, &film[..film.len() * part / CUTS]).expect("there is room");
            let begun = Instant::now();
            let (facts, picture) = (probe(&cut, &patience()), poster(&cut, &patience()));
            assert!(begun.elapsed() < LONGEST, "{kind} cut at {part}/{CUTS} must not hang: {:?}", begun.elapsed());
            let wrong = |error: &MediaError| !matches!(error, MediaError::NotAFilm(_) | MediaError::NoPicture);
            assert!(!facts.as_ref().err().is_some_and(wrong), "{kind} cut at {part}/{CUTS}: {facts:?}");
            assert!(!picture.as_ref().err().is_some_and(wrong), "{kind} cut at {part}/{CUTS}: {:?}", picture.err());
        }
    }
}

#[test]
fn words_nothing_and_folders_are_no_films() {
    let folder = folder();
    let (words, empty) = (folder.path().join("words.mp4"), folder.path().join("empty.mp4"));
    fs::write(&words, "Only words. ".repeat(1000)).expect("there is room");
    fs::write(&empty, "").expect("there is room");
    for path in [&words, &empty] {
        assert_no_film(probe(path, &patience()).map(drop), path);
        assert_no_film(poster(path, &patience()).map(drop), path);
    }
    for path in [folder.path(), Path::new("/dev/zero"), Path::new("/nowhere/film.mp4")] {
        let refused = probe(path, &patience());
        assert!(matches!(refused, Err(MediaError::Unreadable { .. })), "{} is not opened: {refused:?}", path.display());
    }
}

fn assert_no_film(found: Result<(), MediaError>, path: &Path) {
    assert!(matches!(found, Err(MediaError::NotAFilm(_))), "{} is no film: {found:?}", path.display());
}

#[test]
fn a_look_that_was_called_off_does_not_begin() {
    let folder = folder();
    let film = film(&folder, "-c:v libx264 -preset ultrafast film.mp4");
    let limit = patience();
    limit.cancel.cancel();
    assert!(matches!(probe(&film, &limit), Err(MediaError::Cancelled)), "it was called off before");
    assert!(matches!(poster(&film, &limit), Err(MediaError::Cancelled)), "it was called off before");
}

#[test]
fn calling_off_ends_a_look_that_is_under_way() {
    let folder = folder();
    // Ten minutes and one key frame: to show the last second, all of it must be decoded.
    let long =
        "-f lavfi -i color=black:size=640x360:rate=25:duration=600 -c:v libx264 -preset ultrafast -g 100000 long.mp4";
    let film = crate::films::made(&folder, long);
    let limit = Limit { time: Duration::from_secs(60), cancel: Cancel::default() };
    let theirs = limit.cancel.clone();
    let calling = thread::spawn(move || {
        thread::sleep(Duration::from_millis(400));
        theirs.cancel();
        Instant::now()
    });
    let ended = poster(&film, &limit);
    let called = calling.join().expect("it only sleeps");
    // A fast machine may have found its black frame by then.
    assert!(matches!(ended, Err(MediaError::Cancelled) | Ok(_)), "{:?}", ended.err());
    assert!(called.elapsed() < Duration::from_secs(3), "it ends soon after it was called off: {:?}", called.elapsed());
}

#[test]
fn a_limit_of_no_time_ends_at_once() {
    let folder = folder();
    let film = film(&folder, "-c:v libx264 -preset ultrafast film.mp4");
    let begun = Instant::now();
    let ended = probe(&film, &Limit::of(Duration::ZERO));
    assert!(matches!(ended, Err(MediaError::TooSlow(_))), "there was no time: {ended:?}");
    assert!(begun.elapsed() < Duration::from_secs(5), "the caller waits no longer: {:?}", begun.elapsed());
}
