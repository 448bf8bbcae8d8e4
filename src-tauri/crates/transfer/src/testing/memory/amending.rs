//! How a [`super::MemoryRemote`] amends an upload.

use super::State;
use super::upload::{Refusal, Upload};
use crate::error::Class;
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::remote::{Amendment, UploadHandle};

impl State {
    /// Amends an upload, which may be called otherwise from now on. Whoever lost the answer asks by the old name.
    pub(super) fn amend(&mut self, amendment: &Amendment, new_handles: bool) -> Result<UploadHandle, Refusal> {
        let asked = &amendment.handle.0;
        let mut name = self.now_called(asked);
        let upload = self.uploads.get_mut(&name).filter(|upload| !upload.is_finished()).ok_or(Refusal::expired())?;
        let changed = upload.amend(amendment.after, &amendment.keep)?;
        if new_handles && changed && name == *asked {
            let upload = self.uploads.remove(&name).ok_or(Refusal::expired())?;
            let next = format!("{name}+");
            self.uploads.insert(next.clone(), upload);
            self.successors.insert(name, next.clone());
            name = next;
        }
        Ok(UploadHandle(name))
    }

    /// What an upload of that name is called now.
    pub(super) fn now_called(&self, name: &str) -> String {
        std::iter::successors(Some(name), |name| self.successors.get(*name).map(String::as_str))
            .last()
            .unwrap_or(name)
            .to_owned()
    }
}

impl Upload {
    /// Keeps these chunks and no others. Who writes has a place no more. Whether it is another upload now.
    fn amend(&mut self, after: ChunkLayout, keep: &[ChunkIndex]) -> Result<bool, Refusal> {
        let before = self.layout;
        if before.chunk_len() != after.chunk_len() {
            return Err(Refusal(Class::Desync, "the upload has chunks of another length"));
        }
        let stays = |index: &ChunkIndex| before.shares(&after, *index) && keep.binary_search(index).is_ok();
        let all = self.acked.len();
        self.acked.retain(|index, _| stays(index));
        self.arriving.clear();
        self.layout = after;
        Ok(before != after || self.acked.len() < all)
    }
}
