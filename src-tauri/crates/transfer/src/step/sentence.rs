//! What happened, what is safe and what to do, in plain words for the one who looks at the row.

use crate::error::Trouble;

const SAFE: &str = "What has arrived is safe";

pub(super) fn transient(trouble: &Trouble) -> String {
    let what = what(trouble, "it gave no reason");
    format!("The destination did not answer as it should: {what}. It tries again by itself. {SAFE}.")
}

pub(super) fn throttled(trouble: &Trouble) -> String {
    let what = what(trouble, "it is busy");
    format!("The destination asked for a break: {what}. It goes on by itself. {SAFE}.")
}

pub(super) fn offline(trouble: &Trouble) -> String {
    let what = what(trouble, "nothing can be reached");
    format!("There is no network: {what}. It goes on by itself when the network is back. {SAFE}.")
}

pub(super) fn portal(trouble: &Trouble) -> String {
    let what = what(trouble, "a sign-in page answered instead of the destination");
    format!("This network wants you to sign in: {what}. Sign in with a browser; then it goes on by itself. {SAFE}.")
}

pub(super) fn denied(trouble: &Trouble) -> String {
    let what = what(trouble, "the sign-in is not valid");
    format!("The destination refused access: {what}. Check its sign-in and permissions, then retry. {SAFE}.")
}

pub(super) fn expired(trouble: &Trouble) -> String {
    let what = what(trouble, "it no longer knows this upload");
    format!("The destination forgot the upload twice: {what}. Retry sends the file from the start. The file is safe.")
}

pub(super) fn corrupt_chunk(chunk: u32, trouble: &Trouble) -> String {
    // People count from one.
    let place = u64::from(chunk) + 1;
    let what = what(trouble, "its checksum was wrong");
    format!(
        "Chunk {place} arrived damaged three times in a row: {what}. Check the cable, disk or memory, then retry. {SAFE}."
    )
}

pub(super) fn corrupt_whole(trouble: &Trouble) -> String {
    let what = what(trouble, "its checksum was wrong");
    format!("The destination found the finished file damaged: {what}. Start over to send it again. The file is safe.")
}

pub(super) fn too_large(trouble: &Trouble) -> String {
    let what = what(trouble, "the request was too large");
    format!("The destination refuses even the smallest chunks: {what}. Raise its limit, then retry. The file is safe.")
}

pub(super) fn no_space(trouble: &Trouble, needed: Option<u64>, free: Option<u64>) -> String {
    let what = what(trouble, "there is no room left");
    let figures = match (needed, free) {
        (Some(needed), Some(free)) => format!(" ({} needed, {} free)", bytes(needed), bytes(free)),
        (Some(needed), None) => format!(" ({} needed)", bytes(needed)),
        (None, Some(free)) => format!(" ({} free)", bytes(free)),
        (None, None) => String::new(),
    };
    format!("The destination is full: {what}{figures}. Make room there, then retry. {SAFE}.")
}

pub(super) fn taken(trouble: &Trouble) -> String {
    let what = what(trouble, "something of this name is there");
    format!("It was skipped, as you chose: {what}. The file is safe. Retry when the name is free.")
}

pub(super) fn fatal(trouble: &Trouble) -> String {
    let what = what(trouble, "it gave no reason");
    format!("The destination refuses this upload: {what}. Mend that and retry, or cancel. The file is safe.")
}

pub(super) fn no_remote(why: &str) -> String {
    let what = trimmed(why, "it is not set up");
    format!("The destination cannot be opened: {what}. Mend that, then retry. {SAFE}.")
}

pub(super) fn source_gone(what: &str) -> String {
    let what = trimmed(what, "it is not there");
    format!("The file is out of reach: {what}. Plug its disk in or put it back; then it goes on by itself. {SAFE}.")
}

pub(super) fn source_changed() -> String {
    "The file was changed after it was added, so its parts would not fit together. \
     Send what changed, where the destination can keep the rest, or start over. The file is untouched."
        .to_owned()
}

pub(super) fn source_unreadable(what: &str) -> String {
    let what = trimmed(what, "the system gives no reason");
    format!("The file cannot be read: {what}. Check its permissions and its disk, then retry. {SAFE}.")
}

fn what<'a>(trouble: &'a Trouble, otherwise: &'a str) -> &'a str {
    trimmed(&trouble.sentence, otherwise)
}

/// Half a sentence without its full stop, or another one when there is none.
fn trimmed<'a>(what: &'a str, otherwise: &'a str) -> &'a str {
    let what = what.trim().trim_end_matches('.');
    if what.is_empty() { otherwise } else { what }
}

/// A byte count that a person can compare: `1.5 GiB`.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut scaled = count as f64;
    let mut unit = "bytes";
    for next in UNITS {
        if scaled < 1024.0 {
            break;
        }
        scaled /= 1024.0;
        unit = next;
    }
    if unit == "bytes" { format!("{count} {unit}") } else { format!("{scaled:.1} {unit}") }
}
