//! What stands between the two answers in the server's stead: too many, not now, sign in first.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use support::bad_link::{Answer, Conditions, Span, Way};
use support::far::Kind;

use super::scene::{MIB, PARALLEL, Scene, waits};

const FILM: u64 = 32 * MIB;
/// So narrow that there is a middle.
const RATE: u64 = 20_000_000;

fn narrow() -> Conditions {
    Conditions { up: Way { rate: Some(RATE), ..Way::default() }, ..Conditions::default() }
}

/// Requests before the first that may be refused: a tus server is asked what it can do, and the run ends where it does
/// not say.
fn greeting(kind: Kind) -> u32 {
    match kind {
        Kind::Pawl | Kind::Store => 0,
        Kind::Tus => 1,
    }
}

/// The first requests are answered so, twice; then it goes on by itself.
fn refused_at_first(answer: impl Fn() -> Answer, words: &str) -> Result<()> {
    for kind in Kind::ALL {
        let scene = Scene::new(kind, FILM, narrow())?;
        scene.link.answer(answer(), Span::Requests { after: greeting(kind), answered: 2 });
        let arrival = scene.arrives(scene.start()?)?;
        ensure!(arrival.told("remote", words), "{kind:?}: it says why it waits: {:?}", arrival.events);
        ensure!(scene.link.tally().answered == 2, "{kind:?}: it was tried until it was let in");
        arrival.costs_at_most(0)?;
    }
    Ok(())
}

/// Requests in the middle are answered so.
fn refused_in_the_middle(answer: &Answer) -> Result<()> {
    for kind in Kind::ALL {
        let scene = Scene::new(kind, FILM, narrow())?;
        let run = scene.under_way()?;
        scene.link.answer(answer.clone(), Span::Requests { after: 0, answered: 3 });
        let arrival = scene.arrives(run)?;
        let answered = scene.link.tally().answered.into();
        ensure!(answered > 0, "{kind:?}: something was refused");
        arrival.costs_at_most(scene.cost(answered, 1))?;
    }
    Ok(())
}

const BREAK: &str = "asked for a break";

#[test]
fn a_break_in_seconds_is_kept_and_told() -> Result<()> {
    refused_at_first(|| Answer::too_many(Some("1")), BREAK)?;
    refused_at_first(|| Answer::unavailable(Some("1")), BREAK)
}

#[test]
fn a_break_until_a_date_is_kept_and_told() -> Result<()> {
    let answer = || {
        let soon = Timestamp::now() + SignedDuration::from_secs(2);
        Answer::unavailable(Some(&soon.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()))
    };
    refused_at_first(answer, BREAK)
}

#[test]
fn a_server_that_is_away_without_a_word_is_tried_again() -> Result<()> {
    refused_at_first(|| Answer::unavailable(None), "503")
}

#[test]
fn a_break_without_a_length_or_with_nonsense_is_a_short_one() -> Result<()> {
    for said in [None, Some("-5"), Some("soon"), Some("1e3")] {
        let scene = Scene::new(Kind::Pawl, FILM, narrow())?;
        scene.link.answer(Answer::too_many(said), Span::Requests { after: 0, answered: 1 });
        let arrival = scene.arrives(scene.start()?)?;
        ensure!(arrival.told("remote", BREAK), "{said:?}: it is a break all the same: {:?}", arrival.events);
    }
    Ok(())
}

#[test]
fn a_break_of_a_year_is_ten_minutes_at_most() -> Result<()> {
    for kind in Kind::ALL {
        let scene = Scene::new(kind, FILM, narrow())?;
        scene.link.answer(Answer::too_many(Some("31536000")), Span::Requests { after: greeting(kind), answered: 1 });
        let mut run = scene.start()?;
        let wait = run.hear("the break", |event| waits(event, "remote", BREAK))?;
        let until = wait["until"].as_u64().context("when it goes on")?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
        let minutes = Duration::from_millis(until.saturating_sub(now)).as_secs() / 60;
        ensure!(minutes <= 11, "{kind:?}: a wrong header stops nobody for {minutes} minutes");
        run.kill()?;
        // A person who starts it again does not wait for that.
        scene.arrives(scene.start()?)?;
    }
    Ok(())
}

#[test]
fn refusals_in_the_middle_cost_the_chunk_that_was_refused() -> Result<()> {
    for answer in [Answer::too_many(Some("1")), Answer::unavailable(None)] {
        refused_in_the_middle(&answer)?;
    }
    Ok(())
}

#[test]
fn a_network_that_wants_a_sign_in_is_told_and_gone_on_with_after_it() -> Result<()> {
    for answer in [Answer::sign_in_page(), Answer::sign_in_elsewhere()] {
        for kind in Kind::ALL {
            let scene = Scene::new(kind, FILM, narrow())?;
            let mut run = scene.under_way()?;
            scene.link.answer(answer.clone(), Span::UntilTold);
            run.hear("that somebody must sign in", |event| waits(event, "network", "wants you to sign in"))?;
            scene.link.answer_nothing();
            let arrival = scene.arrives(run)?;
            let answered = scene.link.tally().answered.into();
            arrival.costs_at_most(scene.cost(answered, PARALLEL))?;
        }
    }
    Ok(())
}
