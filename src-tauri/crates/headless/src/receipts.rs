//! Receipts as files: how they are called, written whole or not at all, read without trust.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::Builder;
use transfer::name::{FileName, MAX_NAME_LEN};
use transfer::receipt::Receipt;

/// What the name of a receipt ends in, after the film's.
const END: &str = ".receipt.json";
/// No receipt is longer, in bytes: this is one of a film of 14 TiB in chunks of 4 MiB. A film that is named where a
/// receipt should be is not read into memory.
const LONGEST: u64 = 256 << 20;

/// What the receipt of a film is called: `film.mov.receipt.json`.
pub fn name(film: &FileName) -> String {
    let shown = film.shown();
    let mut stem = shown.as_str();
    while stem.len() + END.len() > MAX_NAME_LEN {
        let mut characters = stem.chars();
        characters.next_back();
        stem = characters.as_str();
    }
    format!("{stem}{END}")
}

/// Where in a folder the receipt goes: under its name, or the next one that is free. A receipt of the very same object
/// is written again.
pub fn place_in(folder: &Path, receipt: &Receipt) -> PathBuf {
    let wanted = folder.join(name(&receipt.name));
    let numbered = (2..).map(|number| folder.join(format!("{} ({number}){END}", stem(&receipt.name))));
    let is_free = |path: &PathBuf| !path.exists() || read(path).is_ok_and(|there| is_of_same(&there, receipt));
    let mut candidates = std::iter::once(wanted.clone()).chain(numbered);
    candidates.find(is_free).unwrap_or(wanted)
}

/// Room for a number is left.
fn stem(film: &FileName) -> String {
    let shown = name(film);
    let stem = shown.strip_suffix(END).unwrap_or(&shown);
    stem.chars().take(MAX_NAME_LEN / 5).collect()
}

fn is_of_same(one: &Receipt, other: &Receipt) -> bool {
    (&one.object, &one.destination, one.contents.root()) == (&other.object, &other.destination, other.contents.root())
}

/// Writes it to a path: whole, or not at all.
///
/// # Errors
/// What the disk said; what was there before is there still.
pub fn write(path: &Path, receipt: &Receipt) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // As any file that a person makes, and not for themselves alone as temporary ones are.
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    let mut fresh = Builder::new().prefix(".receipt-").permissions(readable).tempfile_in(folder)?;
    fresh.write_all(receipt.to_json().as_bytes())?;
    fresh.as_file().sync_all()?;
    fresh.persist(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

/// Reads one.
///
/// # Errors
/// A sentence: it cannot be read, is no receipt, or cannot be relied on.
pub fn read(path: &Path) -> Result<Receipt> {
    let cannot = || format!("cannot read the receipt {}", path.display());
    let file = File::open(path).with_context(cannot)?;
    let mut text = String::new();
    let no_receipt = format!("{} is no receipt: name the receipt first, then the file", path.display());
    ensure!(fs::metadata(path).with_context(cannot)?.len() <= LONGEST, "{no_receipt}");
    let whole = file.take(LONGEST).read_to_string(&mut text);
    ensure!(!whole.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::InvalidData), "{no_receipt}");
    whole.with_context(cannot)?;
    Receipt::from_json(&text).with_context(|| format!("{} cannot be used", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_called_after_its_film_and_fits() {
        let called = |bytes: &[u8]| name(&FileName::new(bytes).expect("a name"));
        assert_eq!(called(b"film.mov"), "film.mov.receipt.json", "one sees whose it is");
        assert_eq!(called(b"\xff\n.mov"), "\u{fffd}\u{fffd}.mov.receipt.json", "in words that any system takes");
        let long = called("ä".repeat(127).as_bytes());
        assert!(long.len() <= MAX_NAME_LEN && long.ends_with("ä.receipt.json"), "cut between characters: {long}");
    }
}
