//! The list as the window shows it, and what each destination is called in a row.

use std::collections::BTreeMap;

use headless::destinations::{Entry, Place};
use toml::Table;
use transfer::ids::DestinationId;
use transfer::placing::{Taken, Template};

use super::{Destinations, forms, is_vault, sentence};
use crate::rows::shown_path;
use crate::vaults::Current;
use crate::view::DestinationView;

/// What the current vault is called until a person calls it otherwise.
const VAULT: &str = "This computer";

/// What destinations are called in rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names(BTreeMap<DestinationId, String>);

impl Names {
    /// The name of one; of one that is no more, what it was.
    pub(crate) fn of(&self, id: &DestinationId) -> String {
        let unnamed = || if is_vault(id) { "this computer" } else { "a destination that was removed" }.to_owned();
        self.0.get(id).cloned().unwrap_or_else(unnamed)
    }
}

impl Destinations {
    /// What each is called. A vault that nobody gave a name has none.
    pub(crate) fn names(&self) -> Names {
        let contents = self.contents();
        Names(contents.entries().iter().map(|entry| (entry.id.clone(), entry.name.clone())).collect())
    }

    /// What a receipt says of one: its name and where it is, and no secret.
    pub(crate) fn described(&self, id: &DestinationId) -> String {
        match self.contents().entry(id) {
            Some(entry) => entry.described(),
            None if is_vault(id) => id.0.clone(),
            None => self.names().of(id),
        }
    }

    /// All of them, the default first, then by name; `unfinished` counts the transfers to each that have not ended.
    pub(crate) fn list(&self, unfinished: &BTreeMap<DestinationId, u32>) -> Vec<DestinationView> {
        let (default, current) = (self.default(), self.vaults.current());
        let mut all: Vec<DestinationView> = self
            .all(&current)
            .iter()
            .map(|entry| DestinationView {
                id: entry.id.0.clone(),
                kind: forms::kind(&entry.place),
                form: forms::form(entry),
                address: shown_path(entry.place.to_string().as_ref()),
                is_default: entry.id == default,
                removable: entry.id != current.id,
                secret: entry.secret.map(forms::secret_place),
                unfinished: unfinished.get(&entry.id).copied().unwrap_or_default(),
                trouble: self.trouble(&entry.id, &current).map(|why| sentence(&why)),
            })
            .collect();
        all.sort_by_key(|view| (!view.is_default, view.form.name.to_lowercase(), view.id.clone()));
        all
    }

    /// Those of the book, and the current vault where the book says nothing of it.
    pub(super) fn all(&self, current: &Current) -> Vec<Entry> {
        let mut all = self.contents().entries().to_vec();
        if !all.iter().any(|entry| entry.id == current.id) {
            all.push(unnamed(current));
        }
        all
    }

    fn trouble(&self, id: &DestinationId, current: &Current) -> Option<String> {
        match (is_vault(id), *id == current.id) {
            (true, true) => current.vault.as_ref().err().cloned(),
            (true, false) => self.vaults.trouble(id),
            (false, _) => self.doors.trouble(id),
        }
    }
}

/// The current vault, as long as nobody wrote anything about it.
fn unnamed(current: &Current) -> Entry {
    Entry {
        id: current.id.clone(),
        name: VAULT.to_owned(),
        taken: Taken::default(),
        limit: None,
        template: Template::default(),
        proxy: None,
        authorities: None,
        secret: None,
        place: Place::Vault { folder: current.folder.to_string_lossy().into_owned() },
        more: Table::new(),
    }
}
