//! Uploads whose bytes come in order: when they expire, and what a full disk leaves of them.

use async_trait::async_trait;
use transfer::body::SourceStopped;
use transfer::error::Class;
use transfer::name::FileName;

use super::*;
use crate::ports::{Ending, Owner, UploadId};
use crate::vault::{Allowance, AppendBody, AppendError, AppendView, NewAppend, NewRole, OwnedVault};

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// Bytes in one piece.
#[derive(Debug)]
pub(super) struct Ready(pub(super) Option<Bytes>);

#[async_trait]
impl AppendBody for Ready {
    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        Ok(self.0.take())
    }

    fn expected(&self) -> Option<u64> {
        self.0.as_ref().map(|bytes| bytes.len() as u64)
    }

    fn is_vouched_for(&self) -> bool {
        false
    }

    fn is_right(&self) -> bool {
        true
    }
}

pub(super) fn annas(vault: &Vault) -> OwnedVault {
    vault.of(Owner("anna".to_owned()), Allowance::default())
}

pub(super) async fn begun(vault: &Vault, length: Option<u64>, role: NewRole) -> UploadId {
    let name = FileName::new("film.mp4").expect("a name");
    let new = NewAppend { name, length, metadata: None, role, ending: Ending::WithLength, most: None };
    annas(vault).begin_append(new).await.expect("it begins").told.id
}

pub(super) async fn whole(vault: &Vault, length: u64) -> UploadId {
    begun(vault, Some(length), NewRole::Whole).await
}

pub(super) async fn append(vault: &Vault, id: &UploadId, offset: u64, bytes: &[u8]) -> Result<AppendView, AppendError> {
    let body = Box::new(Ready(Some(Bytes::copy_from_slice(bytes))));
    annas(vault).append(id, offset, None, None, body).await
}

