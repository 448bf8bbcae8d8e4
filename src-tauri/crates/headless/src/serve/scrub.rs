//! `pawl-server scrub`: reads everything in a vault again that nobody has open, and says what is not what arrived.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use server::vault::{Finding, Harm, ScrubCourse, ScrubReport, scrub};
use store::{OpenError, VaultCopy, Why};
use tokio::time::interval;
use transfer::layout::ByteRange;

use super::asked_to_stop;
use crate::reading::{PACE, Reading, say};

/// All of it is what arrived.
const SOUND: u8 = 0;
/// Something is not.
const HARMED: u8 = 1;
/// It could not be found out.
const UNKNOWN: u8 = 2;
/// As shells say for an interrupt.
const INTERRUPTED: u8 = 130;

/// A vault to be read again.
#[derive(Debug, Args)]
pub(super) struct Scrub {
    /// The vault's folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// One event a line on stdout instead of words and a bar.
    #[arg(long)]
    json: bool,
}

impl Scrub {
    pub(super) async fn run(self) -> ExitCode {
        let code = match self.look().await {
            Ok(report) => {
                self.tell(&report);
                match (report.ended, report.is_sound()) {
                    (false, _) => INTERRUPTED,
                    (true, true) => SOUND,
                    (true, false) => HARMED,
                }
            }
            Err(error) => {
                eprintln!("pawl-server: {error:#}");
                UNKNOWN
            }
        };
        ExitCode::from(code)
    }

    async fn look(&self) -> Result<ScrubReport> {
        let copy = opened(&self.data).await?;
        let course = ScrubCourse::default();
        let (watched, json) = (course.clone(), self.json);
        let following = tokio::spawn(async move { follow(&watched, json).await });
        let report = scrub(&self.data, copy.vault.as_ref(), copy.vault.as_ref(), &course).await;
        following.abort();
        // It says nothing that matters: it was told to end.
        let _ = following.await;
        copy.close().await;
        Ok(report?)
    }

    fn tell(&self, report: &ScrubReport) {
        for finding in &report.findings {
            say(&if self.json { event(finding).to_string() } else { finding.to_string() });
        }
        say(&if self.json { summary(report).to_string() } else { sentence(report) });
    }
}

async fn opened(data: &Path) -> Result<VaultCopy> {
    let copy = VaultCopy::open(&data.join(".pawl")).await;
    if let Err(OpenError::NoVault { .. }) = copy {
        bail!("{} is no vault: name the folder of one", data.display());
    }
    let copy = copy?;
    let database = data.join(".pawl/vault.db");
    let database = database.display();
    match copy.unusable {
        None => Ok(copy),
        Some(Why::Damaged) => {
            bail!(
                "the vault's own database {database} is damaged: without it nobody knows what the films were. Nothing was touched"
            )
        }
        Some(Why::Newer { .. }) => {
            bail!("a newer Pawl wrote the vault's database {database}: scrub with that one. Nothing was touched")
        }
    }
}

/// Shows how far it is, and stops it when somebody asks.
async fn follow(course: &ScrubCourse, json: bool) -> Result<()> {
    let (reading, steps) = (Reading::new(json), course.steps.subscribe());
    let mut pace = interval(PACE);
    let mut stop = std::pin::pin!(asked_to_stop());
    loop {
        tokio::select! {
            asked = &mut stop => {
                asked.context("nobody can stop it")?;
                course.cancel.cancel();
                reading.finish();
                return Ok(());
            }
            _ = pace.tick() => {
                let step = *steps.borrow();
                reading.tell(step.done, step.total);
            }
        }
    }
}

fn sentence(report: &ScrubReport) -> String {
    let ScrubReport { films, bytes, unfinished, findings, ended } = report;
    let harmed = findings.iter().filter(|finding| !matches!(finding, Finding::Stray(_))).count();
    let (films, unfinished) = (counted(*films, "film"), counted(*unfinished, "unfinished one"));
    let looked = format!("Read again: {films} ({bytes} bytes) and {unfinished}");
    let stopped = if *ended { "" } else { "Stopped. " };
    match harmed {
        0 => format!("{stopped}{looked}. All of it is what arrived."),
        harmed => {
            format!("{stopped}{looked}. Not what arrived: {harmed}. Nothing was changed; send what is harmed again.")
        }
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn summary(report: &ScrubReport) -> Value {
    json!({
        "event": "scrubbed",
        "sound": report.is_sound(),
        "ended": report.ended,
        "films": report.films,
        "bytes": report.bytes,
        "unfinished": report.unfinished,
    })
}

fn event(finding: &Finding) -> Value {
    let message = finding.to_string();
    match finding {
        Finding::Film { object, name, harm } => {
            json!({ "event": word(harm), "film": name.shown(), "object": object, "finished": true, "message": message })
        }
        Finding::Upload { id, name, harm, .. } => {
            let ranges = ranges(harm);
            json!({ "event": word(harm), "film": name.shown(), "upload": id, "finished": false, "differing": ranges, "message": message })
        }
        Finding::Stray(path) => json!({ "event": "extra", "file": path.to_string_lossy(), "message": message }),
    }
}

fn word(harm: &Harm) -> &'static str {
    match harm {
        Harm::Missing => "missing",
        Harm::Length { .. } | Harm::Content | Harm::Chunks(_) => "damaged",
        Harm::Unreadable(_) => "unreadable",
    }
}

fn ranges(harm: &Harm) -> Vec<Value> {
    let pair = |range: &ByteRange| json!([range.start(), range.end()]);
    match harm {
        Harm::Chunks(ranges) => ranges.iter().map(pair).collect(),
        Harm::Missing | Harm::Length { .. } | Harm::Content | Harm::Unreadable(_) => Vec::new(),
    }
}
