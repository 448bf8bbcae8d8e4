//! `POST /api/v1/uploads/{handle}/amend`: the file became another while it was sent. See [`wire::uploads::Amend`].

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::remote::{Amendment, Remote, UploadHandle};
use wire::uploads::{Amend, Amended, MAX_CHUNKS};

use super::access::Caller;
use super::door::Door;
use super::problem::{Kind, failed};
use super::sent::said;
use super::tokens::Scope;

/// A bit for each of the most chunks, in base64, and the rest of the body.
const LONGEST: usize = MAX_CHUNKS.get() as usize / 6 + 1024;

/// `POST /uploads/{handle}/amend`: 200 with its handle from now on; again when asked again. 404 when it is unknown or
/// finished.
#[utoipa::path(
    post, path = "/api/v1/uploads/{handle}/amend", operation_id = "amendUpload", params(("handle" = String, Path, description = "The upload's handle")),
    request_body = Amend, responses((status = 200, description = "It takes the chunks of the other file", body = Amended))
)]
pub(super) async fn amend(
    State(door): State<Door>,
    caller: Caller,
    Path(handle): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    caller.must(Scope::Upload)?;
    let asked: Amend = said(request, door.limits.json_len.max(LONGEST), door.limits.json_time).await?;
    if let Some(most) = door.limits.max_size.filter(|most| asked.size > *most) {
        let said = format!("a film may have {most} bytes here, and this one has {} now", asked.size);
        return Err(Kind::FileTooLarge.because(said));
    }
    let amendment = understood(UploadHandle(handle), &asked)?;
    let handle = door.vault_of(&caller).amend(&amendment).await.map_err(|error| failed(&error))?.0;
    let video = handle.split_once('.').map(|(_, video)| video.to_owned()).unwrap_or_default();
    Ok(Json(Amended { handle, video }).into_response())
}

fn understood(handle: UploadHandle, asked: &Amend) -> Result<Amendment, Response> {
    let bad = |what: String| Kind::BadRequest.because(what);
    let layout = |size| ChunkLayout::new(size, asked.chunk_len).map_err(|error| bad(error.to_string()));
    let (before, after) = (layout(asked.size_before)?, layout(asked.size)?);
    let keep = kept(&after, &asked.keep).ok_or_else(|| bad("keep is no bit a chunk in base64".to_owned()))?;
    Ok(Amendment { handle, before, after, keep })
}

/// The chunks whose bits are set.
fn kept(layout: &ChunkLayout, keep: &str) -> Option<Vec<ChunkIndex>> {
    let bits = STANDARD.decode(keep).ok()?;
    let set =
        |index: &ChunkIndex| bits.get(index.position() / 8).is_some_and(|bits| bits >> (index.position() % 8) & 1 == 1);
    let whole = bits.len() == (layout.count() as usize).div_ceil(8);
    whole.then(|| layout.indices().filter(set).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_a_chunk_and_a_list_of_another_length_is_none() {
        let layout = ChunkLayout::new(10 << 20, 1 << 20).expect("ten chunks");
        let numbers = |keep: &[u8]| {
            let kept = kept(&layout, &STANDARD.encode(keep))?;
            Some(kept.into_iter().map(ChunkIndex::get).collect::<Vec<_>>())
        };
        assert_eq!(numbers(&[0b1000_0001, 0b10]), Some(vec![0, 7, 9]), "the lowest bit is the first");
        assert_eq!(numbers(&[0xff]), None, "two bytes for ten chunks");
        assert_eq!(kept(&layout, "!!"), None, "no base64");
    }
}
