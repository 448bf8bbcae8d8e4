//! `vault.db`: what has arrived of each unfinished upload, and what is finished.
//!
//! Every commit is synced (`synchronous=FULL`): the vault acknowledges bytes on the strength of it. Bytes that are
//! marked here are on disk already; the films themselves are plain files that this database only names.

mod appendings;
mod coverage;
mod cvs;
mod progress;
mod ranges;
mod renames;
mod uploads;
mod videos;

use std::path::Path;

use async_trait::async_trait;
use rusqlite::Connection;
use server::ports::{
    Amended, Appending, Arrived, Catalogue, Claim, Ledger, Mark, Marked, Owner, PortError, Rename, Upload, UploadId,
    Video,
};
use transfer::ids::ObjectId;
use transfer::name::FileName;
use transfer::remote::Arriving;
use transfer::tree::Root;
use transfer::units::Timestamp;

use crate::candidate::Plan;
use crate::database::Database;
use crate::error::OpenError;
use crate::fault::Fault;
use crate::open::{Opened, open};
use crate::schema::Step;
use progress::{amend, arrived, mark};

const STEPS: &[Step] = &[
    &[uploads::VERSION_1, ranges::VERSION_1, cvs::VERSION_1, videos::VERSION_1],
    &[renames::VERSION_2],
    &[uploads::VERSION_3, videos::VERSION_3],
    &[appendings::VERSION_4],
    &[uploads::VERSION_5],
];

static PLAN: Plan = Plan { name: SqliteVault::FILE, steps: STEPS, synchronous: "FULL", read_start };

/// A vault's ledger and catalogue in SQLite.
#[derive(Debug)]
pub struct SqliteVault {
    database: Database,
}

impl SqliteVault {
    /// The database's file.
    pub(crate) const FILE: &str = "vault.db";

    /// Opens the database in `folder` (the vault's own folder within the vault), or creates both. It takes the
    /// folder's lock and holds it until it is closed, or dropped and done with what was asked of it.
    ///
    /// # Errors
    /// See [`OpenError`]. A database that is damaged or from a newer Pawl is none: it is set aside.
    pub async fn open(folder: &Path) -> Result<Opened<Self>, OpenError> {
        Ok(open(folder, &PLAN).await?.map(|database| Self { database }))
    }

    /// Ends it after the calls that are under way, leaves one file and frees the folder. Later calls fail.
    pub async fn close(&self) {
        self.database.close().await;
    }

    async fn read<T, W>(&self, what: &'static str, work: W) -> Result<T, PortError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.database.read(work).await.map_err(|fault| port_error(what, fault))
    }

    async fn write<T, W>(&self, what: &'static str, work: W) -> Result<T, PortError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.database.write(work).await.map_err(|fault| port_error(what, fault))
    }
}

fn port_error(what: &'static str, fault: Fault) -> PortError {
    match fault {
        Fault::Full(_) => PortError::Full { what },
        Fault::Damaged(_) | Fault::Missing(_) | Fault::Closed | Fault::Sqlite(_) => {
            PortError::Failed { what, source: fault.into() }
        }
    }
}

/// Everything: what is unfinished is little, and a video's row is short.
fn read_start(connection: &Connection) -> Result<(), Fault> {
    uploads::all(connection)?.iter().try_for_each(|upload| arrived(connection, &upload.id).map(drop))?;
    videos::after(connection, None, u32::MAX)?;
    appendings::unfinished(connection)?;
    renames::all(connection).map(drop)
}

#[async_trait]
impl Ledger for SqliteVault {
    async fn begin(&self, upload: &Upload) -> Result<Upload, PortError> {
        let upload = upload.clone();
        self.write("begin an upload", move |connection| uploads::begin(connection, &upload)).await
    }

    async fn begin_append(&self, upload: &Upload, appending: &Appending) -> Result<(), PortError> {
        let (upload, appending) = (upload.clone(), appending.clone());
        let begin = move |connection: &Connection| {
            uploads::begin(connection, &upload)?;
            appendings::insert(connection, &appending)
        };
        self.write("begin an upload", begin).await
    }

    async fn appendings(&self) -> Result<Vec<Appending>, PortError> {
        self.read("list the uploads", appendings::unfinished).await
    }

    async fn appending(&self, id: &UploadId) -> Result<Option<Appending>, PortError> {
        let id = id.clone();
        self.read("find an upload", move |connection| appendings::of(connection, &id)).await
    }

    async fn settle(&self, id: &UploadId, size: u64) -> Result<(), PortError> {
        let id = id.clone();
        self.write("note how long an upload is", move |connection| uploads::settle(connection, &id, size)).await
    }

