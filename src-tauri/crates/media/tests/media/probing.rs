//! Facts against ffprobe's.

use media::{Facts, Track, TrackKind, probe};
use serde_json::Value;

use crate::films::{Witness, film, folder, made, number, patience};

const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac";

/// ffmpeg's arguments, the container as we call it, how far lengths may differ in seconds, and whether the average
/// rate of frames must be known.
const TABLE: &[(&str, &str, f64, bool)] = &[
    ("{H264} -movflags +faststart front.mp4", "MP4", 0.1, true),
    ("{H264} end.mp4", "MP4", 0.1, true),
    ("{H264} film.mov", "QuickTime", 0.1, true),
    ("{H264} film.mkv", "Matroska", 0.1, true),
    ("{H264} film.avi", "AVI", 0.1, true),
    // A transport stream says no length; both sides reckon from the clock and differ by what stands before and after.
    ("{H264} film.ts", "MPEG-TS", 0.3, true),
    ("-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus film.webm", "WebM", 0.1, true),
    ("-map 0:v {H264} silent.mp4", "MP4", 0.1, true),
    ("-map 1:a -c:a aac sound.m4a", "MP4", 0.1, true),
    ("{H264} -vf setsar=4/3 wide.mp4", "MP4", 0.1, true),
    // A film of fragments whose head says no length: GStreamer 1.22 leaves the last fragment out, here one second.
    ("{H264} -movflags +frag_keyframe+empty_moov -g 25 pieces.mp4", "MP4", 1.1, true),
];

#[test]
fn every_film_is_what_ffprobe_says_it_is() {
    let folder = folder();
    for (arguments, container, apart, rate) in TABLE {
        let path = film(&folder, &arguments.replace("{H264}", H264));
        let (facts, witness) = (probe(&path, &patience()), Witness::of(&path));
        let facts = facts.unwrap_or_else(|error| panic!("{arguments}: {error}"));
        assert_eq!(facts.container.as_deref(), Some(*container), "{arguments}: its container");
        assert_eq!(facts.size, path.metadata().expect("it is there").len(), "{arguments}: its bytes");
        assert_same_length(&facts, &witness, *apart, arguments);
        assert_same_pictures(&facts, &witness, *rate, arguments);
        assert_same_sound(&facts, &witness, arguments);
    }
}

#[test]
fn a_turned_film_has_the_size_that_is_shown() {
    let folder = folder();
    let flat = film(&folder, &format!("{H264} flat.mp4"));
    for degrees in [90, 180, 270] {
        let name = format!("turned-{degrees}.mp4");
        let path = made(&folder, &format!("-i {} -c copy -metadata:s:v rotate={degrees} {name}", flat.display()));
        let (facts, witness) = (probe(&path, &patience()).expect("it is a film"), Witness::of(&path));
        let video = of_kind(&facts, TrackKind::Video).expect("it has pictures");
        assert_ne!(witness.rotation(), 0, "ffmpeg turned it, or this proves nothing");
        assert_eq!(video.rotation, witness.rotation(), "{name}: degrees clockwise");
        let shown = if degrees == 180 { (320, 180) } else { (180, 320) };
        assert_eq!((video.width, video.height), (Some(shown.0), Some(shown.1)), "{name}: as it is shown");
    }
}

#[test]
fn a_film_of_varying_rate_tells_its_average() {
    let folder = folder();
    let filter = "-vf select='lt(t,1.5)+not(mod(n,5))' -vsync vfr";
    let path = film(&folder, &format!("{filter} {H264} varying.mp4"));
    let (facts, witness) = (probe(&path, &patience()).expect("it is a film"), Witness::of(&path));
    assert_same_pictures(&facts, &witness, true, "varying.mp4");
}

