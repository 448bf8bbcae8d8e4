//! The film's name, from `Content-Disposition` (RFC 6266): `filename*` before `filename`, as its section 4.3 says.

use axum::http::{HeaderMap, header};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use transfer::name::FileName;

use super::super::problem::Kind;

/// What the sender calls its film; some name where it says none.
pub(super) fn of(headers: &HeaderMap) -> Result<FileName, Response> {
    let said = headers.get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    let name = said.and_then(name).unwrap_or_else(|| b"upload".to_vec());
    FileName::new(name).map_err(|error| Kind::BadRequest.because(format!("the name cannot be one: {error}")))
}

fn name(disposition: &str) -> Option<Vec<u8>> {
    let parameters = parameters(disposition);
    let find = |wanted: &str| parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, it)| it);
    let extended = find("filename*").and_then(|value| {
        let (charset, rest) = value.split_once('\'')?;
        let (_language, encoded) = rest.split_once('\'')?;
        charset.eq_ignore_ascii_case("utf-8").then(|| percent_decode_str(encoded).collect())
    });
    extended.or_else(|| find("filename").map(|value| value.clone().into_bytes()))
}

/// What stands between the semicolons after the first, quotes taken away.
fn parameters(field: &str) -> Vec<(String, String)> {
    let (mut pieces, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for letter in field.chars() {
        match (letter, quoted, escaped) {
            ('\\', true, false) => escaped = true,
            ('"', _, false) => quoted = !quoted,
            (';', false, _) => pieces.push(String::new()),
            _ => {
                escaped = false;
                if let Some(piece) = pieces.last_mut() {
                    piece.push(letter);
                }
            }
        }
    }
    let pairs = pieces.iter().skip(1).filter_map(|piece| piece.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let shown = |field: &str| name(field).map(|name| String::from_utf8_lossy(&name).into_owned());
        assert_eq!(shown("inline; filename=a.mp4").as_deref(), Some("a.mp4"), "a token");
        assert_eq!(shown(r#"inline; filename="a; \"b\".mp4""#).as_deref(), Some(r#"a; "b".mp4"#), "quoted");
        let both = "inline; filename=\"file name.jpg\"; filename*=UTF-8''%c3%a4.mp4";
        assert_eq!(shown(both).as_deref(), Some("ä.mp4"), "the one that can say everything comes first");
        assert_eq!(shown("inline"), None, "none is told");
    }
}
