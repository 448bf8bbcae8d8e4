//! `Upload-Metadata` (tus 1.0.0, "Creation"): keys, each with its value in Base64.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use transfer::name::FileName;

/// The film's name and kind. Bytes that are no UTF-8 become U+FFFD: servers read the name as text, and some refuse the
/// whole upload otherwise.
pub(super) fn of(name: &FileName) -> String {
    let text = String::from_utf8_lossy(name.as_bytes());
    format!("filename {},filetype {}", BASE64_STANDARD.encode(text.as_bytes()), BASE64_STANDARD.encode(kind(name)))
}

/// What a server may serve it as. Only what people film, cut and show: the server knows best about all others.
fn kind(name: &FileName) -> &'static str {
    let (_, extension) = name.stem_and_extension();
    match extension.to_ascii_lowercase().as_slice() {
        b".mp4" | b".m4v" => "video/mp4",
        b".mov" => "video/quicktime",
        b".mkv" => "video/x-matroska",
        b".webm" => "video/webm",
        b".avi" => "video/x-msvideo",
        b".mpg" | b".mpeg" => "video/mpeg",
        b".ts" | b".mts" | b".m2ts" => "video/mp2t",
        b".mxf" => "application/mxf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_bytes(name: &[u8]) -> String {
        of(&FileName::new(name).expect("the system allows it"))
    }

    #[test]
    fn name_and_kind_are_told() {
        assert_eq!(of_bytes(b"a.mp4"), "filename YS5tcDQ=,filetype dmlkZW8vbXA0", "a film");
        assert_eq!(of_bytes(b"A.MOV").split(' ').next_back(), Some("dmlkZW8vcXVpY2t0aW1l"), "whatever its case");
    }

    #[test]
    fn any_name_gives_a_header() {
        for name in [&b"new\nline"[..], b"\xff\xfe", b"a,b c", &[b'n'; 255]] {
            let value = of_bytes(name);
            assert!(reqwest::header::HeaderValue::try_from(&value).is_ok(), "{value:?} must be a header's value");
        }
    }
}
