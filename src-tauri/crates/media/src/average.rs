//! The average rate of an MP4's frames: how many there are by its table of sizes, over the length of their track
//! (ISO/IEC 14496-12, 8.4.2 and 8.7.3). GStreamer tells the rate of the first frames, which a phone does not keep.
//!
//! Two numbers of each track are read, never a table, whatever their lengths say.

use std::io::{self, Read, Seek, SeekFrom};

use crate::index::{Atom, boxes_within, exactly, top_boxes};

/// Frames a second of the first track of pictures; none where the tables do not say, as in a film of fragments.
pub(crate) fn average_rate(film: &mut (impl Read + Seek)) -> io::Result<Option<f64>> {
    let top = top_boxes(film)?;
    let Some(moov) = top.iter().find(|found| found.kind == *b"moov") else { return Ok(None) };
    for track in inside(film, moov)?.iter().filter(|found| found.kind == *b"trak") {
        if let Some(media) = child(film, track, b"mdia")?
            && shows_pictures(film, &media)?
        {
            return rate(film, &media);
        }
    }
    Ok(None)
}

fn shows_pictures(film: &mut (impl Read + Seek), media: &Atom) -> io::Result<bool> {
    let Some(handler) = child(film, media, b"hdlr")? else { return Ok(false) };
    Ok(bytes_at::<4>(film, &handler, 8)? == Some(*b"vide"))
}

fn rate(film: &mut (impl Read + Seek), media: &Atom) -> io::Result<Option<f64>> {
    let Some(length) = child(film, media, b"mdhd")? else { return Ok(None) };
    let mut sizes = Some(*media);
    for kind in [b"minf", b"stbl", b"stsz"] {
        sizes = match sizes {
            Some(parent) => child(film, &parent, kind)?,
            None => None,
        };
    }
    let Some(sizes) = sizes else { return Ok(None) };
    let frames = bytes_at::<4>(film, &sizes, 8)?.map(u32::from_be_bytes);
    let seconds = seconds(film, &length)?;
    Ok(frames.zip(seconds).filter(|(frames, _)| *frames > 0).map(|(frames, seconds)| f64::from(frames) / seconds))
}

/// A track's length: ticks over ticks a second, in 32 or 64 bits by the box's version.
fn seconds(film: &mut (impl Read + Seek), header: &Atom) -> io::Result<Option<f64>> {
    let long = bytes_at::<1>(film, header, 0)? == Some([1]);
    let scale = bytes_at::<4>(film, header, if long { 20 } else { 12 })?.map(u32::from_be_bytes);
    let ticks = match long {
        true => bytes_at::<8>(film, header, 24)?.map(u64::from_be_bytes),
        false => bytes_at::<4>(film, header, 16)?.map(|ticks| u64::from(u32::from_be_bytes(ticks))),
    };
    let known = scale.zip(ticks).filter(|(scale, ticks)| *scale > 0 && *ticks > 0);
    Ok(known.map(|(scale, ticks)| ticks as f64 / f64::from(scale)))
}

fn child(film: &mut (impl Read + Seek), parent: &Atom, kind: &[u8; 4]) -> io::Result<Option<Atom>> {
    Ok(inside(film, parent)?.into_iter().find(|found| found.kind == *kind))
}

/// The boxes in a box.
fn inside(film: &mut (impl Read + Seek), parent: &Atom) -> io::Result<Vec<Atom>> {
    let Some(len) = parent.len else { return Ok(Vec::new()) };
    let end = parent.start.saturating_add(len);
    boxes_within(film, parent.body()..end)
}

/// Bytes of a box, counted from the end of its head.
fn bytes_at<const N: usize>(film: &mut (impl Read + Seek), of: &Atom, at: u64) -> io::Result<Option<[u8; N]>> {
    film.seek(SeekFrom::Start(of.body().saturating_add(at)))?;
    exactly(film)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn boxed(kind: &[u8; 4], inside: &[u8]) -> Vec<u8> {
        [&(8 + inside.len() as u32).to_be_bytes()[..], kind, inside].concat()
    }

    /// An index of one track of pictures.
    fn index(frames: u32, scale: u32, ticks: u32) -> Vec<u8> {
        let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
        let table = boxed(b"stbl", &boxed(b"stsz", &numbers(&[0, 0, frames])));
        let handler = boxed(b"hdlr", &[&[0; 8][..], b"vide", &[0; 12]].concat());
        let header = boxed(b"mdhd", &numbers(&[0, 0, 0, scale, ticks, 0]));
        let media = boxed(b"mdia", &[header, handler, boxed(b"minf", &table)].concat());
        boxed(b"moov", &boxed(b"trak", &media))
    }

    fn average(film: &[u8]) -> Option<f64> {
        average_rate(&mut Cursor::new(film)).expect("memory can be read")
    }

    #[test]
    fn the_average_is_all_frames_over_the_whole_length() {
        assert_eq!(average(&index(75, 1000, 3000)), Some(25.0), "75 frames in three seconds");
        assert_eq!(average(&index(0, 1000, 3000)), None, "a film of fragments has no frames in its table");
        assert_eq!(average(&index(75, 0, 3000)), None, "no clock, no rate");
    }

    proptest! {
        #[test]
        fn an_index_with_wrong_bytes_is_read_to_an_end(at in 0usize..200, byte: u8, cut in 0usize..200) {
            let mut film = index(75, 1000, 3000);
            let at = at % film.len();
            film[at] = byte;
            film.truncate(film.len().saturating_sub(cut));
            let rate = average(&film);
            prop_assert!(rate.is_none_or(|rate| rate > 0.0 && rate.is_finite()), "a rate is one or none: {:?}", rate);
        }
    }
}
