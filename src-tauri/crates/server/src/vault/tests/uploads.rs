//! Beginning and ending uploads, seen from inside.

use transfer::error::Class;
use transfer::ids::TransferId;
use transfer::layout::ChunkLayout;
use transfer::name::FileName;
use transfer::placing::Taken;
use transfer::remote::UploadStatus;

use super::*;
use crate::ports::Owner;
use crate::vault::Allowance;

#[tokio::test(flavor = "multi_thread")]
async fn another_layout_is_another_upload_in_the_same_place() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 1, 4);
    let handle = begin(&vault, &film).await;
    send(&vault, &film, &handle, [0, 1]).await;
    let longer = Film { layout: ChunkLayout::new(film.layout.size(), 2 * MIB).expect("a layout"), ..film.clone() };
    let again = begin(&vault, &longer).await;
    let status = vault.status(&again, &longer.layout).await.expect("a status");
    assert_eq!(status, UploadStatus::Receiving(Default::default()), "other chunks begin with none");
    let old = vault.status(&again, &film.layout).await.expect_err("the old chunks are no more");
    assert_eq!(old.class, Class::Desync, "who speaks of them must ask anew");
    assert_eq!(home.parts().len(), 1, "one transfer takes the room of one film");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_starts_over_with_another_file_does_not_find_the_old_film() {
    let home = Home::new();
    let vault = home.open().await;
    let old = film(&vault, 2, 1);
    old.deliver(&vault).await.expect("it is delivered");
    let new = Film { transfer: old.transfer, ..film(&vault, 3, 2) };
    let completed = new.deliver(&vault).await.expect("another length is another film");
    let reader = vault.reader(&completed.object).await.expect("a finished object");
    assert_eq!(read(&*reader, new.layout.whole()).await.expect("its bytes"), new.bytes, "it is the new file");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aborted_upload_leaves_nothing_and_its_late_chunks_are_refused() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 4, 2);
    let handle = begin(&vault, &film).await;
    send(&vault, &film, &handle, [0]).await;
    assert_eq!(home.parts().len(), 1, "its bytes are somewhere");
    vault.abort(&handle).await.expect("it can be given up");
    assert!(home.parts().is_empty(), "its room is free again");
    let late = vault.put_chunk(film.put(&handle, film.chunk(1))).await;
    assert_eq!(late.expect_err("the upload is gone").class, Class::Expired, "the sender must begin again");
    assert!(vault.unfinished().await.expect("a list").is_empty(), "it is in no list");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledgement_that_is_late_does_not_land_in_the_next_upload_of_that_name() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 10, 2);
    let handle = begin(&vault, &film).await;
    home.ledger.hold_marks(true);
    let (late, put) = (vault.clone(), film.put(&handle, film.chunk(0)));
    let late = tokio::spawn(async move { late.put_chunk(put).await });
    soon("a mark is under way", home.ledger.marking().wait_for(|groups| *groups > 0))
        .await
        .expect("the ledger is here");
    let (again, old) = (vault.clone(), handle.clone());
    let upload = film.upload();
    let mut again = tokio::spawn(async move {
        again.abort(&old).await.expect("it can be given up");
        again.begin(&upload).await.expect("and begun again")
    });
    // Time enough for a vault that does not wait for the mark to begin again before it.
    let early = tokio::time::timeout(Duration::from_millis(200), &mut again).await;
    assert!(early.is_err(), "the name is not free while an acknowledgement of the old upload is being written");
    home.ledger.hold_marks(false);
    assert_eq!(soon("it begins again", again).await.expect("no panic"), handle, "the transfer names its upload");
    let _ = soon("the late put", late).await.expect("no panic");
    vault.close().await;

    let vault = home.open().await;
    let status = vault.status(&handle, &film.layout).await.expect("a status");
    assert_eq!(status, UploadStatus::Receiving(Default::default()), "nothing of the new upload has arrived");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_file_was_taken_away_begins_again() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 5, 2);
    let handle = begin(&vault, &film).await;
    send(&vault, &film, &handle, [0, 1]).await;
    std::fs::remove_file(&home.parts()[0]).expect("somebody cleans up");
    let lost = vault.complete(&film.completion(&handle, Vec::new())).await;
    assert_eq!(lost.expect_err("there is no file").class, Class::Expired, "only beginning again can mend it");
    film.deliver(&vault).await.expect("it begins again and arrives");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_finds_tell_what_is_arriving_and_what_is_there() {
    let home = Home::new();
    let vault = home.open().await;
    let mut changes = vault.library_changed();
    let film = film(&vault, 6, 2);
    let handle = begin(&vault, &film).await;
    assert!(changes.has_changed().expect("the vault is open"), "a new upload changes the list");
    changes.mark_unchanged();
    send(&vault, &film, &handle, [1]).await;
    let unfinished = vault.unfinished().await.expect("a list");
    let object = vault.object_of(&handle).expect("an object");
    assert_eq!(unfinished.len(), 1, "one film arrives");
    assert_eq!((&unfinished[0].object, unfinished[0].received), (&object, MIB - 5), "its last chunk is there");
    let found = vault.find(&object).await.expect("an answer").expect("it is known");
    assert_eq!((found.size, found.root), (film.layout.size(), None), "it has no digest before it is whole");

    send(&vault, &film, &handle, [0]).await;
    let completion = film.completion(&handle, Vec::new());
    vault.complete(&completion).await.expect("it is finished");
    assert!(changes.has_changed().expect("the vault is open"), "a finished film changes the list");
    let found = vault.find(&object).await.expect("an answer").expect("it is known");
    assert_eq!(found.root, Some(completion.root), "a finished film has the digest that was verified");
    assert!(vault.unfinished().await.expect("a list").is_empty(), "nothing arrives any more");
    assert_eq!(vault.library(None, 10).await.expect("a list").len(), 1, "it is in the library");
}

