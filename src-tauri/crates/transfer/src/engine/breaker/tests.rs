use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_break_is_as_long_as_the_longest_that_was_asked_for() {
    let (mut breaker, now) = (Breaker::default(), Instant::now());
    breaker.throttled(now + 9 * SECOND);
    breaker.throttled(now + 3 * SECOND);
    let until = breaker.open_until(now);
    assert_eq!(until, Some((now + 9 * SECOND, Cause::Throttled)), "a shorter break does not end a longer");
    breaker.succeeded(now);
    assert!(breaker.open_until(now).is_some(), "nor does an answer to what left before");
    breaker.passage().open().await;
    assert!(breaker.open_until(Instant::now()).is_none(), "who waited passes when it is over, and not before");
}

#[tokio::test(start_paused = true)]
async fn one_probe_goes_while_it_is_half_open_and_its_success_lets_everybody_go() {
    let (mut breaker, now) = (Breaker::default(), Instant::now());
    breaker.throttled(now + SECOND);
    let probe = breaker.passage().open().await;
    assert!(probe.is_some() && breaker.is_half_open(Instant::now()), "the first one is the probe");
    let passage = breaker.passage();
    let second = tokio::spawn(async move { passage.open().await });
    tokio::time::sleep(9 * SECOND).await;
    assert!(!second.is_finished() && breaker.try_probe().is_none(), "nobody else goes beside it");
    breaker.succeeded(Instant::now());
    assert!(second.await.is_ok_and(|probe| probe.is_none()), "its success lets everybody go, without a probe's leave");
}

#[tokio::test(start_paused = true)]
async fn who_waits_behind_a_probe_that_is_told_to_wait_waits_too() {
    let (mut breaker, now) = (Breaker::default(), Instant::now());
    breaker.throttled(now + SECOND);
    let probe = breaker.passage().open().await;
    let passage = breaker.passage();
    let second = tokio::spawn(async move { passage.open().await });
    tokio::time::sleep(SECOND).await;
    breaker.failed(&Class::Throttled { after: Some(9 * SECOND) }, Instant::now(), 0.0);
    drop(probe);
    tokio::time::sleep(8 * SECOND).await;
    assert!(!second.is_finished(), "the break is for everybody");
    assert!(second.await.is_ok_and(|probe| probe.is_some()), "and then it is the probe");
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_open_it_and_probes_in_vain_for_longer() {
    let (mut breaker, now) = (Breaker::default(), Instant::now());
    let opened: Vec<bool> = (0..TRIP).map(|_| breaker.failed(&Class::Transient, now, 1.0)).collect();
    assert_eq!(opened.iter().filter(|opened| **opened).count(), 1, "the fifth opens it: {opened:?}");
    let mut breaks = Vec::new();
    for _ in 0..8 {
        let (until, cause) = breaker.open_until(Instant::now()).expect("it is open");
        assert_eq!(cause, Cause::Failing, "and says why");
        breaks.push(until.duration_since(Instant::now()).as_secs());
        tokio::time::sleep_until(until).await;
        assert!(breaker.failed(&Class::Transient, Instant::now(), 1.0), "one probe in vain is enough");
    }
    assert_eq!(breaks, [1, 2, 4, 8, 16, 32, 60, 60], "ever more rarely, and never less than once a minute");
}

#[tokio::test(start_paused = true)]
async fn any_answer_is_a_sign_of_life() {
    let mut breaker = Breaker::default();
    for _ in 0..10 {
        (1..TRIP).for_each(|_| _ = breaker.failed(&Class::Transient, Instant::now(), 0.0));
        breaker.failed(&Class::Expired, Instant::now(), 0.0);
    }
    assert!(breaker.open_until(Instant::now()).is_none(), "a destination that answers is not away");
}

#[tokio::test(start_paused = true)]
async fn a_person_who_insists_sends_one_probe_into_a_break() {
    let (mut breaker, now) = (Breaker::default(), Instant::now());
    breaker.throttled(now + 60 * SECOND);
    breaker.insist(now);
    assert!(breaker.hold(now).is_none() && breaker.is_half_open(now), "the break is over, and nothing is proven");
    assert!(breaker.passage().open().await.is_some(), "so one goes");
    breaker.throttled(now + 60 * SECOND);
    assert!(breaker.open_until(now).is_some(), "and when it asks for a break again it gets one");
}

#[tokio::test(start_paused = true)]
async fn another_network_ends_every_break_but_the_one_that_was_asked_for() {
    let (mut away, mut tired) = (Breaker::default(), Breaker::default());
    away.failed(&Class::Offline, Instant::now(), 0.0);
    tired.throttled(Instant::now() + SECOND);
    let mut both = Breaker::default();
    both.failed(&Class::Offline, Instant::now(), 0.0);
    both.throttled(Instant::now() + SECOND);
    let changed = [&mut away, &mut tired, &mut both].map(|breaker| breaker.forget(Instant::now()));
    assert_eq!(changed, [true, false, true], "it says whether anything is another thing now");
    let open = [&away, &tired, &both].map(|breaker| breaker.open_until(Instant::now()).is_some());
    assert_eq!(open, [false, true, true], "the destination's own wish has nothing to do with our network");
}

#[tokio::test(start_paused = true)]
async fn no_break_that_ends_mends_credentials() {
    let (mut breaker, now) = (Breaker::default(), Instant::now());
    assert!(breaker.failed(&Class::Denied, now, 0.0), "it is another thing now");
    breaker.throttled(now + SECOND);
    breaker.passage().open().await;
    let later = Instant::now();
    assert!(later >= now + SECOND, "a break is kept all the same");
    breaker.succeeded(later);
    assert_eq!(breaker.hold(later), Some((None, Cause::Credentials)), "the password is as wrong as before");
    assert!(breaker.forget(later) && breaker.hold(later).is_none(), "until somebody mends it");
}
