//! What a pasted text is: an address of a server, of a tus server, of a bucket, or a folder. What lets somebody in is
//! taken out of it and said, for addresses are shown and written down.

use std::path::Path;

use remotes::tus::Url;

use super::place::{Place, Style};

/// What a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// A proposal for its name.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// A password, token or key stood in the text; it was left out.
    pub left_out: bool,
}

/// Reads a text; none where it is nothing that films could go to.
pub fn recognised(text: &str) -> Option<Recognised> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']).trim();
    if let Some(folder) = folder(text) {
        let name = Path::new(&folder).file_name().map_or(folder.clone(), |name| name.to_string_lossy().into_owned());
        return Some(Recognised { name, place: Place::Vault { folder }, left_out: false });
    }
    let (is_tus, rest) = text.strip_prefix("tus+").map_or((false, text), |rest| (true, rest));
    // `host:8443` would be an address too, of the scheme `host`.
    let url = match rest.contains("://") {
        true => Url::parse(rest),
        false => Url::parse(&format!("https://{}", bare_host(rest)?)),
    };
    let url = url.ok()?;
    let left_out = is_telling(&url);
    let place = match url.scheme() {
        "s3" => bucket(&url)?,
        "http" | "https" => web(&url, is_tus)?,
        _ => return None,
    };
    let name = name_of(&place);
    Some(Recognised { name, place: place.checked().ok()?, left_out })
}

fn folder(text: &str) -> Option<String> {
    if text.starts_with('/') {
        return Some(text.to_owned());
    }
    let path = text.strip_prefix("~/").and_then(|rest| Some(dirs::home_dir()?.join(rest)));
    let path = path.or_else(|| Url::parse(text).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok());
    path.and_then(|path| path.to_str().map(str::to_owned))
}

/// `films.example.org`, without a scheme: a name with a dot and nothing odd in it.
fn bare_host(text: &str) -> Option<&str> {
    let host = text.split(['/', ':']).next()?;
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let dotted = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    (plain && dotted && !text.contains(char::is_whitespace)).then_some(text)
}

/// Whether it holds what lets somebody in. What else stands behind a question is left out without a word.
fn is_telling(url: &Url) -> bool {
    let secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["token", "key", "secret", "password", "signature", "credential", "auth"].iter().any(|word| name.contains(word))
    };
    !url.username().is_empty() || url.password().is_some() || url.query_pairs().any(|(name, _)| secret(&name))
}

fn web(url: &Url, is_tus: bool) -> Option<Place> {
    if let Some(place) = amazon(url) {
        return Some(place);
    }
    let bare = bare(url)?;
    let path = bare.path().trim_end_matches('/');
    if is_tus || path.ends_with("/files") {
        return Some(Place::Tus { url: bare.into() });
    }
    if is_store(&bare) {
        return endpoint(&bare);
    }
    Some(Place::Server { url: bare.as_str().trim_end_matches('/').to_owned() })
}

fn bare(url: &Url) -> Option<Url> {
    let mut bare = url.clone();
    bare.set_username("").and_then(|()| bare.set_password(None)).ok()?;
    bare.set_query(None);
    bare.set_fragment(None);
    Some(bare)
}

/// `https://BUCKET.s3.REGION.amazonaws.com/PREFIX` and `https://s3.REGION.amazonaws.com/BUCKET/PREFIX`.
fn amazon(url: &Url) -> Option<Place> {
    let host = url.host_str()?.strip_suffix(".amazonaws.com")?;
    let (bucket, rest) = match host.split_once(".s3.") {
        Some((bucket, region)) => (bucket.to_owned(), region),
        None => (String::new(), host.strip_prefix("s3.")?),
    };
    let path = decoded(url.path().trim_matches('/'));
    let (bucket, prefix) = if bucket.is_empty() {
        let (bucket, prefix) = path.split_once('/').unwrap_or((path.as_str(), ""));
        (bucket.to_owned(), prefix.to_owned())
    } else {
        (bucket, path)
    };
    let endpoint = format!("https://s3.{rest}.amazonaws.com");
    Some(Place::S3 { endpoint, region: rest.to_owned(), bucket, prefix, style: Style::Auto })
}

/// Names that stores for everybody have: `s3.example.org`, `s3-fr-par.example.org`.
fn is_store(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let first = host.split('.').next().unwrap_or_default();
    first == "s3" || first.starts_with("s3-") || host.split('.').any(|part| part == "s3") || url.port() == Some(9000)
}

