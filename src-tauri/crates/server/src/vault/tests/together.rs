//! Steps that wait for their turn together.

use futures::future::join_all;
use tokio::task::JoinHandle;
use transfer::error::{Class, RemoteError};
use transfer::name::FileName;
use transfer::placing::Taken;
use transfer::remote::{Completed, Completion};

use super::*;
use crate::ports::Video;

type Ending = JoinHandle<Result<Completed, RemoteError>>;

/// A vault in which films are there that wait for their end.
struct Finish {
    home: Home,
    vault: Vault,
    completions: Vec<Completion>,
}

impl Finish {
    async fn of(films: impl FnOnce(&Vault) -> Vec<Film>) -> (Self, Vec<Film>) {
        let home = Home::new();
        let vault = home.open().await;
        let films = films(&vault);
        let mut completions = Vec::new();
        for film in &films {
            let handle = begin(&vault, film).await;
            send(&vault, film, &handle, [0]).await;
            completions.push(film.completion(&handle, Vec::new()));
        }
        (Self { home, vault, completions }, films)
    }

    /// Asks for the end of each of them, in their order, while nothing can be taken up: until marks go on.
    async fn ask(&self) -> Vec<Ending> {
        self.keep_busy().await;
        let (mut ending, steps) = (Vec::new(), &self.vault.steps);
        for completion in &self.completions {
            let (vault, completion) = (self.vault.clone(), completion.clone());
            ending.push(tokio::spawn(async move { vault.complete(&completion).await }));
            until(|| steps.max_capacity() - steps.capacity() == ending.len()).await;
        }
        ending
    }

    /// Keeps the lifecycle at a step: it gives up an upload of which a chunk is being marked.
    async fn keep_busy(&self) {
        let (home, vault) = (&self.home, &self.vault);
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

    fn go_on(&self) {
        self.home.ledger.hold_marks(false);
    }

    /// Goes on until all of them claim, before any of them has.
    async fn go_on_and_claim_at_once(&self) {
        self.home.ledger.hold_claims(true);
        self.go_on();
        let (mut claiming, count) = (self.home.ledger.claiming(), self.completions.len());
        soon("all of them claim at once", claiming.wait_for(|claims| *claims == count)).await.expect("a ledger");
        self.home.ledger.hold_claims(false);
    }

    async fn library(&self) -> Vec<Video> {
        self.vault.library(None, 100).await.expect("a list")
    }
}

async fn until(what: impl Fn() -> bool) {
    let poll = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    soon("it", poll).await;
}

async fn ended(ending: Vec<Ending>) -> Vec<Result<Completed, RemoteError>> {
    soon("they end", join_all(ending)).await.into_iter().map(|ended| ended.expect("no panic")).collect()
}

async fn finished(ending: Vec<Ending>) -> Vec<Completed> {
    ended(ending).await.into_iter().map(|ended| ended.expect("it is finished")).collect()
}

/// So many of one name and one length.
fn takes(count: u64) -> impl FnOnce(&Vault) -> Vec<Film> {
    let name = FileName::new("take.mov").expect("a name");
    move |vault| (0..count).map(|seed| film(vault, seed, 1).named(name.clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn films_that_end_together_share_their_steps_and_none_takes_anothers_name() {
    let (finish, films) = Finish::of(takes(20)).await;
    let ending = finish.ask().await;
    finish.go_on_and_claim_at_once().await;
    for (completed, film) in finished(ending).await.iter().zip(&films) {
        let reader = finish.vault.reader(&completed.object).await.expect("a finished film");
        assert_eq!(read(&*reader, film.layout.whole()).await.expect("its bytes"), film.bytes, "each is its own film");
    }
    let mut names: Vec<_> = finish.library().await.into_iter().map(|film| film.name).collect();
    names.sort_by_key(|name| name.as_bytes().to_vec());
    names.dedup();
    assert_eq!(names.len(), 20, "each has a name of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_asked_for_twice_at_once_comes_once() {
    let (mut finish, _) = Finish::of(takes(3)).await;
    finish.completions.extend(finish.completions.clone());
    let ending = finish.ask().await;
    finish.go_on();
    let ended = finished(ending).await;
    assert_eq!(ended[..3], ended[3..], "whoever asks again hears of the same film");
    assert_eq!(finish.library().await.len(), 3, "no film is there twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_films_that_end_together_one_may_take_the_place_of_another() {
    let replacing = |vault: &Vault| {
        let [first, second] = takes(2)(vault).try_into().expect("two");
        vec![first, second.where_taken(Taken::Replace)]
    };
    let (finish, films) = Finish::of(replacing).await;
    let ending = finish.ask().await;
    finish.go_on();
    let ended = finished(ending).await;
    let left = finish.library().await;
    assert_eq!((left.len(), &left[0].name), (1, &films[0].name), "one is left, under the name");
    assert_eq!(left[0].object, ended[1].object, "the one that was to take the place");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_whose_file_was_taken_away_is_not_found_in_its_namesake() {
    let (finish, _) = Finish::of(takes(2)).await;
    let lost = finish.vault.shared.register.all();
    let lost = lost.iter().find(|upload| upload.id.0 == finish.completions[0].handle.0).expect("it is there");
    std::fs::remove_file(finish.vault.shared.folder.part(&lost.id)).expect("somebody takes its file away");
    let ending = finish.ask().await;
    finish.go_on_and_claim_at_once().await;
    let [first, second] = ended(ending).await.try_into().expect("two answers");
    let gone = first.expect_err("its bytes are gone");
    assert_eq!(gone.class, Class::Expired, "its sender begins again");
    let list = finish.library().await;
    let second = second.expect("it is finished");
    assert_eq!((list.len(), &list[0].object), (1, &second.object), "the other one is the film");
}
