//! The command line of the app, the first instance's and those of later ones.

use std::path::{Path, PathBuf};

use clap::Parser;

/// Sends large video so that it arrives, and plays any second of it.
#[derive(Debug, Clone, Default, Parser)]
#[command(name = "pawl", version)]
pub(crate) struct Arguments {
    /// Films to send to the vault.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
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

/// The files that a later start was given, as paths from its own folder. An argument that cannot be read names none.
pub(crate) fn handed_over(arguments: &[String], from: &Path) -> Vec<PathBuf> {
    let parsed = Arguments::try_parse_from(arguments).unwrap_or_default();
    parsed.files.iter().map(|file| from.join(file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_start_hands_over_its_files_from_its_own_folder() {
        let given = ["pawl", "a.mp4", "/films/b.mp4"].map(str::to_owned);
        let expected = [PathBuf::from("/cards/a.mp4"), PathBuf::from("/films/b.mp4")];
        assert_eq!(handed_over(&given, Path::new("/cards")), expected, "relative paths belong to the later start");
        assert!(
            handed_over(&["pawl".into(), "--nonsense".into()], Path::new("/")).is_empty(),
            "nonsense names no file"
        );
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
