//! What is sent along to be let in. Invariant: no value of it is ever shown, and none leaves for another origin than
//! the one that a person named.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;

/// A token, or headers of one's own. Its `Debug` names the headers and hides their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access(HeaderMap);

/// Text that cannot be a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccessError {
    /// The token or value holds a line break or another character that no header can carry.
    #[error("the token holds a character that cannot be sent")]
    Value,
    /// The name is none.
    #[error("that is no name of a header")]
    Name,
}

impl Access {
    /// With a bearer token (RFC 6750).
    pub fn bearer(token: &str) -> Result<Self, AccessError> {
        Self::default().with(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// With one more header.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self, AccessError> {
        let name = HeaderName::try_from(name).map_err(|_| AccessError::Name)?;
        let mut value = HeaderValue::try_from(value).map_err(|_| AccessError::Value)?;
        value.set_sensitive(true);
        self.0.insert(name, value);
        Ok(self)
    }

    /// Whether nothing is sent along.
    pub(super) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// As a request takes them.
    pub(super) fn headers(&self) -> HeaderMap {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let access = Access::bearer("s3cret").and_then(|access| access.with("X-Key", "hidden")).expect("both can be");
        let shown = format!("{access:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("hidden"), "a log must not hold {shown}");
        assert!(shown.contains("authorization") && shown.contains("x-key"), "what is sent is named: {shown}");
    }

    #[test]
    fn what_no_header_can_carry_is_refused() {
        assert_eq!(Access::bearer("two\nlines"), Err(AccessError::Value), "a line break would begin another header");
        assert_eq!(Access::default().with("a b", "c"), Err(AccessError::Name), "no name has a space");
    }
}
