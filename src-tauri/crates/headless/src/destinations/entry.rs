//! One destination as the book keeps it, and what a person may not write.

use remotes::ConnectionSetup;
use remotes::s3::AddressError;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml::Table;
use transfer::ids::DestinationId;
use transfer::placing::{Taken, Template, TemplateError};
use transfer::units::Rate;

use super::place::Place;
use crate::secrets::SecretPlace;

/// The longest name of a destination, in characters.
const LONGEST_NAME: usize = 80;

/// One destination. No field of it is secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Who: a UUID, and of a vault `vault:/path`.
    pub id: DestinationId,
    /// What a person calls it.
    pub name: String,
    /// What to do where a name is taken there.
    #[serde(default)]
    pub taken: Taken,
    /// The most bytes a second that go there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Rate>,
    /// How the name of an object is made.
    #[serde(default)]
    pub template: Template,
    /// A proxy instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// Certificates of authorities to trust besides the system's, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorities: Option<String>,
    /// Where its secret is, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretPlace>,
    /// Where it is.
    pub place: Place,
    /// Words of another Pawl: they stay.
    #[serde(flatten)]
    pub more: Table,
}

/// Why something is no destination.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryError {
    /// There is no name.
    #[error("give the destination a name of at most {LONGEST_NAME} characters")]
    Name,
    /// Another has that name.
    #[error("another destination is called {0:?} already; choose another name")]
    NameTaken(String),
    /// The address is none.
    #[error("that is no address: write https://HOST, or http://HOST:PORT")]
    NoAddress,
    /// There is more in the address, perhaps a secret, which is not repeated here.
    #[error("the address must hold no name, password, question or mark: they have fields of their own")]
    MoreThanAddress,
    /// The bucket is none.
    #[error("{0:?} is no name of a bucket")]
    Bucket(String),
    /// The S3 driver refuses it.
    #[error("{0}")]
    S3(AddressError),
    /// The template cannot be used.
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// It makes folders where there are none.
    #[error("only an S3 store has folders: leave the slashes out of the name")]
    Folders,
    /// The proxy or the certificates cannot be used.
    #[error("{0}")]
    Connection(String),
    /// It became another kind of thing.
    #[error("a destination stays what it is: add another one instead")]
    Kind,
    /// Something else, in words.
    #[error("{0}")]
    Other(&'static str),
}

impl Entry {
    /// The same, fit to be kept.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub fn checked(mut self) -> Result<Self, EntryError> {
        self.name = self.name.trim().to_owned();
        let fits = (1..=LONGEST_NAME).contains(&self.name.chars().count()) && !self.name.chars().any(char::is_control);
        if !fits {
            return Err(EntryError::Name);
        }
        self.place = self.place.checked()?;
        if self.template.has_folders() && !matches!(self.place, Place::S3 { .. }) {
            return Err(EntryError::Folders);
        }
        let filled = |text: &String| !text.trim().is_empty();
        (self.proxy, self.authorities) = (self.proxy.filter(filled), self.authorities.filter(filled));
        remotes::Connection::new(&self.connection()).map_err(|error| EntryError::Connection(error.to_string()))?;
        if self.proxy.as_deref().is_some_and(|proxy| proxy.contains('@')) {
            return Err(EntryError::Other("a password in the proxy's address would be seen by everyone"));
        }
        Ok(self)
    }

    /// Its name and where it is, in one line.
    pub fn described(&self) -> String {
        format!("{} ({})", self.name, self.place)
    }

    /// The id of a new one that is no vault.
    pub fn new_id() -> DestinationId {
        DestinationId(uuid::Uuid::new_v4().to_string())
    }

    /// How it is connected to.
    pub fn connection(&self) -> ConnectionSetup {
        let authorities = self.authorities.clone().map(String::into_bytes).unwrap_or_default();
        ConnectionSetup { authorities, proxy: self.proxy.clone() }
    }
}
