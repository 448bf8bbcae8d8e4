//! *Test connection*: what a real destination answers when it is tried, a line for each question, in the order of
//! [`Checked`]. What is written for it is given up again at once. Invariant: what comes after a failure is not tried, and
//! said to be so.

use std::error::Error;

use reqwest::header::LOCATION;
use reqwest::{Response, Url};
use transfer::error::{Class, RemoteError};

use crate::failure;
use crate::native::Native;
use crate::s3::S3;
use crate::tus::TusSetup;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checked {
    /// Something of the right kind answers there.
    Reachable,
    /// It lets us in.
    SignedIn,
    /// An upload can be begun.
    CanWrite,
    /// A finished film can be read by ranges.
    CanReadRanges,
    /// What is the most that it takes.
    Limits,
    /// What *done* would rest on.
    Proof,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// Nobody knows.
    Unknown,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was asked.
    pub what: Checked,
    /// The answer.
    pub verdict: Verdict,
    /// In words, a whole sentence.
    pub sentence: String,
}

/// Every line, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// They.
    pub checks: Vec<Check>,
}

/// Tries a Pawl server.
pub async fn server(native: &Native) -> Report {
    native.probe().await.report()
}

/// Tries a tus server.
pub async fn tus(setup: TusSetup) -> Report {
    crate::tus::probe(setup).await.report()
}

/// Tries a bucket.
pub async fn s3(s3: &S3) -> Report {
    s3.probe().await.report()
}

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Check>);

impl Findings {
    pub(crate) fn yes(&mut self, what: Checked, sentence: impl Into<String>) {
        self.note(what, Verdict::Yes, sentence.into());
    }

    pub(crate) fn unknown(&mut self, what: Checked, sentence: impl Into<String>) {
        self.note(what, Verdict::Unknown, sentence.into());
    }

    pub(crate) fn no(&mut self, what: Checked, sentence: impl Into<String>) {
        self.note(what, Verdict::No, sentence.into());
    }

    /// What an error means for the line that was to be written; an answer that lets nobody in says that there is one.
    pub(crate) async fn failed(&mut self, what: Checked, error: &RemoteError, url: &Url) {
        let (reached, let_in) = (what > Checked::Reachable, what > Checked::SignedIn);
        let sentence = told(error, url).await;
        if error.class != Class::Denied || let_in {
            return self.no(what, sentence);
        }
        if !reached {
            self.yes(Checked::Reachable, "It answers.");
        }
        self.no(Checked::SignedIn, sentence);
    }

    fn note(&mut self, what: Checked, verdict: Verdict, sentence: String) {
        self.0.push(Check { what, verdict, sentence });
    }

    fn report(self) -> Report {
        let every = [
            Checked::Reachable,
            Checked::SignedIn,
            Checked::CanWrite,
            Checked::CanReadRanges,
            Checked::Limits,
            Checked::Proof,
        ];
        let found = |what: Checked| self.0.iter().find(|check| check.what == what).cloned();
        let untried = |what| Check { what, verdict: Verdict::Unknown, sentence: "Not tried.".to_owned() };
        Report { checks: every.map(|what| found(what).unwrap_or_else(|| untried(what))).into() }
    }
}

/// An error as a whole sentence. Where nobody answered, it is asked whether there is a computer of that name at all.
async fn told(error: &RemoteError, url: &Url) -> String {
    if may_be_unnamed(error) && error.class != Class::Offline && !is_known(url).await {
        let host = url.host_str().unwrap_or_default();
        return format!("Nobody knows a computer called {host}: look at the address.");
    }
    sentence(&error.context)
}

/// Half a sentence as a whole one.
pub(crate) fn sentence(half: &str) -> String {
    let mut letters = half.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

fn may_be_unnamed(error: &RemoteError) -> bool {
    let source = error.source.as_deref().map(|source| source as &(dyn Error + 'static));
    source.is_some_and(|source| source.downcast_ref::<reqwest::Error>().is_some_and(failure::may_be_unnamed))
}

async fn is_known(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return true };
    let port = url.port_or_known_default().unwrap_or_default();
    tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await.is_ok_and(|mut found| found.next().is_some())
}

/// Where a redirect leads, as a sentence. Nothing is sent there: what lets us in stays at home.
pub(crate) fn led_away(response: &Response) -> Option<String> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = response.headers().get(LOCATION).and_then(|to| response.url().join(to.to_str().ok()?).ok());
    let Some(to) = location else { return Some("It leads elsewhere, and does not say where.".to_owned()) };
    let place = to.origin().ascii_serialization();
    let same = to.host_str() == response.url().host_str();
    Some(match same {
        true => format!("It leads to {place}: write that address."),
        false => format!(
            "It leads to {place}, another computer. Nothing of yours was sent there. If that is where you mean to go, write \
             that address; if not, this network may want you to sign in."
        ),
    })
}

/// A page for people is what answers.
pub(crate) fn page(response: &Response) -> Option<String> {
    let is_page = failure::is_page(response.headers());
    is_page.then(|| "A page for people answers at this address, not a server for films.".to_owned())
}

/// Bytes as people say them.
pub(crate) fn size(bytes: u64) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB"];
    let mut figure = bytes as f64;
    let mut unit = 0;
    while figure >= 1000.0 && unit + 1 < units.len() {
        (figure, unit) = (figure / 1000.0, unit + 1);
    }
    let shown = if unit == 0 { format!("{bytes}") } else { format!("{figure:.1}").trim_end_matches(".0").to_owned() };
    format!("{shown} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_reached_is_said_not_to_be_tried() {
        let mut findings = Findings::default();
        findings.yes(Checked::Reachable, "It answers.");
        findings.no(Checked::SignedIn, "No.");
        let report = findings.report();
        assert_eq!(report.checks.len(), 6, "a line each, whatever happened");
        assert!(report.checks[2..].iter().all(|check| check.verdict == Verdict::Unknown), "{report:?}");
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let said = [7, 1500, 2_000_000, 53_687_091_200_000].map(size);
        assert_eq!(said, ["7 bytes", "1.5 KB", "2 MB", "53.7 TB"], "a figure that one can remember");
    }
}
