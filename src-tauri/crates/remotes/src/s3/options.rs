//! What stands behind the `?` of an address.

use reqwest::Url;

use super::address::{AddressError, MOST_PARTS};

/// How the bucket is named in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `https://host/bucket/key`.
    Path,
    /// `https://bucket.host/key`.
    VirtualHost,
}

/// What may stand after `?`.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) endpoint: Option<Url>,
    pub(super) region: Option<String>,
    pub(super) style: Option<Style>,
    pub(super) parts: Option<u16>,
}

impl Options {
    pub(super) fn read(url: &Url) -> Result<Self, AddressError> {
        let mut options = Self::default();
        for (name, value) in url.query_pairs() {
            match name.as_ref() {
                "endpoint" => options.endpoint = Some(endpoint(&value)?),
                "region" => options.region = Some(value.into_owned()),
                "style" => options.style = Some(style(&value)?),
                "parts" => options.parts = Some(parts(&value)?),
                _ => return Err(AddressError::Unknown(name.into_owned())),
            }
        }
        Ok(options)
    }
}

fn endpoint(text: &str) -> Result<Url, AddressError> {
    let wrong = || AddressError::Endpoint(text.to_owned());
    let url = Url::parse(text).map_err(|_| wrong())?;
    if url.password().is_some() || !url.username().is_empty() {
        return Err(AddressError::Secret);
    }
    let plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    (plain && url.has_host()).then_some(url).ok_or_else(wrong)
}

/// Amazon's own address of a region.
pub(super) fn amazon(region: &str) -> Result<Url, AddressError> {
    endpoint(&format!("https://s3.{region}.amazonaws.com"))
}

fn style(text: &str) -> Result<Style, AddressError> {
    match text {
        "path" => Ok(Style::Path),
        "virtual" => Ok(Style::VirtualHost),
        _ => Err(AddressError::Style(text.to_owned())),
    }
}

fn parts(text: &str) -> Result<u16, AddressError> {
    let number = text.parse().ok().filter(|number| (2..=MOST_PARTS).contains(number));
    number.ok_or_else(|| AddressError::Parts(text.to_owned()))
}
