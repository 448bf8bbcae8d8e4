//! What a person changes: a destination is added, edited, removed, made the default. Each holds once it is written down.

use std::sync::PoisonError;
use std::time::Duration;

use anyhow::{Context, anyhow};
use headless::destinations::{self, Contents, Driver, Entry, EntryError, Place};
use headless::secrets::{Secret, SecretPlace};
use tokio::time::{Instant, timeout};
use transfer::engine::Engine;
use transfer::ids::DestinationId;

use super::{Destinations, forms, is_vault, patrol, sentence, unknown};
use crate::error::Error;
use crate::view::{DestinationForm, SecretForm};

/// How long a person waits for a destination to open; the patrol waits longer.
const OPENING: Duration = Duration::from_secs(3);

impl Destinations {
    /// Adds a destination, or changes the one with that id; its id, and what there is to say.
    pub(crate) async fn save(
        &self,
        id: Option<String>,
        form: DestinationForm,
        secret: SecretForm,
    ) -> Result<(DestinationId, Vec<String>), Error> {
        let _one_at_a_time = self.changing.lock().await;
        let old = id.map(|id| self.known(&DestinationId(id))).transpose()?;
        let id = old.as_ref().map_or_else(Entry::new_id, |old| old.id.clone());
        let mut entry = forms::entry(id, form, old.as_ref()).map_err(refused)?;
        let told = self.settle_place(&mut entry, old.as_ref()).await?;
        // Before a secret is touched: a name that is taken changes nothing.
        self.with(&entry)?;
        let secret = self.settle_secret(&mut entry, secret, old.as_ref()).await?;
        self.write(self.with(&entry)?).await?;
        self.forget_old_secret(&entry, old.as_ref()).await;
        if !is_vault(&entry.id) {
            self.reopen(&entry, secret).await;
        }
        self.tell();
        Ok((entry.id, told))
    }

    /// Takes a destination out, unless something still goes there. What it holds stays there.
    pub(crate) async fn remove(&self, id: &DestinationId, engine: &Engine) -> Result<(), Error> {
        let _one_at_a_time = self.changing.lock().await;
        if self.vaults.current().id == *id {
            return Err(said("The vault of this computer cannot be removed. It can be moved, in the settings."));
        }
        let entry = self.entry(id).ok_or_else(unknown)?;
        match patrol::unfinished(engine, id).await {
            0 => {}
            1 => return Err(said("One film is still on its way there. Let it arrive or cancel it, then remove it.")),
            count => {
                let words =
                    format!("{count} films are still on their way there. Let them arrive or cancel them first.");
                return Err(said(&words));
            }
        }
        let mut contents = self.contents();
        contents.remove(id);
        self.write(contents).await?;
        self.forget_secret(&entry).await;
        self.doors.forget(id);
        self.vaults.let_go(id).await;
        self.tell();
        Ok(())
    }

    /// Chooses where films go when nothing else is said.
    pub(crate) async fn choose_default(&self, id: &DestinationId) -> Result<(), Error> {
        let _one_at_a_time = self.changing.lock().await;
        self.known(id)?;
        let mut contents = self.contents();
        // The vault stays the default when it is moved.
        contents.choose_default((self.vaults.current().id != *id).then(|| id.clone()));
        self.write(contents).await?;
        self.tell();
        Ok(())
    }

    /// The secret that a form means: the one that it brings, or the one that is kept.
    pub(super) async fn meant(&self, form: SecretForm, old: Option<&Entry>) -> Result<Option<Secret>, Error> {
        match (form, old) {
            (SecretForm::Keep, Some(old)) => self.kept(old).await.map_err(|why| said(&sentence(&why))),
            (SecretForm::Keep | SecretForm::None, _) => Ok(None),
            (form @ (SecretForm::Token { .. } | SecretForm::Keys { .. }), _) => Ok(forms::secret(form)),
        }
    }

    /// The one with that id; the current vault is one too.
    pub(super) fn known(&self, id: &DestinationId) -> Result<Entry, Error> {
        let current = self.vaults.current();
        self.all(&current).into_iter().find(|entry| entry.id == *id).ok_or_else(unknown)
    }

    /// The secret that is kept of it, or half a sentence why it cannot be had.
    pub(super) async fn kept(&self, entry: &Entry) -> Result<Option<Secret>, String> {
        let Some(place) = entry.secret else { return Ok(None) };
        let secret = self.secrets.read(&entry.id, place).await.map_err(|error| format!("{error:#}"))?;
        let lost = || match place {
            SecretPlace::Keyring => "the keyring has nothing to let us in any more; enter it again",
            SecretPlace::File => "the file of secrets has nothing to let us in any more; enter it again",
        };
        secret.map(Some).ok_or_else(|| lost().to_owned())
    }

