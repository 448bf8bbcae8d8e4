use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use store::SqliteJournal;
use tempfile::TempDir;
use tokio::time::Instant;
use transfer::engine::{AddOrder, Command, Engine, Setup, Snapshot};
use transfer::ids::{BatchId, TransferId};
use transfer::source::FileSources;
use transfer::state::TransferState;

use super::*;
use crate::vaults::Folder;
use crate::view::{DestinationForm, DestinationView, PlaceView, SecretForm, SecretPlaceView, TakenView, VerdictView};

/// Destinations with an empty book, and a vault of their own.
async fn destinations() -> (TempDir, Destinations) {
    let root = TempDir::new().expect("a folder");
    let destinations = again(&root).await;
    (root, destinations)
}

/// What the next start finds.
async fn again(root: &TempDir) -> Destinations {
    let (vaults, told) = Vaults::open(&Folder::Usual(root.path().join("vault")), Vec::new()).await;
    let (book, odd) = Book::read(root.path());
    assert_eq!((told, odd), (Vec::new(), Vec::new()), "there is nothing to say of what Pawl wrote");
    Destinations::of(book, root.path(), Arc::new(vaults))
}

fn form(name: &str, place: PlaceView) -> DestinationForm {
    let (taken, template) = (TakenView::KeepBoth, "{name}".to_owned());
    DestinationForm { name: name.to_owned(), place, taken, limit: None, template, proxy: None, authorities: None }
}

fn server(name: &str) -> DestinationForm {
    form(name, PlaceView::Server { url: "https://films.invalid".to_owned() })
}

fn token() -> SecretForm {
    SecretForm::Token { token: "s3cret".to_owned() }
}

fn list(destinations: &Destinations) -> Vec<DestinationView> {
    destinations.list(&BTreeMap::new())
}

fn names(destinations: &Destinations) -> Vec<String> {
    list(destinations).into_iter().map(|view| view.form.name).collect()
}

fn message(error: Error) -> String {
    serde_json::to_value(&error).expect("it crosses")["message"].as_str().expect("words").to_owned()
}

async fn saved(destinations: &Destinations, id: Option<&str>, form: DestinationForm, secret: SecretForm) -> String {
    destinations.save(id.map(str::to_owned), form, secret).await.expect("it can be saved").0.0
}

#[tokio::test]
async fn a_destination_is_in_the_list_at_once_and_at_the_next_start_without_its_secret() {
    let (root, first) = destinations().await;
    assert_eq!(names(&first), ["This computer"], "the vault is a destination that was always there");
    let id = saved(&first, None, server("Archive"), token()).await;
    first.choose_default(&DestinationId(id.clone())).await.expect("it is there");
    let expected = list(&first);
    assert_eq!((expected[0].id.as_str(), expected[0].is_default), (id.as_str(), true), "the default stands first");
    assert!(
        matches!(expected[0].secret, Some(SecretPlaceView::File | SecretPlaceView::Keyring)),
        "where it is, is told"
    );
    assert!(!serde_json::to_string(&expected).expect("it crosses").contains("s3cret"), "a secret never comes back out");
    assert!(
        !fs::read_to_string(root.path().join("destinations.toml")).expect("text").contains("s3cret"),
        "nor is it there"
    );
    first.vaults.close().await;
    let second = again(&root).await;
    assert_eq!(list(&second), expected, "all of it is there at the next start");
    assert_eq!(second.destination(None).expect("there is a default").0, id, "and films go there");
    second.vaults.close().await;
}

#[tokio::test]
async fn a_limit_is_in_force_at_the_next_start_also_that_of_the_vault() {
    let (root, first) = destinations().await;
    let limited = |form, limit| DestinationForm { limit, ..form };
    let id = saved(&first, None, limited(server("Archive"), Some(5_000_000)), token()).await;
    let vault = list(&first).into_iter().find(|view| !view.removable).expect("the vault is there");
    saved(&first, Some(&vault.id), limited(vault.form, Some(700)), SecretForm::None).await;
    let limits = first.limits();
    let of = |id: &str| limits.get(&DestinationId(id.to_owned())).map(|limit| limit.get());
    assert_eq!((of(&id), of(&vault.id)), (Some(5_000_000), Some(700)), "bytes a second");
    first.vaults.close().await;
    let second = again(&root).await;
    assert_eq!(second.limits(), limits, "as it was written down");
    saved(&second, Some(&id), server("Archive"), SecretForm::Keep).await;
    assert_eq!(second.limits().len(), 1, "an empty field lifts it");
    second.vaults.close().await;
}

