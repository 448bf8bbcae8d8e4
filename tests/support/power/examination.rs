//! The examination of a survivor: first what is there, then whether the app goes on from it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use headless::compose::OpenVault;
use serde_json::json;
use server::vault::Vault;
use store::SqliteJournal;
use transfer::ids::ObjectId;
use transfer::journal::{Journal, TransferRecord};
use transfer::remote::{Received, Remote, UploadHandle, UploadStatus};
use transfer::state::TransferState;

use super::films::{Film, Films};
use super::promises::{Promised, Promises};
use crate::house::House;
use crate::recording::Told;

/// Checks everything on `disk`, and prints how many of the promised uploads the journal has forgotten.
pub async fn examine(disk: &Path, promises: &Path, films: Vec<PathBuf>) -> Result<()> {
    let (promises, films) = (serde_json::from_slice(&fs::read(promises)?)?, Films::read(films)?);
    let forgotten = still(disk, &films, &promises).await.context("as the cut left it")?;
    go_on(disk, &films, &promises).await.context("going on from what the cut left")?;
    println!("{}", json!({ "forgotten": forgotten }));
    Ok(())
}

/// Everything that can be said while nobody sends. How many promised uploads the journal has forgotten.
async fn still(disk: &Path, films: &Films, promises: &Promises) -> Result<usize> {
    let opened = OpenVault::open(&disk.join("vault")).await?;
    ensure!(opened.notices.is_empty(), "the vault has nothing to warn of after a cut: {:?}", opened.notices);
    let journal = SqliteJournal::open(&disk.join("state")).await?;
    ensure!(journal.set_aside.is_none(), "the journal was set aside: {:?}", journal.set_aside);
    let inspected = Inspected { vault: &opened.vault, folder: &disk.join("vault"), films };
    for (upload, promised) in promises.iter() {
        inspected.keeps(&upload, promised).await.with_context(|| format!("of upload {upload:?}"))?;
    }
    inspected.claims_what_is_there().await?;
    inspected.lists_what_is_there().await?;
    let records = journal.value.transfers().await?;
    for record in &records {
        inspected.agrees_with(record).await?;
    }
    opened.close().await;
    journal.value.close().await;
    let known = |upload: &UploadHandle, promised: &Promised| {
        let is_done = |record| of(record).is_some_and(|object| promised.object.as_ref() == Some(object));
        records.iter().any(|record| record.handle.as_ref() == Some(upload) || is_done(record))
    };
    Ok(promises.iter().filter(|(upload, promised)| !known(upload, promised)).count())
}

/// The object of a transfer that is done.
fn of(record: &TransferRecord) -> Option<&ObjectId> {
    if let TransferState::Done(completed) = &record.state { Some(&completed.object) } else { None }
}

struct Inspected<'a> {
    vault: &'a Vault,
    folder: &'a Path,
    films: &'a Films,
}

