//! Many histories, in stretches that run side by side.

use crate::history::play;

/// So many histories are played where nothing else is said.
const HISTORIES: u64 = 2000;
const STRETCHES: u64 = 4;
const ENOUGH: usize = 8;

/// First history, and how many.
fn asked() -> (u64, u64) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    match (number("PAWL_SEED"), number("PAWL_HISTORIES")) {
        (None, None) => (0, HISTORIES),
        (None, Some(count)) => (0, count),
        (Some(seed), count) => (seed, count.unwrap_or(1)),
    }
}

/// Every fourth history, from the one with this place on. After so many that end badly it is enough.
fn stretch(place: u64) {
    let (first, count) = asked();
    let seeds = (first..first.saturating_add(count)).skip(place as usize).step_by(STRETCHES as usize);
    let bad = seeds.filter_map(|seed| Some((seed, play(seed, None, false).0?)));
    let bad: Vec<_> = bad.inspect(|bad| eprintln!("{}", replay(bad))).take(ENOUGH).collect();
    if let Some((seed, _)) = bad.first() {
        panic!(
            "{} of these histories end badly; the story of {seed}:\n{}",
            bad.len(),
            play(*seed, None, true).1.join("\n")
        );
    }
}

/// What was broken, and how it is played again.
fn replay((seed, broken): &(u64, String)) -> String {
    format!(
        "history {seed}: {broken}\n    PAWL_SEED={seed} cargo test -p transfer --features testing --test simulation \
         histories"
    )
}

#[test]
fn histories_of_the_first_stretch_end_well() {
    stretch(0);
}

#[test]
fn histories_of_the_second_stretch_end_well() {
    stretch(1);
}

#[test]
fn histories_of_the_third_stretch_end_well() {
    stretch(2);
}

#[test]
fn histories_of_the_fourth_stretch_end_well() {
    stretch(3);
}

#[test]
fn a_history_follows_from_its_number() {
    for seed in 0..25 {
        let (first, second) = (play(seed, None, true), play(seed, None, true));
        let differs = first.1.iter().zip(&second.1).position(|(one, other)| one != other);
        let at = differs.map(|at| (&first.1[at], &second.1[at]));
        assert_eq!(at, None, "history {seed}: the same number must be the same history");
        assert_eq!(first.1.len(), second.1.len(), "history {seed}: to its end");
    }
}

/// Histories in which something never comes up say nothing about it.
#[test]
fn everything_that_can_happen_does() {
    let told = (0..300).flat_map(|seed| play(seed, None, true).1).collect::<Vec<_>>().join("\n");
    let all = [
        "amend the upload: UploadHandle",
        "amend the upload meets",
        "SendChanged: Ok",
        "go before Some",
        "High: Ok",
        "the machine slept for",
        "the network is another",
        "of all false",
        "the process is killed",
        "the status is a lie",
        "the remote loses",
        "the remote forgets",
        "journal: ",
        "harm: Some(Flip)",
        "harm: Some(Cut)",
    ];
    let missing: Vec<_> = all.iter().filter(|what| !told.contains(**what)).collect();
    assert!(missing.is_empty(), "nothing of this happens: {missing:?}");
}
