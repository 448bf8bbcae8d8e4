//! Whether Pawl starts with the person's session: an entry in the folder that every desktop reads (the Desktop
//! Application Autostart Specification). The entry itself is the truth; nothing else remembers it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The entry of this person's sessions.
#[derive(Debug)]
pub(crate) struct Autostart(PathBuf);

impl Autostart {
    /// Where the desktop looks; none without a home.
    pub(crate) fn of_person() -> Option<Self> {
        Some(Self(dirs::config_dir()?.join("autostart/pawl.desktop")))
    }

    /// Whether it starts: the entry is there, and no desktop's own settings turned it off.
    pub(crate) fn is_on(&self) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|entry| !entry.lines().any(turns_off))
    }

    /// Starts `program` with the person's sessions from now on, its window hidden; or no longer.
    pub(crate) fn turn(&self, on: bool, program: &Path) -> Result<()> {
        let turned = if on { self.write(program)? } else { self.remove() };
        turned.with_context(|| format!("{} cannot be changed", self.0.display()))
    }

    fn write(&self, program: &Path) -> Result<io::Result<()>> {
        let program = program.to_str().context("the program's own path is no UTF-8, and an entry is text")?;
        Ok(self.0.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&self.0, entry(program))))
    }

    fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }
}

/// Desktops do not delete an entry that a person turns off in their settings: they write one of these into it.
fn turns_off(line: &str) -> bool {
    let line: String = line.split_whitespace().collect();
    line == "Hidden=true" || line == "X-GNOME-Autostart-enabled=false"
}

fn entry(program: &str) -> String {
    format!(
        "[Desktop Entry]\nType=Application\nName=Pawl\nIcon=pawl\nExec={} --hidden\nTerminal=false\n",
        escaped(&quoted(program))
    )
}

/// One argument of `Exec` (Desktop Entry Specification, "The Exec key"): four characters are escaped within quotes, and
/// a percent sign would begin a field code.
fn quoted(argument: &str) -> String {
    let escape = |c: char| match c {
        '"' | '`' | '$' | '\\' => format!("\\{c}"),
        '%' => "%%".to_owned(),
        other => other.to_string(),
    };
    format!("\"{}\"", argument.chars().map(escape).collect::<String>())
}

/// A value of the type string (the same, "Possible value types"), which is read before the quotes are.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn autostart(folder: &TempDir) -> Autostart {
        Autostart(folder.path().join("autostart/pawl.desktop"))
    }

    #[test]
    fn the_entry_is_there_when_it_is_on_and_gone_when_it_is_off() {
        let folder = TempDir::new().expect("a folder");
        let autostart = autostart(&folder);
        assert!(!autostart.is_on(), "nobody turned it on");
        autostart.turn(true, Path::new("/usr/bin/pawl")).expect("the folder is made");
        assert!(autostart.is_on(), "the entry is there");
        let entry = fs::read_to_string(folder.path().join("autostart/pawl.desktop")).expect("text");
        assert!(entry.contains("\nExec=\"/usr/bin/pawl\" --hidden\n"), "it starts without a window: {entry}");
        autostart.turn(false, Path::new("/usr/bin/pawl")).expect("it can be removed");
        autostart.turn(false, Path::new("/usr/bin/pawl")).expect("off stays off");
        assert!(!autostart.is_on(), "the entry is gone");
    }

    #[test]
    fn an_entry_that_the_desktop_turned_off_is_off() {
        let folder = TempDir::new().expect("a folder");
        let autostart = autostart(&folder);
        for line in ["Hidden=true", "X-GNOME-Autostart-enabled = false"] {
            autostart.turn(true, Path::new("/usr/bin/pawl")).expect("it can be written");
            let path = folder.path().join("autostart/pawl.desktop");
            fs::write(&path, fs::read_to_string(&path).expect("text") + line + "\n").expect("it can be written");
            assert!(!autostart.is_on(), "{line} turns it off");
        }
    }

    #[test]
    fn any_path_of_the_program_survives_both_layers_of_quoting() {
        // As the specification's own example says: a backslash in an argument stands there four times.
        assert_eq!(escaped(&quoted("/a b/\\x")), r#""/a b/\\\\x""#, "read as a string, then as an argument");
        assert_eq!(
            escaped(&quoted("/$HOME/`x`/\"q\"")),
            r#""/\\$HOME/\\`x\\`/\\"q\\"""#,
            "no shell may see a variable"
        );
        assert_eq!(quoted("/100%/pawl"), "\"/100%%/pawl\"", "no field code begins in a path");
        assert_eq!(escaped("a\nb"), "a\\nb", "a value is one line");
    }
}
