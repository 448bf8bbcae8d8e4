//! Captions that lie beside a film: `film.srt`, `film.de.srt`, the same with `.vtt`.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, WINDOWS_1252};

use super::webvtt::webvtt;
use crate::rows::shown_path;
use crate::view::CaptionsView;

/// The longest file that is read, in bytes. A long film has 200 KB of words.
const LONGEST: u64 = 4 << 20;
/// The most files that are read.
const MOST: usize = 50;

/// All that lie beside the film at `path`, by their names.
///
/// # Errors
/// When the folder cannot be listed. A file that cannot be read is left out.
pub(crate) fn beside(path: &Path) -> io::Result<Vec<CaptionsView>> {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) else { return Ok(Vec::new()) };
    let stem = stem.to_string_lossy();
    let mut found: Vec<(String, PathBuf)> = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .filter_map(|entry| Some((middle(&entry.file_name().to_string_lossy(), &stem)?.to_owned(), entry.path())))
        .collect();
    found.sort();
    found.truncate(MOST);
    Ok(found.into_iter().filter_map(|(middle, path)| captions(&middle, &path)).collect())
}

/// What a name says between the film's stem and the kind of captions: `de` in `film.de.srt`, nothing in `film.srt`.
fn middle<'a>(name: &'a str, stem: &str) -> Option<&'a str> {
    let (name, kind) = name.rsplit_once('.')?;
    let rest = name.strip_prefix(stem)?;
    let captions = kind.eq_ignore_ascii_case("srt") || kind.eq_ignore_ascii_case("vtt");
    (captions && (rest.is_empty() || rest.starts_with('.'))).then(|| rest.trim_start_matches('.'))
}

fn captions(middle: &str, path: &Path) -> Option<CaptionsView> {
    let text = webvtt(&decoded(&read(path)?));
    let name = || shown_path(path.file_name().unwrap_or_default().as_ref());
    let label = if middle.is_empty() { name() } else { shown_path(middle.as_ref()) };
    Some(CaptionsView { label, language: language(middle), text })
}

/// No more than allowed, and from regular files only.
fn read(path: &Path) -> Option<Vec<u8>> {
    let found = fs::metadata(path).ok()?;
    if !found.is_file() || found.len() > LONGEST {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// By its mark; without one UTF-8 where it is that, else what old programs of the West wrote.
fn decoded(bytes: &[u8]) -> String {
    match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, mark)), _) => encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned(),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The language that a name begins with: two or three letters, then parts of up to eight.
fn language(middle: &str) -> Option<String> {
    let tag = middle.split('.').next()?;
    let mut parts = tag.split('-');
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let primary = parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && letters(part));
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (primary && rest).then(|| tag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUE: &str = "1\n00:00:01,000 --> 00:00:02,000\nGrüße\n";

    fn found(files: &[(&str, Vec<u8>)]) -> Vec<CaptionsView> {
        let folder = tempfile::tempdir().expect("a folder");
        files.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).expect("there is room"));
        beside(&folder.path().join("my.film.mp4")).expect("the folder is there")
    }

    #[test]
    fn captions_of_this_film_are_found_with_their_language() {
        let names = ["my.film.srt", "my.film.de.srt", "my.film.pt-BR.vtt", "my.film.forced.SRT", "my.film.en.sdh.srt"];
        let others = ["my.film 2.srt", "my.srt", "other.srt", "my.film.mp4", "my.film.txt"];
        let files: Vec<_> = names.iter().chain(&others).map(|name| (*name, CUE.as_bytes().to_vec())).collect();
        let found: Vec<_> = found(&files).into_iter().map(|captions| (captions.label, captions.language)).collect();
        let expected = [
            ("my.film.srt", None),
            ("de", Some("de")),
            ("en.sdh", Some("en")),
            ("forced", None),
            ("pt-BR", Some("pt-BR")),
        ];
        let expected = expected.map(|(label, language)| (label.to_owned(), language.map(str::to_owned)));
        assert_eq!(found, expected, "those whose name begins with the film's, and no other film's");
    }

    #[test]
    fn words_are_read_in_the_encodings_that_captions_come_in() {
        let wide =
            |order: fn(u16) -> [u8; 2]| "\u{feff}".encode_utf16().chain(CUE.encode_utf16()).flat_map(order).collect();
        let old: Vec<u8> = CUE.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of the West")).collect();
        for (name, bytes) in [
            ("UTF-8", CUE.as_bytes().to_vec()),
            ("UTF-8 with a mark", format!("\u{feff}{CUE}").into_bytes()),
            ("UTF-16, little end first", wide(u16::to_le_bytes)),
            ("UTF-16, big end first", wide(u16::to_be_bytes)),
            ("Latin-1", old),
        ] {
            let found = found(&[("my.film.srt", bytes)]);
            assert!(found[0].text.contains("\nGrüße\n"), "{name}: {:?}", found[0].text);
        }
    }

    #[test]
    fn what_is_no_file_of_captions_is_left_out() {
        let huge = vec![b' '; LONGEST as usize + 1];
        assert!(found(&[("my.film.srt", huge)]).is_empty(), "no captions are so long");
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("film.srt")).expect("there is room");
        let found = beside(&folder.path().join("film.mp4")).expect("the folder is there");
        assert!(found.is_empty(), "a folder with such a name holds no words");
    }
}