impl Inspected<'_> {
    /// Every promise of an upload is kept.
    async fn keeps(&self, upload: &UploadHandle, promised: &Promised) -> Result<()> {
        match self.status(upload).await? {
            UploadStatus::Unknown => bail!("the vault began it, and knows it no more: {promised:?}"),
            UploadStatus::Receiving(received) => {
                let there: BTreeSet<u32> = received.chunks.iter().map(|(index, _)| index.get()).collect();
                ensure!(promised.object.is_none(), "the film was promised, and is not finished: {promised:?}");
                ensure!(there.is_superset(&promised.chunks), "{promised:?} was promised, {there:?} is there");
                Ok(())
            }
            UploadStatus::Completed(completed) => {
                let same = promised.object.as_ref().is_none_or(|object| *object == completed.object);
                ensure!(same, "{promised:?} became {completed:?}");
                self.is_film(&completed.object).await
            }
        }
    }

    /// Of every upload: what the ledger claims is in the file, with the right digest.
    async fn claims_what_is_there(&self) -> Result<()> {
        for part in fs::read_dir(self.folder.join(".pawl/incoming"))? {
            let path = part?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).context("a part has an upload's name")?;
            let upload = UploadHandle(stem.to_owned());
            match self.status(&upload).await? {
                UploadStatus::Receiving(received) => self.is_in(&path, &received)?,
                other => bail!("{} is a file of no upload: {other:?}", path.display()),
            }
        }
        Ok(())
    }

    fn is_in(&self, part: &Path, received: &Received) -> Result<()> {
        let bytes = fs::read(part)?;
        let film = self.films.of_size(bytes.len() as u64)?;
        for (index, cv) in &received.chunks {
            let range = film.layout.range(*index);
            ensure!(*cv == Some(film.cv(*index)), "chunk {index:?} has the digest {cv:?}");
            let there = &bytes[range.start() as usize..range.end() as usize];
            ensure!(there == film.slice(range), "chunk {index:?} is claimed, and {} has other bytes", part.display());
        }
        Ok(())
    }

    /// The files in the folder and the list of films are the same, and each is right.
    async fn lists_what_is_there(&self) -> Result<()> {
        let mut listed = BTreeSet::new();
        for video in self.vault.library(None, u32::MAX).await? {
            self.is_film(&video.object).await?;
            listed.insert(video.name.as_os_str().to_owned());
        }
        let entries = fs::read_dir(self.folder)?.collect::<Result<Vec<_>, _>>()?;
        let files = entries.iter().filter(|entry| entry.path().is_file()).map(fs::DirEntry::file_name).collect();
        ensure!(listed == files, "listed are {listed:?}, there are {files:?}");
        Ok(())
    }

    /// The journal believes nothing that the vault does not know.
    async fn agrees_with(&self, record: &TransferRecord) -> Result<()> {
        if let Some(object) = of(record) {
            self.is_film(object).await.context("the journal calls it done")?;
        }
        if let Some(upload) = &record.handle {
            let status = self.status(upload).await?;
            ensure!(status != UploadStatus::Unknown, "the journal has {upload:?}, and the vault does not");
        }
        Ok(())
    }

    async fn is_film(&self, object: &ObjectId) -> Result<()> {
        let found = self.vault.find(object).await?.with_context(|| format!("{object} is not there"))?;
        let film = self.films.of_size(found.size)?;
        ensure!(found.root == Some(film.root()), "{object} has the root {:?}", found.root);
        let name = found.name.as_os_str();
        let bytes = fs::read(self.folder.join(name)).with_context(|| format!("{name:?} is listed"))?;
        ensure!(bytes == film.bytes(), "{name:?} has other bytes than its film");
        Ok(())
    }

    /// What the vault says of an upload. Its layout is that of the film with its size.
    async fn status(&self, upload: &UploadHandle) -> Result<UploadStatus> {
        let object = self.vault.object_of(upload);
        let found = match &object {
            Some(object) => self.vault.find(object).await?,
            None => None,
        };
        let film = found.map_or_else(
            || self.films.iter().next().context("there are films"),
            |found| self.films.of_size(found.size),
        )?;
        Ok(self.vault.status(upload, &film.layout).await?)
    }
}

/// Sends the films to their end. Nothing that was promised may set out again.
async fn go_on(disk: &Path, films: &Films, promises: &Promises) -> Result<()> {
    let house = House::open(disk, None).await?;
    for film in films.iter() {
        arrives(&house, film).await?;
    }
    for told in house.remote.log() {
        if let Told::SetOut(upload, chunk) = &told {
            ensure!(!promises.has(upload, *chunk), "chunk {chunk} of {upload:?} was acknowledged, and is sent again");
        }
    }
    let inspected = Inspected { vault: house.vault(), folder: &disk.join("vault"), films };
    inspected.lists_what_is_there().await?;
    house.close().await;
    Ok(())
}

async fn arrives(house: &House, film: &Film) -> Result<()> {
    let id = house.add(&film.path).await?;
    let ended = house.until(id, "the end of an upload", |now| matches!(now.state, TransferState::Done(_))).await?;
    ensure!(ended.root == Some(film.root()), "the receipt names {:?}", ended.root);
    Ok(())
}
