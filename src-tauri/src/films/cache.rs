//! What was found in films, on disk: `KEY.json` and `KEY.jpg`. Owned by [`super::Looking`].
//!
//! Invariant: at most [`MOST`] films, the oldest go. Whatever cannot be read is as if it had never been kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use media::Facts;
use serde::{Deserialize, Serialize};

use super::ContentKey;

/// The most films of which something is kept: about 100 MB of posters.
const MOST: usize = 2000;
/// Of the layout of a kept film. Another one is looked at anew.
const VERSION: u32 = 1;

/// What a look found: facts, or why it is no film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) facts: Result<Facts, String>,
    pub(crate) poster: bool,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    found: Found,
}

/// The folder of what was found.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    folder: PathBuf,
    most: usize,
}

impl Cache {
    /// In `folder`, which is made when there is something to keep.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, most: MOST }
    }

    /// What was found in a film.
    pub(crate) fn found(&self, key: &ContentKey) -> Option<Found> {
        let kept: Kept = serde_json::from_slice(&fs::read(self.facts_path(key)).ok()?).ok()?;
        let whole = kept.version == VERSION && (!kept.found.poster || self.poster_path(key).exists());
        whole.then_some(kept.found)
    }

    /// The poster of a film.
    pub(crate) fn poster(&self, key: &ContentKey) -> Option<Vec<u8>> {
        fs::read(self.poster_path(key)).ok()
    }

    /// Keeps what was found, the picture first: facts that name a poster must find it.
    pub(crate) fn keep(&self, key: &ContentKey, found: &Found, poster: Option<&[u8]>) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        if let Some(poster) = poster {
            write_whole(&self.poster_path(key), poster)?;
        }
        let kept = Kept { version: VERSION, found: found.clone() };
        write_whole(&self.facts_path(key), &serde_json::to_vec(&kept)?)?;
        self.sweep()
    }

    /// Takes the oldest away until no more than the most are left.
    fn sweep(&self) -> io::Result<()> {
        let mut films: Vec<(SystemTime, PathBuf)> = fs::read_dir(&self.folder)?
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        films.sort();
        for (_, facts) in films.iter().take(films.len().saturating_sub(self.most)) {
            fs::remove_file(facts)?;
            // A film without a picture has no poster to take away.
            fs::remove_file(facts.with_extension("jpg")).ok();
        }
        Ok(())
    }

    fn facts_path(&self, key: &ContentKey) -> PathBuf {
        self.folder.join(format!("{}.json", key.as_str()))
    }

    fn poster_path(&self, key: &ContentKey) -> PathBuf {
        self.folder.join(format!("{}.jpg", key.as_str()))
    }
}

/// Beside its place first, so that a crash leaves no half of it there. It need not outlive a power cut.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let begun = path.with_extension("new");
    fs::write(&begun, bytes)?;
    fs::rename(&begun, path)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn key(number: usize) -> ContentKey {
        ContentKey::parse(&format!("{number:064x}")).expect("64 letters of hex")
    }

    fn found(poster: bool) -> Found {
        Found { facts: Ok(Facts { duration: Some(3.0), ..Facts::default() }), poster }
    }

    #[test]
    fn what_was_kept_is_found_again_and_what_is_damaged_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("films"));
        assert_eq!(cache.found(&key(1)), None, "nothing is known before the folder is there");
        cache.keep(&key(1), &found(true), Some(b"jpeg")).expect("it is kept");
        assert_eq!(cache.found(&key(1)), Some(found(true)), "as it was");
        assert_eq!(cache.poster(&key(1)).as_deref(), Some(&b"jpeg"[..]), "and its poster");
        fs::remove_file(cache.poster_path(&key(1))).expect("it was there");
        assert_eq!(cache.found(&key(1)), None, "facts that name a lost poster are looked for anew");
        let none = Found { facts: Err("no film".into()), poster: false };
        cache.keep(&key(2), &none, None).expect("it is kept");
        assert_eq!(cache.found(&key(2)), Some(none), "that it is no film is known too");
        fs::write(cache.facts_path(&key(2)), "{").expect("it was there");
        assert_eq!(cache.found(&key(2)), None, "half a file is none");
    }

    #[test]
    fn the_oldest_make_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache { most: 3, ..Cache::new(folder.path().to_owned()) };
        for number in 0..5 {
            cache.keep(&key(number), &found(true), Some(b"jpeg")).expect("it is kept");
            let age = SystemTime::now() - Duration::from_secs(1000 - number as u64);
            let kept = fs::File::options().write(true).open(cache.facts_path(&key(number))).expect("it was kept");
            kept.set_modified(age).expect("it is ours");
        }
        let left: Vec<_> = (0..5).filter(|number| cache.found(&key(*number)).is_some()).collect();
        assert_eq!(left, [2, 3, 4], "the newest three");
        let posters = (0..5).filter(|number| cache.poster(&key(*number)).is_some()).count();
        assert_eq!(posters, 3, "a poster goes with its film");
    }
}