#[tokio::test(flavor = "multi_thread")]
async fn abandoned_uploads_expire_at_opening_and_others_stay() {
    let home = Home::new();
    let vault = home.open().await;
    let (old, young) = (film(&vault, 7, 2), film(&vault, 8, 2));
    let old_handle = begin(&vault, &old).await;
    home.clock.pass(Duration::from_secs(6 * 24 * 3600));
    let young_handle = begin(&vault, &young).await;
    vault.close().await;
    home.clock.pass(Duration::from_secs(25 * 3600));
    let vault = home.open().await;
    let status = vault.status(&old_handle, &old.layout).await.expect("a status");
    assert_eq!(status, UploadStatus::Unknown, "nothing came for seven days");
    let status = vault.status(&young_handle, &young.layout).await.expect("a status");
    assert!(matches!(status, UploadStatus::Receiving(_)), "a day is no week: {status:?}");
    assert_eq!(home.parts().len(), 1, "an expired upload takes no room");
}

#[tokio::test(start_paused = true)]
async fn abandoned_uploads_expire_in_a_running_vault() {
    let home = Home::new();
    let vault = home.open().await;
    let film = film(&vault, 9, 1);
    begin(&vault, &film).await;
    let mut changes = vault.library_changed();
    changes.mark_unchanged();
    home.clock.pass(Duration::from_secs(8 * 24 * 3600));
    changes.changed().await.expect("the vault is open");
    assert!(vault.unfinished().await.expect("a list").is_empty(), "nobody has to open the vault again for that");
    assert!(home.parts().is_empty(), "its room is free");
}

/// What another has is not to be learnt, and no reason to send nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_skipped_only_where_the_film_is_ones_own() {
    let home = Home::new();
    let vault = home.open().await;
    let [anna, bert] = ["anna", "bert"].map(|name| vault.of(Owner(name.to_owned()), Allowance::default()));
    let film = film(&vault, 7, 1).where_taken(Taken::Skip);
    let another = || Film { transfer: TransferId::random(), ..film.clone() };
    film.deliver(&anna).await.expect("there is none of that name");
    let again = anna.begin(&another().upload()).await.expect_err("she has it");
    assert_eq!(again.class, Class::Taken, "so it is skipped");
    another().deliver(&bert).await.expect("he has none");
    let names: Vec<_> = vault.library(None, 9).await.expect("a list").into_iter().map(|video| video.name).collect();
    assert_eq!(names, [film.name.numbered(2), film.name.clone()], "both are there, the second one numbered");
    std::fs::write(home.folder.path().join("plain.mp4"), "a file").expect("written");
    let plain = || another().named(FileName::new("plain.mp4").expect("a name"));
    plain().deliver(&bert).await.expect("a file that is no film is not his");
    let local = vault.begin(&plain().upload()).await.expect_err("but it is of whoever sits here");
    assert_eq!(local.class, Class::Taken, "and stays");
}
