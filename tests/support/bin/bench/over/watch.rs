//! A sender at work, and what its link carries meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;
use support::bad_link::BadLink;
use support::programs::Talker;

const LOOK: Duration = Duration::from_millis(20);
/// Far beyond what a film should take.
const PATIENCE: Duration = Duration::from_secs(300);
/// What is not of a film: heads, digests, questions. So much has left when its first bytes have.
const WORDS: u64 = 64 << 10;

/// A sender that ended well.
pub(crate) struct Watched {
    pub(crate) took: Duration,
    pub(crate) events: Vec<Value>,
    /// How many bytes had left at an instant after the start.
    pub(crate) looks: Vec<(Duration, u64)>,
}

/// Watches it to its end, which must be good.
pub(crate) fn watched(mut run: Talker, begun: Instant, link: &BadLink) -> Result<Watched> {
    let mut looks = Vec::new();
    let (took, ended) = loop {
        looks.push((begun.elapsed(), link.tally().up));
        if let Some(ended) = run.ended()? {
            break (begun.elapsed(), ended);
        }
        if begun.elapsed() > PATIENCE {
            bail!("it does not end");
        }
        std::thread::sleep(LOOK);
    };
    let (_, events) = run.end()?;
    if !ended.success() {
        bail!("it must arrive: {:?}", events.last());
    }
    Ok(Watched { took, events, looks })
}

/// Where a sender's time went, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    /// Before the first bytes of the film.
    pub(crate) before: f64,
    /// Between the first and the last, while the link could have carried more.
    pub(crate) idle: f64,
    /// After the last.
    pub(crate) after: f64,
}

impl Watched {
    /// Of a link with that many bytes a second.
    pub(crate) fn spent(&self, rate: u64) -> Option<Spent> {
        let all = self.looks.last()?.1;
        let first = self.looks.iter().find(|(_, up)| *up > WORDS)?;
        let last = self.looks.iter().find(|(_, up)| *up + WORDS >= all)?;
        let (span, carried) = (last.0.saturating_sub(first.0).as_secs_f64(), last.1 - first.1);
        Some(Spent {
            before: first.0.as_secs_f64(),
            idle: span - carried as f64 / rate as f64,
            after: (self.took - last.0).as_secs_f64(),
        })
    }

    /// The looks while bytes of the film left.
    pub(crate) fn flow(&self) -> &[(Duration, u64)] {
        let all = self.looks.last().map_or(0, |look| look.1);
        let begin = self.looks.partition_point(|(_, up)| *up <= WORDS);
        let end = self.looks.partition_point(|(_, up)| *up + WORDS < all);
        &self.looks[begin.min(end)..end]
    }
}