/// `https://HOST/BUCKET/PREFIX`, at a store.
fn endpoint(url: &Url) -> Option<Place> {
    let path = decoded(url.path().trim_matches('/'));
    let (bucket, prefix) = path.split_once('/').unwrap_or((path.as_str(), ""));
    let mut endpoint = url.clone();
    endpoint.set_path("");
    Some(Place::S3 {
        endpoint: endpoint.as_str().trim_end_matches('/').to_owned(),
        region: "us-east-1".to_owned(),
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        style: Style::Path,
    })
}

/// `s3://BUCKET/PREFIX?endpoint=URL&region=REGION&style=path`.
fn bucket(url: &Url) -> Option<Place> {
    let option = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let region = option("region").unwrap_or_else(|| "us-east-1".to_owned());
    let style = match option("style").as_deref() {
        Some("path") => Style::Path,
        Some("virtual" | "host") => Style::Host,
        Some(_) | None => Style::Auto,
    };
    Some(Place::S3 {
        endpoint: option("endpoint").unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
        region,
        bucket: url.host_str()?.to_owned(),
        prefix: decoded(url.path().trim_matches('/')),
        style,
    })
}

fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}

fn name_of(place: &Place) -> String {
    match place {
        Place::S3 { bucket, .. } if !bucket.is_empty() => bucket.clone(),
        other => other.host().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Place {
        Place::Server { url: url.to_owned() }
    }

    fn s3(endpoint: &str, region: &str, bucket: &str, prefix: &str, style: Style) -> Place {
        let own = str::to_owned;
        Place::S3 { endpoint: own(endpoint), region: own(region), bucket: own(bucket), prefix: own(prefix), style }
    }

    #[test]
    fn a_pasted_text_becomes_the_place_that_it_names() {
        let amazon = "https://s3.eu-west-1.amazonaws.com";
        for (text, place) in [
            (" https://films.example.org/ \n", server("https://films.example.org")),
            ("films.example.org:8443", server("https://films.example.org:8443")),
            ("http://10.0.0.2:8080", server("http://10.0.0.2:8080")),
            ("https://tus.example.org/files/", Place::Tus { url: "https://tus.example.org/files/".into() }),
            ("tus+https://example.org/up/", Place::Tus { url: "https://example.org/up/".into() }),
            ("s3://films/raw%20cuts?region=eu-west-1", s3(amazon, "eu-west-1", "films", "raw cuts", Style::Auto)),
            ("s3://films?endpoint=https://h&style=path", s3("https://h", "us-east-1", "films", "", Style::Path)),
            ("https://films.s3.eu-west-1.amazonaws.com/raw/", s3(amazon, "eu-west-1", "films", "raw", Style::Auto)),
            ("https://s3.eu-west-1.amazonaws.com/films", s3(amazon, "eu-west-1", "films", "", Style::Auto)),
            (
                "https://s3.fr-par.scw.cloud/films",
                s3("https://s3.fr-par.scw.cloud", "us-east-1", "films", "", Style::Path),
            ),
            ("/media/archive", Place::Vault { folder: "/media/archive".into() }),
            ("file:///media/my%20films", Place::Vault { folder: "/media/my films".into() }),
        ] {
            let found = recognised(text).unwrap_or_else(|| panic!("{text} is a destination"));
            assert_eq!((found.place, found.left_out), (place, false), "{text}");
            assert!(!found.name.is_empty(), "{text}: a name is proposed");
        }
    }

    #[test]
    fn what_lets_somebody_in_is_taken_out_and_said() {
        for text in [
            "https://anna:s3cret@films.example.org",
            "https://films.example.org/?token=s3cret",
            "https://films.s3.eu-1.amazonaws.com/?X-Amz-Signature=s3cret",
            "s3://key:s3cret@films",
        ] {
            let found = recognised(text).unwrap_or_else(|| panic!("{text} is a destination"));
            assert!(found.left_out, "{text}: the person is told");
            assert!(!format!("{found:?}").contains("s3cret"), "{text}: nothing of it stays: {found:?}");
        }
    }

    #[test]
    fn other_texts_are_nothing() {
        for text in
            ["", "hello", "hello world.", "ftp://host/x", "mailto:a@b.example", "s3://", "https://", "1.mp4 and 2.mp4"]
        {
            assert_eq!(recognised(text), None, "{text:?} is no destination");
        }
    }
}
