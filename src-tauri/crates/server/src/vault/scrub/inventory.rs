//! What is in a vault: films, what still arrives, files that are nobody's. The folder is listed before the database is
//! asked, so that a film that comes in between is known and no stray.

use std::collections::HashSet;
use std::path::PathBuf;

use transfer::ids::ObjectId;
use transfer::layout::{ByteRange, ChunkLayout};
use transfer::name::FileName;
use transfer::tree::Cv;

use super::{Finding, Harm, strays};
use crate::ports::{Arrived, Catalogue, Ledger, Rename, Stage, Upload, UploadId, Video};
use crate::vault::error::VaultError;
use crate::vault::folder::Folder;
use crate::vault::{disk, moving};

/// All of it.
#[derive(Debug)]
pub(super) struct Inventory {
    pub(super) films: Vec<Video>,
    renames: Vec<Rename>,
    pub(super) arriving: Vec<Arriving>,
    pub(super) strays: Vec<PathBuf>,
}

/// An unfinished upload, and what was acknowledged of it.
#[derive(Debug)]
pub(super) struct Arriving {
    row: Upload,
    layout: Option<ChunkLayout>,
    arrived: Arrived,
}

impl Inventory {
    pub(super) async fn taken(
        folder: &Folder,
        ledger: &dyn Ledger,
        catalogue: &dyn Catalogue,
    ) -> Result<Self, VaultError> {
        let there = folder.clone();
        let files = disk::blocking_io(move || strays::files(&there)).await;
        let files = files.map_err(|error| VaultError::folder(folder.root(), error))?;
        let arriving = arriving(ledger).await?;
        let (films, renames) = (catalogue.videos(None, u32::MAX).await?, catalogue.renames().await?);
        let mut inventory = Self { films, renames, arriving, strays: Vec::new() };
        let known = inventory.paths(folder);
        inventory.strays = files.into_iter().filter(|file| !known.contains(file)).collect();
        Ok(inventory)
    }

    /// Bytes that there are to look at.
    pub(super) fn bytes(&self) -> u64 {
        let films = self.films.iter().map(|film| film.size);
        films.chain(self.arriving.iter().map(Arriving::bytes)).fold(0, u64::saturating_add)
    }

    /// Whether what was found before is so by what is known now.
    pub(super) fn upholds(&self, folder: &Folder, finding: &Finding) -> bool {
        match finding {
            Finding::Film { object, harm, .. } => self
                .films
                .iter()
                .filter(|film| film.object == *object)
                .any(|film| *harm != Harm::Missing || !moving::exists(&folder.film(&film.name)).unwrap_or(false)),
            Finding::Upload { id, object, harm, .. } => self.arriving.iter().any(|one| {
                let same = one.row.id == *id && one.row.object == *object;
                same && (*harm != Harm::Missing
                    || !one.paths(folder).iter().any(|path| moving::exists(path).unwrap_or(false)))
            }),
            Finding::Stray(path) => self.strays.contains(path),
        }
    }

    /// Every file that is somebody's.
    fn paths(&self, folder: &Folder) -> HashSet<PathBuf> {
        let films = self.films.iter().map(|film| &film.name).chain(self.renames.iter().map(|rename| &rename.name));
        films.map(|name| folder.film(name)).chain(self.arriving.iter().flat_map(|one| one.paths(folder))).collect()
    }
}

async fn arriving(ledger: &dyn Ledger) -> Result<Vec<Arriving>, VaultError> {
    let in_order: Vec<UploadId> = ledger.appendings().await?.into_iter().map(|told| told.id).collect();
    let mut all = Vec::new();
    for row in ledger.uploads().await? {
        let arrived = ledger.arrived(&row.id).await?;
        let layout = layout(&row, &arrived, in_order.contains(&row.id));
        all.push(Arriving { row, layout, arrived });
    }
    Ok(all)
}

/// The chunks whose digests are known. Of bytes that come in order they are those of parts of more than one, for
/// whether more come is not known then: such a chunk is never the whole.
fn layout(row: &Upload, arrived: &Arrived, in_order: bool) -> Option<ChunkLayout> {
    let known = arrived.cvs.iter().map(|(number, _)| u64::from(*number) + 1).max().unwrap_or(0);
    let size = if in_order { known.checked_add(1)?.checked_mul(row.chunk_len)? } else { row.size? };
    ChunkLayout::new(size, row.chunk_len).ok()
}

impl Arriving {
    pub(super) fn id(&self) -> &UploadId {
        &self.row.id
    }

    pub(super) fn object(&self) -> &ObjectId {
        &self.row.object
    }

    pub(super) fn name(&self) -> &FileName {
        &self.row.name
    }

    /// Where its bytes may be: where it arrives, or already where it becomes a film.
    pub(super) fn paths(&self, folder: &Folder) -> Vec<PathBuf> {
        let claimed = match &self.row.stage {
            Stage::Receiving => None,
            Stage::Publishing { name, .. } => Some(folder.film(name)),
        };
        [folder.part(&self.row.id)].into_iter().chain(claimed).collect()
    }

    /// Up to which byte something was acknowledged.
    pub(super) fn reach(&self) -> u64 {
        self.arrived.ranges.iter().map(|(range, _)| range.end()).max().unwrap_or(0)
    }

    /// The layout, and the chunks whose digests are known.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (ChunkLayout, u32, Cv)> {
        let all = self.layout.into_iter().flat_map(|layout| self.arrived.cvs.iter().map(move |known| (layout, known)));
        all.map(|(layout, (number, cv))| (layout, *number, *cv))
    }

    /// Bytes of those chunks.
    pub(super) fn bytes(&self) -> u64 {
        let range = |(layout, number, _): (ChunkLayout, u32, Cv)| layout.index(number).map(|index| layout.range(index));
        self.chunks().filter_map(range).map(ByteRange::len).fold(0, u64::saturating_add)
    }
}
