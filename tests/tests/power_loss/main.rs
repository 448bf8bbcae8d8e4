//! Power loss under vault and databases: what was acknowledged is there, what is there is right, the app starts.

use anyhow::{Result, ensure};
use support::power::{Ordeal, first_seed};

/// A hundred in each of two tests, so that both processors have work.
const CUTS: u32 = 100;

/// Prints what was seen, so that one can judge what the test is worth.
fn suffer(salt: u64) -> Result<()> {
    let seed = first_seed()?.wrapping_add(salt);
    println!("PAWL_SEED={seed}");
    let tally = Ordeal::prepare()?.suffer(seed, CUTS)?;
    println!("{tally:?}");
    ensure!(tally.in_life > CUTS / 4, "most cuts must come in the middle of a life: {tally:?}");
    ensure!(tally.kept > 0, "cuts after which nothing is promised prove nothing: {tally:?}");
    Ok(())
}

#[test]
fn whatever_was_acknowledged_outlives_a_hundred_power_cuts() -> Result<()> {
    suffer(0)
}

#[test]
fn whatever_was_acknowledged_outlives_a_hundred_other_power_cuts() -> Result<()> {
    suffer(1 << 32)
}

/// The test of the test: with syncs defeated it must find a loss.
fn finds_a_loss_when_syncs_are_ignored_of(ending: &'static str) -> Result<()> {
    let seed = first_seed()?;
    println!("PAWL_SEED={seed}");
    let outcome = Ordeal::with_lying_disk(ending)?.suffer(seed, CUTS);
    let found = outcome.err().map(|error| format!("{error:#}"));
    ensure!(found.is_some(), "syncs of *{ending} were ignored in {CUTS} cuts, and nobody noticed");
    println!("{}", found.unwrap_or_default());
    Ok(())
}

#[test]
fn a_disk_that_ignores_syncs_of_films_is_found_out() -> Result<()> {
    finds_a_loss_when_syncs_are_ignored_of(".part")
}

#[test]
fn a_disk_that_ignores_syncs_of_the_vaults_database_is_found_out() -> Result<()> {
    finds_a_loss_when_syncs_are_ignored_of("vault.db-wal")
}
