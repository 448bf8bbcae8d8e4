//! The pipeline behind a poster: it decodes one picture track, held at single frames, scaled and turned.
//!
//! Whatever is not the first picture track is left undecoded. Decoders of the graphics card are left out: they hand
//! out frames that only the card can read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gstreamer as gst;
use gstreamer_app as app;
use gstreamer_video as video;

use app::AppSink;
use gst::prelude::*;
use video::VideoFrameExt;

use super::detail::Detail;
use super::{Jpeg, MAX_PIXELS, MAX_SIDE, Seen};
use crate::codecs;
use crate::error::MediaError;
use crate::limit::Running;

/// Between two questions whether to go on.
const BREATH: gst::ClockTime = gst::ClockTime::from_mseconds(20);

/// How exactly a place is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seek {
    /// The key frame before it.
    KeyFrame,
    /// The frame that is shown then.
    Exact,
}

/// What stands between the decoder and us, and what became of the film's tracks.
#[derive(Debug, Default)]
struct Tracks {
    linked: bool,
    /// Why its pictures cannot be shown.
    refused: Option<MediaError>,
}

/// A running pipeline; dropping it ends it.
#[derive(Debug)]
pub(super) struct Pipeline {
    pipeline: gst::Pipeline,
    sink: AppSink,
    tracks: Arc<Mutex<Tracks>>,
}

impl Pipeline {
    /// Opens the film and holds it at its first frame.
    pub(super) fn open(address: &str, running: &Running) -> Result<Self, MediaError> {
        let pipeline = gst::Pipeline::new();
        let source = element("uridecodebin")?;
        source.set_property("uri", address);
        source.set_property("force-sw-decoders", true);
        let sink = AppSink::builder().sync(false).max_buffers(1).build();
        let (entry, size) = shaping(&pipeline, &sink)?;
        pipeline.add(&source).map_err(unavailable)?;
        let tracks = Arc::new(Mutex::new(Tracks::default()));
        spare_decoders(&source, &tracks);
        link_pictures(&source, entry, size, &tracks);
        let opened = Self { pipeline, sink, tracks };
        opened.hold(running)?;
        Ok(opened)
    }

    /// How long the film says it is.
    pub(super) fn length(&self) -> Option<Duration> {
        let length = self.pipeline.query_duration::<gst::ClockTime>().filter(|length| !length.is_zero());
        length.map(|length| Duration::from_nanos(length.nseconds()))
    }

    /// The frame at which the pipeline was opened.
    pub(super) fn first_frame(&self, running: &Running) -> Result<Seen, MediaError> {
        self.shown(running)
    }

    /// The frame at a place.
    pub(super) fn frame_at(&self, at: Duration, seek: Seek, running: &Running) -> Result<Seen, MediaError> {
        let exactness = match seek {
            Seek::KeyFrame => gst::SeekFlags::KEY_UNIT,
            Seek::Exact => gst::SeekFlags::ACCURATE,
        };
        let at = gst::ClockTime::from_nseconds(at.as_nanos() as u64);
        let sought = self.pipeline.seek_simple(gst::SeekFlags::FLUSH | exactness, at);
        sought.map_err(|error| MediaError::NotAFilm(error.to_string()))?;
        self.shown(running)
    }

    /// Starts, and waits until the pipeline knows what there is to see.
    fn hold(&self, running: &Running) -> Result<(), MediaError> {
        let started = self.pipeline.set_state(gst::State::Paused);
        started.map_err(|_| self.verdict().unwrap_or_else(|| MediaError::NotAFilm("it does not open".to_owned())))?;
        self.settled(running)
    }

    /// Waits until the frame that was asked for is there.
    fn shown(&self, running: &Running) -> Result<Seen, MediaError> {
        loop {
            running.check()?;
            if let Some(sample) = self.sink.try_pull_preroll(BREATH) {
                return Frame(sample).seen();
            }
            self.trouble()?;
            if self.sink.is_eos() {
                return Err(MediaError::NoPicture);
            }
        }
    }

