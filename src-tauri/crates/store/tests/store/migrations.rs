//! A database of every past version opens, keeps what it has, and ends up like a new one.

use std::path::Path;

use rusqlite::Connection;
use server::ports::{Catalogue, Ledger, Rename};
use tempfile::tempdir;
use transfer::journal::{Change, Journal};
use transfer::name::FileName;

use crate::samples::{appending, journal_in, record, upload, vault_in, video};

/// What each version of a journal was, frozen: version 0 is a database without a table. A new version is added here,
/// an old one is never changed.
const JOURNALS: &[&str] = &[
    "",
    include_str!("past/journal-1.sql"),
    include_str!("past/journal-2.sql"),
    include_str!("past/journal-3.sql"),
    include_str!("past/journal-4.sql"),
];
const VAULTS: &[&str] = &[
    "",
    include_str!("past/vault-1.sql"),
    include_str!("past/vault-2.sql"),
    include_str!("past/vault-3.sql"),
    include_str!("past/vault-4.sql"),
    include_str!("past/vault-5.sql"),
];

fn make(path: &Path, version: usize, sql: &str) {
    let connection = Connection::open(path).expect("a database");
    connection.execute_batch(sql).expect("the past");
    connection.pragma_update(None, "user_version", version).expect("its version");
    // Without a page there would be no database at all.
    connection.execute_batch("VACUUM").expect("written");
}

/// Version and schema, without the spacing.
fn shape(path: &Path) -> (i64, Vec<String>) {
    let connection = Connection::open(path).expect("a database");
    let mut statement = connection.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").expect("SQL");
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect("the schema");
    let words = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let schema = rows.map(|sql| words(sql.expect("a statement"))).collect();
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("the version");
    (version, schema)
}

#[tokio::test]
async fn a_journal_of_every_version_becomes_the_newest() {
    let fresh = tempdir().expect("a folder");
    journal_in(fresh.path()).await.close().await;
    let expected = shape(&fresh.path().join("journal.db"));
    assert_eq!(expected.0, JOURNALS.len() as i64 - 1, "every version is tried: add the newest to the list");
    for (version, sql) in JOURNALS.iter().enumerate() {
        let folder = tempdir().expect("a folder");
        make(&folder.path().join("journal.db"), version, sql);
        let journal = journal_in(folder.path()).await;
        let kept = journal.transfers().await.expect("the list");
        assert_eq!(kept.len(), usize::from(version > 0), "version {version}: what it held is kept");
        let amending = kept.iter().any(|record| record.amending);
        assert_eq!(amending, version > 3, "version {version}: also that a file is being compared");
        journal.write(&[Change::Create(vec![record(1, 7)])]).await.expect("it takes what a new one takes");
        journal.close().await;
        assert_eq!(shape(&folder.path().join("journal.db")), expected, "version {version} becomes the newest");
    }
}

#[tokio::test]
async fn a_vault_of_every_version_becomes_the_newest() {
    let fresh = tempdir().expect("a folder");
    vault_in(fresh.path()).await.close().await;
    let expected = shape(&fresh.path().join("vault.db"));
    assert_eq!(expected.0, VAULTS.len() as i64 - 1, "every version is tried: add the newest to the list");
    for (version, sql) in VAULTS.iter().enumerate() {
        let folder = tempdir().expect("a folder");
        make(&folder.path().join("vault.db"), version, sql);
        let vault = vault_in(folder.path()).await;
        let (uploads, videos) = (vault.uploads().await.expect("uploads"), vault.videos(None, 9).await.expect("videos"));
        let (kept, there) = ((uploads.len(), videos.len()), usize::from(version > 0));
        assert_eq!(kept, (there, there), "version {version}: what it held is kept");
        for upload in &uploads {
            let arrived = vault.arrived(&upload.id).await.expect("what arrived");
            assert_eq!((arrived.ranges.len(), arrived.cvs.len()), (2, 1), "version {version}: to the last chunk");
        }
        let begun = vault.renames().await.expect("renames").len();
        assert_eq!(begun, usize::from(version > 1), "version {version}: also a rename that was under way");
        let told = vault.appendings().await.expect("what is told of uploads").len();
        assert_eq!(told, usize::from(version > 3), "version {version}: and what is told of an upload");
        vault.begin_append(&upload(1), &appending(1)).await.expect("it takes what a new one takes");
        vault.publish(&video(2, 0)).await.expect("it takes what a new one takes");
        let rename = Rename { object: video(2, 0).object, name: FileName::new("renamed").expect("a name") };
        vault.begin_rename(&rename).await.expect("it takes what a new one takes");
        vault.end_rename(&rename.object, true).await.expect("it takes what a new one takes");
        vault.close().await;
        assert_eq!(shape(&folder.path().join("vault.db")), expected, "version {version} becomes the newest");
    }
}
