//! The files in a vault's folder: films, and those that still arrive. Folders are a person's own, and so is what is in
//! them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::vault::folder::Folder;

/// Every file.
pub(super) fn files(folder: &Folder) -> io::Result<Vec<PathBuf>> {
    let mut files = files_in(folder.root())?;
    match files_in(folder.incoming()) {
        Ok(parts) => files.extend(parts),
        // A vault in which nothing ever arrived.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    files.sort();
    Ok(files)
}

fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            files.push(entry.path());
        }
    }
    Ok(files)
}
