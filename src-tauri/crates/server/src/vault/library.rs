//! What a person does to finished films: another name, out of the library, back into it.

use std::io;
use std::path::Path;

use tokio::sync::oneshot;
use transfer::ids::ObjectId;
use transfer::name::FileName;

use super::lifecycle::Step;
use super::removal::Mover;
use super::{Vault, VaultError};
use crate::ports::{Rename, Video};

impl Vault {
    /// Gives a film another name: its file's, and the library's. Its id stays, and those who read it read on. No file
    /// is ever replaced; a crash in the middle is brought to its end at the next opening.
    ///
    /// # Errors
    /// [`VaultError::NameTaken`], [`VaultError::NoName`], [`VaultError::Gone`]: it has its old name. After
    /// [`VaultError::Folder`] and [`VaultError::Database`] the next opening, or the next try, decides.
    pub async fn rename(&self, object: &ObjectId, name: FileName) -> Result<(), VaultError> {
        let rename = Rename { object: object.clone(), name };
        self.turn(|reply| Step::Rename(rename, reply)).await
    }

    /// Takes a film out of the library: `away` moves its file to where the person wants it (the trash, say), then its
    /// row goes. A crash between the two leaves a listed film whose file is gone, and the file where `away` moved it.
    /// Whoever reads the film meanwhile is told that it is gone. Of a film whose file is gone already only the row
    /// goes, and `away` is not asked.
    ///
    /// # Errors
    /// [`VaultError::NotMoved`] with what `away` said, and the film is as it was.
    pub async fn take_out(
        &self,
        object: &ObjectId,
        away: impl FnOnce(&Path) -> io::Result<()> + Send + 'static,
    ) -> Result<Video, VaultError> {
        self.turn(|reply| Step::TakeOut(object.clone(), Mover::new(away), reply)).await
    }

    /// Puts a film back that was taken out, under its old name or a numbered one; the answer says which. Its row comes
    /// first, then `back` moves its file to the path that it is given: a crash between the two leaves the file where it
    /// was, and a listed film whose file is gone.
    ///
    /// # Errors
    /// [`VaultError::NotMoved`] with what `back` said, and the film is not listed.
    pub async fn put_back(
        &self,
        video: Video,
        back: impl FnOnce(&Path) -> io::Result<()> + Send + 'static,
    ) -> Result<Video, VaultError> {
        self.turn(|reply| Step::PutBack(Box::new(video), Mover::new(back), reply)).await
    }

    /// Takes a turn in the lifecycle. The step is taken even if the caller stops waiting.
    pub(super) async fn turn<T>(
        &self,
        step: impl FnOnce(oneshot::Sender<Result<T, VaultError>>) -> Step,
    ) -> Result<T, VaultError> {
        let (reply, answer) = oneshot::channel();
        self.steps.send(step(reply)).await.map_err(|_| VaultError::Closed)?;
        answer.await.map_err(|_| VaultError::Closed)?
    }
}
