//! The vault's ledger and catalogue: ranges against a naive model, claims, publishing, pages.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use server::ports::{Arrived, Catalogue, Claim, Ledger, Mark, Marked, Rename, Stage, Video};
use tempfile::tempdir;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::remote::Arriving;
use transfer::tree::{Cv, Root};
use transfer::units::Timestamp;

use crate::samples::{appending, mark, upload, upload_id, vault_in, video};

/// Byte by byte: whether a digest vouched for it.
#[derive(Default)]
struct Naive {
    bytes: BTreeMap<u64, bool>,
    cvs: BTreeMap<u32, Cv>,
}

impl Naive {
    fn mark(&mut self, mark: &Mark) -> Marked {
        let mut found = Marked::Duplicate;
        for at in mark.range.start()..mark.range.end() {
            let before = self.bytes.get(&at).copied();
            found = if before.is_none() { Marked::Fresh } else { found };
            self.bytes.insert(at, before.unwrap_or(false) || mark.vouched);
        }
        self.cvs.extend(mark.cv.filter(|(number, _)| !self.cvs.contains_key(number)));
        found
    }

    fn arrived(&self) -> Arrived {
        let mut ranges: Vec<(ByteRange, bool)> = Vec::new();
        for (at, vouched) in &self.bytes {
            match ranges.last_mut() {
                Some((last, same)) if last.end() == *at && same == vouched => {
                    *last = ByteRange::at(last.start(), last.len() + 1);
                }
                _ => ranges.push((ByteRange::at(*at, 1), *vouched)),
            }
        }
        Arrived { ranges, cvs: self.cvs.iter().map(|(number, cv)| (*number, *cv)).collect() }
    }
}

fn any_mark() -> impl Strategy<Value = (u8, Mark)> {
    let cv = prop::option::of((0u32..4, any::<u8>().prop_map(|byte| Cv([byte; 32]))));
    (0u8..3, 0u64..60, 0u64..60, any::<bool>(), cv)
        .prop_map(|(upload, a, b, vouched, cv)| (upload, Mark { cv, ..mark(a.min(b), a.max(b), vouched) }))
}

async fn agrees_with_naive(folder: &Path, groups: &[Vec<(u8, Mark)>]) -> Result<(), TestCaseError> {
    let vault = vault_in(folder).await;
    // The third upload of the marks does not exist.
    let mut naive = [Naive::default(), Naive::default()];
    for number in [0, 1] {
        vault.begin(&upload(number)).await.expect("an upload");
    }
    for (at, group) in groups.iter().enumerate() {
        let marks: Vec<_> = group.iter().map(|(number, mark)| (upload_id(*number), mark.clone())).collect();
        let answers = vault.mark(&marks, Timestamp(at as i64)).await.expect("marks");
        let one = |(number, mark): &(u8, Mark)| naive.get_mut(usize::from(*number)).map(|naive| naive.mark(mark));
        let expected: Vec<_> = group.iter().map(one).map(|found| found.unwrap_or(Marked::Duplicate)).collect();
        prop_assert_eq!(answers, expected, "one answer a mark, in order: {:?}", group);
        for number in [0u8, 1] {
            let arrived = vault.arrived(&upload_id(number)).await.expect("what arrived");
            prop_assert_eq!(arrived, naive[usize::from(number)].arrived(), "every byte is accounted for");
        }
        prop_assert_eq!(
            vault.arrived(&upload_id(2)).await.expect("nothing"),
            Arrived::default(),
            "nothing is invented"
        );
    }
    vault.close().await;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn marks_are_what_they_are_byte_by_byte(groups in vec(vec(any_mark(), 0..6), 0..8)) {
        let folder = tempdir().expect("a folder");
        Runtime::new().expect("a runtime").block_on(agrees_with_naive(folder.path(), &groups))?;
    }
}

