//! The end of the newest log file.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// No more than this is read of a log, in bytes.
const TAIL: u64 = 256 << 10;

/// The last lines, oldest first; none when there is no log.
pub(super) fn last_lines(folder: &Path, most: usize) -> Vec<String> {
    let tail = newest(folder).and_then(|path| tail(&path).ok()).unwrap_or_default();
    let lines: Vec<&str> = tail.lines().collect();
    lines[lines.len().saturating_sub(most)..].iter().map(|line| (*line).to_owned()).collect()
}

/// They are called by their days.
fn newest(folder: &Path) -> Option<PathBuf> {
    let logs = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    logs.filter(|path| path.extension().is_some_and(|extension| extension == "log")).max()
}

fn tail(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let from = file.metadata()?.len().saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_the_newest_day_are_told() {
        let folder = tempfile::TempDir::new().expect("a folder");
        fs::write(folder.path().join("pawl.2026-01-01.log"), "old\n").expect("a file");
        fs::write(folder.path().join("pawl.2026-01-02.log"), "1\n2\n3\n").expect("a file");
        assert_eq!(last_lines(folder.path(), 2), ["2", "3"], "the newest, and no more than asked");
        assert_eq!(last_lines(&folder.path().join("none"), 2), Vec::<String>::new(), "no log is no line");
    }
}
