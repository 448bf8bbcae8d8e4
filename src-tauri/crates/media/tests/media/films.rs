//! Small films, made when a test asks for them, and ffprobe's word on them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use media::Limit;
use serde_json::Value;
use tempfile::TempDir;

/// Far more than a film of three seconds needs on a busy machine.
pub(crate) fn patience() -> Limit {
    Limit::of(Duration::from_secs(60))
}

/// A folder that is gone afterwards.
pub(crate) fn folder() -> TempDir {
    TempDir::with_prefix("pawl-media-").expect("a temporary folder")
}

/// Three seconds of a moving picture and a tone, with further arguments of ffmpeg's, the last of them the name.
pub(crate) fn film(folder: &TempDir, arguments: &str) -> PathBuf {
    const INPUTS: &str = "-f lavfi -i testsrc2=size=320x180:rate=25:duration=3 \
                          -f lavfi -i sine=frequency=440:sample_rate=48000:duration=3";
    made(folder, &format!("{INPUTS} {arguments}"))
}

/// What ffmpeg makes of these words; the last names the file in `folder`.
pub(crate) fn made(folder: &TempDir, arguments: &str) -> PathBuf {
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let (name, words) = words.split_last().expect("the last word is the name");
    let path = folder.path().join(name);
    let ended = Command::new("ffmpeg").args(["-nostdin", "-v", "error", "-y"]).args(words).arg(&path).status();
    assert!(ended.expect("ffmpeg is installed by .ci/setup").success(), "ffmpeg makes: {arguments}");
    path
}

/// What ffprobe says.
pub(crate) struct Witness(Value);

impl Witness {
    pub(crate) fn of(film: &Path) -> Self {
        let mut ffprobe = Command::new("ffprobe");
        ffprobe.args(["-v", "error", "-of", "json", "-show_format", "-show_streams"]).arg(film);
        let said = ffprobe.output().expect("ffprobe is installed by .ci/setup");
        Self(serde_json::from_slice(&said.stdout).expect("ffprobe speaks JSON"))
    }

    pub(crate) fn duration(&self) -> f64 {
        number(&self.0["format"]["duration"]).expect("ffprobe knows a length")
    }

    /// The first stream of a kind.
    pub(crate) fn stream(&self, kind: &str) -> Option<&Value> {
        self.0["streams"].as_array()?.iter().find(|stream| stream["codec_type"] == kind)
    }

    /// Degrees clockwise; ffprobe counts the other way round.
    pub(crate) fn rotation(&self) -> u16 {
        let turned =
            self.stream("video").and_then(|video| video["side_data_list"].as_array()?.iter().find_map(rotated));
        turned.map_or(0, |degrees| degrees.rem_euclid(360) as u16)
    }
}

fn rotated(side: &Value) -> Option<i64> {
    side["rotation"].as_i64().map(|degrees| -degrees)
}

/// `3.04`, `25/1`.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let text = value.as_str()?;
    match text.split_once('/') {
        Some((above, below)) => Some(above.parse::<f64>().ok()? / below.parse::<f64>().ok()?).filter(|n| n.is_finite()),
        None => text.parse().ok(),
    }
}