fn name(text: &str) -> FileName {
    FileName::new(text).expect("a name")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_claims_at_once_exactly_one_is_mine() {
    let folder = tempdir().expect("a folder");
    let vault = Arc::new(vault_in(folder.path()).await);
    for number in 0..10 {
        vault.begin(&upload(number)).await.expect("an upload");
        let mut claims = JoinSet::new();
        for claimant in 0..16u8 {
            let vault = Arc::clone(&vault);
            let name = name(&format!("film {claimant}"));
            claims.spawn(async move {
                let claim = vault.claim_complete(&upload_id(number), &name, &Root([claimant; 32])).await;
                (claimant, claim.expect("an answer"))
            });
        }
        let mut answers = claims.join_all().await;
        answers.retain(|(_, claim)| *claim == Claim::Mine);
        let [(winner, _)] = answers[..] else { panic!("exactly one publishes: {answers:?}") };
        let stage = vault.uploads().await.expect("uploads").pop().expect("the last one").stage;
        let expected = Stage::Publishing { name: name(&format!("film {winner}")), root: Root([winner; 32]) };
        assert_eq!(stage, expected, "what is written down is the winner's");
    }
    let unknown = vault.claim_complete(&upload_id(99), &name("film"), &Root([0; 32])).await.expect("an answer");
    assert_eq!(unknown, Claim::Unknown, "there is nothing to claim");
    vault.close().await;
}

#[tokio::test]
async fn beginning_twice_gives_the_first_upload() {
    let folder = tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    let first = upload(1);
    assert_eq!(vault.begin(&first).await.expect("begun"), first, "a new one is as it was given");
    vault.announce(&first.id, Arriving::Paused, Timestamp(50)).await.expect("announced");
    let mut second = upload(2);
    second.id = first.id.clone();
    let found = vault.begin(&second).await.expect("begun again");
    assert_eq!((&found.object, found.arriving), (&first.object, Arriving::Paused), "a lost reply must do no harm");
    assert_eq!(found.touched_at, Timestamp(50), "an upload that is spoken of is alive");
    vault.mark(&[(first.id.clone(), mark(0, 9, true))], Timestamp(60)).await.expect("marked");
    assert_eq!(vault.uploads().await.expect("uploads")[0].touched_at, Timestamp(60), "one that receives is alive");
    vault.remove(&first.id).await.expect("removed");
    vault.remove(&first.id).await.expect("twice is no error");
    assert_eq!(vault.uploads().await.expect("uploads"), [], "it is gone");
    vault.begin(&first).await.expect("begun anew");
    assert_eq!(vault.arrived(&first.id).await.expect("nothing"), Arrived::default(), "nothing of the first is left");
    vault.close().await;
}

#[tokio::test]
async fn publishing_moves_an_upload_to_the_catalogue_and_may_be_repeated() {
    let folder = tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    let film = video(1, 5);
    vault.begin(&upload(1)).await.expect("an upload");
    vault.rename_claim(&film.upload, &name("early")).await.expect_err("there is no claim to rename");
    vault.claim_complete(&film.upload, &name("taken.mp4"), &film.root).await.expect("claimed");
    vault.rename_claim(&film.upload, &film.name).await.expect("renamed");
    let stage = vault.uploads().await.expect("uploads").remove(0).stage;
    assert_eq!(stage, Stage::Publishing { name: film.name.clone(), root: film.root }, "a restart publishes under it");
    for _ in 0..2 {
        vault.publish(&film).await.expect("a lost answer is asked for again");
        assert_eq!(vault.uploads().await.expect("uploads"), [], "it is no upload any more");
        assert_eq!(vault.published(&film.upload).await.expect("a look"), Some(film.clone()), "its sender finds it");
        assert_eq!(vault.video(&film.object).await.expect("a look"), Some(film.clone()), "its readers find it");
    }
    let claim = vault.claim_complete(&film.upload, &film.name, &film.root).await.expect("an answer");
    assert_eq!(claim, Claim::Unknown, "it cannot be published a second time");
    let successor = Video { name: film.name.clone(), ..video(2, 6) };
    vault.publish(&successor).await.expect("the name was free in the folder");
    assert_eq!(vault.video(&film.object).await.expect("a look"), None, "an id must not read another film");
    vault.close().await;
}

#[tokio::test]
async fn the_catalogue_is_paged_newest_first_without_gaps() {
    let folder = tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    let mut films: Vec<Video> = (0..23).map(|number| video(number, i64::from(number % 5))).collect();
    for film in &films {
        vault.publish(film).await.expect("published");
    }
    films.sort_by(|a, b| (b.created_at, &b.object).cmp(&(a.created_at, &a.object)));
    let (mut seen, mut last) = (Vec::new(), None);
    loop {
        let page = vault.videos(last.as_ref(), 4).await.expect("a page");
        assert!(page.len() <= 4, "a page has at most what was asked for");
        let Some(end) = page.last() else { break };
        last = Some(end.object.clone());
        seen.extend(page);
    }
    assert_eq!(seen, films, "every film once, newest first, those of one instant in a fixed order");
    let unknown = video(99, 0).object;
    assert_eq!(vault.videos(Some(&unknown), 4).await.expect("a page"), [], "after what is gone nothing is repeated");
    vault.close().await;
}

#[tokio::test]
async fn a_rename_is_begun_and_ended_with_its_video() {
    let folder = tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    let film = video(1, 5);
    vault.publish(&film).await.expect("published");
    let to = |text: &str| Rename { object: film.object.clone(), name: name(text) };
    vault.begin_rename(&to("first")).await.expect("begun");
    vault.begin_rename(&to("second")).await.expect("begun again");
    assert_eq!(vault.renames().await.expect("a look"), [to("second")], "one a video: the last");
    assert_eq!(vault.named(&film.name).await.expect("a look"), Some(film.clone()), "it has its old name till the end");
    vault.end_rename(&film.object, false).await.expect("ended");
    assert_eq!(vault.video(&film.object).await.expect("a look"), Some(film.clone()), "its file did not move");
    vault.end_rename(&film.object, true).await.expect("ended already");
    assert_eq!(vault.video(&film.object).await.expect("a look"), Some(film.clone()), "nothing was begun");
    vault.begin_rename(&to("third")).await.expect("begun");
    vault.end_rename(&film.object, true).await.expect("ended");
    let renamed = Video { name: name("third"), ..film.clone() };
    assert_eq!(vault.named(&name("third")).await.expect("a look"), Some(renamed.clone()), "its file moved");
    assert_eq!(vault.named(&film.name).await.expect("a look"), None, "the old name is free");
    assert_eq!(vault.renames().await.expect("a look"), [], "nothing is left to do");

    vault.begin_rename(&to("fourth")).await.expect("begun");
    vault.take_out(&film.object).await.expect("taken out");
    vault.take_out(&film.object).await.expect("twice is no error");
    assert_eq!(vault.renames().await.expect("a look"), [], "a rename goes with its video");
    assert_eq!(vault.video(&film.object).await.expect("a look"), None, "it is out");
    vault.put_back(&renamed).await.expect("put back");
    assert_eq!(vault.videos(None, 9).await.expect("a page"), [renamed], "it is as it was");
    vault.close().await;
}

#[tokio::test]
async fn what_is_told_of_an_upload_outlives_it_and_goes_with_its_video() {
    let folder = tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    for number in [1, 2] {
        vault.begin_append(&upload(number), &appending(number)).await.expect("an upload");
    }
    assert_eq!(vault.appendings().await.expect("both"), [appending(1), appending(2)], "to the last word");
    vault.settle(&upload_id(1), 77).await.expect("its length is known now");
    assert_eq!(vault.uploads().await.expect("both")[0].size, Some(77), "and written down");
    vault.publish(&video(1, 0)).await.expect("it is a film");
    assert_eq!(vault.appendings().await.expect("one"), [appending(2)], "a film is no unfinished upload");
    assert_eq!(vault.appending(&upload_id(1)).await.expect("it"), Some(appending(1)), "and can still be asked for");
    vault.take_out(&video(1, 0).object).await.expect("the film goes");
    vault.remove(&upload_id(2)).await.expect("the upload goes");
    for number in [1, 2] {
        assert_eq!(vault.appending(&upload_id(number)).await.expect("an answer"), None, "nothing is left of {number}");
    }
}
