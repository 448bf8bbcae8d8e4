//! Steps that wait for their turn together.

use futures::future::join_all;
use tokio::task::JoinHandle;
use transfer::error::RemoteError;
use transfer::name::FileName;
use transfer::placing::Taken;
use transfer::remote::{Completed, Completion};

use super::*;

type Ending = JoinHandle<Result<Completed, RemoteError>>;

/// Keeps the lifecycle busy with a step until marks go on.
async fn busy(home: &Home, vault: &Vault) {
    let film = film(vault, 90, 2);
    let handle = begin(vault, &film).await;
    home.ledger.hold_marks(true);
    let mut marking = home.ledger.marking();
    let before = *marking.borrow();
    let (put, sender) = (film.put(&handle, film.chunk(0)), vault.clone());
    tokio::spawn(async move { sender.put_chunk(put).await });
    soon("a mark is under way", marking.wait_for(|groups| *groups > before)).await.expect("a ledger");
    let aborter = vault.clone();
    tokio::spawn(async move { aborter.abort(&handle).await });
    // Until it is taken up: it waits for the mark then.
    until(|| vault.shared.register.all().iter().any(|upload| upload.view().is_none())).await;
}

async fn until(what: impl Fn() -> bool) {
    let poll = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    soon("it", poll).await;
}

/// Asks for the end of each of them at once, while nothing can be taken up.
async fn ending(vault: &Vault, completions: Vec<Completion>) -> Vec<Ending> {
    let count = completions.len();
    let ending = completions.into_iter().map(|completion| {
        let vault = vault.clone();
        tokio::spawn(async move { vault.complete(&completion).await })
    });
    let ending = ending.collect();
    until(|| vault.steps.max_capacity() - vault.steps.capacity() == count).await;
    ending
}

async fn completions(vault: &Vault, films: &[Film]) -> Vec<Completion> {
    let mut completions = Vec::new();
    for film in films {
        let handle = begin(vault, film).await;
        send(vault, film, &handle, [0]).await;
        completions.push(film.completion(&handle, Vec::new()));
    }
    completions
}

async fn ended(ending: Vec<Ending>) -> Vec<Completed> {
    let ended = soon("they end", join_all(ending)).await;
    ended.into_iter().map(|ended| ended.expect("no panic").expect("it is finished")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn films_that_end_together_share_their_steps_and_none_takes_anothers_name() {
    let home = Home::new();
    let vault = home.open().await;
    let name = FileName::new("take.mov").expect("a name");
    let films: Vec<_> = (0..20).map(|seed| film(&vault, seed, 1).named(name.clone())).collect();
    let completions = completions(&vault, &films).await;
    busy(&home, &vault).await;
    let ending = ending(&vault, completions).await;
    home.ledger.hold_claims(true);
    home.ledger.hold_marks(false);
    soon("all of them claim at once", home.ledger.claiming().wait_for(|claims| *claims == 20)).await.expect("a ledger");
    home.ledger.hold_claims(false);
    for (completed, film) in ended(ending).await.iter().zip(&films) {
        let reader = vault.reader(&completed.object).await.expect("a finished film");
        assert_eq!(read(&*reader, film.layout.whole()).await.expect("its bytes"), film.bytes, "each is its own film");
    }
    let mut names: Vec<_> = vault.library(None, 100).await.expect("a list").into_iter().map(|film| film.name).collect();
    names.sort_by_key(|name| name.as_bytes().to_vec());
    names.dedup();
    assert_eq!(names.len(), 20, "each has a name of its own");
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_asked_for_twice_at_once_comes_once() {
    let home = Home::new();
    let vault = home.open().await;
    let films: Vec<_> = (0..3).map(|seed| film(&vault, seed, 1)).collect();
    let mut completions = completions(&vault, &films).await;
    completions.extend(completions.clone());
    busy(&home, &vault).await;
    let ending = ending(&vault, completions).await;
    home.ledger.hold_marks(false);
    let ended = ended(ending).await;
    assert_eq!(ended[..3], ended[3..], "whoever asks again hears of the same film");
    assert_eq!(vault.library(None, 100).await.expect("a list").len(), 3, "no film is there twice");
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_films_that_end_together_one_may_take_the_place_of_another() {
    let home = Home::new();
    let vault = home.open().await;
    let name = FileName::new("cut.mov").expect("a name");
    let first = film(&vault, 1, 1).named(name.clone());
    let second = film(&vault, 2, 1).named(name.clone()).where_taken(Taken::Replace);
    let completions = completions(&vault, &[first, second.clone()]).await;
    busy(&home, &vault).await;
    let ending = ending(&vault, completions).await;
    home.ledger.hold_marks(false);
    let ended = ended(ending).await;
    let films = vault.library(None, 100).await.expect("a list");
    assert_eq!((films.len(), &films[0].name), (1, &name), "one is left, under the name");
    assert_eq!(films[0].object, ended[1].object, "the one that was to take the place");
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_whose_file_was_taken_away_is_not_found_in_its_namesake() {
    let home = Home::new();
    let vault = home.open().await;
    let name = FileName::new("take.mov").expect("a name");
    let films: Vec<_> = (0..2).map(|seed| film(&vault, seed, 1).named(name.clone())).collect();
    let completions = completions(&vault, &films).await;
    let lost = vault.shared.register.all().into_iter().find(|upload| upload.id.0 == completions[0].handle.0);
    let lost = vault.shared.folder.part(&lost.expect("it is there").id);
    std::fs::remove_file(lost).expect("somebody takes the file of the first away");
    busy(&home, &vault).await;
    let ending = ending(&vault, completions).await;
    home.ledger.hold_claims(true);
    home.ledger.hold_marks(false);
    soon("both claim at once", home.ledger.claiming().wait_for(|claims| *claims == 2)).await.expect("a ledger");
    home.ledger.hold_claims(false);
    let ended = soon("they end", join_all(ending)).await;
    let [first, second] = ended.try_into().expect("two answers");
    let gone = first.expect("no panic").expect_err("its bytes are gone");
    assert_eq!(gone.class, transfer::error::Class::Expired, "its sender begins again");
    let second = second.expect("no panic").expect("it is finished");
    let list = vault.library(None, 100).await.expect("a list");
    assert_eq!((list.len(), &list[0].object), (1, &second.object), "the other one is the film");
    vault.close().await;
}
