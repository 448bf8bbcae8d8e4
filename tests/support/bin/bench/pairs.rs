//! Two sides on the same work, taking turns.

use anyhow::Result;

use crate::figures::{Goal, median, span};

/// Who competes, in what, and what is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contest {
    pub(crate) work: &'static str,
    pub(crate) peer: &'static str,
    /// What a side's figure counts; more is better.
    pub(crate) unit: &'static str,
    pub(crate) pairs: usize,
    pub(crate) goal: Goal,
}

impl Contest {
    /// Both sides do the work in turns, each first every other time. Prints the median of the ratios.
    pub(crate) fn run(
        self,
        mut ours: impl FnMut() -> Result<f64>,
        mut theirs: impl FnMut() -> Result<f64>,
    ) -> Result<()> {
        // The first of each warms caches and counts for nothing.
        ours()?;
        theirs()?;
        let mut pairs = Vec::new();
        for turn in 0..self.pairs {
            let pair = if turn % 2 == 0 {
                let first = ours()?;
                (first, theirs()?)
            } else {
                let first = theirs()?;
                (ours()?, first)
            };
            pairs.push(pair);
        }
        self.print(&pairs);
        Ok(())
    }

    fn print(self, pairs: &[(f64, f64)]) {
        let column = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).collect::<Vec<_>>();
        let ratios = column(|(ours, theirs)| ours / theirs);
        let (least, most) = span(&ratios);
        println!(
            "  {}: pawl {:.0} {unit}, {} {:.0} {unit}; ratio {:.2} ({least:.2} to {most:.2}, {} pairs); {}",
            self.work,
            median(&column(|pair| pair.0)),
            self.peer,
            median(&column(|pair| pair.1)),
            median(&ratios),
            pairs.len(),
            self.goal.judge(median(&ratios)),
            unit = self.unit,
        );
    }
}