    /// A destination stays what it is, and a vault where it is. A new vault is opened.
    async fn settle_place(&self, entry: &mut Entry, old: Option<&Entry>) -> Result<Vec<String>, Error> {
        match (&entry.place, old) {
            (new, Some(old)) if !new.is_like(&old.place) => Err(refused(EntryError::Kind)),
            (new @ Place::Vault { .. }, Some(old)) if *new != old.place => {
                Err(said("A vault stays in its folder. Add the other folder as a destination of its own."))
            }
            (Place::Vault { folder }, None) => {
                let cannot = |error| said(&format!("{folder} cannot be a vault: {error:#}. Nothing was changed."));
                let (id, told) = self.vaults.keep(folder.as_ref()).await.map_err(cannot)?;
                if self.vaults.current().id == id || self.entry(&id).is_some() {
                    return Err(said("That folder is a destination already."));
                }
                let folder = id.0.trim_start_matches("vault:").to_owned();
                (entry.id, entry.place) = (id, Place::Vault { folder });
                Ok(told)
            }
            (Place::Vault { .. } | Place::Server { .. } | Place::Tus { .. } | Place::S3 { .. }, _) => Ok(Vec::new()),
        }
    }

    /// Keeps or forgets the secret, and gives it for opening. One that lies in the file moves to a keyring, if there is
    /// one by now.
    async fn settle_secret(
        &self,
        entry: &mut Entry,
        form: SecretForm,
        old: Option<&Entry>,
    ) -> Result<Option<Secret>, Error> {
        let secret = match form {
            SecretForm::Keep if entry.secret == Some(SecretPlace::Keyring) => return Ok(None),
            SecretForm::Keep => self.kept(entry).await.unwrap_or_default(),
            SecretForm::None => {
                entry.secret = None;
                return Ok(None);
            }
            form @ (SecretForm::Token { .. } | SecretForm::Keys { .. }) => forms::secret(form),
        };
        if let Some(secret) = &secret {
            self.part_from_secret(entry, old).await?;
            entry.secret = Some(self.secrets.keep(&entry.id, secret).await.context("What lets us in was not kept.")?);
        }
        Ok(secret)
    }

    /// Before another secret is kept for another place, the new place is written down without any: at no moment, not
    /// even after a crash, does one place get what is for the other.
    async fn part_from_secret(&self, entry: &Entry, old: Option<&Entry>) -> Result<(), Error> {
        match old {
            Some(old) if old.secret.is_some() && old.place != entry.place => {
                self.write(self.with(&Entry { secret: None, ..entry.clone() })?).await
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Once the book says that there is none.
    async fn forget_old_secret(&self, entry: &Entry, old: Option<&Entry>) {
        if let Some(old) = old.filter(|old| old.secret.is_some() && entry.secret.is_none()) {
            self.forget_secret(old).await;
        }
    }

    async fn forget_secret(&self, entry: &Entry) {
        if let Some(place) = entry.secret {
            let forgotten = self.secrets.forget(&entry.id, place).await;
            forgotten.unwrap_or_else(|error| tracing::warn!("a secret was not forgotten: {error:#}"));
        }
    }

    /// The book's contents with this one in them.
    fn with(&self, entry: &Entry) -> Result<Contents, Error> {
        let mut contents = self.contents();
        contents.put(entry.clone()).map_err(refused)?;
        Ok(contents)
    }

    async fn write(&self, contents: Contents) -> Result<(), Error> {
        let book = self.book.clone();
        let write = move || book.lock().unwrap_or_else(PoisonError::into_inner).write(contents);
        Ok(tokio::task::spawn_blocking(write).await.map_err(anyhow::Error::new)??)
    }

    /// Opens it as it is now. What is under way goes on with that.
    async fn reopen(&self, entry: &Entry, secret: Option<Secret>) {
        let opened = timeout(OPENING, self.opened(entry, secret)).await;
        let late = || Err("it does not answer yet".to_owned());
        self.doors.reset(&entry.id, opened.unwrap_or_else(|_| late()), Instant::now());
    }

    /// Its driver, with the secret that is kept where none is given.
    pub(super) async fn opened(&self, entry: &Entry, secret: Option<Secret>) -> Result<Driver, String> {
        let secret = match secret {
            Some(secret) => Some(secret),
            None => self.kept(entry).await?,
        };
        destinations::open(entry, secret.as_ref()).await
    }
}

pub(super) fn refused(error: EntryError) -> Error {
    Error::Other(anyhow!("{}", sentence(&error.to_string())))
}

pub(super) fn said(words: &str) -> Error {
    Error::Other(anyhow!("{words}"))
}
