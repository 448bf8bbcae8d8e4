//! The command line of the app, the first instance's and those of later ones.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use clap::Parser;
use clap::builder::{OsStringValueParser, TypedValueParser};
use percent_encoding::NON_ALPHANUMERIC;

use crate::clipboard;

/// Sends large video so that it arrives, and plays any second of it.
#[derive(Debug, Clone, Default, Parser)]
#[command(name = "pawl", version)]
pub(crate) struct Arguments {
    /// Films, or folders of films, to send to the vault.
    #[arg(value_name = "FILE", value_parser = place())]
    pub(crate) files: Vec<PathBuf>,
    /// Films to play; nothing of them is sent.
    #[arg(long, value_name = "FILE", num_args = 1.., value_parser = place())]
    pub(crate) open: Vec<PathBuf>,
    /// Start without showing the window; starting Pawl again shows it.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Keep everything of this app in here, apart from any other running Pawl.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// The vault's folder. Default: Pawl in the videos folder, or `vault` in the one that --state names.
    #[arg(long, value_name = "DIR")]
    pub(crate) vault: Option<PathBuf>,
}

impl Arguments {
    /// Whether a second start hands its files to the first.
    pub(crate) fn single(&self) -> bool {
        self.state.is_none()
    }

    /// Where journal, settings and logs are.
    pub(crate) fn state_folder(&self) -> Option<PathBuf> {
        self.state.clone().or_else(|| Some(dirs::data_dir()?.join("pawl")))
    }

    /// Where the vault is.
    pub(crate) fn vault_folder(&self) -> Option<PathBuf> {
        let beside_state = || self.state.as_ref().map(|state| state.join("vault"));
        let videos = || Some(dirs::video_dir().or_else(dirs::home_dir)?.join("Pawl"));
        self.vault.clone().or_else(beside_state).or_else(videos)
    }
}

/// A path, or its address (`file:///films/a%20b.mp4`).
fn place() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(|word| clipboard::path(word.as_bytes()).unwrap_or_else(|| word.into()))
}

/// What a later start was given, as paths from its own folder. Arguments that cannot be read name nothing.
pub(crate) fn handed_over(arguments: &[String], from: &Path) -> Arguments {
    let parsed = Arguments::try_parse_from(arguments).unwrap_or_default();
    let absolute = |files: &[PathBuf]| files.iter().map(|file| from.join(file)).collect();
    Arguments { files: absolute(&parsed.files), open: absolute(&parsed.open), ..parsed }
}

/// The arguments with names that are no text written as addresses, where there are such names: a later start hands its
/// arguments to the first as text.
pub(crate) fn as_text(arguments: impl Iterator<Item = OsString>) -> Option<Vec<OsString>> {
    let mut changed = false;
    let mut written = |word: OsString| {
        if word.to_str().is_some() || word.as_bytes().starts_with(b"-") {
            return word;
        }
        changed = true;
        let path = std::path::absolute(&word).unwrap_or_else(|_| word.into());
        format!("file://{}", percent_encoding::percent_encode(path.as_os_str().as_bytes(), NON_ALPHANUMERIC)).into()
    };
    let words = arguments.map(&mut written).collect();
    changed.then_some(words)
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn a_later_start_hands_over_its_files_from_its_own_folder() {
        let given = ["pawl", "a.mp4", "/films/b.mp4", "--open", "c.mp4"].map(str::to_owned);
        let handed = handed_over(&given, Path::new("/cards"));
        let expected = [PathBuf::from("/cards/a.mp4"), PathBuf::from("/films/b.mp4")];
        assert_eq!(handed.files, expected, "relative paths belong to the later start");
        assert_eq!(handed.open, [PathBuf::from("/cards/c.mp4")], "what is to be opened is not to be sent");
        let nonsense = handed_over(&["pawl".into(), "--nonsense".into()], Path::new("/"));
        assert!(nonsense.files.is_empty() && nonsense.open.is_empty(), "nonsense names no file");
    }

    #[test]
    fn names_that_are_no_text_are_handed_over_to_the_byte() {
        let odd = OsString::from_vec(b"/films/\xff it's.mp4".to_vec());
        let words = as_text(["pawl".into(), "--open".into(), odd.clone()].into_iter()).expect("one is no text");
        let words: Vec<String> = words.into_iter().map(|word| word.into_string().expect("all are text now")).collect();
        assert_eq!(handed_over(&words, Path::new("/")).open, [PathBuf::from(odd)], "it is the same name");
        assert_eq!(as_text(["pawl".into(), "новый год.mp4".into()].into_iter()), None, "text stays as it is");
    }

    #[test]
    fn a_state_folder_of_its_own_brings_its_own_vault() {
        let arguments = Arguments::parse_from(["pawl", "--state", "/s"]);
        assert_eq!(
            arguments.vault_folder(),
            Some(PathBuf::from("/s/vault")),
            "two Pawls must not share a vault by chance"
        );
        assert!(!arguments.single(), "it is apart from any other running Pawl");
    }
}
