//! Sides that say nothing: connections that are half open, and processes that stand still.

use std::thread;
use std::time::Duration;

use anyhow::Result;
use support::bad_link::{Conditions, Way};
use support::far::Kind;
use support::programs::{Signal, signalled};

use super::scene::{MIB, PARALLEL, Scene};

const FILM: u64 = 32 * MIB;
/// A server may be silent for two minutes, and what was tried then is tried again.
const LONG: Duration = Duration::from_secs(240);

fn narrow() -> Conditions {
    Conditions { up: Way { rate: Some(10_000_000), ..Way::default() }, ..Conditions::default() }
}

/// To every kind at once, for it takes its time.
fn everywhere(silence: impl Fn(Kind) -> Result<()> + Sync) -> Result<()> {
    let silence = &silence;
    thread::scope(|scope| {
        let all = Kind::ALL.map(|kind| scope.spawn(move || silence(kind)));
        all.into_iter().try_for_each(|one| one.join().expect("no panic"))
    })
}

#[test]
fn connections_that_die_without_a_word_are_given_up() -> Result<()> {
    everywhere(|kind| {
        let scene = Scene::new(kind, FILM, narrow())?;
        let run = scene.under_way()?;
        scene.link.freeze();
        scene.arrives_within(LONG, run)?.costs_at_most(scene.cost(PARALLEL, 1))
    })
}

#[test]
fn connections_that_are_accepted_and_swallowed_are_given_up() -> Result<()> {
    everywhere(|kind| {
        let scene = Scene::new(kind, FILM, narrow())?;
        let run = scene.under_way()?;
        scene.link.set(Conditions { swallows: true, ..narrow() });
        scene.link.cut();
        let cut = scene.link.tally().connections;
        scene.until("another connection", |tally| tally.connections > cut)?;
        scene.link.set(narrow());
        let arrival = scene.arrives_within(LONG, run)?;
        let faults = scene.link.tally().ended.into();
        arrival.costs_at_most(scene.cost(faults, 1))
    })
}

#[test]
fn a_server_that_stands_still_for_a_while_costs_nothing() -> Result<()> {
    for kind in Kind::ALL {
        let scene = Scene::new(kind, FILM, narrow())?;
        let run = scene.under_way()?;
        let server = scene.far.pid()?;
        signalled(server, Signal::STOP)?;
        thread::sleep(Duration::from_secs(3));
        signalled(server, Signal::CONT)?;
        scene.arrives(run)?.costs_at_most(0)?;
    }
    Ok(())
}

#[test]
fn a_sender_that_stands_still_for_a_while_goes_on() -> Result<()> {
    for kind in Kind::ALL {
        let scene = Scene::new(kind, FILM, narrow())?;
        let run = scene.under_way()?;
        run.signal(Signal::STOP)?;
        thread::sleep(Duration::from_secs(3));
        run.signal(Signal::CONT)?;
        scene.arrives(run)?.costs_at_most(0)?;
    }
    Ok(())
}