    /// Until the pipeline holds, or there turns out to be nothing for us in it.
    fn settled(&self, running: &Running) -> Result<(), MediaError> {
        loop {
            running.check()?;
            self.trouble()?;
            match self.pipeline.state(BREATH) {
                (Ok(gst::StateChangeSuccess::Async), ..) => {}
                (Ok(_), ..) => return Ok(()),
                (Err(_), ..) => {
                    self.trouble()?;
                    return Err(MediaError::NotAFilm("it does not play".to_owned()));
                }
            }
        }
    }

    /// What the bus and the tracks say against it.
    fn trouble(&self) -> Result<(), MediaError> {
        let wanted = [gst::MessageType::Error];
        let told = self.pipeline.bus().and_then(|bus| bus.pop_filtered(&wanted));
        if let Some(verdict) = self.verdict() {
            return Err(verdict);
        }
        match told.as_ref().map(|message| message.view()) {
            Some(gst::MessageView::Error(error)) => Err(MediaError::NotAFilm(error.error().message().to_owned())),
            Some(_) | None => Ok(()),
        }
    }

    /// Why there is no picture, once that is known.
    fn verdict(&self) -> Option<MediaError> {
        self.tracks.lock().unwrap_or_else(PoisonError::into_inner).refused.take()
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        // There is nobody to tell, and nothing that could be done.
        self.pipeline.set_state(gst::State::Null).ok();
    }
}

/// Scales, converts and turns, in that order: the small picture is turned. Answers where pictures come in and what
/// sets their size.
fn shaping(pipeline: &gst::Pipeline, sink: &AppSink) -> Result<(gst::Pad, gst::Element), MediaError> {
    let (scale, convert, size) = (element("videoscale")?, element("videoconvert")?, element("capsfilter")?);
    let turn = element("videoflip")?;
    turn.set_property_from_str("video-direction", "auto");
    let chain = [&scale, &convert, &size, &turn, sink.upcast_ref()];
    pipeline.add_many(chain).and_then(|()| gst::Element::link_many(chain)).map_err(unavailable)?;
    let entry = scale.static_pad("sink").ok_or_else(|| MediaError::Unavailable("videoscale has no pad".to_owned()))?;
    Ok((entry, size))
}

/// Sound goes no further than its demuxer: decoding it would cost and serve nobody. Pictures that are too large do not
/// either.
fn spare_decoders(source: &gst::Element, tracks: &Arc<Mutex<Tracks>>) {
    let ours = tracks.clone();
    source.connect("autoplug-continue", false, move |values| {
        let caps = values.get(2).and_then(|value| value.get::<gst::Caps>().ok());
        let Some(caps) = caps else { return Some(true.to_value()) };
        let sound = caps.structure(0).is_some_and(|found| found.name().starts_with("audio/"));
        if let Some(refused) = too_large(&caps) {
            ours.lock().unwrap_or_else(PoisonError::into_inner).refused.get_or_insert(refused);
            return Some(false.to_value());
        }
        Some((!sound).to_value())
    });
}

fn too_large(caps: &gst::Caps) -> Option<MediaError> {
    let side = |name| u32::try_from(caps.structure(0)?.get::<i32>(name).ok()?).ok();
    let (width, height) = (side("width")?, side("height")?);
    (u64::from(width) * u64::from(height) > MAX_PIXELS).then_some(MediaError::TooLarge { width, height })
}

fn link_pictures(source: &gst::Element, entry: gst::Pad, size: gst::Element, tracks: &Arc<Mutex<Tracks>>) {
    let ours = tracks.clone();
    source.connect_pad_added(move |_, pad| {
        let mut tracks = ours.lock().unwrap_or_else(PoisonError::into_inner);
        if tracks.linked || !carries_pictures(pad) {
            return;
        }
        match fitted(pad) {
            Ok(caps) => {
                size.set_property("caps", &caps);
                tracks.linked = pad.link(&entry).is_ok();
            }
            Err(refused) => tracks.refused = Some(refused),
        }
    });
    let ours = tracks.clone();
    source.connect("unknown-type", false, move |values| {
        let caps = values.get(2).and_then(|value| value.get::<gst::Caps>().ok())?;
        if caps.structure(0)?.name().starts_with("video/") {
            let mut tracks = ours.lock().unwrap_or_else(PoisonError::into_inner);
            tracks.refused.get_or_insert(MediaError::NoDecoder(codecs::name(&caps)));
        }
        None
    });
    let ours = tracks.clone();
    source.connect_no_more_pads(move |_| {
        let mut tracks = ours.lock().unwrap_or_else(PoisonError::into_inner);
        if !tracks.linked {
            tracks.refused.get_or_insert(MediaError::NoPicture);
        }
    });
}

