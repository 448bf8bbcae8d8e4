//! Files that *Open with Pawl* or `--open` brought: they play, and nothing of them is sent unless a person asks.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use transfer::name::FileName;

use crate::view::OpenedView;

/// So many are remembered; the oldest is forgotten first.
const MOST: usize = 64;

/// The opened files by their ids.
#[derive(Debug, Default)]
pub(crate) struct OpenedFiles(Mutex<Opened>);

#[derive(Debug, Default)]
struct Opened {
    last: u64,
    files: VecDeque<(u64, PathBuf)>,
}

impl OpenedFiles {
    /// Remembers a file. The same one again keeps its id.
    pub(crate) fn register(&self, path: &Path) -> OpenedView {
        let mut opened = self.held();
        let known = opened.files.iter().find(|(_, file)| file == path).map(|(id, _)| *id);
        let id = known.unwrap_or_else(|| opened.remember(path));
        let name = FileName::of(path).map_or_else(|_| String::new(), |name| name.shown());
        OpenedView { id: id.to_string(), name }
    }

    /// Where an opened file is.
    pub(crate) fn path(&self, id: &str) -> Option<PathBuf> {
        let id: u64 = id.parse().ok()?;
        self.held().files.iter().find(|(known, _)| *known == id).map(|(_, path)| path.clone())
    }

    fn held(&self) -> MutexGuard<'_, Opened> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opened {
    fn remember(&mut self, path: &Path) -> u64 {
        self.last += 1;
        self.files.push_back((self.last, path.to_owned()));
        if self.files.len() > MOST {
            self.files.pop_front();
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opened_file_is_found_by_its_id_until_many_others_came() {
        let opened = OpenedFiles::default();
        let first = opened.register(Path::new("/films/a\u{202e}.mp4"));
        assert_eq!(first.name, "a\u{fffd}.mp4", "its name cannot disguise itself");
        assert_eq!(opened.path(&first.id), Some(PathBuf::from("/films/a\u{202e}.mp4")), "its path is kept exactly");
        assert_eq!(opened.register(Path::new("/films/a\u{202e}.mp4")).id, first.id, "opened twice, it is one");
        for number in 0..MOST {
            opened.register(Path::new(&format!("/films/{number}.mp4")));
        }
        assert_eq!(opened.path(&first.id), None, "memory is bounded");
        assert_eq!(opened.path("nonsense"), None, "an id that was never given names nothing");
    }
}
