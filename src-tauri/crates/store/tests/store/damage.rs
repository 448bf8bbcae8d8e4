//! Damage of every kind: the start goes on, with the data or with the database set aside, byte for byte as it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use rusqlite::Connection;
use store::{OpenError, Opened, SqliteJournal, SqliteVault, Why};
use tempfile::{TempDir, tempdir};
use tokio::runtime::Runtime;
use transfer::journal::{Change, Journal};

use crate::samples::{Whole, acked, journal_in, record, transfer_id, vault_in, whole};

/// A journal's files, and everything that they held at some time.
struct Specimen {
    db: Vec<u8>,
    log: Vec<u8>,
    states: Vec<Whole>,
}

impl Specimen {
    fn last(&self) -> &Whole {
        self.states.last().expect("a state")
    }
}

/// One that was closed: no log. Two that were killed: all in the log, and half.
static CLOSED: LazyLock<Specimen> = LazyLock::new(|| specimen(8, 0));
static KILLED_YOUNG: LazyLock<Specimen> = LazyLock::new(|| specimen(0, 8));
static KILLED_OLD: LazyLock<Specimen> = LazyLock::new(|| specimen(5, 5));

/// On a thread of its own, for the test that needs it first may run on a runtime already.
fn specimen(before: u8, after: u8) -> Specimen {
    let made = move || Runtime::new().expect("a runtime").block_on(grown(before, after));
    std::thread::spawn(made).join().expect("it is made")
}

async fn grown(before: u8, after: u8) -> Specimen {
    let folder = tempdir().expect("a folder");
    let journal = journal_in(folder.path()).await;
    fill(&journal, 0..before, &mut Vec::new()).await;
    journal.close().await;
    let journal = journal_in(folder.path()).await;
    let mut states = vec![whole(&journal).await];
    fill(&journal, before..before + after, &mut states).await;
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap_or_default();
    if after == 0 {
        journal.close().await;
    }
    Specimen { db: read("journal.db"), log: read("journal.db-wal"), states }
}

/// Unfinished and finished transfers by turns: the start does not read the chunks of the finished.
async fn fill(journal: &SqliteJournal, numbers: std::ops::Range<u8>, states: &mut Vec<Whole>) {
    for number in numbers {
        let made = record(number, if number % 2 == 0 { number % 8 } else { 9 });
        journal.write(&[Change::Create(vec![made])]).await.expect("a transfer");
        states.push(whole(journal).await);
        let chunks = (0..100).map(|chunk| acked(chunk, number)).collect();
        let ack = Change::Ack { id: transfer_id(number), chunks, bytes_sent: 1 };
        journal.write(&[ack]).await.expect("acknowledgements");
        states.push(whole(journal).await);
    }
}

fn lay_out(db: &[u8], log: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    fs::write(&path, db).expect("a database");
    if !log.is_empty() {
        fs::write(folder.path().join("journal.db-wal"), log).expect("a log");
    }
    (folder, path)
}

/// Opens what is there, and lists it as the engine does at the start; tells the list, or the file that was set aside.
async fn start(folder: &Path) -> Result<Whole, store::SetAside> {
    let Opened { value, set_aside, .. } = SqliteJournal::open(folder).await.expect("damage must not stop the start");
    let found = whole(&value).await;
    value.write(&[Change::Create(vec![record(200, 0)])]).await.expect("the journal takes new transfers");
    value.close().await;
    match set_aside {
        None => Ok(found),
        Some(kept) => {
            assert_eq!(found, [], "what follows a journal that was set aside is empty");
            Err(kept)
        }
    }
}

/// Starts on these files. Whether that gave one of `states`, or the very files under another name.
fn starts(db: &[u8], log: &[u8], states: &[Whole]) -> Result<(), TestCaseError> {
    let (folder, path) = lay_out(db, log);
    match Runtime::new().expect("a runtime").block_on(start(folder.path())) {
        Ok(found) => prop_assert!(states.contains(&found), "a journal opens with what it held, or not at all"),
        Err(kept) => {
            prop_assert!(matches!(kept.why, Why::Damaged | Why::Newer { .. }), "the user learns why: {:?}", kept.why);
            prop_assert!(
                kept.path.starts_with(path.canonicalize().expect("a path").parent().expect("a folder")),
                "and where"
            );
            prop_assert_eq!(fs::read(&kept.path).expect("it is kept"), db, "what is set aside is not changed");
            let kept_log = format!("{}-wal", kept.path.display());
            prop_assert_eq!(fs::read(kept_log).unwrap_or_default(), log, "nor its log");
        }
    }
    Ok(())
}

