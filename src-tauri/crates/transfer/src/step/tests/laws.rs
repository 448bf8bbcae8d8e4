//! What holds for every state, every event and every moment.

use super::*;

fn at_rest(state: &TransferState) -> bool {
    matches!(state, TransferState::Paused | TransferState::Failed(_))
}

fn by_the_user(event: &Event) -> bool {
    matches!(
        event,
        Event::Pause
            | Event::Resume
            | Event::Cancel
            | Event::Retry
            | Event::StartOver
            | Event::SendChanged
            | Event::Located
    )
}

fn cancelled_or_about_to(state: &TransferState) -> bool {
    matches!(state, TransferState::Cancelling | TransferState::Cancelled)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_same_moment_gives_the_same_answer(state in any_state(), event in any_event(), env in envs()) {
        prop_assert_eq!(step(&state, &event, &env), step(&state, &event, &env), "no clock and no luck of its own");
    }

    #[test]
    fn what_is_over_stays_over(state in any_state(), event in any_event(), env in envs()) {
        let (to, effects) = step(&state, &event, &env);
        let once_more = matches!(state, TransferState::Skipped(_)) && event == Event::Retry;
        if state.is_terminal() && !once_more {
            prop_assert_eq!((to, effects), (state, vec![]), "nothing brings it back");
        }
    }

    #[test]
    fn every_road_to_active_passes_preparing(state in any_state(), event in any_event(), env in envs()) {
        let (to, _) = step(&state, &event, &env);
        if to == TransferState::Active {
            let asked = matches!(state, TransferState::Preparing | TransferState::Active);
            prop_assert!(asked, "from {:?} by {:?} the remote was not asked what it has", state, event);
        }
    }

    #[test]
    fn only_the_remote_makes_it_done(state in any_state(), event in any_event(), env in envs()) {
        let (to, _) = step(&state, &event, &env);
        if matches!(to, TransferState::Done(_)) && to != state {
            prop_assert!(matches!(event, Event::Completed(_)), "{:?} proves nothing", event);
        }
    }

    #[test]
    fn nothing_but_the_user_moves_what_the_user_or_a_failure_stopped(
        state in any_state(), event in any_event(), env in envs(),
    ) {
        let (to, effects) = step(&state, &event, &env);
        if at_rest(&state) && !by_the_user(&event) {
            prop_assert_eq!((to, effects), (state, vec![]), "by {:?}", event);
        } else if cancelled_or_about_to(&state) {
            prop_assert!(cancelled_or_about_to(&to), "a cancelled transfer never goes on, not by {:?} either", event);
        } else if state.is_running() && !by_the_user(&event) {
            let ended = matches!(to, TransferState::Failed(_) | TransferState::Skipped(_) | TransferState::Done(_));
            let honest = to.is_running() || ended;
            prop_assert!(honest, "nobody paused or cancelled it, yet {:?} leads to {:?}", event, to);
        }
    }

    #[test]
    fn the_user_is_obeyed_from_everywhere(state in any_state(), env in envs()) {
        let after = |event: Event| step(&state, &event, &env).0;
        if state.is_running() {
            prop_assert_eq!(after(Event::Pause), TransferState::Paused, "a running transfer can be paused");
            prop_assert_eq!(after(Event::Restarted), TransferState::Queued, "what ran before runs again");
        }
        if !state.is_terminal() {
            prop_assert!(cancelled_or_about_to(&after(Event::Cancel)), "every transfer can be given up");
        }
    }

    #[test]
    fn whoever_stops_sending_takes_the_leases_back(state in any_state(), event in any_event(), env in envs()) {
        let (to, effects) = step(&state, &event, &env);
        let crash = event == Event::Restarted;
        if state == TransferState::Active && to != TransferState::Active && to != TransferState::Completing && !crash {
            prop_assert!(effects.contains(&Effect::DropLeases), "by {:?} to {:?} workers would go on", event, to);
        }
        if effects.contains(&Effect::LeaseChunks) {
            prop_assert_eq!(to, TransferState::Active, "chunks travel in Active alone");
        }
    }

    #[test]
    fn each_state_has_its_call_under_way(state in any_state(), event in any_event(), env in envs()) {
        let (to, effects) = step(&state, &event, &env);
        let begins = |wanted: &TransferState| to == *wanted && state != *wanted;
        if begins(&TransferState::Preparing) {
            prop_assert_eq!(effects.last(), Some(&Effect::Prepare), "asked last, when the rest is settled");
        }
        if begins(&TransferState::Completing) {
            prop_assert!(effects.contains(&Effect::Complete), "or it would complete for ever");
        }
        if begins(&TransferState::Cancelling) {
            prop_assert!(effects.contains(&Effect::Abort), "or it would cancel for ever");
        }
    }

    #[test]
    fn a_wait_with_an_end_sets_its_alarm(state in any_state(), event in any_event(), env in envs()) {
        let (to, effects) = step(&state, &event, &env);
        let alarm = effects.iter().find_map(|effect| {
            if let Effect::WakeAfter { delay_ms } = effect { Some(*delay_ms) } else { None }
        });
        if let TransferState::Waiting(wait) = &to && to != state {
            let rings = alarm.map(|delay| env.now.after(Duration::from_millis(delay)));
            prop_assert_eq!(rings, wait.until, "the row says when it looks again, and then it does");
        }
        prop_assert!(alarm.is_none_or(|delay| (50..=660_000).contains(&delay)), "neither spinning nor asleep");
    }

    #[test]
    fn readers_are_told_whenever_the_answer_changes(state in any_state(), event in any_event(), env in envs()) {
        let (to, effects) = step(&state, &event, &env);
        if arriving(&state) != arriving(&to) {
            prop_assert_eq!(effects.first(), Some(&Effect::Announce), "before anything that takes time");
        }
    }

    #[test]
    fn a_transfer_that_may_run_gets_done_when_all_goes_well(
        history in prop::collection::vec((any_event(), envs()), 0..40),
        env in envs(),
    ) {
        let walk = |state: TransferState, events: &[Event]| {
            events.iter().fold(state, |state, event| step(&state, event, &env).0)
        };
        let lived = history.iter().fold(TransferState::Queued, |state, (event, env)| step(&state, event, env).0);
        let freed = walk(lived.clone(), &[Event::Resume, Event::Retry, Event::Restarted]);
        let road = [Event::Admit, Event::Begun, Event::ChunkAcked, Event::AllAcked, Event::Completed(object())];
        let end = walk(freed, &road);
        if cancelled_or_about_to(&lived) {
            prop_assert_eq!(walk(end, &[Event::Aborted]), TransferState::Cancelled, "cancelled is cancelled");
        } else {
            prop_assert_eq!(end, TransferState::Done(object()), "{:?} is no dead end", lived);
        }
    }
}
