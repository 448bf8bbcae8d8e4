//! The tracks of a film, by GStreamer's discoverer, on a main context of this look alone.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{self, TryRecvError};
use std::thread;

use gstreamer as gst;
use gstreamer_pbutils as pbutils;

use gst::glib;
use gst::prelude::*;
use pbutils::prelude::*;
use pbutils::{Discoverer, DiscovererInfo, DiscovererResult, DiscovererStreamInfo};

use crate::average::average_rate;
use crate::codecs;
use crate::error::MediaError;
use crate::facts::{Facts, Track, TrackKind};
use crate::index::{Index, standing};
use crate::limit::{BREATH, Limit, Running, apart, regular};

/// Looks into the film at `path`.
///
/// # Errors
/// See [`MediaError`]; a film with a track that cannot be decoded here is none.
pub fn probe(path: &Path, limit: &Limit) -> Result<Facts, MediaError> {
    let path = path.to_owned();
    apart(limit, move |running| facts(&path, running))
}

fn facts(path: &Path, running: &Running) -> Result<Facts, MediaError> {
    let size = regular(path)?;
    let index_at_end = standing(path)? == Index::AtEnd;
    let found = discovered(&address(path)?, running)?;
    let mut tracks: Vec<Track> = found.stream_list().iter().filter_map(track).collect();
    tracks.sort_by_key(|track| track.kind);
    if let Some(first) = tracks.first_mut().filter(|track| track.kind == TrackKind::Video) {
        first.frame_rate = average(path).or(first.frame_rate);
    }
    if tracks.is_empty() {
        return Err(MediaError::NotAFilm("there is nothing to play in it".to_owned()));
    }
    let duration = found.duration().filter(|length| !length.is_zero()).map(|length| length.nseconds() as f64 / 1e9);
    Ok(Facts { duration, container: container(&found), tracks, size, index_at_end })
}

/// What an MP4's tables say; a film that cannot be read here is in trouble elsewhere.
fn average(path: &Path) -> Option<f64> {
    File::open(path).and_then(|mut film| average_rate(&mut film)).ok().flatten()
}

/// GStreamer's own spelling of a path; it also begins GStreamer, once for the process.
pub(crate) fn address(path: &Path) -> Result<String, MediaError> {
    gst::init().map_err(|error| MediaError::Unavailable(error.to_string()))?;
    let absolute = std::path::absolute(path);
    let absolute = absolute.map_err(|source| MediaError::Unreadable { path: path.to_owned(), source })?;
    let address = glib::filename_to_uri(&absolute, None);
    address.map(Into::into).map_err(|error| MediaError::NotAFilm(error.to_string()))
}

/// Runs the discoverer until it answers. Its synchronous call could not be called off.
fn discovered(address: &str, running: &Running) -> Result<DiscovererInfo, MediaError> {
    let context = glib::MainContext::new();
    let answered = context.with_thread_default(|| {
        let unavailable = |error: glib::Error| MediaError::Unavailable(error.to_string());
        let discoverer = Discoverer::new(patience(running)).map_err(unavailable)?;
        let (answer, answered) = mpsc::channel();
        discoverer.connect_discovered(move |_, found, error| drop(answer.send((found.clone(), error.cloned()))));
        discoverer.start();
        let begun = discoverer.discover_uri_async(address);
        let outcome = begun.map_err(|error| MediaError::Unavailable(error.to_string()));
        let outcome = outcome.and_then(|()| answer_of(&context, &answered, running));
        discoverer.stop();
        outcome
    });
    answered.map_err(|error| MediaError::Unavailable(error.to_string()))?
}

/// The discoverer's own limit, in the bounds that it takes.
fn patience(running: &Running) -> gst::ClockTime {
    let seconds = running.left().as_secs().clamp(1, 3600);
    gst::ClockTime::from_seconds(seconds)
}

type Answer = (DiscovererInfo, Option<glib::Error>);

fn answer_of(
    context: &glib::MainContext,
    answered: &mpsc::Receiver<Answer>,
    running: &Running,
) -> Result<DiscovererInfo, MediaError> {
    loop {
        running.check()?;
        match answered.try_recv() {
            Ok((found, error)) => return verdict(found, error),
            Err(TryRecvError::Disconnected) => return Err(MediaError::Unavailable("no answer came".to_owned())),
            Err(TryRecvError::Empty) if !context.iteration(false) => thread::sleep(BREATH),
            Err(TryRecvError::Empty) => {}
        }
    }
}

