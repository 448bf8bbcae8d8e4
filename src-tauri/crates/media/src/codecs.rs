//! Codecs and containers as people call them, and whether one can be decoded here.

use gstreamer as gst;
use gstreamer_pbutils as pbutils;

/// Media types and their everyday names. Who is not here goes by GStreamer's own description.
const NAMES: &[(&str, &str)] = &[
    ("video/x-h264", "H.264"),
    ("video/x-h265", "HEVC"),
    ("video/x-av1", "AV1"),
    ("video/x-vp8", "VP8"),
    ("video/x-vp9", "VP9"),
    ("video/x-prores", "ProRes"),
    ("video/x-dnxhd", "DNxHD"),
    ("video/x-theora", "Theora"),
    ("video/x-divx", "MPEG-4 Visual"),
    ("video/x-xvid", "MPEG-4 Visual"),
    ("video/x-dv", "DV"),
    ("image/jpeg", "Motion JPEG"),
    ("image/png", "PNG"),
    ("video/x-raw", "Uncompressed"),
    ("audio/x-opus", "Opus"),
    ("audio/x-vorbis", "Vorbis"),
    ("audio/x-flac", "FLAC"),
    ("audio/x-alac", "ALAC"),
    ("audio/x-ac3", "AC-3"),
    ("audio/x-eac3", "E-AC-3"),
    ("audio/x-dts", "DTS"),
    ("audio/x-raw", "PCM"),
    ("text/x-raw", "Text"),
    ("application/x-subtitle-vtt", "WebVTT"),
    ("application/x-ssa", "SSA"),
    ("application/x-ass", "ASS"),
    ("audio/x-m4a", "MP4"),
    ("video/x-matroska", "Matroska"),
    ("audio/x-matroska", "Matroska"),
    ("video/webm", "WebM"),
    ("audio/webm", "WebM"),
    ("video/mpegts", "MPEG-TS"),
    ("video/x-msvideo", "AVI"),
    ("video/x-flv", "FLV"),
    ("application/ogg", "Ogg"),
    ("video/ogg", "Ogg"),
    ("audio/ogg", "Ogg"),
    ("application/mxf", "MXF"),
    ("audio/x-wav", "WAV"),
    ("video/x-ms-asf", "ASF"),
    ("application/x-3gp", "3GP"),
    ("application/x-id3", "MP3"),
];

/// The name of a codec or container.
pub(crate) fn name(caps: &gst::Caps) -> String {
    let Some(structure) = caps.structure(0) else { return String::new() };
    let media = structure.name().as_str();
    match (media, structure.get::<i32>("mpegversion").ok()) {
        ("audio/mpeg", Some(1)) => mpeg_layer(structure),
        ("audio/mpeg", _) => "AAC".to_owned(),
        ("video/mpeg", Some(4)) => "MPEG-4 Visual".to_owned(),
        ("video/mpeg", Some(version)) if structure.get("systemstream") == Ok(true) => format!("MPEG-{version} PS"),
        ("video/mpeg", Some(version)) => format!("MPEG-{version}"),
        ("video/quicktime", _) => quicktime(structure),
        _ => known(media).map(str::to_owned).or_else(|| letters(media)).unwrap_or_else(|| described(caps)),
    }
}

fn described(caps: &gst::Caps) -> String {
    pbutils::pb_utils_get_codec_description(caps).into()
}

/// One that GStreamer has no word for goes by the four letters in the film's index, in quotes.
fn letters(media: &str) -> Option<String> {
    media.split_once("/x-gst-fourcc-").map(|(_, letters)| format!("“{letters}”"))
}

fn known(media: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == media).map(|(_, name)| *name)
}

fn mpeg_layer(structure: &gst::StructureRef) -> String {
    structure.get::<i32>("layer").map_or_else(|_| "MP3".to_owned(), |layer| format!("MP{layer}"))
}

/// The QuickTime family is told apart by the brand in its first box.
fn quicktime(structure: &gst::StructureRef) -> String {
    let variant = structure.get::<&str>("variant").unwrap_or_default();
    if matches!(variant, "apple" | "") { "QuickTime".to_owned() } else { "MP4".to_owned() }
}

/// Whether a decoder for it is installed. What is not compressed needs none.
pub(crate) fn decodable(caps: &gst::Caps) -> bool {
    let raw = caps.structure(0).is_some_and(|structure| structure.name().ends_with("/x-raw"));
    let decoders = || gst::ElementFactory::factories_with_type(gst::ElementFactoryType::DECODER, gst::Rank::MARGINAL);
    raw || decoders().iter().any(|factory| factory.can_sink_any_caps(caps))
}
