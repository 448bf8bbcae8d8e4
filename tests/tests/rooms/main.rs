//! The house as ARCHITECTURE.md draws it: who may import whom, which foreign world belongs to which room, and what may
//! lie where.
//!
//! Everything is read from `cargo metadata` and from git, so that what is written and what is built cannot part. A new
//! crate has no rights here until [`may_import`] gives it some.

mod graph;
mod tree;

use graph::Graph;

/// Which of our crates a crate may depend on, whatever the kind of the dependency; `None` for a crate not in the plan.
fn may_import(room: &str) -> Option<&'static [&'static str]> {
    const ALL: &[&str] = &["transfer", "wire", "server", "store", "remotes", "media", "headless"];
    match room {
        "transfer" | "wire" | "media" => Some(&[]),
        "server" | "remotes" => Some(&["transfer", "wire"]),
        "store" => Some(&["transfer", "server"]),
        "pawl" | "headless" | "support" => Some(ALL),
        _ => None,
    }
}

/// Foreign worlds and the rooms that alone may name them. A name stands for its family too: `tauri` for `tauri-build`.
/// `support` speaks HTTP as the servers' clients do.
const WORLDS: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("tauri", &["pawl"]),
    ("axum", &["server"]),
    ("reqwest", &["remotes", "support"]),
    ("rusty-s3", &["remotes", "support"]),
    ("gstreamer", &["media"]),
];

/// What must not be found anywhere below `transfer`, however far down: HTTP, SQL, media frameworks, windows.
const FOREIGN_TO_TRANSFER: &[&str] = &[
    "http",
    "hyper",
    "axum",
    "reqwest",
    "tower-http",
    "rusqlite",
    "libsqlite3-sys",
    "sqlx",
    "gstreamer",
    "tauri",
    "wry",
    "tao",
];

/// Whether a package is of a family: `tauri-build` is of `tauri`, `httparse` is not of `http`.
fn is_of(package: &str, family: &str) -> bool {
    package.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[test]
fn each_room_imports_only_what_the_plan_allows() {
    let graph = Graph::read();
    for room in graph.rooms() {
        let allowed = may_import(room).unwrap_or_else(|| panic!("`{room}` has no place in ARCHITECTURE.md yet"));
        for import in graph.ours_of(room) {
            assert!(allowed.contains(&import), "`{room}` must not depend on `{import}`: ARCHITECTURE.md forbids it");
        }
    }
}

#[test]
fn each_foreign_world_is_known_to_one_room() {
    let graph = Graph::read();
    for room in graph.rooms() {
        for dependency in graph.direct_of(room) {
            for (world, owners) in WORLDS.iter().filter(|(world, _)| is_of(dependency, world)) {
                assert!(owners.contains(&room), "`{dependency}` in `{room}`: `{world}` is for {owners:?} alone");
            }
        }
    }
}

#[test]
fn nothing_below_transfer_knows_http_sql_media_or_windows() {
    let graph = Graph::read();
    let below = graph.reached_from("transfer");
    assert!(below.contains("tokio"), "the walk must reach what `transfer` is known to use, or it proves nothing");
    for package in &below {
        let family = FOREIGN_TO_TRANSFER.iter().find(|family| is_of(package, family));
        assert_eq!(family, None, "`{package}` came in below `transfer`, which must stay free of its world");
    }
}

#[test]
fn remotes_and_server_never_meet() {
    let graph = Graph::read();
    for (room, other) in [("server", "remotes"), ("remotes", "server")] {
        let below = graph.reached_from(room);
        assert!(!below.contains(other), "`{room}` reaches `{other}`: they share `wire` and nothing else");
    }
}

#[test]
fn only_the_planned_folders_lie_at_the_top() {
    const PLANNED: &[&str] = &["src-tauri", "ui", "assets", "tests", ".ci", ".cargo", ".config"];
    for path in tree::files() {
        if let Some((top, _)) = path.split_once('/') {
            assert!(PLANNED.contains(&top), "{path}: the plan has no top-level folder `{top}`");
        }
    }
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    for path in tree::files() {
        let word = tree::empty_word(&path);
        assert_eq!(word, None, "{path}: name it after what it holds");
    }
}

#[test]
fn words_that_say_nothing_are_seen_in_every_spelling() {
    for (path, word) in [
        ("ui/src/utils.ts", Some("utils")),
        ("tests/common/mod.rs", Some("common")),
        ("ui/src/TransferManager.svelte", Some("manager")),
        ("src-tauri/src/io_helper.rs", Some("helper")),
        ("src-tauri/src/commands/mod.rs", None),
        ("ui/src/shared/commonplace.ts", None),
    ] {
        assert_eq!(
            tree::empty_word(path),
            word,
            "{path}: the word must be found at the end of a name's part, and only there"
        );
    }
}
