//! Where the person was in films, for the next time. One setting of the journal holds them all.
//!
//! Invariant: at most [`MOST`] films; the one that was watched longest ago is forgotten first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use store::SqliteJournal;

use super::ContentKey;
use crate::error::Error;

/// Under which key the journal keeps them.
const SETTING: &str = "positions";
/// Films of which a position is kept.
const MOST: usize = 200;

/// Positions in seconds, the film watched last at the end.
#[derive(Debug, Default)]
pub(crate) struct Positions(Mutex<Vec<(String, f64)>>);

impl Positions {
    /// What the journal has. Positions that cannot be read are forgotten.
    pub(crate) async fn saved(journal: &SqliteJournal) -> Self {
        let read = journal.setting(SETTING).await;
        let text = read.inspect_err(|error| tracing::warn!(%error, "no saved positions")).ok().flatten();
        Self(Mutex::new(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()))
    }

    /// Where the person was.
    pub(crate) fn of(&self, key: &ContentKey) -> Option<f64> {
        self.held().iter().find(|(film, _)| film == key.as_str()).map(|(_, seconds)| *seconds)
    }

    /// Keeps a position, or forgets it, now and for the next start.
    pub(crate) async fn remember(
        &self,
        journal: &SqliteJournal,
        key: &ContentKey,
        seconds: Option<f64>,
    ) -> Result<(), Error> {
        let text = self.with(key, seconds);
        journal.set_setting(SETTING, &text).await.map_err(|error| Error::Other(error.into()))
    }

    /// The list with a change in it, as it is saved. A time that is none is forgotten.
    fn with(&self, key: &ContentKey, seconds: Option<f64>) -> String {
        let mut films = self.held();
        films.retain(|(film, _)| film != key.as_str());
        films.extend(seconds.filter(|at| at.is_finite() && *at > 0.0).map(|at| (key.as_str().to_owned(), at)));
        let over = films.len().saturating_sub(MOST);
        films.drain(..over);
        // Text and numbers that are finite always become JSON.
        serde_json::to_string(&*films).unwrap_or_default()
    }

    fn held(&self) -> MutexGuard<'_, Vec<(String, f64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> ContentKey {
        ContentKey::parse(&format!("{number:064x}")).expect("64 letters of hex")
    }

    #[tokio::test]
    async fn a_position_outlives_the_program_until_it_is_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = SqliteJournal::open(folder.path()).await.expect("a journal").value;
        let positions = Positions::saved(&journal).await;
        positions.remember(&journal, &key(1), Some(12.5)).await.expect("it is saved");
        positions.remember(&journal, &key(2), Some(3.0)).await.expect("it is saved");
        positions.remember(&journal, &key(2), None).await.expect("it is saved");
        let later = Positions::saved(&journal).await;
        assert_eq!(later.of(&key(1)), Some(12.5), "the next start knows it");
        assert_eq!(later.of(&key(2)), None, "what was forgotten stays so");
        journal.close().await;
    }

    #[test]
    fn the_film_watched_longest_ago_is_forgotten_first() {
        let positions = Positions::default();
        (0..MOST + 1).for_each(|number| drop(positions.with(&key(number), Some(1.0))));
        assert_eq!(positions.of(&key(0)), None, "there is room for so many");
        assert_eq!(positions.of(&key(1)), Some(1.0), "and all of these");
        positions.with(&key(1), Some(f64::NAN));
        assert_eq!(positions.of(&key(1)), None, "no time is no position");
    }
}
