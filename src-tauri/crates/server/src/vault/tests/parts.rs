//! Films that are put together from parts: what their owner may have of them, and what keeps them going.

use transfer::error::Class;
use transfer::name::FileName;

use super::appends::{annas, append, begun, is_known};
use super::*;
use crate::ports::{Ending, Owner, UploadId};
use crate::vault::{Allowance, AppendError, NewAppend, NewRole};

fn of_parts(parts: &[UploadId], most: Option<u64>) -> NewAppend {
    let name = FileName::new("joined.mp4").expect("a name");
    let role = NewRole::Assembly { parts: parts.to_vec(), said: String::new() };
    NewAppend { name, length: None, metadata: None, role, ending: Ending::WithLength, most }
}

async fn refused(vault: &Vault, parts: &[UploadId], most: Option<u64>) -> AppendError {
    annas(vault).begin_append(of_parts(parts, most)).await.expect_err("it must be refused")
}

/// Otherwise bytes that are counted and kept once would become any number of films.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_of_one_film_and_once() {
    let home = Home::new();
    let vault = home.open().await;
    let [a, b] = [begun(&vault, Some(5), NewRole::Part).await, begun(&vault, None, NewRole::Part).await];
    let twice = refused(&vault, &[a.clone(), b.clone(), a.clone()], None).await;
    assert!(matches!(&twice, AppendError::PartTaken(part) if *part == a.0), "its bytes are there once: {twice}");
    let many: Vec<_> = (0..1001).map(|number| UploadId(format!("b{number}"))).collect();
    let many = refused(&vault, &many, None).await;
    assert!(matches!(many, AppendError::TooManyParts(1000)), "nobody looks for so many: {many}");
    annas(&vault).begin_append(of_parts(&[a.clone(), b], None)).await.expect("each once");
    let again = refused(&vault, std::slice::from_ref(&a), None).await;
    assert!(matches!(&again, AppendError::PartTaken(part) if *part == a.0), "it goes with the first: {again}");
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_together_are_no_larger_than_a_film_may_be() {
    let home = Home::new();
    let vault = home.open().await;
    let [a, b] = [begun(&vault, Some(60), NewRole::Part).await, begun(&vault, Some(41), NewRole::Part).await];
    let whole = refused(&vault, &[a.clone(), b], Some(100)).await;
    assert!(matches!(whole, AppendError::TooLarge(100)), "each may be, both together may not: {whole}");
    let late = begun(&vault, None, NewRole::Part).await;
    annas(&vault).begin_append(of_parts(&[a, late.clone()], Some(100))).await.expect("nobody knows how long it is");
    let settle = async |length| {
        let nothing = Box::new(super::appends::Ready(Some(Bytes::new())));
        annas(&vault).append(&late, 0, Some(length), Some(100), nothing).await
    };
    let told = settle(41).await.expect_err("now it is known");
    assert!(matches!(told, AppendError::TooLarge(100)), "a length that comes late counts as well: {told}");
    settle(40).await.expect("and a shorter one is none too many");
    vault.close().await;
}

/// The parts are counted, and go when they are a film.
#[tokio::test(flavor = "multi_thread")]
async fn a_film_of_parts_counts_as_much_as_they_do() {
    let home = Home::new();
    let vault = home.open().await;
    let allowed = |bytes| vault.of(Owner("anna".to_owned()), Allowance { uploads: None, bytes: Some(bytes) });
    let parts = [begun(&vault, Some(5), NewRole::Part).await, begun(&vault, Some(4), NewRole::Part).await];
    let beyond = allowed(8).begin_append(of_parts(&parts, None)).await.expect_err("she has nine bytes");
    let full = matches!(&beyond, AppendError::Failed(error) if matches!(error.class, Class::NoSpace { .. }));
    assert!(full, "who has too much already gets no film: {beyond}");
    allowed(9).begin_append(of_parts(&parts, None)).await.expect("no more than she may have");
    append(&vault, &parts[0], 0, &[1; 5]).await.expect("a part");
    append(&vault, &parts[1], 0, &[2; 4]).await.expect("the other");
    becomes_a_film(&vault).await;
    let more = begun_by(&allowed(9)).await.expect_err("nine bytes of a film are nine bytes");
    assert!(matches!(&more, AppendError::Failed(error) if matches!(error.class, Class::NoSpace { .. })), "{more}");
    begun_by(&allowed(10)).await.expect("and no more than that: the parts are gone");
}