/// A missing decoder and a broken end leave what was found until then.
fn verdict(found: DiscovererInfo, error: Option<glib::Error>) -> Result<DiscovererInfo, MediaError> {
    let words = || error.as_ref().map_or_else(|| "it is broken".to_owned(), |error| error.message().to_owned());
    match found.result() {
        DiscovererResult::Ok | DiscovererResult::MissingPlugins => Ok(found),
        DiscovererResult::Error if !found.stream_list().is_empty() => Ok(found),
        DiscovererResult::Busy => Err(MediaError::Unavailable(words())),
        _ => Err(MediaError::NotAFilm(words())),
    }
}

/// What it is packed in: of a box in a box, the outermost.
fn container(found: &DiscovererInfo) -> Option<String> {
    let outermost = found.stream_info()?;
    outermost.downcast_ref::<pbutils::DiscovererContainerInfo>()?;
    outermost.caps().map(|caps| codecs::name(&caps))
}

fn track(stream: &DiscovererStreamInfo) -> Option<Track> {
    let caps = stream.caps()?;
    let bare = |kind| bare(kind, &caps);
    let media = caps.structure(0)?.name();
    if let Some(video) = stream.downcast_ref::<pbutils::DiscovererVideoInfo>() {
        return (!video.is_image()).then(|| pictures(video, bare(TrackKind::Video)));
    }
    if let Some(audio) = stream.downcast_ref::<pbutils::DiscovererAudioInfo>() {
        return Some(sound(audio, bare(TrackKind::Audio)));
    }
    if let Some(text) = stream.downcast_ref::<pbutils::DiscovererSubtitleInfo>() {
        return Some(Track { language: text.language().map(Into::into), ..bare(TrackKind::Text) });
    }
    // A stream without a decoder can come without its kind.
    [("video/", TrackKind::Video), ("audio/", TrackKind::Audio)]
        .into_iter()
        .find(|(family, _)| {
            media.starts_with(family) && stream.downcast_ref::<pbutils::DiscovererContainerInfo>().is_none()
        })
        .map(|(_, kind)| bare(kind))
}

fn bare(kind: TrackKind, caps: &gst::Caps) -> Track {
    Track {
        kind,
        codec: codecs::name(caps),
        // Words are drawn by the page; there is nothing to decode.
        decodable: kind == TrackKind::Text || codecs::decodable(caps),
        width: None,
        height: None,
        frame_rate: None,
        rotation: 0,
        channels: None,
        sample_rate: None,
        language: None,
    }
}

fn pictures(video: &pbutils::DiscovererVideoInfo, bare: Track) -> Track {
    let rotation = video.tags().map_or(0, |tags| rotation(&tags));
    let (par, rate) = (video.par(), video.framerate());
    let across = f64::from(video.width()) * f64::from(par.numer()) / f64::from(par.denom().max(1));
    let stored = (across.round() as u32, video.height());
    let (width, height) = if rotation % 180 == 90 { (stored.1, stored.0) } else { stored };
    let known = |pixels: u32| (pixels > 0).then_some(pixels);
    let frame_rate = (rate.numer() > 0 && rate.denom() > 0).then(|| f64::from(rate.numer()) / f64::from(rate.denom()));
    Track { rotation, width: known(width), height: known(height), frame_rate, ..bare }
}

fn sound(audio: &pbutils::DiscovererAudioInfo, bare: Track) -> Track {
    let known = |count: u32| (count > 0).then_some(count);
    Track {
        channels: known(audio.channels()),
        sample_rate: known(audio.sample_rate()),
        language: audio.language().map(Into::into),
        ..bare
    }
}

/// Degrees clockwise. A mirrored picture is turned as far as its mirror is.
fn rotation(tags: &gst::TagList) -> u16 {
    let orientation = tags.get::<gst::tags::ImageOrientation>();
    match orientation.as_ref().map(|value| value.get()) {
        Some("rotate-90" | "flip-rotate-90") => 90,
        Some("rotate-180" | "flip-rotate-180") => 180,
        Some("rotate-270" | "flip-rotate-270") => 270,
        Some(_) | None => 0,
    }
}
