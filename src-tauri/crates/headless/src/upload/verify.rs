//! `pawl-upload verify RECEIPT FILE`: whether a file is what was sent, and if not, where it differs.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::{Value, json};
use transfer::layout::ByteRange;
use transfer::receipt::{Checker, Difference, Receipt, Verdict};
use transfer::units::MIB;

use crate::reading::{PACE, Reading, say};
use crate::receipts;

/// Every byte is equal.
const EQUAL: u8 = 0;
/// The file is another, or not all of it.
const DIFFERS: u8 = 1;
/// It could not be found out.
const UNKNOWN: u8 = 2;

/// A file to be held against a receipt.
#[derive(Debug, Args)]
pub(super) struct Verification {
    /// The receipt.
    #[arg(value_name = "RECEIPT")]
    receipt: PathBuf,
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// One event a line on stdout instead of words and a bar.
    #[arg(long)]
    json: bool,
}

impl Verification {
    /// Reads all of the file.
    pub(super) fn run(&self) -> ExitCode {
        ExitCode::from(match self.checked() {
            Ok((receipt, verdict)) => {
                say(&self.told(&receipt, &verdict));
                if verdict == Verdict::Equal { EQUAL } else { DIFFERS }
            }
            Err(error) => {
                if self.json {
                    say(&json!({ "event": "failed", "message": format!("{error:#}") }).to_string());
                }
                eprintln!("pawl-upload: {error:#}");
                UNKNOWN
            }
        })
    }

    fn checked(&self) -> Result<(Receipt, Verdict)> {
        let receipt = receipts::read(&self.receipt)?;
        let cannot = || format!("cannot read {}", self.file.display());
        let mut file = File::open(&self.file).with_context(cannot)?;
        let found = file.metadata().with_context(cannot)?;
        ensure!(!found.is_dir(), "{} is a folder: name a file", self.file.display());
        let reading = Reading::new(self.json);
        let verdict = held(&receipt, &mut file, |done| reading.tell(done, found.len())).with_context(cannot)?;
        reading.finish();
        Ok((receipt, verdict))
    }

    fn told(&self, receipt: &Receipt, verdict: &Verdict) -> String {
        match verdict {
            Verdict::Equal if self.json => event(receipt, None).to_string(),
            Verdict::Equal => format!(
                "{} is equal to the receipt: all {} bytes of {}",
                self.file.display(),
                receipt.contents.layout().size(),
                receipt.name.shown()
            ),
            Verdict::Differs(difference) if self.json => event(receipt, Some(difference)).to_string(),
            Verdict::Differs(difference) => sentences(&self.file, difference).join("\n"),
        }
    }
}

fn held(receipt: &Receipt, file: &mut File, tell: impl Fn(u64)) -> io::Result<Verdict> {
    let mut checker = Checker::new(&receipt.contents);
    let mut piece = vec![0; MIB as usize];
    let (mut done, mut told) = (0, Instant::now());
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(checker.finish()),
            Ok(read) => {
                checker.update(&piece[..read]);
                done += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if told.elapsed() >= PACE {
            tell(done);
            told = Instant::now();
        }
    }
}

fn sentences(file: &Path, difference: &Difference) -> Vec<String> {
    let Difference { promised, found, changed, untold } = difference;
    let mut said = vec![format!("{} differs from the receipt:", file.display())];
    let range = |range: &ByteRange| format!("bytes {} to {}", range.start(), range.end() - 1);
    said.extend(changed.iter().map(|changed| format!("  {} are others", range(changed))));
    said.extend(
        untold.iter().map(|untold| format!("  {} cannot be told: the receipt knows no digest of them", range(untold))),
    );
    match found.cmp(promised) {
        std::cmp::Ordering::Less => {
            said.push(format!("  it has {found} bytes, and {promised} were sent: the rest is missing"))
        }
        std::cmp::Ordering::Greater => {
            said.push(format!("  it has {found} bytes, and {promised} were sent: the rest is not of it"))
        }
        std::cmp::Ordering::Equal => {}
    }
    said
}

fn event(receipt: &Receipt, difference: Option<&Difference>) -> Value {
    let pair = |range: &ByteRange| json!([range.start(), range.end()]);
    let layout = receipt.contents.layout();
    let differing: Vec<Value> = difference.iter().flat_map(|difference| difference.changed.iter().map(pair)).collect();
    json!({
        "event": "verified",
        "equal": difference.is_none(),
        "name": receipt.name.shown(),
        "blake3": receipt.contents.root(),
        "bytes_expected": layout.size(),
        "bytes_found": difference.map_or(layout.size(), |difference| difference.found),
        "differing": differing,
        "untold": difference.and_then(|difference| difference.untold.as_ref().map(pair)),
    })
}