pub(super) async fn is_known(vault: &Vault, id: &UploadId) -> bool {
    annas(vault).look_at_append(id).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_expires_a_week_after_its_last_byte_and_a_film_never() {
    let home = Home::new();
    let vault = home.open().await;
    let (old, young, film) = (whole(&vault, 9).await, whole(&vault, 9).await, whole(&vault, 9).await);
    append(&vault, &film, 0, &[1; 9]).await.expect("a film");
    home.clock.pass(WEEK - Duration::from_secs(60));
    append(&vault, &young, 0, &[1]).await.expect("a byte");
    vault.close().await;
    home.clock.pass(Duration::from_secs(60));
    let vault = home.open().await;
    assert!(!is_known(&vault, &old).await, "nothing came for a week");
    assert!(is_known(&vault, &young).await, "a byte puts it off");
    assert!(is_known(&vault, &film).await, "a film is asked for by its upload's address for ever");
    assert_eq!(home.parts().len(), 1, "what expired takes no room");
}

#[tokio::test(start_paused = true)]
async fn uploads_expire_in_a_running_vault() {
    let home = Home::new();
    let vault = home.open().await;
    let id = whole(&vault, 9).await;
    let mut changes = vault.library_changed();
    changes.mark_unchanged();
    home.clock.pass(WEEK);
    changes.changed().await.expect("the vault is open");
    assert!(!is_known(&vault, &id).await, "nobody has to open the vault again for that");
    assert!(home.parts().is_empty(), "its room is free");
}

/// What waits for its parts must not keep them, and itself, for ever.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_together_lives_as_long_as_a_part_of_it() {
    let home = Home::new();
    let vault = home.open().await;
    let parts = [begun(&vault, Some(5), NewRole::Part).await, begun(&vault, None, NewRole::Part).await];
    let assembly = NewRole::Assembly { parts: parts.to_vec(), said: String::new() };
    let id = begun(&vault, None, assembly).await;
    append(&vault, &parts[0], 0, b"whole").await.expect("a part");
    home.clock.pass(WEEK - Duration::from_secs(60));
    append(&vault, &parts[1], 0, b"x").await.expect("a byte of the other");
    vault.close().await;
    home.clock.pass(Duration::from_secs(60));
    let vault = home.open().await;
    assert!(is_known(&vault, &id).await && is_known(&vault, &parts[0]).await, "one of them is still being sent");
    vault.close().await;
    home.clock.pass(WEEK);
    drop(home.open().await);
    assert!(home.ledger_is_empty().await, "and when none is, all go");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_could_not_be_written_down_are_not_acknowledged_and_can_be_sent_again() {
    let home = Home::new();
    let vault = home.open().await;
    let (id, film) = (whole(&vault, 5 * MIB).await, transfer::testing::bytes(3, 5 * MIB));
    append(&vault, &id, 0, &film[..MIB as usize]).await.expect("the first bytes");
    home.ledger.set_full(true);
    let refused = append(&vault, &id, MIB, &film[MIB as usize..]).await.expect_err("there is no room");
    let full = matches!(&refused, AppendError::Failed(error) if matches!(error.class, Class::NoSpace { .. }));
    assert!(full, "the sender learns why: {refused}");
    home.ledger.set_full(false);
    let view = annas(&vault).look_at_append(&id).await.expect("it is there");
    assert_eq!(view.offset(), Some(MIB), "what was acknowledged before stays, and no more");
    append(&vault, &id, MIB, &film[MIB as usize..]).await.expect("now there is room");
    let videos = vault.library(None, 10).await.expect("a list");
    assert_eq!(videos[0].root.0, *blake3::hash(&film).as_bytes(), "the film has the hash of its very bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_last_byte_and_the_film_makes_the_film() {
    let home = Home::new();
    let vault = home.open().await;
    let (id, film) = (whole(&vault, 5 * MIB).await, transfer::testing::bytes(4, 5 * MIB));
    append(&vault, &id, 0, &film[..4 * MIB as usize]).await.expect("the first bytes");
    vault.close().await;
    // Its last bytes are durable and written down, and nothing more was done.
    home.write_behind(&id, &film, 4 * MIB).await;
    let vault = home.open().await;
    let videos = vault.library(None, 10).await.expect("a list");
    assert_eq!(videos.len(), 1, "nobody has to ask for it");
    assert_eq!(videos[0].root.0, *blake3::hash(&film).as_bytes(), "with the hash of its very bytes");
    assert_eq!(annas(&vault).look_at_append(&id).await.expect("known").offset(), Some(5 * MIB), "and it is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_what_nobody_sends_now_is_not_left_waiting() {
    let home = Home::new();
    let setup = VaultSetup { patience: Duration::from_millis(1), ..home.setup() };
    let vault = Vault::open(setup).await.expect("it opens");
    let id = whole(&vault, 9 * MIB).await;
    let view = append(&vault, &id, 0, &transfer::testing::bytes(5, 4 * MIB)).await.expect("a chunk");
    let reader = vault.reader(&view.object).await.expect("it can be read");
    assert_eq!(read(&*reader, ByteRange::at(0, 9)).await.expect("it is there").len(), 9, "what is there at once");
    let ended = soon("the read ends", read(&*reader, ByteRange::at(5 * MIB, 9))).await;
    assert!(matches!(ended, Err(ReadError::NotArriving(_))), "no request is sending: {ended:?}");
}

impl Home {
    /// Files of unfinished uploads that this process has open.
    fn open_parts(&self) -> usize {
        let open =
            std::fs::read_dir("/proc/self/fd").expect("Linux").filter_map(|entry| entry.ok()?.path().read_link().ok());
        open.filter(|file| file.starts_with(self.folder.path().join(".pawl/incoming"))).count()
    }

    /// Whether nothing is unfinished.
    async fn ledger_is_empty(&self) -> bool {
        use crate::ports::Ledger;
        self.ledger.uploads().await.expect("a list").is_empty() && self.parts().is_empty()
    }

    /// The bytes from `start` on are in the part and in the ledger.
    async fn write_behind(&self, id: &UploadId, film: &[u8], start: u64) {
        use crate::ports::{Ledger, Mark};
        let part = self.parts().pop().expect("a part");
        std::fs::write(part, film).expect("written");
        let range = ByteRange::at(start, film.len() as u64 - start);
        let mark = (id.clone(), Mark { range, cv: None, vouched: false });
        self.ledger.mark(&[mark], Timestamp(0)).await.expect("written down");
    }
}

/// By the handle that the list of what is unfinished tells.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_the_list_can_be_given_up_by_its_owner_and_by_an_admin() {
    let home = Home::new();
    let vault = home.open().await;
    for by_admin in [false, true] {
        let id = whole(&vault, 9).await;
        append(&vault, &id, 0, &[1; 5]).await.expect("some of it");
        let handle = vault.unfinished().await.expect("a list").remove(0).handle;
        vault.of(Owner("bert".to_owned()), Allowance::default()).abort(&handle).await.expect("as of an unknown one");
        assert!(is_known(&vault, &id).await, "it is not Bert's");
        let given_up = if by_admin { vault.withdraw(&handle).await } else { annas(&vault).abort(&handle).await };
        given_up.expect("it goes");
        assert!(!is_known(&vault, &id).await && home.parts().is_empty(), "and is gone (by an admin: {by_admin})");
    }
}

/// Thousands may lie there for days.
#[tokio::test(start_paused = true)]
async fn an_upload_that_nothing_comes_for_holds_no_open_file() {
    let home = Home::new();
    let vault = home.open().await;
    let id = whole(&vault, 9).await;
    append(&vault, &id, 0, &[1; 5]).await.expect("some of it");
    assert_eq!(home.open_parts(), 1, "more may come at once");
    home.clock.pass(Duration::from_secs(60));
    let end = tokio::time::Instant::now() + Duration::from_secs(600);
    while home.open_parts() > 0 {
        assert!(tokio::time::Instant::now() < end, "a round goes by every minute");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    append(&vault, &id, 5, &[2; 4]).await.expect("it is opened again");
    let film = std::fs::read(home.folder.path().join("film.mp4")).expect("a film");
    assert_eq!(film, [1, 1, 1, 1, 1, 2, 2, 2, 2], "and goes on where it was");
}