    async fn uploads(&self) -> Result<Vec<Upload>, PortError> {
        self.read("list the uploads", uploads::all).await
    }

    async fn arrived(&self, id: &UploadId) -> Result<Arrived, PortError> {
        let id = id.clone();
        self.read("say what has arrived", move |connection| arrived(connection, &id)).await
    }

    async fn mark(&self, marks: &[(UploadId, Mark)], at: Timestamp) -> Result<Vec<Marked>, PortError> {
        let marks = marks.to_vec();
        let all = move |connection: &Connection| marks.iter().map(|(id, one)| mark(connection, id, one, at)).collect();
        self.write("write down what has arrived", all).await
    }

    async fn amend(&self, id: &UploadId, amended: &Amended, at: Timestamp) -> Result<(), PortError> {
        let (id, amended) = (id.clone(), amended.clone());
        self.write("amend an upload", move |connection| amend(connection, &id, &amended, at)).await
    }

    async fn announce(&self, id: &UploadId, arriving: Arriving, at: Timestamp) -> Result<(), PortError> {
        let id = id.clone();
        let announce = move |connection: &Connection| uploads::announce(connection, &id, arriving, at);
        self.write("note what the sender is about", announce).await
    }

    async fn claim_complete(&self, id: &UploadId, name: &FileName, root: &Root) -> Result<Claim, PortError> {
        let (id, name, root) = (id.clone(), name.clone(), *root);
        self.write("claim an upload", move |connection| uploads::claim(connection, &id, &name, &root)).await
    }

    async fn rename_claim(&self, id: &UploadId, name: &FileName) -> Result<(), PortError> {
        let (id, name) = (id.clone(), name.clone());
        self.write("rename an upload", move |connection| uploads::rename_claim(connection, &id, &name)).await
    }

    async fn publish(&self, video: &Video) -> Result<(), PortError> {
        let video = video.clone();
        let publish = move |connection: &Connection| {
            uploads::delete(connection, &video.upload)?;
            videos::insert(connection, &video)
        };
        self.write("publish a video", publish).await
    }

    async fn remove(&self, id: &UploadId) -> Result<(), PortError> {
        let id = id.clone();
        let remove = move |connection: &Connection| {
            uploads::delete(connection, &id)?;
            appendings::delete(connection, &id)
        };
        self.write("forget an upload", remove).await
    }
}

#[async_trait]
impl Catalogue for SqliteVault {
    async fn videos(&self, after: Option<&ObjectId>, limit: u32) -> Result<Vec<Video>, PortError> {
        let after = after.cloned();
        self.read("list the videos", move |connection| videos::after(connection, after.as_ref(), limit)).await
    }

    async fn video(&self, object: &ObjectId) -> Result<Option<Video>, PortError> {
        let object = object.clone();
        self.read("find a video", move |connection| videos::by_object(connection, &object)).await
    }

    async fn published(&self, upload: &UploadId) -> Result<Option<Video>, PortError> {
        let upload = upload.clone();
        self.read("find a video", move |connection| videos::by_upload(connection, &upload)).await
    }

    async fn named(&self, name: &FileName) -> Result<Option<Video>, PortError> {
        let name = name.clone();
        self.read("find a video", move |connection| videos::by_name(connection, &name)).await
    }

    async fn kept_of(&self, owner: &Owner) -> Result<u64, PortError> {
        let owner = owner.clone();
        self.read("count what an owner keeps", move |connection| videos::kept_of(connection, &owner)).await
    }

    async fn renames(&self) -> Result<Vec<Rename>, PortError> {
        self.read("list the renames", renames::all).await
    }

    async fn begin_rename(&self, rename: &Rename) -> Result<(), PortError> {
        let rename = rename.clone();
        self.write("begin a rename", move |connection| renames::begin(connection, &rename)).await
    }

    async fn end_rename(&self, object: &ObjectId, moved: bool) -> Result<(), PortError> {
        let object = object.clone();
        self.write("rename a video", move |connection| renames::end(connection, &object, moved)).await
    }

    async fn take_out(&self, object: &ObjectId) -> Result<(), PortError> {
        let object = object.clone();
        let take_out = move |connection: &Connection| {
            appendings::delete_of(connection, &object)?;
            videos::delete(connection, &object)
        };
        self.write("take a video out", take_out).await
    }

    async fn put_back(&self, video: &Video) -> Result<(), PortError> {
        let video = video.clone();
        self.write("put a video back", move |connection| videos::insert(connection, &video)).await
    }
}
