//! Who may come in: bearer tokens (RFC 6750) in a file of the vault, of which only the digests are kept.
//!
//! Owner of: `tokens.toml`, which is replaced whole and read again when it changes, so that a token can be added or
//! taken away while the server runs. A token is 256 random bits: a fast digest without salt gives nothing away.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rand::TryRng;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;

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
    /// The file cannot be understood.
    #[error("{path} cannot be understood")]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: toml::de::Error,
    },
    /// The file cannot be read or written.
    #[error("cannot read or write {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The tokens of a vault. Clones are the same file.
#[derive(Debug, Clone)]
pub struct TokenFile {
    path: PathBuf,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    state: Option<State>,
    tokens: Vec<Token>,
}

/// Tells a file from the one that took its place, however coarse its times are: each is a new file.
type State = (SystemTime, u64, u64);

impl TokenFile {
    /// The file in the vault's own folder; it need not be there.
    pub fn in_folder(own: &Path) -> Self {
        Self { path: own.join("tokens.toml"), known: Arc::default() }
    }

    /// Makes a token and gives it: the only time that it is seen.
    pub fn add(&self, name: &str, scopes: &[Scope]) -> Result<String, TokenError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(fits) {
            return Err(TokenError::Name(name.to_owned()));
        }
        let _alone = self.alone()?;
        let mut contents = self.read()?;
        if contents.token.iter().any(|token| token.name.0 == name) {
            return Err(TokenError::Taken(name.to_owned()));
        }
        let secret = secret().map_err(|source| self.io(source))?;
        let blake3 = digest(&secret);
        contents.token.push(Token { name: Owner(name.to_owned()), blake3, scopes: scopes.to_vec() });
        self.write(&contents)?;
        Ok(secret)
    }

    /// Takes a token away: whoever holds it is refused from now on. What it brought stays.
    pub fn remove(&self, name: &str) -> Result<(), TokenError> {
        let _alone = self.alone()?;
        let mut contents = self.read()?;
        let before = contents.token.len();
        contents.token.retain(|token| token.name.0 != name);
        if contents.token.len() == before {
            return Err(TokenError::Unknown(name.to_owned()));
        }
        self.write(&contents)
    }

    /// Every token, in the order in which they were added.
    pub fn all(&self) -> Result<Vec<Token>, TokenError> {
        Ok(self.read()?.token)
    }

    /// The token that this is. A file that cannot be read lets nobody in.
    pub(super) fn find(&self, secret: &str) -> Option<Token> {
        let meta = fs::metadata(&self.path).ok()?;
        let state = (meta.modified().ok()?, meta.ino(), meta.len());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.state != Some(state) {
            let read = self.read().inspect_err(|error| tracing::warn!(%error, "no token is known"));
            *known = Known { state: Some(state), tokens: read.unwrap_or_default().token };
        }
        let digest = digest(secret);
        known.tokens.iter().find(|token| token.blake3 == digest).cloned()
    }

    /// Two commands at once must not undo each other. Held until it is dropped.
    fn alone(&self) -> Result<File, TokenError> {
        let lock = OpenOptions::new().create(true).write(true).truncate(false).open(self.path.with_extension("lock"));
        let locked = lock.and_then(|file| file.lock().map(|()| file));
        locked.map_err(|source| self.io(source))
    }

    fn read(&self) -> Result<Contents, TokenError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => toml::from_str(&text).map_err(|source| TokenError::Broken { path: self.path.clone(), source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Contents::default()),
            Err(error) => Err(self.io(error)),
        }
    }

    fn write(&self, contents: &Contents) -> Result<(), TokenError> {
        let text = toml::to_string(contents).map_err(|error| self.io(io::Error::other(error)))?;
        replace(&self.path, text.as_bytes()).map_err(|source| self.io(source))
    }

    fn io(&self, source: io::Error) -> TokenError {
        TokenError::Io { path: self.path.clone(), source }
    }
}

/// A reader sees the old file or the new one, and only its user does.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file: File = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(contents)?;
    file.sync_all()?;
    fs::rename(fresh, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

fn secret() -> io::Result<String> {
    let mut bits = [0; 32];
    SysRng.try_fill_bytes(&mut bits).map_err(io::Error::other)?;
    Ok(format!("{PREFIX}{}", blake3::Hash::from_bytes(bits).to_hex()))
}

fn digest(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
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
        assert!(matches!(tokens.add("anna", &[]), Err(TokenError::Broken { .. })), "a person must look at it first");
        assert_eq!(fs::read_to_string(path).expect("the file"), "[[token]]\nname = 3", "it is as it was");
    }
}