#[tokio::test]
async fn an_edit_keeps_the_id_and_the_secret_and_a_bad_one_changes_nothing() {
    let (_root, all) = destinations().await;
    let id = saved(&all, None, server("Archive"), token()).await;
    assert_eq!(saved(&all, Some(&id), server("The archive"), SecretForm::Keep).await, id, "it is the same one");
    let entry = all.entry(&DestinationId(id.clone())).expect("it is there");
    assert!(all.kept(&entry).await.expect("it can be read").is_some(), "what lets us in was kept");
    let before = list(&all);
    let place = |url: &str| form("X", PlaceView::Server { url: url.to_owned() });
    let tus = form("X", PlaceView::Tus { url: "https://films.invalid/files/".to_owned() });
    for (given, bad, words) in [
        (None, server("the ARCHIVE"), "called"),
        (None, server(" "), "name"),
        (None, place("https://anna:pw@films.invalid"), "password"),
        (Some(id.clone()), tus, "stays what it is"),
        (None, DestinationForm { template: "../{name}".to_owned(), ..server("X") }, "called so"),
        (
            None,
            DestinationForm { authorities: Some("no PEM".to_owned()), proxy: Some("::".to_owned()), ..server("X") },
            "proxy",
        ),
        (Some("nobody".to_owned()), server("X"), "no such destination"),
    ] {
        let error = message(all.save(given, bad, token()).await.expect_err("it cannot be"));
        assert!(error.contains(words), "{words} in {error:?}");
    }
    assert_eq!(list(&all), before, "nothing of it holds");
    saved(&all, Some(&id), server("Archive"), SecretForm::None).await;
    assert_eq!(list(&all).iter().find(|view| view.id == id).expect("it is there").secret, None, "it can be taken back");
    all.vaults.close().await;
}

#[tokio::test]
async fn a_second_folder_becomes_a_destination_and_the_current_vault_can_be_named_and_not_removed() {
    let (root, all) = destinations().await;
    let folder = root.path().canonicalize().expect("it is there").join("disk");
    fs::create_dir(&folder).expect("a folder");
    let disk = || form("Disk", PlaceView::Vault { folder: folder.display().to_string() });
    let id = saved(&all, None, disk(), SecretForm::None).await;
    assert_eq!(id, format!("vault:{}", folder.display()), "a vault is called by its folder");
    assert!(all.remote(&DestinationId(id.clone())).is_ok(), "it takes films at once");
    let twice = message(all.save(None, disk(), SecretForm::None).await.expect_err("it is there"));
    assert!(twice.contains("already"), "a folder is one destination: {twice}");
    let current = all.vaults.current();
    let named = form("Home", PlaceView::Vault { folder: current.folder.display().to_string() });
    saved(&all, Some(&current.id.0), named, SecretForm::None).await;
    let home = list(&all).into_iter().find(|view| view.id == current.id.0).expect("it is there");
    assert_eq!((home.form.name.as_str(), home.removable, home.is_default), ("Home", false, true), "it has a name");
    assert_eq!(all.names().of(&current.id), "Home", "and rows say it");
    all.vaults.close().await;
}

#[tokio::test]
async fn what_is_under_way_uses_the_new_form_from_its_next_request() {
    let (_root, all) = destinations().await;
    let here = |url: String| form("Here", PlaceView::Server { url });
    let [first, second] = [answering("first").await, answering("second").await];
    let id = DestinationId(saved(&all, None, here(first), SecretForm::None).await);
    let remote = all.remote(&id).expect("it is open");
    let open = async || remote.open(&transfer::ids::ObjectId("a".to_owned())).await.map(|reader| reader.validator());
    assert_eq!(open().await.ok().as_deref(), Some("first"), "as it was saved");
    saved(&all, Some(&id.0), here(second), SecretForm::Keep).await;
    assert_eq!(open().await.ok().as_deref(), Some("second"), "the same driver of a transfer asks the new address");
    all.doors.set(&id, Err("the keyring is locked".to_owned()), tokio::time::Instant::now());
    let error = open().await.expect_err("there is no way in");
    assert_eq!(error.context, "the keyring is locked", "and what waits says why");
    assert_eq!(
        list(&all).iter().find(|view| view.id == id.0).and_then(|view| view.trouble.clone()).as_deref(),
        Some("The keyring is locked."),
        "so does the list"
    );
    all.vaults.close().await;
}

