//! `Upload-Concat` (tus 1.0.0, "Concatenation").

use axum::http::HeaderMap;
use axum::response::Response;

use super::super::problem::Kind;
use crate::ports::{Role, UploadId};
use crate::vault::NewRole;

/// What a new upload is for.
pub(super) fn role(headers: &HeaderMap) -> Result<NewRole, Response> {
    let Some(said) = headers.get("upload-concat") else { return Ok(NewRole::Whole) };
    let bad = |what: &str| Kind::BadRequest.because(what);
    let said = said.to_str().map_err(|_| bad("Upload-Concat is no text"))?.trim();
    if said == "partial" {
        return Ok(NewRole::Part);
    }
    let parts = said.strip_prefix("final;").ok_or_else(|| bad("Upload-Concat is partial, or final; and addresses"))?;
    let parts: Option<Vec<UploadId>> = parts.split_ascii_whitespace().map(upload).collect();
    match parts {
        Some(parts) if !parts.is_empty() => Ok(NewRole::Assembly { parts, said: said.to_owned() }),
        Some(_) | None => Err(bad("what is put together names its parts by their addresses here")),
    }
}

/// What was said of an upload when it began.
pub(super) fn said(role: &Role) -> Option<&str> {
    match role {
        Role::Whole => None,
        Role::Part => Some("partial"),
        Role::Assembly { said, .. } => Some(said),
    }
}

/// The upload at an address of ours, absolute or not. Under which name this server is reached, it does not know.
fn upload(address: &str) -> Option<UploadId> {
    let (before, id) = address.rsplit_once('/')?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_id = !id.is_empty() && id.bytes().all(fits);
    (before.ends_with("/files") && is_id).then(|| UploadId(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(said: &'static str) -> Option<NewRole> {
        let headers =
            HeaderMap::from_iter([("upload-concat".parse().expect("a name"), said.parse().expect("a value"))]);
        role(&headers).ok()
    }

    #[test]
    fn parts_are_found_by_absolute_and_relative_addresses_in_their_order() {
        let said = "final;/files/b https://host.example/sub/files/a";
        let Some(NewRole::Assembly { parts, said: again }) = of(said) else { panic!("two parts make one") };
        assert_eq!(parts, [UploadId("b".into()), UploadId("a".into())], "in the order of the list");
        assert_eq!(again, said, "to be said again as it was");
        assert_eq!(of("partial"), Some(NewRole::Part), "a part");
    }

    #[test]
    fn what_names_nothing_of_ours_is_refused() {
        for said in ["final", "final;", "final; ", "final;/films/a", "final;/files/", "final;/files/..", "PARTIAL", ""]
        {
            assert_eq!(of(said), None, "{said:?}");
        }
    }
}
