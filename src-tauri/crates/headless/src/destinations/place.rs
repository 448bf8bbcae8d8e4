//! Where a destination is, as a person writes it. Invariant: a place that was checked holds no secret.

use std::fmt;
use std::path::Path;

use remotes::s3::S3Address;
use remotes::tus::Url;
use serde::{Deserialize, Serialize};

use super::entry::EntryError;

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// A folder of this computer.
    Vault {
        /// Its whole path.
        folder: String,
    },
    /// A Pawl server.
    Server {
        /// Its address.
        url: String,
    },
    /// A tus server.
    Tus {
        /// Where uploads are created.
        url: String,
    },
    /// A bucket of an S3 store.
    S3 {
        /// The store's address.
        endpoint: String,
        /// The region that requests are signed for.
        region: String,
        /// The bucket.
        bucket: String,
        /// A folder in it; empty for none.
        #[serde(default)]
        prefix: String,
        /// How the bucket is named in a request.
        #[serde(default)]
        style: Style,
    },
}

/// How a bucket is named in a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// As Amazon's own endpoint wants it, or else by path.
    #[default]
    Auto,
    /// `https://host/bucket/key`.
    Path,
    /// `https://bucket.host/key`.
    Host,
}

impl Place {
    /// The same without what makes no difference: blanks around, a missing slash.
    ///
    /// # Errors
    /// A sentence about what it lacks, or holds and must not.
    pub fn checked(self) -> Result<Self, EntryError> {
        match self {
            Self::Vault { folder } => checked_folder(folder.trim()),
            Self::Server { url } => {
                let url = web(&url)?;
                Ok(Self::Server { url: url.as_str().trim_end_matches('/').to_owned() })
            }
            Self::Tus { url } => Ok(Self::Tus { url: web(&url)?.into() }),
            Self::S3 { endpoint, region, bucket, prefix, style } => {
                let endpoint = web(&endpoint)?.as_str().trim_end_matches('/').to_owned();
                let plain = |text: &str| text.trim().to_owned();
                let (region, bucket, prefix) = (plain(&region), plain(&bucket), plain(prefix.trim().trim_matches('/')));
                let place = Self::S3 { endpoint, region, bucket, prefix, style };
                place.s3_address().ok_or(EntryError::Other("that is no bucket"))??;
                Ok(place)
            }
        }
    }

    /// Whether both are of one kind.
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// As the S3 driver takes it; none of another kind.
    pub fn s3_address(&self) -> Option<Result<S3Address, EntryError>> {
        let Self::S3 { endpoint, region, bucket, prefix, style } = self else { return None };
        Some(s3_address(endpoint, region, bucket, prefix, *style))
    }

    /// The host alone; none of a folder.
    pub fn host(&self) -> Option<String> {
        let url = match self {
            Self::Vault { .. } => return None,
            Self::Server { url } | Self::Tus { url } | Self::S3 { endpoint: url, .. } => Url::parse(url).ok()?,
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}{port}", url.host_str()?))
    }
}

/// In one line, safe to show.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault { folder } => f.write_str(folder),
            Self::Server { url } | Self::Tus { url } => f.write_str(url),
            Self::S3 { bucket, prefix, .. } => {
                write!(f, "bucket {bucket} at {}", self.host().unwrap_or_default())?;
                if prefix.is_empty() { Ok(()) } else { write!(f, ", folder {prefix}") }
            }
        }
    }
}

fn checked_folder(folder: &str) -> Result<Place, EntryError> {
    match Path::new(folder).is_absolute() {
        true => Ok(Place::Vault { folder: folder.to_owned() }),
        false => Err(EntryError::Other("a folder needs its whole path, from the first slash on")),
    }
}

/// An address of the web without anything in it that nobody should read.
fn web(text: &str) -> Result<Url, EntryError> {
    let url = Url::parse(text.trim()).map_err(|_| EntryError::NoAddress)?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(EntryError::NoAddress);
    }
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if bare && url.fragment().is_none() { Ok(url) } else { Err(EntryError::MoreThanAddress) }
}

fn s3_address(endpoint: &str, region: &str, bucket: &str, prefix: &str, style: Style) -> Result<S3Address, EntryError> {
    let mut url = Url::parse(&format!("s3://{bucket}")).map_err(|_| EntryError::Bucket(bucket.to_owned()))?;
    if url.host_str() != Some(bucket) {
        return Err(EntryError::Bucket(bucket.to_owned()));
    }
    // The percent sign is the one character that this leaves as it is.
    url.set_path(&prefix.replace('%', "%25"));
    let amazon = url_host(endpoint).is_some_and(|host| host.ends_with(".amazonaws.com"));
    let style = match style {
        Style::Auto if amazon && !bucket.contains('.') => "virtual",
        Style::Auto | Style::Path => "path",
        Style::Host => "virtual",
    };
    let region = if region.is_empty() { "us-east-1" } else { region };
    let pairs = [("endpoint", endpoint), ("region", region), ("style", style)];
    url.query_pairs_mut().extend_pairs(pairs);
    url.as_str().parse().map_err(|error: remotes::s3::AddressError| EntryError::S3(error))
}

fn url_host(text: &str) -> Option<String> {
    Url::parse(text).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(prefix: &str, style: Style, endpoint: &str) -> Place {
        Place::S3 {
            endpoint: endpoint.to_owned(),
            region: "eu-1".to_owned(),
            bucket: "films".to_owned(),
            prefix: prefix.to_owned(),
            style,
        }
    }

    #[test]
    fn a_bucket_becomes_the_drivers_address_whatever_its_folder_is_called() {
        for (prefix, style, endpoint, expected) in [
            (
                "raw/50% ?#cuts",
                Style::Auto,
                "https://host",
                "s3://films/raw/50%25%20%3F%23cuts?endpoint=https://host&region=eu-1&style=path",
            ),
            (
                "",
                Style::Auto,
                "https://s3.eu-1.amazonaws.com",
                "s3://films/?endpoint=https://s3.eu-1.amazonaws.com&region=eu-1&style=virtual",
            ),
            ("", Style::Host, "https://host", "s3://films/?endpoint=https://host&region=eu-1&style=virtual"),
        ] {
            let place = bucket(prefix, style, endpoint).checked().expect("it can be");
            let address = place.s3_address().expect("a bucket").expect("an address");
            assert_eq!(address.to_string(), expected, "{prefix:?} {style:?}");
        }
    }

    #[test]
    fn a_place_that_holds_a_secret_or_nothing_is_refused() {
        let server = |url: &str| Place::Server { url: url.to_owned() }.checked();
        for wrong in
            ["", "films", "ftp://host", "https://", "https://anna:pw@host", "https://host/?token=x", "https://host/#x"]
        {
            assert!(server(wrong).is_err(), "{wrong:?} must not be kept");
        }
        assert_eq!(
            server(" https://host/ "),
            Ok(Place::Server { url: "https://host".to_owned() }),
            "blanks are nobody's wish"
        );
        assert!(Place::Vault { folder: "films".to_owned() }.checked().is_err(), "relative to what?");
    }
}
