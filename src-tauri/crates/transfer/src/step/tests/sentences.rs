//! What a person reads.

use super::*;

fn sentence_of(state: &TransferState) -> Option<&str> {
    if let TransferState::Waiting(Wait { sentence, .. }) | TransferState::Failed(Failure { sentence, .. }) = state {
        Some(sentence)
    } else {
        None
    }
}

fn every_sentence(trouble_sentence: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for attempts in [1, 3] {
        for (began_again, can_shrink) in [(false, true), (true, false)] {
            let env = Env { began_again, can_shrink, ..env() };
            for mut event in events(attempts) {
                if let Event::ChunkFailed { trouble, .. } | Event::Fault { trouble, .. } = &mut event {
                    trouble.sentence = trouble_sentence.to_owned();
                }
                let (to, _) = step(&TransferState::Active, &event, &env);
                sentences.extend(sentence_of(&to).map(str::to_owned));
            }
        }
    }
    sentences
}

#[test]
fn every_sentence_says_what_happened_and_what_is_safe() {
    for sentence in every_sentence("the disk is read-only.") {
        let reassures = ["safe", "untouched"].iter().any(|word| sentence.contains(word));
        assert!(reassures, "{sentence:?} leaves the reader in fear");
        assert!(sentence.ends_with('.') && !sentence.contains(".."), "{sentence:?} is a whole sentence");
        assert!(sentence.starts_with(|first: char| !first.is_lowercase()), "{sentence:?} begins like one");
    }
}

#[test]
fn a_remote_that_says_nothing_still_gets_a_whole_sentence() {
    for sentence in every_sentence(" ") {
        let broken = [": .", ": (", "  "].iter().any(|hole| sentence.contains(hole)) || sentence.starts_with('.');
        assert!(!broken, "{sentence:?} has a hole");
    }
}

#[test]
fn a_full_disk_names_the_figures_and_a_damaged_chunk_its_place() {
    let full = Class::NoSpace { needed: Some(3 << 30), free: Some(512) };
    let (to, _) = step(&TransferState::Active, &Event::Fault { trouble: trouble(full), attempts: 1 }, &env());
    let sentence = sentence_of(&to).expect("it failed").to_owned();
    assert!(sentence.contains("(3.0 GiB needed, 512 bytes free)"), "{sentence:?} says how much room to make");
    let corrupt = Event::ChunkFailed { chunk: 3, trouble: trouble(Class::Corrupt), attempts: 3 };
    let (to, _) = step(&TransferState::Active, &corrupt, &env());
    let sentence = sentence_of(&to).expect("it failed").to_owned();
    assert!(sentence.starts_with("Chunk 4 "), "{sentence:?} counts as people do");
}