fn carries_pictures(pad: &gst::Pad) -> bool {
    pad.current_caps().is_some_and(|caps| caps.structure(0).is_some_and(|found| found.name() == "video/x-raw"))
}

/// The size of the poster, before it is turned, for what comes out of a decoder.
fn fitted(pad: &gst::Pad) -> Result<gst::Caps, MediaError> {
    let caps = pad.current_caps().ok_or(MediaError::NoPicture)?;
    let decoded = video::VideoInfo::from_caps(&caps).map_err(|error| MediaError::NotAFilm(error.to_string()))?;
    let (width, height) = (decoded.width(), decoded.height());
    if let Some(refused) = too_large(&caps) {
        return Err(refused);
    }
    let (par, denominator) = (decoded.par().numer(), decoded.par().denom());
    let across = f64::from(width) * f64::from(par.max(1)) / f64::from(denominator.max(1));
    let (width, height) = within(across, f64::from(height));
    Ok(gst::Caps::builder("video/x-raw")
        .field("format", "I420")
        .field("width", width)
        .field("height", height)
        .field("pixel-aspect-ratio", gst::Fraction::new(1, 1))
        .build())
}

/// The size within a square of [`MAX_SIDE`]; small pictures stay as they are. Sides are even, as the colours are
/// stored for pairs of pixels.
fn within(width: f64, height: f64) -> (i32, i32) {
    let share = (f64::from(MAX_SIDE) / width.max(height).max(1.0)).min(1.0);
    let even = |side: f64| ((side * share / 2.0).round() as i32 * 2).clamp(2, MAX_SIDE as i32);
    (even(width), even(height))
}

/// One decoded frame, small and the right way up.
#[derive(Debug)]
pub(super) struct Frame(gst::Sample);

impl Frame {
    fn seen(self) -> Result<Seen, MediaError> {
        let broken = || MediaError::NotAFilm("a frame of it is broken".to_owned());
        let caps = self.0.caps().ok_or_else(broken)?;
        let shape = video::VideoInfo::from_caps(caps).map_err(|_| broken())?;
        let buffer = self.0.buffer().ok_or_else(broken)?;
        let frame = video::VideoFrameRef::from_buffer_ref_readable(buffer, &shape).map_err(|_| broken())?;
        let stride = usize::try_from(frame.plane_stride()[0]).map_err(|_| broken())?;
        let detail = Detail::of(frame.plane_data(0).map_err(|_| broken())?, frame.width() as usize, stride);
        drop(frame);
        Ok((self, detail))
    }

    /// Encodes it.
    pub(super) fn jpeg(&self, running: &Running) -> Result<Jpeg, MediaError> {
        let jpeg = gst::Caps::new_empty_simple("image/jpeg");
        let time = gst::ClockTime::from_nseconds(running.left().as_nanos() as u64);
        let encoded = video::convert_sample(&self.0, &jpeg, time);
        let encoded = encoded.map_err(|error| MediaError::Unavailable(error.to_string()))?;
        let bytes = encoded.buffer().and_then(|buffer| buffer.map_readable().ok());
        let bytes = bytes.ok_or_else(|| MediaError::Unavailable("the encoder gave nothing".to_owned()))?;
        Ok(Jpeg(bytes.to_vec()))
    }
}

fn element(name: &str) -> Result<gst::Element, MediaError> {
    gst::ElementFactory::make(name).build().map_err(unavailable)
}

fn unavailable(error: gst::glib::BoolError) -> MediaError {
    MediaError::Unavailable(error.to_string())
}
