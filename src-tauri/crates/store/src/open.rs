//! Opening: under the folder's lock, look at what is there before anything is written; what cannot be trusted is set
//! aside, and an empty database begins.

use std::fs;
use std::io;
use std::path::Path;

use transfer::units::Timestamp;

use crate::aside::{SetAside, set_aside};
use crate::candidate::{Candidate, Plan};
use crate::database::{Connections, Database};
use crate::error::OpenError;
use crate::folder_lock::FolderLock;
use crate::obstacle::Obstacle;
use crate::place::Place;

/// An open database, and what its user should be told.
#[derive(Debug)]
pub struct Opened<T> {
    /// The database.
    pub value: T,
    /// The one that was set aside for it, if it was.
    pub set_aside: Option<SetAside>,
    /// What holds it back where its folder lies, as a sentence for a person.
    pub caution: Option<String>,
}

impl<T> Opened<T> {
    /// The same for what is made of the database.
    pub(crate) fn map<U>(self, into: impl FnOnce(T) -> U) -> Opened<U> {
        Opened { value: into(self.value), set_aside: self.set_aside, caution: self.caution }
    }
}

/// Opens or creates the database of `plan` in `folder`.
pub(crate) async fn open(folder: &Path, plan: &'static Plan) -> Result<Opened<Database>, OpenError> {
    let (here, folder) = (folder.to_owned(), folder.to_owned());
    let opened = tokio::task::spawn_blocking(move || open_at(&here, plan, Place::of, Timestamp::now()));
    opened.await.unwrap_or_else(|gone| Err(OpenError::of_io(&folder, io::Error::other(gone))))
}

fn open_at(
    folder: &Path,
    plan: &Plan,
    place_of: fn(&Path) -> Place,
    now: Timestamp,
) -> Result<Opened<Database>, OpenError> {
    let failed = |error| OpenError::of_io(folder, error);
    fs::create_dir_all(folder).map_err(failed)?;
    // An absolute path can neither be taken for a URI nor move with the working directory.
    let folder = folder.canonicalize().map_err(failed)?;
    let lock = FolderLock::take_when_closed(&folder)?;
    let place = place_of(&folder);
    let candidate = Candidate { path: folder.join(plan.name), plan, place };
    let (connections, set_aside) = sound_or_fresh(&candidate, now).map_err(|obstacle| obstacle.at(&candidate.path))?;
    let value = Database::start(connections, &candidate.path, lock).map_err(failed)?;
    Ok(Opened { value, set_aside, caution: place.caution(&folder) })
}

fn sound_or_fresh(candidate: &Candidate<'_>, now: Timestamp) -> Result<(Connections, Option<SetAside>), Obstacle> {
    let why = match candidate.open() {
        Ok(connections) => return Ok((connections, None)),
        Err(Obstacle::Unusable(why)) => why,
        Err(obstacle @ (Obstacle::Sqlite(_) | Obstacle::Io(_))) => return Err(obstacle),
    };
    let kept = set_aside(&candidate.path, why, now)?;
    tracing::warn!(path = %kept.path.display(), ?why, "a database was set aside");
    Ok((candidate.open()?, Some(kept)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Step;

    const STEPS: &[Step] = &[&["CREATE TABLE words (word TEXT NOT NULL UNIQUE) STRICT"]];
    const WORDS: Plan = Plan { name: "words.db", steps: STEPS, synchronous: "NORMAL", read_start: |_| Ok(()) };

    fn open_words(folder: &Path, place_of: fn(&Path) -> Place) -> Opened<Database> {
        open_at(folder, &WORDS, place_of, Timestamp(0)).expect("it opens")
    }

    async fn say(database: &Database, word: &'static str) {
        let written = database.write(move |c| Ok(c.execute("INSERT INTO words VALUES (?1)", [word]).map(drop)?)).await;
        written.expect("a word is written");
    }

    async fn said(database: &Database) -> Vec<String> {
        let read = database.read(|c| {
            let mut statement = c.prepare("SELECT word FROM words ORDER BY rowid")?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        });
        read.await.expect("the words are read")
    }

    #[tokio::test]
    async fn a_database_moves_between_disk_and_network_and_keeps_everything() {
        let folder = tempfile::tempdir().expect("a folder");
        let far = |_: &Path| Place::Network("NFS");
        let mut expected = Vec::new();
        for (word, place_of) in
            [("near", (|_| Place::Local) as fn(&Path) -> Place), ("far", far), ("back", |_| Place::Local)]
        {
            let Opened { value, set_aside, caution } = open_words(folder.path(), place_of);
            assert_eq!(set_aside, None, "a change of place is no damage");
            assert_eq!(caution.is_some(), word == "far", "only the network is told of");
            say(&value, word).await;
            expected.push(word);
            assert_eq!(said(&value).await, expected, "what was written is read, by whichever connection");
            let log = folder.path().join("words.db-wal").exists();
            assert_eq!(log, word != "far", "the log is never used over a network");
            value.close().await;
        }
    }
}
