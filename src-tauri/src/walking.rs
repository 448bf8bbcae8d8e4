//! What a dropped folder means: all regular files below it that are not hidden, in the order of their names.
//!
//! Links to files are followed, links to folders are not: so no way leads round in a circle. The walk blocks: it is no
//! work for the main thread or for a task.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The most files that one folder may bring.
pub(crate) const MOST: usize = 20_000;

/// Why a folder brings nothing. Each completes "NAME was not added: …".
#[derive(Debug, Error)]
pub(crate) enum WalkError {
    /// Nothing to send.
    #[error("there is no file in it")]
    Empty,
    /// More than anybody meant.
    #[error("it holds more than {} files; add its folders one by one", grouped(MOST))]
    TooMany,
    /// It, or a folder below it.
    #[error("the folder {} cannot be read ({source})", .folder.display())]
    Unreadable {
        /// Which.
        folder: PathBuf,
        /// What lay beneath.
        #[source]
        source: io::Error,
    },
}

/// The files below `folder`, at most `most` of them.
pub(crate) fn files_below(folder: &Path, most: usize) -> Result<Vec<PathBuf>, WalkError> {
    let (mut files, mut ahead) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = ahead.pop() {
        let (here, below) = listed(&folder).map_err(|source| WalkError::Unreadable { folder, source })?;
        files.extend(here);
        // The last is taken first: so they are walked in the order of their names.
        ahead.extend(below.into_iter().rev());
        if files.len() > most {
            return Err(WalkError::TooMany);
        }
    }
    if files.is_empty() { Err(WalkError::Empty) } else { Ok(files) }
}

/// The files and the folders in a folder, each by name.
fn listed(folder: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<DirEntry>>>()?;
    entries.retain(|entry| !is_hidden(&entry.file_name()));
    entries.sort_by_key(DirEntry::file_name);
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in entries {
        let kind = entry.file_type()?;
        let leads_to_file = || fs::metadata(entry.path()).is_ok_and(|found| found.is_file());
        if kind.is_dir() {
            folders.push(entry.path());
        } else if kind.is_file() || (kind.is_symlink() && leads_to_file()) {
            files.push(entry.path());
        }
    }
    Ok((files, folders))
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_bytes().starts_with(b".")
}

fn grouped(number: usize) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    fn tree(files: &[&str]) -> TempDir {
        let root = TempDir::new().expect("a folder");
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, b"film").expect("a file");
        }
        root
    }

    fn below(root: &TempDir, most: usize) -> Result<Vec<String>, WalkError> {
        let name = |file: &PathBuf| file.strip_prefix(root.path()).expect("below").display().to_string();
        files_below(root.path(), most).map(|files| files.iter().map(name).collect())
    }

    #[test]
    fn every_file_below_comes_in_the_order_of_names_and_nothing_hidden() {
        let root = tree(&["b.mp4", "a.mp4", "day 2/c.mp4", "day 1/deep/er/d.mp4", ".hidden.mp4", ".trash/x.mp4"]);
        let expected = ["a.mp4", "b.mp4", "day 1/deep/er/d.mp4", "day 2/c.mp4"];
        assert_eq!(below(&root, MOST).expect("it can be read"), expected, "as a person reads the folder");
    }

    #[test]
    fn links_to_files_are_followed_and_links_to_folders_lead_nowhere() {
        let root = tree(&["a.mp4"]);
        let elsewhere = tree(&["far.mp4"]);
        symlink(elsewhere.path().join("far.mp4"), root.path().join("link.mp4")).expect("a link");
        symlink(root.path(), root.path().join("round")).expect("a link");
        symlink(root.path().join("nothing"), root.path().join("dangling.mp4")).expect("a link");
        assert_eq!(below(&root, MOST).expect("it ends"), ["a.mp4", "link.mp4"], "no way leads round in a circle");
    }

    #[test]
    fn an_empty_folder_and_an_endless_one_say_so() {
        let empty = below(&tree(&[".hidden"]), MOST).expect_err("nothing to send");
        assert_eq!(empty.to_string(), "there is no file in it", "hidden files are none");
        let many = tree(&["1", "2", "3/4"]);
        assert_eq!(below(&many, 3).expect("exactly so many may be").len(), 3, "the bound itself is allowed");
        assert!(matches!(below(&many, 2), Err(WalkError::TooMany)), "one more is too many");
        assert!(WalkError::TooMany.to_string().contains("20,000"), "the number is said");
    }
}
