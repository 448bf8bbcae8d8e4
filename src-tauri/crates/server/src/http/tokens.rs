//! Who may come in: bearer tokens (RFC 6750) in a file of the vault, of which only the digests are kept.
//!
//! Owner of: `tokens.toml` ([`super::own_file`]). A token is 256 random bits: a fast digest without salt gives nothing
//! away.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::own_file::{OwnFile, OwnFileError};
use crate::ports::Owner;

/// What every token begins with, so that one that leaked is known for what it is.
const PREFIX: &str = "pawl_";

/// What a token permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Listing and reading videos.
    Read,
    /// Sending, and what is one's own of it.
    Upload,
    /// Both, and whatever only the keeper of the server may do.
    Admin,
}

impl Scope {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Upload => "upload",
            Self::Admin => "admin",
        }
    }
}

/// What the file holds of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Its name, which is the owner of what it brings.
    pub name: Owner,
    /// The BLAKE3 of the token itself, in hex.
    pub blake3: String,
    /// What it permits.
    pub scopes: Vec<Scope>,
}

impl Token {
    /// Whether it permits that.
    pub fn permits(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    #[serde(default)]
    token: Vec<Token>,
}

/// Why a token was not added or taken away.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The name is none that can be an owner.
    #[error("{0:?} is no name for a token: 1 to 64 letters, digits, '-' or '_'")]
    Name(String),
    /// There is one of that name.
    #[error("there is a token {0:?} already; remove it first")]
    Taken(String),
    /// There is none of that name.
    #[error("there is no token {0:?}")]
    Unknown(String),
    /// The file does not serve.
    #[error(transparent)]
    File(#[from] OwnFileError),
}

/// The tokens of a vault. Clones are the same file.
#[derive(Debug, Clone)]
pub struct TokenFile(Arc<OwnFile<Contents>>);

impl TokenFile {
    /// The file in the vault's own folder; it need not be there.
    pub fn in_folder(own: &Path) -> Self {
        Self(Arc::new(OwnFile::at(own.join("tokens.toml"))))
    }

    /// Makes a token and gives it: the only time that it is seen.
    pub fn add(&self, name: &str, scopes: &[Scope]) -> Result<String, TokenError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(fits) {
            return Err(TokenError::Name(name.to_owned()));
        }
        let _alone = self.0.alone()?;
        let mut contents = self.0.read()?;
        if contents.token.iter().any(|token| token.name.0 == name) {
            return Err(TokenError::Taken(name.to_owned()));
        }
        let secret = format!("{PREFIX}{}", blake3::Hash::from_bytes(self.0.random()?).to_hex());
        let blake3 = digest(&secret);
        contents.token.push(Token { name: Owner(name.to_owned()), blake3, scopes: scopes.to_vec() });
        self.0.write(&contents)?;
        Ok(secret)
    }

    /// Takes a token away: whoever holds it is refused from now on. What it brought stays.
    pub fn remove(&self, name: &str) -> Result<(), TokenError> {
        let _alone = self.0.alone()?;
        let mut contents = self.0.read()?;
        let before = contents.token.len();
        contents.token.retain(|token| token.name.0 != name);
        if contents.token.len() == before {
            return Err(TokenError::Unknown(name.to_owned()));
        }
        Ok(self.0.write(&contents)?)
    }

    /// Every token, in the order in which they were added.
    pub fn all(&self) -> Result<Vec<Token>, TokenError> {
        Ok(self.0.read()?.token)
    }

    /// The token that this is. A file that cannot be read lets nobody in.
    pub(super) fn find(&self, secret: &str) -> Option<Token> {
        let digest = digest(secret);
        self.0.look(|contents| contents.token.iter().find(|token| token.blake3 == digest).cloned())
    }
}

fn digest(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use tempfile::tempdir;

    use super::*;

    #[test]
    fn a_token_is_known_by_its_digest_alone() {
        let folder = tempdir().expect("a folder");
        let tokens = TokenFile::in_folder(folder.path());
        assert_eq!(tokens.find("pawl_anything"), None, "nobody is known");
        let secret = tokens.add("anna", &[Scope::Upload]).expect("a token");
        let found = tokens.find(&secret).expect("it is known");
        assert_eq!(found.name, Owner("anna".into()), "by its name");
        assert!(found.permits(Scope::Upload) && !found.permits(Scope::Read), "and permits what it was made for");
        let text = fs::read_to_string(folder.path().join("tokens.toml")).expect("the file");
        assert!(!text.contains(&secret[PREFIX.len()..]), "the token itself is not written down");
        assert_eq!(tokens.find(&secret.to_uppercase()), None, "another is not it");
    }

    #[test]
    fn a_token_that_was_taken_away_is_refused() {
        let folder = tempdir().expect("a folder");
        let tokens = TokenFile::in_folder(folder.path());
        let secret = tokens.add("anna", &[Scope::Read]).expect("a token");
        let written = fs::metadata(folder.path().join("tokens.toml")).and_then(|meta| meta.modified()).expect("a time");
        assert!(tokens.find(&secret).is_some(), "it was good");
        TokenFile::in_folder(folder.path()).remove("anna").expect("it is there");
        let file = File::options().write(true).open(folder.path().join("tokens.toml")).expect("the file");
        file.set_modified(written).expect("a disk whose times are coarse");
        assert_eq!(tokens.find(&secret), None, "it is good no more");
    }

    #[test]
    fn names_are_held_to_what_can_be_written_anywhere() {
        let folder = tempdir().expect("a folder");
        let tokens = TokenFile::in_folder(folder.path());
        for name in ["", "a b", "../x", "ä", &"x".repeat(65)] {
            assert!(matches!(tokens.add(name, &[]), Err(TokenError::Name(_))), "{name:?} is no name");
        }
        tokens.add("anna", &[]).expect("a token");
        assert!(matches!(tokens.add("anna", &[]), Err(TokenError::Taken(_))), "one name, one owner");
        assert!(matches!(tokens.remove("bert"), Err(TokenError::Unknown(_))), "there is none to take away");
    }

    #[test]
    fn a_broken_file_lets_nobody_in_and_is_not_overwritten() {
        let folder = tempdir().expect("a folder");
        let path = folder.path().join("tokens.toml");
        fs::write(&path, "[[token]]\nname = 3").expect("written");
        let tokens = TokenFile::in_folder(folder.path());
        assert_eq!(tokens.find("pawl_x"), None, "nobody is known");
        assert!(
            matches!(tokens.add("anna", &[]), Err(TokenError::File(OwnFileError::Broken { .. }))),
            "a person must look at it first"
        );
        assert_eq!(fs::read_to_string(path).expect("the file"), "[[token]]\nname = 3", "it is as it was");
    }
}
