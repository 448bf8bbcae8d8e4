//! *Test connection* and pasted texts: what a form would come to, before anything is saved.

use std::path::Path;

use headless::destinations::{Entry, Place, probed, recognised};
use remotes::probe::{Checked, Report, Verdict};
use transfer::ids::DestinationId;

use super::editing::{refused, said};
use super::{Destinations, forms, sentence};
use crate::error::Error;
use crate::view::{CheckView, CheckedView, DestinationForm, RecognisedView, ReportView, SecretForm, VerdictView};

impl Destinations {
    /// Tries the real thing with what the form says. Nothing is saved.
    pub(crate) async fn test(
        &self,
        id: Option<String>,
        form: DestinationForm,
        secret: SecretForm,
    ) -> Result<ReportView, Error> {
        let old = id.map(|id| self.known(&DestinationId(id))).transpose()?;
        let id = old.as_ref().map_or_else(Entry::new_id, |old| old.id.clone());
        let entry = forms::entry(id, form, old.as_ref()).map_err(refused)?;
        if let Place::Vault { folder } = &entry.place {
            let folder = folder.clone();
            return Ok(tokio::task::spawn_blocking(move || tried(folder.as_ref()))
                .await
                .map_err(anyhow::Error::new)?);
        }
        let secret = self.meant(secret, old.as_ref()).await?;
        let report = probed(&entry, secret.as_ref()).await.map_err(|why| said(&sentence(&why)))?;
        Ok(view(report))
    }
}

/// What a pasted text is.
pub(crate) fn recognise(text: &str) -> RecognisedView {
    let Some(found) = recognised(text) else {
        let sentence = "That is no destination: paste the address of a server or of a bucket, or a folder's path.";
        return RecognisedView { form: None, sentence: Some(sentence.to_owned()) };
    };
    let left_out = "A name, password, token or key stood in the address. It was left out: enter it in its own field.";
    RecognisedView {
        form: Some(forms::proposal(found.name, &found.place)),
        sentence: found.left_out.then(|| left_out.to_owned()),
    }
}

/// A folder is tried by putting a file into it that has no name.
fn tried(folder: &Path) -> ReportView {
    let check = |what, verdict, sentence: &str| CheckView { what, verdict, sentence: sentence.to_owned() };
    let rest = |checks: Vec<CheckView>| {
        let every = [
            CheckedView::Reachable,
            CheckedView::SignedIn,
            CheckedView::CanWrite,
            CheckedView::CanReadRanges,
            CheckedView::Limits,
            CheckedView::Proof,
        ];
        let untried = every[checks.len()..].iter().map(|what| check(*what, VerdictView::Unknown, "Not tried."));
        ReportView { checks: checks.iter().cloned().chain(untried).collect() }
    };
    if !folder.is_dir() {
        return rest(vec![check(CheckedView::Reachable, VerdictView::No, "There is no such folder.")]);
    }
    let mut checks = vec![
        check(CheckedView::Reachable, VerdictView::Yes, "The folder is there."),
        check(CheckedView::SignedIn, VerdictView::Yes, "A folder asks for nothing."),
    ];
    if let Err(error) = written(folder) {
        checks.push(check(CheckedView::CanWrite, VerdictView::No, &format!("Nothing can be written there: {error}.")));
        return rest(checks);
    }
    checks.push(check(CheckedView::CanWrite, VerdictView::Yes, "A file was written and taken away again."));
    checks.push(check(CheckedView::CanReadRanges, VerdictView::Yes, "Any byte of a film can be read at once."));
    checks.push(check(CheckedView::Limits, VerdictView::Yes, "A film may be as large as its disk has room."));
    checks.push(check(CheckedView::Proof, VerdictView::Yes, "Every chunk, and the whole film, is compared by BLAKE3."));
    rest(checks)
}

fn written(folder: &Path) -> std::io::Result<()> {
    let trial = folder.join(format!(".pawl-connection-test-{}", std::process::id()));
    std::fs::write(&trial, b"a trial")?;
    std::fs::remove_file(&trial)
}

fn view(report: Report) -> ReportView {
    let checks = report.checks.into_iter().map(|check| CheckView {
        what: match check.what {
            Checked::Reachable => CheckedView::Reachable,
            Checked::SignedIn => CheckedView::SignedIn,
            Checked::CanWrite => CheckedView::CanWrite,
            Checked::CanReadRanges => CheckedView::CanReadRanges,
            Checked::Limits => CheckedView::Limits,
            Checked::Proof => CheckedView::Proof,
        },
        verdict: match check.verdict {
            Verdict::Yes => VerdictView::Yes,
            Verdict::No => VerdictView::No,
            Verdict::Unknown => VerdictView::Unknown,
        },
        sentence: check.sentence,
    });
    ReportView { checks: checks.collect() }
}
