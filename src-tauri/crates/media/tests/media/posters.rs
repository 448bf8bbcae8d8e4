//! Posters, seen with ffmpeg's eyes.

use std::fs;
use std::path::Path;
use std::process::Command;

use media::{Jpeg, MAX_SIDE, MediaError, poster};
use tempfile::TempDir;

use crate::films::{Witness, film, folder, made, patience};

const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";

/// A film of three seconds whose first two are black; then the left half is dark and the right half bright.
fn late(folder: &TempDir, name: &str, more: &str) -> std::path::PathBuf {
    let halves = "geq=lum='if(lt(T,2),16,if(lt(X,W/2),40,220))':cb=128:cr=128";
    let input = "-f lavfi -i color=black:size=320x180:rate=25:duration=3";
    made(folder, &format!("{input} -vf {halves} {more} {H264} {name}"))
}

#[test]
fn a_film_that_begins_black_is_known_by_a_frame_that_is_not() {
    let folder = folder();
    // With key frames to find it by, and with none but the first, which is black.
    for (name, more) in [("keys.mp4", "-g 10"), ("one-key.mp4", "-g 1000"), ("one-key.mkv", "-g 1000")] {
        let picture = Picture::of(&folder, poster(&late(&folder, name, more), &patience()));
        assert_eq!((picture.width, picture.height), (320, 180), "{name}: a small film is not blown up");
        let (left, right) = (picture.at(0.25, 0.5), picture.at(0.75, 0.5));
        assert!(right > 180 && left < 80, "{name}: the frame of the last second, not black: {left} and {right}");
    }
}

#[test]
fn a_turned_film_has_a_turned_poster() {
    let folder = folder();
    let flat = late(&folder, "flat.mp4", "-g 10");
    let turned = made(&folder, &format!("-i {} -c copy -metadata:s:v rotate=90 turned.mp4", flat.display()));
    let rotation = Witness::of(&turned).rotation();
    assert!(matches!(rotation, 90 | 270), "ffmpeg turned it, or this proves nothing: {rotation}");
    let picture = Picture::of(&folder, poster(&turned, &patience()));
    assert_eq!((picture.width, picture.height), (180, 320), "it stands upright");
    // Turned clockwise, what was left is above.
    let (above, below) = (picture.at(0.5, 0.25), picture.at(0.5, 0.75));
    let (dark, bright) = if rotation == 90 { (above, below) } else { (below, above) };
    assert!(dark < 80 && bright > 180, "it is turned the right way round: {above} above, {below} below");
}

#[test]
fn a_large_film_has_a_small_poster_of_its_own_shape() {
    let folder = folder();
    for (size, sar, shown) in
        [("1280x720", "1", (640, 360)), ("720x576", "16/15", (640, 480)), ("360x1280", "1", (180, 640))]
    {
        let name = format!("{size}.mp4");
        let input = format!("-f lavfi -i testsrc2=size={size}:rate=10:duration=1");
        let path = made(&folder, &format!("{input} -vf setsar={sar} {H264} {name}"));
        let picture = Picture::of(&folder, poster(&path, &patience()));
        assert!(picture.width.max(picture.height) <= MAX_SIDE as usize, "{name}: a poster is small");
        assert_eq!((picture.width, picture.height), shown, "{name}: its shape is that of the film");
    }
}

#[test]
fn sound_alone_has_no_poster() {
    let folder = folder();
    for name in ["sound.m4a", "sound.mkv", "sound.wav"] {
        let none = poster(&film(&folder, &format!("-map 1:a {name}")), &patience());
        assert!(matches!(none, Err(MediaError::NoPicture)), "{name} has no picture: {:?}", none.err());
    }
}

#[test]
fn films_of_every_kind_have_posters() {
    let folder = folder();
    let vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8";
    for arguments in [
        format!("{H264} -c:a aac film.ts"),
        format!("{H264} -c:a aac film.avi"),
        format!("{H264} -c:a aac -movflags +frag_keyframe+empty_moov pieces.mp4"),
        format!("{vp9} -c:a libopus film.webm"),
        "-c:v mjpeg -q:v 5 -c:a pcm_s16le film.mov".to_owned(),
    ] {
        let picture = Picture::of(&folder, poster(&film(&folder, &arguments), &patience()));
        assert_eq!((picture.width, picture.height), (320, 180), "{arguments}: a whole frame");
    }
}

#[test]
fn pictures_beyond_the_bound_are_refused() {
    let folder = folder();
    let path = made(&folder, "-f lavfi -i color=gray:size=8200x8200:rate=1:duration=1 -c:v mjpeg -q:v 31 huge.mkv");
    let refused = poster(&path, &patience());
    assert!(matches!(refused, Err(MediaError::TooLarge { width: 8200, height: 8200 })), "{:?}", refused.err());
}

/// A decoded poster: its brightness.
struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Picture {
    fn of(folder: &TempDir, jpeg: Result<Jpeg, MediaError>) -> Self {
        let path = folder.path().join("poster.jpg");
        fs::write(&path, jpeg.expect("there is a poster").0).expect("there is room");
        let stream = Witness::of(&path).stream("video").expect("it is a picture").clone();
        let side = |name: &str| stream[name].as_u64().expect("a picture has sides") as usize;
        Self { width: side("width"), height: side("height"), grey: grey(&path) }
    }

    /// The brightness at shares of its width and height.
    fn at(&self, across: f64, down: f64) -> u8 {
        let (x, y) = ((self.width as f64 * across) as usize, (self.height as f64 * down) as usize);
        self.grey[y * self.width + x]
    }
}

fn grey(path: &Path) -> Vec<u8> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-i"]).arg(path).args(["-f", "rawvideo", "-pix_fmt", "gray", "-"]);
    ffmpeg.output().expect("ffmpeg is installed by .ci/setup").stdout
}
