//! One extent as a file. Invariant: what is read is what was written under that name, or nothing: a file is written aside
//! and renamed, and carries a keyed sum over its place and its bytes. Nothing is synced: a file that a power cut spoilt is
//! known by its sum.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::SystemTime;

use bytes::Bytes;
use transfer::layout::ByteRange;

use super::block::Extent;
use super::key::ObjectKey;

const MAGIC: &[u8; 8] = b"PAWLBLK1";
const HEAD: usize = MAGIC.len() + blake3::OUT_LEN;
const ASIDE: &str = ".aside";

/// What a file's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// An extent of this object, from this byte on.
    Extent(ObjectKey, u64),
    /// One that is being written, or never was to its end.
    Aside,
    /// None of ours.
    Foreign,
}

impl Name {
    pub(super) fn of(name: &str) -> Self {
        match name.strip_suffix(ASIDE) {
            Some(rest) if rest.split_once('-').is_some_and(|(name, _)| parsed(name).is_some()) => Self::Aside,
            Some(_) => Self::Foreign,
            None => parsed(name).map_or(Self::Foreign, |(key, start)| Self::Extent(key, start)),
        }
    }
}

/// Only as [`name`] writes it, so that no extent has two names.
fn parsed(found: &str) -> Option<(ObjectKey, u64)> {
    let (key, start) = found.split_once('.')?;
    let key = ObjectKey(*blake3::Hash::from_hex(key).ok()?.as_bytes());
    let start = u64::from_str_radix(start, 16).ok()?;
    (name(key, start) == found).then_some((key, start))
}

pub(super) fn name(key: ObjectKey, start: u64) -> String {
    format!("{}.{start:x}", blake3::Hash::from_bytes(key.0).to_hex())
}

/// How long the file of so many bytes is.
pub(super) fn file_len(bytes: u64) -> u64 {
    bytes.saturating_add(HEAD as u64)
}

/// Which bytes a file of this length has, if any.
pub(super) fn range(start: u64, file_len: u64) -> Option<ByteRange> {
    let len = file_len.checked_sub(HEAD as u64).filter(|len| *len > 0)?;
    ByteRange::new(start, start.checked_add(len)?)
}

/// Writes an extent into `folder`: whole, or not at all.
pub(super) fn write(folder: &Path, key: ObjectKey, extent: &Extent) -> io::Result<()> {
    let name = name(key, extent.start);
    let aside = folder.join(format!("{name}-{}{ASIDE}", std::process::id()));
    let written = write_aside(&aside, key, extent).and_then(|()| fs::rename(&aside, folder.join(name)));
    if written.is_err() {
        fs::remove_file(&aside).ok();
    }
    written
}

fn write_aside(path: &Path, key: ObjectKey, extent: &Extent) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(MAGIC)?;
    file.write_all(sum(key, extent.start, &extent.bytes).as_bytes())?;
    file.write_all(&extent.bytes)
}

/// Reads the extent `range`, and notes on the file that it was used now.
pub(super) fn read(folder: &Path, key: ObjectKey, range: ByteRange) -> io::Result<Extent> {
    let mut file = File::open(folder.join(name(key, range.start())))?;
    let len = file_len(range.len());
    // A file that grew is not read to its end.
    if file.metadata()?.len() != len {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; usize::try_from(len).map_err(|_| io::ErrorKind::InvalidData)?];
    file.read_exact(&mut bytes)?;
    let bytes = Bytes::from(bytes);
    let extent = Extent { start: range.start(), bytes: bytes.slice(HEAD..) };
    let sound =
        bytes.starts_with(MAGIC) && bytes[MAGIC.len()..HEAD] == *sum(key, extent.start, &extent.bytes).as_bytes();
    if !sound {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // The order of use survives a restart by this; a file system that does not let us loses that alone.
    file.set_modified(SystemTime::now()).ok();
    Ok(extent)
}

fn sum(key: ObjectKey, start: u64, bytes: &[u8]) -> blake3::Hash {
    blake3::Hasher::new_keyed(&key.0).update(&start.to_le_bytes()).update(bytes).finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: ObjectKey = ObjectKey([0xab; 32]);

    #[test]
    fn a_name_reads_back_and_others_are_foreign() {
        let name = name(KEY, 0x80000);
        assert_eq!(Name::of(&name), Name::Extent(KEY, 0x80000), "{name}");
        assert_eq!(Name::of(&format!("{name}-17.aside")), Name::Aside, "being written");
        for foreign in ["film.mp4", "film.aside", ".", &name[1..], &name.to_uppercase(), &name.replace('.', ".0")] {
            assert_eq!(Name::of(foreign), Name::Foreign, "{foreign} is somebody's own");
        }
    }

    #[test]
    fn a_file_whose_bytes_place_or_length_is_another_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let extent = Extent { start: 4, bytes: Bytes::from_static(b"some bytes of a film") };
        let (range, path) = (extent.range(), folder.path().join(name(KEY, 4)));
        write(folder.path(), KEY, &extent).expect("it is written");
        assert_eq!(read(folder.path(), KEY, range).ok(), Some(extent.clone()), "as it was");
        let sound = fs::read(&path).expect("it is there");
        for byte in 0..sound.len() {
            let mut damaged = sound.clone();
            damaged[byte] ^= 1;
            fs::write(&path, damaged).expect("written");
            assert!(read(folder.path(), KEY, range).is_err(), "byte {byte} is another");
        }
        for len in 0..sound.len() {
            fs::write(&path, &sound[..len]).expect("written");
            assert!(read(folder.path(), KEY, range).is_err(), "{len} bytes are not all");
        }
        fs::write(folder.path().join(name(KEY, 5)), &sound).expect("written");
        assert!(read(folder.path(), KEY, ByteRange::at(5, range.len())).is_err(), "a file at another's place");
    }
}
