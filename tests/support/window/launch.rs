//! How the app is started: its arguments as bytes, its output in a file.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::programs::program;

/// One start of the app.
#[derive(Debug, Clone)]
pub struct Launch {
    /// None for Pawl.
    program: Option<PathBuf>,
    place: Vec<OsString>,
    files: Vec<PathBuf>,
    open: Vec<PathBuf>,
    environment: Vec<(String, String)>,
}

impl Launch {
    /// A start on the state in a folder.
    pub fn on(state: &Path) -> Self {
        Self::with(vec!["--state".into(), state.into()])
    }

    /// A start of another program that has a webview.
    pub fn of(program: PathBuf) -> Self {
        Self { program: Some(program), ..Self::with(Vec::new()) }
    }

    /// A start as a person's, whose home this is: only such a Pawl hands its files to one that runs.
    pub fn at_home(home: &Path) -> Result<Self> {
        let home = home.to_str().context("the scene's own folder has a plain name")?;
        let folders = [("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")];
        let launch = Self::with(Vec::new()).variable("HOME", home);
        Ok(folders.iter().fold(launch, |launch, (name, folder)| launch.variable(name, &format!("{home}/{folder}"))))
    }

    fn with(place: Vec<OsString>) -> Self {
        // The app says on its terminal what it serves, without colours.
        let environment = [("RUST_LOG", "info,server=debug"), ("NO_COLOR", "1")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { program: None, place, files: Vec::new(), open: Vec::new(), environment: environment.to_vec() }
    }

    /// With files on the command line.
    pub fn files<F: AsRef<Path>>(mut self, files: impl IntoIterator<Item = F>) -> Self {
        self.files.extend(files.into_iter().map(|file| file.as_ref().to_owned()));
        self
    }

    /// With files to play on the command line.
    pub fn opening<F: AsRef<Path>>(mut self, files: impl IntoIterator<Item = F>) -> Self {
        self.open.extend(files.into_iter().map(|file| file.as_ref().to_owned()));
        self
    }

    /// With another variable in its environment.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What is started.
    pub(super) fn program(&self) -> Result<PathBuf> {
        self.program.clone().map_or_else(|| program("pawl"), Ok)
    }

    /// The program and arguments that start it. A script of the shell stands between, for WebDriver knows no arguments
    /// that are not text, and no way to what an app writes.
    pub(super) fn written(&self, folder: &Path, app: &Path, log: &Path) -> Result<Vec<String>> {
        let assignments = self.environment.iter().map(|(name, value)| OsString::from(format!("{name}={value}")));
        let words = [OsString::from("exec"), "env".into()].into_iter().chain(assignments).chain(self.arguments(app));
        let mut line: Vec<u8> = words.flat_map(|word| quoted(&word)).collect();
        line.extend(b">>".iter().copied().chain(quoted(log.as_os_str())).chain(*b"2>&1\n"));
        let script = folder.join("start.sh");
        fs::write(&script, line)?;
        let script = script.into_os_string().into_string();
        Ok(vec!["/bin/sh".to_owned(), script.ok().context("the scene's own folder has a plain name")?])
    }

    fn arguments(&self, app: &Path) -> impl Iterator<Item = OsString> {
        let app = std::iter::once(OsString::from(app)).chain(self.place.iter().cloned());
        let open = (!self.open.is_empty()).then(|| OsString::from("--open"));
        let open = open.into_iter().chain(self.open.iter().map(|file| file.clone().into()));
        app.chain(self.files.iter().map(|file| file.clone().into())).chain(open)
    }
}

/// One word for the shell, whatever bytes it has, and a space.
fn quoted(word: &OsStr) -> Vec<u8> {
    let inner = word.as_bytes().split(|byte| *byte == b'\'').collect::<Vec<_>>().join(&b"'\\''"[..]);
    OsString::from_vec([b"'", inner.as_slice(), b"' "].concat()).into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_survive_the_shell() {
        let word = OsString::from_vec(b"it's $HOME \xff\n`x`".to_vec());
        let script = [b"printf %s ", quoted(&word).as_slice()].concat();
        let said = std::process::Command::new("/bin/sh").arg("-c").arg(OsString::from_vec(script)).output();
        assert_eq!(said.expect("a shell runs").stdout, word.as_bytes(), "an argument is what the test gave");
    }
}