fn cut(bytes: &[u8], at: prop::sample::Index) -> &[u8] {
    &bytes[..at.index(bytes.len() + 1)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_closed_journal_cut_at_any_byte(at: prop::sample::Index) {
        let whole = &*CLOSED;
        starts(cut(&whole.db, at), &[], std::slice::from_ref(whole.last()))?;
    }

    #[test]
    fn a_killed_journal_cut_at_any_byte_beside_its_log(at: prop::sample::Index, old: bool) {
        let killed = if old { &*KILLED_OLD } else { &*KILLED_YOUNG };
        starts(cut(&killed.db, at), &killed.log, std::slice::from_ref(killed.last()))?;
    }

    #[test]
    fn a_log_cut_at_any_byte(at: prop::sample::Index, old: bool) {
        let killed = if old { &*KILLED_OLD } else { &*KILLED_YOUNG };
        starts(&killed.db, cut(&killed.log, at), &killed.states)?;
    }

    #[test]
    fn garbage_in_the_header(at in 0usize..100, garbage in vec(any::<u8>(), 1..40)) {
        let mut db = CLOSED.db.clone();
        db.splice(at..at + garbage.len(), garbage);
        // Not every byte of the header matters.
        starts(&db, &[], std::slice::from_ref(CLOSED.last()))?;
    }

    #[test]
    fn a_page_of_garbage(page: prop::sample::Index, garbage in vec(any::<u8>(), 4096)) {
        let mut db = CLOSED.db.clone();
        let at = page.index(db.len() / 4096) * 4096;
        db.splice(at..at + garbage.len(), garbage);
        starts(&db, &[], std::slice::from_ref(CLOSED.last()))?;
    }
}

/// A folder with `db` as both databases: both must set it aside.
async fn set_aside_by_both(db: &[u8], why: impl Fn(&Why) -> bool) {
    let folder = tempdir().expect("a folder");
    for name in ["journal.db", "vault.db"] {
        fs::write(folder.path().join(name), db).expect("a file");
    }
    let journal = SqliteJournal::open(folder.path()).await.expect("it starts");
    journal.value.close().await;
    let vault = SqliteVault::open(folder.path()).await.expect("it starts");
    vault.value.close().await;
    for kept in [journal.set_aside, vault.set_aside] {
        let kept = kept.expect("it is set aside");
        assert!(why(&kept.why), "the user learns why: {kept}");
        assert_eq!(fs::read(&kept.path).expect("it is kept"), db, "byte for byte");
        assert!(kept.to_string().contains(&kept.path.display().to_string()), "the sentence says where: {kept}");
    }
    journal_in(folder.path()).await.close().await;
    vault_in(folder.path()).await.close().await;
}

fn damaged(why: &Why) -> bool {
    *why == Why::Damaged
}

#[tokio::test]
async fn what_is_no_database_is_set_aside() {
    set_aside_by_both(b"", damaged).await;
    set_aside_by_both(b"SQLite format 3\0", damaged).await;
    set_aside_by_both(&vec![0; 8192], damaged).await;
    set_aside_by_both(&b"not a database at all ".repeat(1000), damaged).await;
}

fn foreign(statements: &str) -> Vec<u8> {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("foreign.db");
    Connection::open(&path).expect("a database").execute_batch(statements).expect("its tables");
    fs::read(path).expect("its bytes")
}

#[tokio::test]
async fn a_database_of_another_program_is_set_aside() {
    set_aside_by_both(&foreign("CREATE TABLE transfers (a); CREATE TABLE uploads (b)"), damaged).await;
    set_aside_by_both(&foreign("CREATE TABLE t (a); PRAGMA user_version = 1"), damaged).await;
    set_aside_by_both(&foreign("CREATE TABLE t (a); PRAGMA user_version = -1"), damaged).await;
}

#[tokio::test]
async fn a_database_of_a_newer_pawl_is_kept_for_it() {
    let newer = foreign("CREATE TABLE future (a); PRAGMA user_version = 7");
    set_aside_by_both(&newer, |why| matches!(why, Why::Newer { found: 7, known: 4 | 5 })).await;
}

#[tokio::test]
async fn a_row_that_cannot_be_read_sets_the_journal_aside() {
    for statement in [
        "UPDATE transfers SET state = '{\"levitating\":1}'",
        "UPDATE transfers SET id = x'00' WHERE key = 3",
        "UPDATE transfers SET name = x'2f'",
        "UPDATE transfers SET layout_size = 1, layout_chunk_len = 3",
        "UPDATE transfers SET root = x'00'",
        "UPDATE chunks SET cv = x'00'",
    ] {
        let (folder, path) = lay_out(&CLOSED.db, &[]);
        Connection::open(&path).expect("a database").execute_batch(statement).expect("the damage");
        let kept = start(folder.path()).await.expect_err(statement);
        assert_eq!(kept.why, Why::Damaged, "the engine must not meet it: {statement}");
    }
}

#[tokio::test]
async fn a_log_without_its_database_is_kept_apart_from_the_new_one() {
    let folder = tempdir().expect("a folder");
    fs::write(folder.path().join("journal.db-wal"), &KILLED_YOUNG.log).expect("a log");
    let kept = start(folder.path()).await.expect_err("its database is gone");
    let kept_log = fs::read(format!("{}-wal", kept.path.display())).expect("it is kept");
    assert!(kept_log == KILLED_YOUNG.log, "the log is kept as it was");
}

#[tokio::test]
async fn what_is_no_damage_is_an_error_and_nothing_is_touched() {
    let folder = tempdir().expect("a folder");
    fs::create_dir(folder.path().join("journal.db")).expect("a folder in the way");
    let error = SqliteJournal::open(folder.path()).await.expect_err("a folder is no database");
    assert!(matches!(error, OpenError::Io { .. }), "the user must look at it: {error}");
    assert!(folder.path().join("journal.db").is_dir(), "it stays where it is");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("a file");
    let error = SqliteJournal::open(&file).await.expect_err("a file is no folder");
    assert!(matches!(error, OpenError::Io { .. }), "the user must look at it: {error}");
    // Nobody, not even root, may make a file there.
    let error = SqliteVault::open(Path::new("/proc")).await.expect_err("nothing can be written there");
    assert!(matches!(error, OpenError::ReadOnly { .. } | OpenError::Io { .. }), "it is no damage: {error}");
}