#[test]
fn only_an_index_behind_the_pictures_is_at_the_end() {
    let folder = folder();
    let at_end = |arguments: &str| {
        let path = film(&folder, &format!("{H264} {arguments}"));
        probe(&path, &patience()).expect("it is a film").index_at_end
    };
    assert!(at_end("end.mp4"), "ffmpeg writes the index last unless told otherwise");
    assert!(!at_end("-movflags +faststart front.mp4"), "moved to the front");
    assert!(!at_end("-movflags +frag_keyframe+empty_moov pieces.mp4"), "a film of fragments begins with it");
    assert!(!at_end("film.mkv"), "Matroska has no such index");
}

#[test]
fn a_track_tells_its_language() {
    let folder = folder();
    let path = film(&folder, &format!("{H264} -metadata:s:a:0 language=deu spoken.mkv"));
    let facts = probe(&path, &patience()).expect("it is a film");
    let language = of_kind(&facts, TrackKind::Audio).and_then(|audio| audio.language.as_deref());
    assert!(matches!(language, Some("de" | "deu" | "ger")), "German, in whatever spelling: {language:?}");
}

fn of_kind(facts: &Facts, kind: TrackKind) -> Option<&Track> {
    facts.tracks.iter().find(|track| track.kind == kind)
}

fn assert_same_length(facts: &Facts, witness: &Witness, apart: f64, film: &str) {
    let ours = facts.duration.unwrap_or_else(|| panic!("{film}: its length is known"));
    let theirs = witness.duration();
    assert!((ours - theirs).abs() <= apart, "{film}: {ours} s, and ffprobe says {theirs} s");
}

fn assert_same_pictures(facts: &Facts, witness: &Witness, rate: bool, film: &str) {
    let (ours, theirs) = (of_kind(facts, TrackKind::Video), witness.stream("video"));
    assert_eq!(ours.is_some(), theirs.is_some(), "{film}: pictures or none");
    let Some((ours, theirs)) = ours.zip(theirs) else { return };
    assert_eq!(ours.codec, called(&theirs["codec_name"]), "{film}: its codec");
    assert!(ours.decodable, "{film}: its decoder is installed");
    assert_eq!(ours.width, shown_width(theirs), "{film}: pixels across, made square");
    assert_eq!(ours.height.map(u64::from), theirs["height"].as_u64(), "{film}: pixels down");
    if rate {
        let (ours, average) = (ours.frame_rate, number(&theirs["avg_frame_rate"]));
        let near = ours.zip(average).is_some_and(|(ours, average)| (ours - average).abs() < 0.02 * average);
        assert!(near, "{film}: {ours:?} frames a second, and ffprobe says {average:?}");
    }
}

fn assert_same_sound(facts: &Facts, witness: &Witness, film: &str) {
    let (ours, theirs) = (of_kind(facts, TrackKind::Audio), witness.stream("audio"));
    assert_eq!(ours.is_some(), theirs.is_some(), "{film}: sound or none");
    let Some((ours, theirs)) = ours.zip(theirs) else { return };
    assert_eq!(ours.codec, called(&theirs["codec_name"]), "{film}: its codec");
    assert_eq!(ours.channels.map(u64::from), theirs["channels"].as_u64(), "{film}: channels");
    let rate = number(&theirs["sample_rate"]);
    assert_eq!(ours.sample_rate.map(f64::from), rate, "{film}: samples a second");
}

fn shown_width(stream: &Value) -> Option<u32> {
    let stored = stream["width"].as_f64()?;
    let (across, down) =
        stream["sample_aspect_ratio"].as_str().and_then(|ratio| ratio.split_once(':')).unwrap_or(("1", "1"));
    let ratio = across.parse::<f64>().ok()? / down.parse::<f64>().ok()?;
    Some((stored * ratio).round() as u32)
}

fn called(name: &Value) -> &'static str {
    match name.as_str() {
        Some("h264") => "H.264",
        Some("vp8") => "VP8",
        Some("aac") => "AAC",
        Some("opus") => "Opus",
        other => panic!("the table has no {other:?}"),
    }
}
