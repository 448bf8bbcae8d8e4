//! The files of the project: what git tracks, or would.

use std::process::Command;

/// Words that name no thing of the field.
const EMPTY_WORDS: &[&str] = &["manager", "helper", "helpers", "util", "utils", "misc", "common"];

/// Paths from the top, with `/` between. New files count before they are committed; ignored ones never do.
pub(crate) fn files() -> Vec<String> {
    let listed = Command::new("git")
        // A clone made by somebody else is read all the same.
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("git is there: the project lives in it");
    assert!(listed.status.success(), "git lists its files: {}", String::from_utf8_lossy(&listed.stderr));
    let files: Vec<_> = String::from_utf8_lossy(&listed.stdout).split_terminator('\0').map(str::to_owned).collect();
    assert!(files.iter().any(|file| file == "Cargo.toml"), "the list starts at the top, or it proves nothing");
    files
}

/// The empty word that a folder's or file's name ends in, in `snake_case`, `kebab-case` or `CamelCase`.
pub(crate) fn empty_word(path: &str) -> Option<&'static str> {
    let parts = path.split(['/', '.', '-', '_']);
    parts.map(str::to_lowercase).find_map(|part| EMPTY_WORDS.iter().copied().find(|word| part.ends_with(word)))
}