/// One byte more.
async fn begun_by(owner: &crate::vault::OwnedVault) -> Result<crate::vault::AppendView, AppendError> {
    owner.begin_append(NewAppend { length: Some(1), role: NewRole::Part, ..of_parts(&[], None) }).await
}

/// Whoever lost the answer asks again.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_parts_again_are_the_same_upload_while_it_is_unfinished() {
    let home = Home::new();
    let vault = home.open().await;
    let parts = [begun(&vault, Some(5), NewRole::Part).await, begun(&vault, Some(4), NewRole::Part).await];
    let first = annas(&vault).begin_append(of_parts(&parts, None)).await.expect("it begins");
    let again = annas(&vault).begin_append(of_parts(&parts, None)).await.expect("it is there");
    assert_eq!(again.told.id, first.told.id, "one upload, and one film");
    let [a, b] = parts;
    let turned = refused(&vault, &[b, a], None).await;
    assert!(matches!(turned, AppendError::PartTaken(_)), "in another order it is another film: {turned}");
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_of_parts_whose_caller_hung_up_is_put_together() {
    let home = Home::new();
    let vault = home.open().await;
    let parts = [begun(&vault, Some(5), NewRole::Part).await];
    append(&vault, &parts[0], 0, &[1; 5]).await.expect("the part");
    let owned = annas(&vault);
    let mut asked = Box::pin(owned.begin_append(of_parts(&parts, None)));
    assert!(futures::poll!(&mut asked).is_pending(), "the lifecycle has it");
    drop(asked);
    becomes_a_film(&vault).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_of_parts_that_somebody_disturbed_is_put_together() {
    let home = Home::new();
    let vault = home.open().await;
    let part = begun(&vault, Some(20 * MIB), NewRole::Part).await;
    append(&vault, &part, 0, &vec![1; 20 * MIB as usize]).await.expect("the part");
    let mut marking = home.ledger.marking();
    marking.mark_unchanged();
    home.ledger.hold_marks(true);
    let id = annas(&vault).begin_append(of_parts(&[part], None)).await.expect("it begins").told.id;
    soon("the copy is under way", marking.changed()).await.expect("the ledger is there");
    let owned = annas(&vault);
    let mut disturbing = Box::pin(owned.complete_append(&id, 1));
    assert!(futures::poll!(&mut disturbing).is_pending(), "the copy is told to stop");
    home.ledger.hold_marks(false);
    soon("its turn comes", disturbing).await.expect_err("it is not complete");
    becomes_a_film(&vault).await;
}

/// Whoever wants it was told to stop: so it must go.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_given_up_goes_also_when_the_caller_hangs_up() {
    let home = Home::new();
    let vault = home.open().await;
    let id = begun(&vault, Some(5), NewRole::Whole).await;
    let mut marking = home.ledger.marking();
    marking.mark_unchanged();
    home.ledger.hold_marks(true);
    let sending = tokio::spawn({
        let (vault, id) = (vault.clone(), id.clone());
        async move { append(&vault, &id, 0, &[1]).await }
    });
    soon("a byte is being written down", marking.changed()).await.expect("the ledger is there");
    let owned = annas(&vault);
    let mut given_up = Box::pin(owned.remove_append(&id));
    assert!(futures::poll!(&mut given_up).is_pending(), "the byte has the upload");
    drop(given_up);
    let mut changes = vault.library_changed();
    home.ledger.hold_marks(false);
    sending.await.expect("no panic").expect("its byte was taken");
    while is_known(&vault, &id).await {
        soon("it goes", changes.changed()).await.expect("the vault is open");
    }
}

async fn becomes_a_film(vault: &Vault) {
    let mut changes = vault.library_changed();
    while vault.library(None, 1).await.expect("a list").is_empty() {
        soon("it becomes a film", changes.changed()).await.expect("the vault is open");
    }
}