#[tokio::test]
async fn what_goes_to_a_closed_destination_waits_and_says_why_until_the_patrol_opens_it() {
    let (root, all) = destinations().await;
    let all = Arc::new(all);
    let here = form("Here", PlaceView::Server { url: answering("first").await });
    let id = DestinationId(saved(&all, None, here, SecretForm::None).await);
    // It failed so long ago that it is tried again at the patrol's first round.
    let before = Instant::now().checked_sub(Duration::from_secs(60)).expect("the machine runs for a minute");
    all.doors.reset(&id, Err("the keyring is locked".to_owned()), before);
    let film = root.path().join("film.mov");
    fs::write(&film, b"a film").expect("a file");
    let journal = Arc::new(SqliteJournal::open(root.path()).await.expect("a journal").value);
    let engine = Engine::start(Setup::new(journal.clone(), all.clone(), Arc::new(FileSources))).await.expect("it runs");
    let order = AddOrder {
        batch: BatchId::random(),
        files: vec![film],
        destination: id.clone(),
        placement: Default::default(),
    };
    let added = engine.add(order).await.expect("it is taken").remove(0).expect("it is a film").id;
    let says_why = |sentence: &str| sentence.contains("the keyring is locked");
    let waits =
        |snapshot: &Snapshot| matches!(&snapshot.state, TransferState::Waiting(wait) if says_why(&wait.sentence));
    until(&engine, added, waits).await;
    let error = message(all.remove(&id, &engine).await.expect_err("a film is on its way"));
    assert!(error.contains("still on its way"), "what something waits for is not removed: {error}");
    let patrol = tokio::spawn(patrol(all.clone(), engine.clone()));
    until(&engine, added, |snapshot| !waits(snapshot)).await;
    assert!(all.driver(&id).is_ok(), "it is open again");
    patrol.abort();
    engine.command(added, Command::Pause).await.ok();
    engine.shutdown(Duration::ZERO).await;
    journal.close().await;
    all.vaults.close().await;
}

/// Waits until a transfer is as the test wants it.
async fn until(engine: &Engine, id: TransferId, is: impl Fn(&Snapshot) -> bool) {
    let mut versions = engine.version();
    let watched = async {
        loop {
            versions.borrow_and_update();
            if is(&engine.snapshot(id).await.expect("it is there")) {
                return;
            }
            versions.changed().await.expect("it runs");
        }
    };
    tokio::time::timeout(Duration::from_secs(60), watched).await.expect("it comes to that");
}

#[tokio::test]
async fn a_folder_is_tried_by_writing_to_it() {
    let (root, all) = destinations().await;
    let tried = async |folder: String| {
        let report = all.test(None, form("Disk", PlaceView::Vault { folder }), SecretForm::None).await;
        report.expect("it can be tried").checks.iter().map(|check| check.verdict).collect::<Vec<_>>()
    };
    let empty = TempDir::new().expect("a folder");
    assert_eq!(tried(empty.path().display().to_string()).await, [VerdictView::Yes; 6], "a folder can do everything");
    assert_eq!(fs::read_dir(empty.path()).expect("it is there").count(), 0, "nothing of the trial stays");
    let missing = tried(root.path().join("missing").display().to_string()).await;
    assert_eq!((missing[0], missing[5]), (VerdictView::No, VerdictView::Unknown), "what is not there is not tried");
    all.vaults.close().await;
}

/// A server whose every object has this version; its address.
async fn answering(tag: &'static str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer =
                format!("HTTP/1.1 200 OK\r\nETag: \"{tag}\"\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
            // Whoever goes away before the answer needs none.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    url
}
