//! Real programs on the disk: SQLite in WAL mode and shared memory maps, by way of Python.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{SurvivingImage, cut_and_mount, mounted, power_on, sync_directory};

/// Commits row after row, each with its own frames in the write-ahead log, and says so after each commit.
const WRITER: &str = r#"
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/journal.db", isolation_level=None)
assert db.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
db.execute("PRAGMA synchronous=" + sys.argv[2])
db.execute("PRAGMA wal_autocheckpoint=7")
db.execute("CREATE TABLE chunk (number INTEGER PRIMARY KEY, body BLOB)")
for number in range(1, 1000000):
    db.execute("INSERT INTO chunk VALUES (?, randomblob(3000))", (number,))
    print(number, flush=True)
"#;

/// Prints how many rows there are, once the database has passed its own check and the rows have no gap.
const CHECKER: &str = r#"
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/journal.db")
check = db.execute("PRAGMA integrity_check").fetchone()
assert check == ("ok",), check
db.execute("CREATE TABLE IF NOT EXISTS chunk (number INTEGER PRIMARY KEY, body BLOB)")
last, rows = db.execute("SELECT coalesce(max(number), 0), count(*) FROM chunk").fetchone()
assert last == rows, (last, rows)
print(rows)
"#;

/// Two connections, one in an exclusive transaction: the other must be locked out and see the row afterwards.
const LOCKER: &str = r#"
import sqlite3, sys
first, second = (sqlite3.connect(sys.argv[1] + "/lock.db", timeout=0, isolation_level=None) for _ in range(2))
first.execute("PRAGMA journal_mode=WAL")
first.execute("CREATE TABLE t (x)")
first.execute("BEGIN IMMEDIATE")
first.execute("INSERT INTO t VALUES (1)")
try:
    second.execute("BEGIN IMMEDIATE")
    raise SystemExit("two writers at once")
except sqlite3.OperationalError as locked:
    assert "locked" in str(locked), locked
assert second.execute("SELECT count(*) FROM t").fetchone() == (0,)
first.execute("COMMIT")
assert second.execute("SELECT count(*) FROM t").fetchone() == (1,)
print("locked out")
"#;

/// Two maps of one file see each other; one page is flushed, one is not.
const MAPPER: &str = r#"
import mmap, sys
with open(sys.argv[1] + "/shared", "w+b") as file:
    file.truncate(8192)
    first, second = (mmap.mmap(file.fileno(), 8192) for _ in range(2))
    first[0:6] = b"synced"
    assert second[0:6] == b"synced"
    first.flush()
    second[4096:4104] = b"unsynced"
    assert first[4096:4104] == b"unsynced"
print("mapped", flush=True)
sys.stdin.read()
"#;

fn python(script: &str, directory: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", script]).arg(directory).stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// What the script prints, if it succeeds.
fn printed(script: &str, directory: &Path) -> Option<String> {
    let output = python(script, directory).output().expect("python3 is installed");
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

/// A writer of rows. It ends with an error when its disk dies, and would tell of it on stderr.
fn writer(directory: &Path, synchronous: &str) -> Child {
    python(WRITER, directory).arg(synchronous).stderr(Stdio::null()).spawn().expect("python3 is installed")
}

fn lines(program: &mut Child) -> impl Iterator<Item = String> {
    BufReader::new(program.stdout.take().expect("it is piped")).lines().map(|line| line.expect("it writes text"))
}

/// Ends the program that outlived its disk.
fn end(mut program: Child) {
    program.kill().expect("it is our child");
    program.wait().expect("it is our child");
}

/// How many rows were committed at some instants, and for each how many are there after a cut at that instant; `None`
/// when the database did not survive.
fn rows_after_cuts(synchronous: &str) -> Vec<(u64, Option<u64>)> {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let mut writer = writer(disk.path(), synchronous);
    let committed = lines(&mut writer).take(36).map(|line| line.parse().expect("it prints numbers"));
    let survivors: Vec<(u64, SurvivingImage)> =
        committed.step_by(3).map(|rows: u64| (rows, disk.would_survive(rows))).collect();
    drop(disk);
    end(writer);
    let count = |image: SurvivingImage| printed(CHECKER, power_on(&image, place.path()).path())?.parse().ok();
    survivors.into_iter().map(|(committed, image)| (committed, count(image))).collect()
}

#[test]
fn sqlite_with_fsync_keeps_every_committed_row() {
    for (committed, left) in rows_after_cuts("FULL") {
        let left = left.expect("the database survives every cut");
        assert!(left >= committed, "seed {committed}: as many rows were committed, {left} are there");
    }
}

#[test]
fn sqlite_without_fsync_loses_rows_or_more() {
    let outcomes = rows_after_cuts("OFF");
    let lost = outcomes.iter().any(|(committed, left)| left.is_none_or(|left| left < *committed));
    assert!(lost, "a disk that keeps what nobody synced proves nothing: {outcomes:?}");
}

#[test]
fn sqlite_meets_an_armed_cut_with_an_error_and_keeps_every_committed_row() {
    for operation in [1, 4, 9, 16, 25, 36, 49, 64, 81, 100] {
        let place = tempfile::tempdir().unwrap();
        let disk = mounted(place.path());
        disk.cut_at(operation, operation);
        let mut writer = writer(disk.path(), "FULL");
        let committed: u64 = lines(&mut writer).last().map_or(0, |line| line.parse().expect("it prints numbers"));
        let ended = writer.wait().expect("it is our child");
        assert_eq!(ended.code(), Some(1), "operation {operation}: an exception ends the writer, not a signal: {ended}");
        assert!(disk.wait_cut(Duration::ZERO), "operation {operation}: it was the cut that ended it");
        let disk = cut_and_mount(disk, 0);
        let left = printed(CHECKER, disk.path()).and_then(|rows| rows.parse().ok());
        assert!(left >= Some(committed), "operation {operation}: {committed} rows were committed, {left:?} are there");
    }
}

#[test]
fn sqlite_locks_out_a_second_writer() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    assert_eq!(
        printed(LOCKER, disk.path()).as_deref(),
        Some("locked out"),
        "locks and shared memory work between connections"
    );
}

#[test]
fn a_shared_map_is_shared_and_its_flushed_pages_survive() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let mut mapper = python(MAPPER, disk.path()).spawn().expect("python3 is installed");
    assert_eq!(lines(&mut mapper).next().as_deref(), Some("mapped"), "both maps saw each other's bytes");
    sync_directory(disk.path());
    let survivors: Vec<_> = (0..10).map(|seed| disk.would_survive(seed)).collect();
    drop(disk);
    end(mapper);
    for survivor in survivors {
        let left = std::fs::read(power_on(&survivor, place.path()).path().join("shared")).unwrap();
        assert_eq!(&left[..6], b"synced", "msync is an fsync of the pages");
        let other = &left[4096..4104];
        assert!(other == b"unsynced" || other == [0; 8], "a page that was not flushed is there or not: {other:?}");
    }
}
