//! The keys to a bucket. Invariant: they appear in no `Debug`, no error and no log.

use std::fmt;

use rusty_s3::Credentials;
use thiserror::Error;

/// An access key with its secret, and the token of a session where there is one.
#[derive(Clone)]
pub struct S3Credentials(Credentials);

/// The environment does not hold the keys.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} is not set; an S3 store is opened with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")]
pub struct MissingKey(&'static str);

impl S3Credentials {
    /// These.
    pub fn new(key: impl Into<String>, secret: impl Into<String>, token: Option<String>) -> Self {
        Self(match token {
            Some(token) => Credentials::new_with_token(key, secret, token),
            None => Credentials::new(key, secret),
        })
    }

    /// From `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where it is set, `AWS_SESSION_TOKEN`, as `variable`
    /// gives them. One that is empty is not set.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, MissingKey> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let needed = |name| set(name).ok_or(MissingKey(name));
        Ok(Self::new(needed("AWS_ACCESS_KEY_ID")?, needed("AWS_SECRET_ACCESS_KEY")?, set("AWS_SESSION_TOKEN")))
    }

    pub(super) fn get(&self) -> &Credentials {
        &self.0
    }
}

impl fmt::Debug for S3Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("S3Credentials")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_is_named_and_a_secret_never_shown() {
        let missing = S3Credentials::from_variables(|name| (name == "AWS_ACCESS_KEY_ID").then(|| "AKIA".to_owned()));
        assert_eq!(missing.err(), Some(MissingKey("AWS_SECRET_ACCESS_KEY")), "the person learns which is missing");
        let blank = S3Credentials::from_variables(|_| Some(" ".to_owned()));
        assert_eq!(blank.err(), Some(MissingKey("AWS_ACCESS_KEY_ID")), "blank is missing");
        let keys = S3Credentials::from_variables(|name| Some(format!("the {name}"))).expect("all are set");
        assert_eq!(format!("{keys:?}"), "S3Credentials", "nothing of it may reach a log");
    }
}
