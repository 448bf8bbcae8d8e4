//! Facts in the words of the window.

use media::{Track, TrackKind};

use super::ContentKey;
use super::cache::Found;
use super::posters::address;
use crate::view::{FactsView, TrackKindView, TrackView};

/// What was found, for the page.
pub(crate) fn told(key: &ContentKey, found: &Found) -> FactsView {
    match &found.facts {
        Ok(facts) => FactsView {
            poster: found.poster.then(|| address(key)),
            duration: facts.duration,
            container: facts.container.clone(),
            tracks: facts.tracks.iter().map(track).collect(),
            index_at_end: facts.index_at_end,
            trouble: None,
        },
        Err(trouble) => FactsView { trouble: Some(trouble.clone()), ..FactsView::default() },
    }
}

fn track(track: &Track) -> TrackView {
    TrackView {
        kind: kind(track.kind),
        codec: track.codec.clone(),
        decodable: track.decodable,
        width: track.width,
        height: track.height,
        frame_rate: track.frame_rate,
        rotation: track.rotation,
        channels: track.channels,
        sample_rate: track.sample_rate,
        language: track.language.clone(),
    }
}

fn kind(kind: TrackKind) -> TrackKindView {
    match kind {
        TrackKind::Video => TrackKindView::Video,
        TrackKind::Audio => TrackKindView::Audio,
        TrackKind::Text => TrackKindView::Text,
    }
}
