//! One frame to know a film by: of several places, the one with the most to see.
//!
//! Owner: the thread of one look, which ends its pipeline whatever happens. Invariant: never more than one frame is
//! held beside the best. Frames beyond [`MAX_PIXELS`] are refused: before a decoder sees them where the container or the
//! parser says their size, else after the first.

mod detail;
mod pipeline;

use std::path::Path;

use crate::error::MediaError;
use crate::index::standing;
use crate::limit::{Limit, Running, apart, regular};
use crate::probe::address;
use detail::Detail;
use pipeline::{Frame, Pipeline, Seek};

/// The longest side of a poster, in pixels.
pub const MAX_SIDE: u32 = 640;
/// The most pixels of a frame that is decoded: 8K (8192 × 4320). A decoder holds a dozen frames, of twelve bits a
/// pixel and more.
pub const MAX_PIXELS: u64 = 8192 * 4320;

/// Where is looked first, in shares of the film: past its titles, before its credits. At key frames, which costs little.
const PLACES: [f64; 5] = [0.25, 0.1, 0.5, 0.75, 0.4];
/// Where is looked if those had nothing: exactly there, which decodes all from the key frame on.
const EXACT_PLACES: [f64; 4] = [0.35, 0.6, 0.85, 0.97];

/// A picture as JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jpeg(pub Vec<u8>);

/// A frame of the film at `path`, at most [`MAX_SIDE`] pixels long, as it is shown: square pixels, turned.
///
/// # Errors
/// See [`MediaError`]. A film of sound alone is [`MediaError::NoPicture`].
pub fn poster(path: &Path, limit: &Limit) -> Result<Jpeg, MediaError> {
    let path = path.to_owned();
    apart(limit, move |running| {
        regular(&path)?;
        standing(&path)?;
        let pipeline = Pipeline::open(&address(&path)?, running)?;
        best(&pipeline, running)?.jpeg(running)
    })
}

/// The frame with the most to see; the first that has plenty ends the search. What is broken further on does not matter
/// once there is one.
fn best(pipeline: &Pipeline, running: &Running) -> Result<Frame, MediaError> {
    let mut best = pipeline.first_frame(running)?;
    let Some(length) = pipeline.length() else { return Ok(best.0) };
    let key = PLACES.iter().map(|share| (share, Seek::KeyFrame));
    let exact = EXACT_PLACES.iter().map(|share| (share, Seek::Exact));
    for (share, seek) in key.chain(exact) {
        if seek == Seek::Exact && best.1.is_enough() {
            break;
        }
        match pipeline.frame_at(length.mul_f64(*share), seek, running) {
            Ok(found) if found.1.is_plenty() => return Ok(found.0),
            Ok(found) if found.1 > best.1 => best = found,
            Ok(_) => {}
            Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
            // A poster that is not the best is better than none.
            Err(_) => break,
        }
    }
    Ok(best.0)
}

/// A frame and how much there is to see in it.
type Seen = (Frame, Detail);
