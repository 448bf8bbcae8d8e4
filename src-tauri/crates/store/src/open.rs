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
    /// What to mind where its folder lies, as a sentence for a person.
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
    let opened = tokio::task::spawn_blocking(move || open_at(&here, plan, Timestamp::now()));
    opened.await.unwrap_or_else(|gone| Err(OpenError::of_io(&folder, io::Error::other(gone))))
}

fn open_at(folder: &Path, plan: &Plan, now: Timestamp) -> Result<Opened<Database>, OpenError> {
    let failed = |error| OpenError::of_io(folder, error);
    fs::create_dir_all(folder).map_err(failed)?;
    // An absolute path can neither be taken for a URI nor move with the working directory.
    let folder = folder.canonicalize().map_err(failed)?;
    let lock = FolderLock::take_when_closed(&folder)?;
    let candidate = Candidate { path: folder.join(plan.name), plan };
    let (connections, set_aside) = sound_or_fresh(&candidate, now).map_err(|obstacle| obstacle.at(&candidate.path))?;
    let value = Database::start(connections, &candidate.path, lock).map_err(failed)?;
    Ok(Opened { value, set_aside, caution: Place::of(&folder).caution(&folder) })
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
