//! What a person can choose, and how it is written: one table of plain words and numbers.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, Result};
use toml::{Table, Value};
use transfer::units::Rate;

use crate::view::ThemeView;

const LIMIT: &str = "limit";
const PARALLEL: &str = "parallel";
const THEME: &str = "theme";
const KEEP_AWAKE: &str = "keep_awake";
const VAULT: &str = "vault";

/// How many chunks may travel at once: 1 to 16, usually 8. How many do follows from what the link bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parallel(NonZeroUsize);

impl Parallel {
    const MOST: usize = 16;

    /// The nearest number that may be.
    pub(crate) fn nearest(count: i64) -> Self {
        let count = usize::try_from(count.max(1)).unwrap_or(Self::MOST).min(Self::MOST);
        Self(NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN))
    }

    pub(crate) fn get(self) -> NonZeroUsize {
        self.0
    }

    /// As the window counts.
    pub(crate) fn count(self) -> u32 {
        u32::try_from(self.0.get()).unwrap_or(u32::MAX)
    }
}

impl Default for Parallel {
    fn default() -> Self {
        Self::nearest(8)
    }
}

/// Everything that is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The speed limit in bytes a second.
    pub(crate) limit: Option<Rate>,
    /// How many chunks may travel at once.
    pub(crate) parallel: Parallel,
    /// How the window looks.
    pub(crate) theme: ThemeView,
    /// Whether the computer is kept from sleeping while something uploads.
    pub(crate) keep_awake: bool,
    /// The vault's folder, where it is not the usual one.
    pub(crate) vault: Option<PathBuf>,
}

impl Chosen {
    /// Reads a table; a sentence for each word that says nothing sensible.
    pub(super) fn read(table: &Table) -> (Self, Vec<String>) {
        let mut told = Vec::new();
        let chosen = Self {
            limit: limit(table.get(LIMIT), &mut told),
            parallel: parallel(table.get(PARALLEL), &mut told),
            theme: theme(table.get(THEME), &mut told),
            keep_awake: keep_awake(table.get(KEEP_AWAKE), &mut told),
            vault: vault(table.get(VAULT), &mut told),
        };
        (chosen, told)
    }

    /// Writes itself into a table, beside whatever else stands there.
    pub(super) fn write(&self, table: &mut Table) -> Result<()> {
        let vault = self.vault.as_ref().map(|vault| vault.to_str().context("a vault's path must be UTF-8"));
        put(table, LIMIT, self.limit.map(|rate| Value::Integer(i64::try_from(rate.get()).unwrap_or(i64::MAX))));
        put(table, PARALLEL, Some(Value::Integer(self.parallel.count().into())));
        put(table, THEME, Some(Value::String(word(self.theme).to_owned())));
        put(table, KEEP_AWAKE, Some(Value::Boolean(self.keep_awake)));
        put(table, VAULT, vault.transpose()?.map(|vault| Value::String(vault.to_owned())));
        Ok(())
    }
}

fn put(table: &mut Table, key: &str, value: Option<Value>) {
    match value {
        Some(value) => table.insert(key.to_owned(), value),
        None => table.remove(key),
    };
}

fn limit(value: Option<&Value>, told: &mut Vec<String>) -> Option<Rate> {
    let value = value?;
    let rate = value.as_integer().and_then(|rate| Rate::bytes_per_second(u64::try_from(rate).ok()?));
    if rate.is_none() {
        told.push(odd(LIMIT, value, "no limit holds", "a whole number of bytes a second"));
    }
    rate
}

fn parallel(value: Option<&Value>, told: &mut Vec<String>) -> Parallel {
    let Some(value) = value else { return Parallel::default() };
    let parallel = value.as_integer().map_or_else(Parallel::default, Parallel::nearest);
    if value.as_integer() != Some(parallel.count().into()) {
        told.push(odd(PARALLEL, value, &format!("{} holds", parallel.count()), "a whole number from 1 to 16"));
    }
    parallel
}

fn theme(value: Option<&Value>, told: &mut Vec<String>) -> ThemeView {
    let Some(value) = value else { return ThemeView::default() };
    let all = [ThemeView::System, ThemeView::Light, ThemeView::Dark];
    let theme = all.into_iter().find(|theme| value.as_str() == Some(word(*theme)));
    if theme.is_none() {
        told.push(odd(THEME, value, "the system's holds", "\"system\", \"light\" or \"dark\""));
    }
    theme.unwrap_or_default()
}

fn keep_awake(value: Option<&Value>, told: &mut Vec<String>) -> bool {
    let Some(value) = value else { return false };
    if value.as_bool().is_none() {
        told.push(odd(KEEP_AWAKE, value, "the computer may sleep", "true or false"));
    }
    value.as_bool().unwrap_or_default()
}

fn vault(value: Option<&Value>, told: &mut Vec<String>) -> Option<PathBuf> {
    let value = value?;
    let vault = value.as_str().map(PathBuf::from).filter(|vault| vault.is_absolute());
    if vault.is_none() {
        told.push(odd(VAULT, value, "the usual folder holds", "a folder's whole path"));
    }
    vault
}

fn odd(key: &str, value: &Value, holds: &str, expected: &str) -> String {
    format!("The settings say {key} = {value}. That should be {expected}; {holds} until you choose anew.")
}

fn word(theme: ThemeView) -> &'static str {
    match theme {
        ThemeView::System => "system",
        ThemeView::Light => "light",
        ThemeView::Dark => "dark",
    }
}
