//! Where an upload's bytes go: to one address, or side by side to several that become one film (tus 1.0.0,
//! "Concatenation").
//!
//! The film is begun with its parts, before a byte of them is there (`concatenation-unfinished`): so its address is
//! written down first, and whoever lost a reply finds it by that. Where a server makes a film of finished parts only, a
//! lost reply would make two of it; there, one address takes all.

use std::num::NonZeroU32;

use reqwest::Url;
use transfer::error::{Operation, RemoteError};
use transfer::layout::{ByteRange, ChunkIndex, ChunkLayout, Lanes};
use transfer::remote::UploadHandle;

use super::requests::fatal;

/// So many parts travel side by side.
pub(super) const LANES: NonZeroU32 = NonZeroU32::new(4).expect("four is not zero");

/// The addresses of one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Of the film.
    pub(super) whole: Url,
    /// Of its parts, in order; none where the film itself takes the bytes.
    pub(super) parts: Vec<Url>,
}

/// What takes a chunk: an address, and which bytes of the file belong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) url: Url,
    pub(super) bytes: ByteRange,
}

impl Place {
    /// As it was written down: addresses, with blanks between them, which no address has.
    pub(super) fn read(operation: Operation, handle: &UploadHandle) -> Result<Self, RemoteError> {
        let unreadable = |error| fatal(operation, "what was written down is no upload's address").because(error);
        let urls = handle.0.split(' ').map(Url::parse).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        let mut urls = urls.into_iter();
        let whole = urls.next().ok_or_else(|| fatal(operation, "there is no upload's address"))?;
        Ok(Self { whole, parts: urls.collect() })
    }

    pub(super) fn written(&self) -> UploadHandle {
        let urls: Vec<&str> = std::iter::once(&self.whole).chain(&self.parts).map(Url::as_str).collect();
        UploadHandle(urls.join(" "))
    }

    /// Where a chunk goes.
    pub(super) fn part(&self, layout: &ChunkLayout, index: ChunkIndex) -> Part {
        let lane = self.lanes(layout).map(|lanes| (lanes.lane(index), lanes.bytes(lanes.lane(index))));
        match lane.and_then(|(lane, bytes)| self.parts.get(lane as usize).map(|url| (url, bytes))) {
            Some((url, bytes)) => Part { url: url.clone(), bytes },
            None => Part { url: self.whole.clone(), bytes: layout.whole() },
        }
    }

    /// Every address that takes bytes, in the order of the file.
    pub(super) fn all(&self, layout: &ChunkLayout) -> Vec<Part> {
        match self.lanes(layout) {
            Some(lanes) => {
                let numbered = (0..).zip(&self.parts);
                numbered.map(|(lane, url)| Part { url: url.clone(), bytes: lanes.bytes(lane) }).collect()
            }
            None => vec![Part { url: self.whole.clone(), bytes: layout.whole() }],
        }
    }

    fn lanes(&self, layout: &ChunkLayout) -> Option<Lanes> {
        let count = NonZeroU32::new(u32::try_from(self.parts.len()).ok()?)?;
        Lanes::of(layout, count)
    }
}

#[cfg(test)]
mod tests {
    use transfer::units::MIB;

    use super::*;

    #[test]
    fn every_chunk_goes_to_the_part_that_holds_it() {
        let text = "http://h/w http://h/a http://h/b";
        let place = Place::read(Operation::Put, &UploadHandle(text.to_owned())).expect("addresses");
        assert_eq!(place.written().0, text, "what is written down is all of it");
        let layout = ChunkLayout::new(3 * MIB + 1, MIB).expect("a layout");
        let urls: Vec<_> = layout.indices().map(|index| place.part(&layout, index).url.path().to_owned()).collect();
        assert_eq!(urls, ["/a", "/a", "/b", "/b"], "the first half to the first part");
        let bytes: Vec<_> = place.all(&layout).iter().map(|part| part.bytes).collect();
        assert_eq!(bytes, [ByteRange::at(0, 2 * MIB), ByteRange::at(2 * MIB, MIB + 1)], "in order");
    }

    #[test]
    fn one_address_takes_all_and_nonsense_is_refused() {
        let place = Place::read(Operation::Put, &UploadHandle("http://h/w".to_owned())).expect("an address");
        let layout = ChunkLayout::new(5, MIB).expect("a layout");
        assert_eq!(place.all(&layout), [Part { url: place.whole.clone(), bytes: ByteRange::at(0, 5) }], "the film");
        assert!(Place::read(Operation::Put, &UploadHandle("vault:7".to_owned() + " x")).is_err(), "it is no address");
    }
}
