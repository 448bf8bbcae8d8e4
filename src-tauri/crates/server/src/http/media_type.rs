//! The media type of a film by its name. A short list of our own: the general tables call `.ts` TypeScript, and a name
//! that an uploader chose must never make a browser run what it holds.

use transfer::name::FileName;

/// The registered type, or plain bytes for everything that is neither film nor sound.
pub(super) fn of(name: &FileName) -> &'static str {
    let (_, extension) = name.stem_and_extension();
    match extension.to_ascii_lowercase().as_slice() {
        b".mp4" | b".m4v" => "video/mp4",
        b".mov" | b".qt" => "video/quicktime",
        b".webm" => "video/webm",
        b".mkv" => "video/matroska",
        b".ts" | b".mts" | b".m2ts" => "video/mp2t",
        b".avi" => "video/x-msvideo",
        b".mpg" | b".mpeg" => "video/mpeg",
        b".ogv" => "video/ogg",
        b".mp3" => "audio/mpeg",
        b".m4a" => "audio/mp4",
        b".flac" => "audio/flac",
        b".ogg" | b".oga" | b".opus" => "audio/ogg",
        b".wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_film_and_sound_have_a_type() {
        let of_name = |name: &str| of(&FileName::new(name).expect("a name"));
        assert_eq!(of_name("Film.MP4"), "video/mp4", "case does not matter");
        assert_eq!(of_name("page.html"), "application/octet-stream", "a browser must not run it");
        assert_eq!(of_name("stream.ts"), "video/mp2t", "a transport stream, not TypeScript");
    }
}
