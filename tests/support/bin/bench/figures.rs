//! Figures for people: medians, rates, and whether a goal was reached.

/// What is wanted of a figure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    /// In words, with whether `figure` reaches it.
    pub(crate) fn judge(self, figure: f64) -> String {
        let (reached, words) = match self {
            Self::AtLeast(least) => (figure >= least, format!("at least {least}")),
            Self::AtMost(most) => (figure <= most, format!("at most {most}")),
        };
        format!("goal {words}: {}", if reached { "reached" } else { "MISSED" })
    }
}

/// The middle one; of an even number the lower of the two in the middle.
pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) / 2]
}

/// What so large a share of the figures does not exceed.
pub(crate) fn percentile(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len()) - 1]
}

/// The least and the greatest.
pub(crate) fn span(figures: &[f64]) -> (f64, f64) {
    let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
    (least, figures.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}
