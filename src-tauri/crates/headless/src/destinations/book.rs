//! `destinations.toml`: the destinations of a state folder, as text that a person can read and mend. Owner: [`Book`].
//! Invariants: what holds is what is written; one that cannot be understood is told, kept as it is and not used; a file
//! that is no TOML is set aside and never written over.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use toml::{Table, Value};
use transfer::ids::DestinationId;

use super::entry::{Entry, EntryError};
use crate::kept::{self, Readers};

const NAME: &str = "destinations.toml";
const HEAD: &str = "# Where films can go. No secret is in here. It may be edited while Pawl is closed.\n\n";
const DEFAULT: &str = "default";
const DESTINATIONS: &str = "destination";

/// The file, and what stands in it.
#[derive(Debug, Default)]
pub struct Book {
    path: PathBuf,
    contents: Contents,
    /// Why the file could not be read, where the disk was the reason: then it is not written over.
    unread: Option<String>,
}

/// What stands in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contents {
    default: Option<DestinationId>,
    entries: Vec<Entry>,
    /// Those that could not be understood.
    unread: Vec<Value>,
    /// Words of another Pawl.
    more: Table,
}

impl Book {
    /// Reads that of a state folder; sentences tell what could not be understood. No file is an empty book.
    pub fn read(folder: &Path) -> (Self, Vec<String>) {
        let path = folder.join(NAME);
        let (table, broken) = match kept::table(&path) {
            Ok(table) => (table, None),
            Err(error) if is_of_disk(&error) => return Self::unreadable(path, &error),
            Err(error) => (Table::new(), Some(set_aside(&path, &error))),
        };
        let (contents, odd) = Contents::read(table);
        (Self { path, contents, unread: None }, broken.into_iter().chain(odd).collect())
    }

    /// A book that is fine, for all that one knows, on a disk that does not give it.
    fn unreadable(path: PathBuf, error: &anyhow::Error) -> (Self, Vec<String>) {
        let told = format!(
            "The destinations in {} cannot be read now ({error:#}). They are as they were; start Pawl again when they can be.",
            path.display()
        );
        (Self { path, contents: Contents::default(), unread: Some(told.clone()) }, vec![told])
    }

    /// The same without a word about what is wrong in it, and without setting anything aside: for one who only looks.
    ///
    /// # Errors
    /// The file cannot be read, or is no TOML.
    pub fn glance(folder: &Path) -> Result<Contents> {
        let path = folder.join(NAME);
        let table = kept::table(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Contents::read(table).0)
    }

    /// What stands in it.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Writes other contents down; they hold once they are on disk.
    ///
    /// # Errors
    /// It cannot be written; nothing was changed.
    pub fn write(&mut self, contents: Contents) -> Result<()> {
        ensure!(self.unread.is_none(), "{}", self.unread.as_deref().unwrap_or_default());
        let cannot = || format!("{} cannot be written; nothing was changed", self.path.display());
        let text = format!("{HEAD}{}", contents.written().with_context(cannot)?);
        kept::replace(&self.path, &text, Readers::Usual).with_context(cannot)?;
        self.contents = contents;
        Ok(())
    }
}

impl Contents {
    /// Every destination that could be understood, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// One of them.
    pub fn entry(&self, id: &DestinationId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// The one that a person calls so.
    pub fn named(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| is_same_name(&entry.name, name))
    }

    /// The one that was chosen for what says nothing else, if it is there still.
    pub fn chosen(&self) -> Option<&DestinationId> {
        self.default.as_ref()
    }

    /// Chooses it.
    pub fn choose_default(&mut self, id: Option<DestinationId>) {
        self.default = id;
    }

    /// Takes a destination in, in the place of the one with its id.
    ///
    /// # Errors
    /// Another one has its name.
    pub fn put(&mut self, entry: Entry) -> Result<(), EntryError> {
        if self.named(&entry.name).is_some_and(|other| other.id != entry.id) {
            return Err(EntryError::NameTaken(entry.name));
        }
        match self.entries.iter_mut().find(|old| old.id == entry.id) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
        Ok(())
    }

    /// Takes one out; what was the default is none any more.
    pub fn remove(&mut self, id: &DestinationId) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.id == *id)?;
        self.default.take_if(|default| default == id);
        Some(self.entries.remove(at))
    }

    fn read(mut table: Table) -> (Self, Vec<String>) {
        let (mut contents, mut told) = (Self::default(), Vec::new());
        let all = match table.remove(DESTINATIONS) {
            Some(Value::Array(all)) => all,
            Some(other) => vec![other],
            None => Vec::new(),
        };
        for value in all {
            match contents.understood(&value) {
                Ok(()) => {}
                Err(error) => {
                    told.push(odd(&value, &error));
                    contents.unread.push(value);
                }
            }
        }
        contents.default = table.remove(DEFAULT).and_then(|id| id.as_str().map(|id| DestinationId(id.to_owned())));
        contents.more = table;
        (contents, told)
    }

    fn understood(&mut self, value: &Value) -> Result<()> {
        let entry: Entry = value.clone().try_into().map_err(|error: toml::de::Error| anyhow!("{}", error.message()))?;
        let entry = entry.checked()?;
        if self.entry(&entry.id).is_some() {
            return Err(anyhow!("another one has its id"));
        }
        Ok(self.put(entry)?)
    }

    fn written(&self) -> Result<Table> {
        let mut table = self.more.clone();
        if let Some(default) = &self.default {
            table.insert(DEFAULT.to_owned(), Value::String(default.0.clone()));
        }
        let entries: Result<Vec<Value>, _> = self.entries.iter().map(Value::try_from).collect();
        let all: Vec<Value> = entries?.into_iter().chain(self.unread.iter().cloned()).collect();
        if !all.is_empty() {
            table.insert(DESTINATIONS.to_owned(), Value::Array(all));
        }
        Ok(table)
    }
}

fn is_same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn odd(value: &Value, error: &anyhow::Error) -> String {
    let name = value.get("name").and_then(Value::as_str).unwrap_or("one without a name");
    format!(
        "A destination in {NAME} cannot be used ({name}): {error:#}. It stays in the file as it is; mend it there while \
         Pawl is closed."
    )
}

/// Whether reading failed, and not understanding: text that is no UTF-8 is a broken file.
fn is_of_disk(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() != io::ErrorKind::InvalidData)
}

fn set_aside(path: &Path, error: &anyhow::Error) -> String {
    tracing::warn!("the destinations cannot be read: {error:#}");
    match kept::set_aside(path) {
        Ok(kept) => format!(
            "The destinations could not be read. The file was kept as {}: mend it, and give it its old name while Pawl is \
             closed. What was to go there waits.",
            kept.display()
        ),
        Err(error) => format!("The destinations in {} could not be read ({error}).", path.display()),
    }
}

#[cfg(test)]
mod tests;
