//! The name of a film: any bytes that the system allows, kept exactly; shown safely.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest file name of the usual file systems, in bytes.
pub const MAX_NAME_LEN: usize = 255;

/// The last component of a path: 1 to 255 bytes, no `/`, no NUL, neither `.` nor `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct FileName(Vec<u8>);

/// Why bytes are no file name.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum NameError {
    /// No byte at all, `.`, `..`, or a path without a last component.
    #[error("it names no file")]
    Empty,
    /// More than [`MAX_NAME_LEN`] bytes.
    #[error("it is {0} bytes long, and 255 are the most")]
    TooLong(usize),
    /// A `/` or a NUL in it.
    #[error("it holds a slash or a zero byte")]
    Separator,
}

impl FileName {
    /// Takes the bytes as they are.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, NameError> {
        let bytes = bytes.into();
        match bytes.as_slice() {
            b"" | b"." | b".." => Err(NameError::Empty),
            long if long.len() > MAX_NAME_LEN => Err(NameError::TooLong(long.len())),
            split if split.iter().any(|byte| matches!(byte, b'/' | 0)) => Err(NameError::Separator),
            _ => Ok(Self(bytes)),
        }
    }

    /// The last component of `path`.
    pub fn of(path: &Path) -> Result<Self, NameError> {
        Self::new(path.file_name().ok_or(NameError::Empty)?.as_bytes())
    }

    /// The exact bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As the system wants it.
    pub fn as_os_str(&self) -> &OsStr {
        OsStr::from_bytes(&self.0)
    }

    /// For a person: control characters and direction marks, which could disguise a name, and bytes that are no
    /// UTF-8 become U+FFFD.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.0).chars().map(|c| if disguises(c) { '\u{fffd}' } else { c }).collect()
    }

    /// The name split before its last dot: `film` and `.mp4`. A leading dot begins no extension.
    pub fn stem_and_extension(&self) -> (&[u8], &[u8]) {
        let dot = self.0.iter().rposition(|byte| *byte == b'.').filter(|at| *at > 0);
        self.0.split_at(dot.unwrap_or(self.0.len()))
    }

    /// The name with ` (number)` before its extension, its stem cut at a character's border so that it still fits.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let (stem, extension) = self.stem_and_extension();
        let mark = format!(" ({number})");
        let (stem, extension) =
            if extension.len() + mark.len() < MAX_NAME_LEN { (stem, extension) } else { (self.as_bytes(), &b""[..]) };
        let room = MAX_NAME_LEN - mark.len() - extension.len();
        Self([cut(stem, room).as_ref(), mark.as_bytes(), extension].concat())
    }
}

fn disguises(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cut(stem: &[u8], room: usize) -> Cow<'_, [u8]> {
    if stem.len() <= room {
        return Cow::Borrowed(stem);
    }
    let continues = |at: usize| stem[at] & 0b1100_0000 == 0b1000_0000;
    let border = (room.saturating_sub(3)..=room).rev().find(|at| !continues(*at));
    Cow::Borrowed(&stem[..border.unwrap_or(room)])
}

impl TryFrom<Vec<u8>> for FileName {
    type Error = NameError;

    fn try_from(bytes: Vec<u8>) -> Result<Self, NameError> {
        Self::new(bytes)
    }
}

impl From<FileName> for Vec<u8> {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl From<FileName> for OsString {
    fn from(name: FileName) -> Self {
        Self::from_vec(name.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_but_separators_are_a_name_and_come_back_exactly() {
        for bytes in [&b"film.mp4"[..], b"new\nline.mov", b"\xff\xfe.mkv", &[b'a'; 255], "\u{202e}4pm.exe".as_bytes()] {
            let name = FileName::new(bytes).expect("the system would allow it");
            assert_eq!(name.as_bytes(), bytes, "a name is kept to the byte");
        }
        assert_eq!(FileName::new([b'a'; 256]), Err(NameError::TooLong(256)), "file systems end at 255 bytes");
        assert_eq!(FileName::new("a/b"), Err(NameError::Separator), "a name must not leave its folder");
        assert_eq!(FileName::new(".."), Err(NameError::Empty), "a name must not leave its folder");
    }

    #[test]
    fn a_shown_name_cannot_disguise_itself() {
        let name = FileName::new("film\u{202e}4pm.\n".as_bytes()).expect("a name");
        assert_eq!(name.shown(), "film\u{fffd}4pm.\u{fffd}", "direction marks and newlines are drawn as what they are");
    }

    #[test]
    fn a_numbered_name_keeps_its_extension_and_fits() {
        let name = |text: &str| FileName::new(text).expect("a name");
        assert_eq!(name("film.mp4").numbered(2), name("film (2).mp4"), "the extension says what opens it");
        assert_eq!(name(".hidden").numbered(2), name(".hidden (2)"), "a leading dot begins no extension");
        let long = FileName::new("ä".repeat(126) + ".mp").expect("255 bytes").numbered(10);
        assert!(long.as_bytes().len() <= MAX_NAME_LEN, "it must fit");
        assert!(std::str::from_utf8(long.as_bytes()).is_ok(), "no character is cut in half");
        assert_eq!(FileName::new([b'.'; 255]).expect("dots").numbered(3).as_bytes().len(), 255, "odd names fit too");
    }
}
