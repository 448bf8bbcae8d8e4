//! What a link does to bytes: it holds them back, loses them, ends in the middle, flips bits.

use std::time::Duration;

use anyhow::{Result, ensure};
use support::bad_link::{After, Conditions, Flips, How, Way};
use support::far::Kind;

use super::scene::{MIB, Scene};

const MANY: u64 = 48 * MIB;

/// Sends a film to each kind in the conditions that are right for it. A fault costs one chunk: a connection carries no
/// more at a time.
fn arrives_everywhere(bytes: u64, kinds: &[Kind], conditions: impl Fn(Kind) -> Conditions, faults: u64) -> Result<()> {
    for &kind in kinds {
        let scene = Scene::new(kind, bytes, conditions(kind))?;
        let arrival = scene.arrives(scene.start()?)?;
        let tally = scene.link.tally();
        let fell = u64::from(tally.ended + tally.flipped);
        ensure!(fell >= faults, "{kind:?}: the link had to have {faults} faults and had {fell}");
        arrival.costs_at_most(scene.cost(fell, 1))?;
    }
    Ok(())
}

/// Beyond any chunk, so that one passes now and then.
fn beyond_a_chunk(kind: Kind) -> u64 {
    match kind {
        Kind::Pawl => 7 * MIB,
        // What arrived of a chunk stays there.
        Kind::Tus => 5 * MIB,
        Kind::Store => 12 * MIB,
    }
}

#[test]
fn a_long_and_narrow_link_costs_no_byte_twice() -> Result<()> {
    arrives_everywhere(MANY, &Kind::ALL, |_| Conditions::long(Duration::from_millis(200), 30_000_000), 0)
}

#[test]
fn resets_at_random_cost_a_chunk_each() -> Result<()> {
    let conditions = |kind| Conditions::default().ending(After::Mean(beyond_a_chunk(kind)), How::Reset);
    arrives_everywhere(MANY, &Kind::ALL, conditions, 2)
}

#[test]
fn a_reset_at_the_same_byte_of_every_connection_is_got_past() -> Result<()> {
    let conditions = |kind| Conditions::default().ending(After::Bytes(beyond_a_chunk(kind)), How::Reset);
    arrives_everywhere(MANY, &Kind::ALL, conditions, 3)
}

#[test]
fn a_body_that_ends_in_its_middle_is_no_chunk() -> Result<()> {
    let conditions = |kind| Conditions::default().ending(After::Bytes(beyond_a_chunk(kind)), How::Fin);
    arrives_everywhere(MANY, &Kind::ALL, conditions, 3)
}

#[test]
fn answers_that_break_off_are_asked_for_again() -> Result<()> {
    for how in [How::Fin, How::Reset] {
        for kind in Kind::ALL {
            let scene = Scene::new(kind, MANY, narrow())?;
            // The greeting is over: a tus server that cannot be asked what it can do ends the run.
            let run = scene.under_way()?;
            // Shorter than most answers, so that few pass; and then all do, or none would that is long.
            scene.link.set(narrow().answers_ending(After::Mean(100), how));
            scene.until("answers that break off", |tally| tally.ended > 1)?;
            scene.link.set(narrow());
            let arrival = scene.arrives(run)?;
            arrival.costs_at_most(scene.cost(scene.link.tally().ended.into(), 1))?;
        }
    }
    Ok(())
}

/// So narrow that there is a middle.
fn narrow() -> Conditions {
    Conditions { up: Way { rate: Some(20_000_000), ..Way::default() }, ..Conditions::default() }
}

#[test]
fn answers_that_drip_are_waited_for() -> Result<()> {
    let down = Way { rate: Some(4000), ..Way::default() };
    arrives_everywhere(MANY, &Kind::ALL, |_| Conditions { down, ..Conditions::default() }, 0)
}

#[test]
fn flipped_bits_are_found_where_anybody_can() -> Result<()> {
    // @tus/server knows no checksums: nobody could tell.
    let up = Way { flips: Some(Flips { mean: 8 * MIB, most: 2 }), ..Way::default() };
    arrives_everywhere(MANY, &[Kind::Pawl, Kind::Store], |_| Conditions { up, ..Conditions::default() }, 2)
}
