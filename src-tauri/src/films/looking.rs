//! Looks into films when the page asks, one at a time, and keeps what was found.
//!
//! Owner of the cache and of the line. Invariant: a look that failed for a passing reason is not kept on disk; it is
//! remembered for this run, so that a page that asks again costs nothing.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use media::{Cancel, Facts, Limit, MediaError, TrackKind};

use super::ContentKey;
use super::cache::{Cache, Found};
use super::telling::told;
use super::turns::Turns;
use crate::error::Error;
use crate::view::FactsView;

/// The longest that one look may take, once for facts and once for the poster.
const LONGEST: Duration = Duration::from_secs(20);
/// How many passing failures are remembered.
const REMEMBERED: usize = 500;

/// Looks into films.
#[derive(Debug)]
pub(crate) struct Looking {
    cache: Cache,
    turns: Turns,
    cancel: Cancel,
    failed: Mutex<HashMap<ContentKey, Found>>,
}

impl Looking {
    /// Keeps what it finds in `folder`.
    pub(crate) fn new(folder: PathBuf) -> Arc<Self> {
        let (turns, cancel, failed) = (Turns::default(), Cancel::default(), Mutex::default());
        Arc::new(Self { cache: Cache::new(folder), turns, cancel, failed })
    }

    /// What is in the film at `path`.
    pub(crate) async fn facts(self: &Arc<Self>, path: &Path) -> Result<FactsView, Error> {
        let key = ContentKey::of(path).await?;
        if let Some(found) = self.known(&key).await {
            return Ok(told(&key, &found));
        }
        let turn = self.turns.turn().await;
        // Another request may have asked for the same film meanwhile.
        let found = match self.known(&key).await {
            Some(found) => found,
            None => self.look(&key, path).await?,
        };
        drop(turn);
        Ok(told(&key, &found))
    }

    /// The kept poster of a film.
    pub(crate) async fn poster(self: &Arc<Self>, key: ContentKey) -> Option<Vec<u8>> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || this.cache.poster(&key)).await.ok().flatten()
    }

    /// Calls off what is under way.
    pub(crate) fn close(&self) {
        self.cancel.cancel();
    }

    async fn known(self: &Arc<Self>, key: &ContentKey) -> Option<Found> {
        let failed = self.failed().get(key).cloned();
        let (this, key) = (self.clone(), key.clone());
        let kept = async { tokio::task::spawn_blocking(move || this.cache.found(&key)).await.ok().flatten() };
        if failed.is_some() { failed } else { kept.await }
    }

    async fn look(self: &Arc<Self>, key: &ContentKey, path: &Path) -> Result<Found, Error> {
        let (this, key, path) = (self.clone(), key.clone(), path.to_owned());
        let looked = tokio::task::spawn_blocking(move || this.look_now(&key, &path)).await;
        looked.map_err(|error| Error::Other(error.into()))
    }

    fn look_now(&self, key: &ContentKey, path: &Path) -> Found {
        let limit = Limit { time: LONGEST, cancel: self.cancel.clone() };
        let facts = media::probe(path, &limit);
        let poster = facts.as_ref().ok().filter(|facts| has_pictures(facts)).map(|_| media::poster(path, &limit));
        let lasting =
            is_lasting(facts.as_ref().err()) && is_lasting(poster.as_ref().and_then(|made| made.as_ref().err()));
        let jpeg = poster.and_then(|made| made.inspect_err(|error| tracing::info!(%error, "no poster")).ok());
        let found = Found { facts: facts.map_err(|error| sentence(&error)), poster: jpeg.is_some() };
        let kept = lasting && self.keep(key, &found, jpeg.as_ref().map(|jpeg| &jpeg.0[..]));
        if !kept {
            self.remember(key, &found);
        }
        found
    }

    fn keep(&self, key: &ContentKey, found: &Found, poster: Option<&[u8]>) -> bool {
        let kept = self.cache.keep(key, found, poster);
        kept.inspect_err(|error| tracing::warn!(%error, "what was found in a film is not kept")).is_ok()
    }

    /// A poster that could not be kept is none: its address would lead nowhere.
    fn remember(&self, key: &ContentKey, found: &Found) {
        let mut failed = self.failed();
        if failed.len() >= REMEMBERED {
            failed.clear();
        }
        failed.insert(key.clone(), Found { poster: false, ..found.clone() });
    }

    fn failed(&self) -> MutexGuard<'_, HashMap<ContentKey, Found>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn has_pictures(facts: &Facts) -> bool {
    facts.tracks.iter().any(|track| track.kind == TrackKind::Video)
}

fn is_lasting(error: Option<&MediaError>) -> bool {
    error.is_none_or(MediaError::is_of_the_film)
}

/// The error as a sentence of its own.
fn sentence(error: &MediaError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str().trim_end_matches('.'))
    })
}
