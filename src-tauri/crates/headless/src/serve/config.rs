//! The settings of `pawl-server` from a file. Each becomes the flag of its name, before those of the command line, of
//! which the last one counts: so file and flags cannot drift apart, and a flag wins.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::{ArgAction, Command};
use toml::{Table, Value};

/// The command line with what its `--config` says.
pub(super) fn with_file(command: &Command, given: Vec<OsString>) -> Result<Vec<OsString>> {
    let Some(path) = named(command, &given) else { return Ok(given) };
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read the settings in {}", path.display()))?;
    let flags = flags(command, &text).with_context(|| format!("the settings in {} do not serve", path.display()))?;
    let mut given = given.into_iter();
    let program = given.next();
    Ok(program.into_iter().chain(flags).chain(given).collect())
}

/// What `--config` names, whatever else is wrong.
fn named(command: &Command, given: &[OsString]) -> Option<PathBuf> {
    let matches = command.clone().ignore_errors(true).try_get_matches_from(given).ok()?;
    matches.try_get_one::<PathBuf>("config").ok().flatten().cloned()
}

/// The flags that a file's text says.
fn flags(command: &Command, text: &str) -> Result<Vec<OsString>> {
    let table: Table = text.parse().context("it is no TOML")?;
    let flags = table.iter().map(|(name, value)| flag(command, name, value));
    Ok(flags.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn flag(command: &Command, name: &str, value: &Value) -> Result<Option<OsString>> {
    let known = command.get_arguments().find(|argument| argument.get_long() == Some(name) && name != "config");
    let Some(known) = known else { bail!("{name:?} is no setting: the names are those of the flags in --help") };
    let switch = matches!(known.get_action(), ArgAction::SetTrue);
    match value {
        Value::Boolean(on) if switch => Ok(on.then(|| format!("--{name}").into())),
        Value::Integer(number) if !switch => Ok(Some(format!("--{name}={number}").into())),
        Value::String(text) if !switch => Ok(Some(format!("--{name}={text}").into())),
        _ => {
            ensure!(!switch, "{name} is true or false");
            bail!("{name} is a number, or text in quotes")
        }
    }
}

/// What stands before a complaint of the command line's reader, where a file may be at fault.
pub(super) const HINT: &str = "pawl-server: of the flags and the settings that --config names, together:";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::Arguments;
    use super::*;

    fn read(text: &str) -> Result<Vec<OsString>> {
        flags(&Arguments::command(), text)
    }

    #[test]
    fn a_setting_is_the_flag_of_its_name() {
        let read =
            read("max-size = 1000\nlisten = \"[::1]:80\"\nplain-http = true\nno-auth = false").expect("settings");
        assert_eq!(read, ["--listen=[::1]:80", "--max-size=1000", "--plain-http"], "what is false is not said");
    }

    #[test]
    fn what_is_no_setting_is_refused_with_a_sentence() {
        for (text, said) in [
            ("max_size = 1", "\"max_size\" is no setting: the names are those of the flags in --help"),
            ("config = \"x\"", "\"config\" is no setting: the names are those of the flags in --help"),
            ("[limits]\nmax-size = 1", "\"limits\" is no setting: the names are those of the flags in --help"),
            ("plain-http = 1", "plain-http is true or false"),
            ("max-size = true", "max-size is a number, or text in quotes"),
            ("max-size = [1]", "max-size is a number, or text in quotes"),
            ("max-size", "it is no TOML"),
        ] {
            assert_eq!(read(text).expect_err("it must be refused").to_string(), said, "{text}");
        }
    }
}
