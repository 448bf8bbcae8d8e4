//! Secrets, against a real keyring (gnome-keyring) on a session bus of its own, and where there is none.
//!
//! A bus is told to a process by its environment, so each case is this program again, in one that has what it needs.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use headless::secrets::{Secret, SecretPlace, Secrets};
use tempfile::TempDir;
use transfer::ids::DestinationId;

/// Tells a test that it is the second process, and its folder.
const FOLDER: &str = "PAWL_TEST_STATE";
/// Starts a keyring that is open, as the login of a desktop does; then what follows.
const UNLOCKED: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\"";
/// The same with one that nobody unlocked, and without anybody who could.
const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null && exec \"$@\"";

fn id() -> DestinationId {
    DestinationId("7e1a0a5c-0000-4000-8000-000000000001".to_owned())
}

fn secret() -> Secret {
    Secret::Token("s3cret of a test".to_owned())
}

fn file(folder: &Path) -> PathBuf {
    folder.join("secrets.toml")
}

fn in_file(folder: &Path) -> bool {
    std::fs::read_to_string(file(folder)).is_ok_and(|text| text.contains("s3cret"))
}

/// Runs the part `name` of the second process, in a session whose bus has what `script` starts.
fn in_session(script: &str, name: &str, folder: &Path) -> Output {
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", script, "sh"]).arg(std::env::current_exe().expect("this program"));
    run(&mut command, name, folder)
}

/// The same where there is no bus.
fn without_bus(name: &str, folder: &Path) -> Output {
    run(
        Command::new(std::env::current_exe().expect("this program")).env_remove("DBUS_SESSION_BUS_ADDRESS"),
        name,
        folder,
    )
}

fn run(command: &mut Command, name: &str, folder: &Path) -> Output {
    let home = folder.join("home");
    std::fs::create_dir_all(&home)
        .and_then(|()| std::fs::set_permissions(&home, PermissionsExt::from_mode(0o700)))
        .expect("a folder");
    command.args([name, "--exact", "--nocapture"]).env(FOLDER, folder).env("HOME", &home);
    command.env("XDG_DATA_HOME", home.join("data")).env("XDG_RUNTIME_DIR", &home).env_remove("DISPLAY");
    command.output().expect("`.ci/setup test` installs dbus and gnome-keyring")
}

fn succeeded(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "the second process says: {said}");
    assert!(!said.contains("s3cret of"), "no secret is ever printed: {said}");
}

fn folder_of_child() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Parts of the second process; nothing in an ordinary run.
mod part {
    use super::*;

    #[tokio::test]
    async fn keeps_in_the_keyring() {
        let Some(folder) = folder_of_child() else { return };
        let secrets = Secrets::of(&folder);
        let place = secrets.keep(&id(), &secret()).await.expect("it is kept");
        assert_eq!(place, SecretPlace::Keyring, "an open keyring goes first");
        assert!(!file(&folder).exists() || !in_file(&folder), "and then the file has it not");
        assert_eq!(secrets.read(&id(), place).await.expect("it is open"), Some(secret()), "it comes back whole");
        let other = Secret::Token("another".to_owned());
        secrets.keep(&id(), &other).await.expect("it is kept");
        assert_eq!(secrets.read(&id(), place).await.expect("it is open"), Some(other), "the newer one holds");
        secrets.forget(&id(), place).await.expect("it is open");
        assert_eq!(secrets.read(&id(), place).await.expect("it is open"), None, "and is gone when it is forgotten");
        secrets.forget(&id(), place).await.expect("what is not there is forgotten");
    }

    #[tokio::test]
    async fn keeps_in_the_file() {
        let Some(folder) = folder_of_child() else { return };
        let secrets = Secrets::of(&folder);
        let place = secrets.keep(&id(), &secret()).await.expect("it is kept");
        assert_eq!(place, SecretPlace::File, "no keyring takes it");
        assert_eq!(secrets.read(&id(), place).await.expect("it can be read"), Some(secret()), "it comes back whole");
        let error = secrets.read(&id(), SecretPlace::Keyring).await.err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(error.is_empty() || error.contains("keyring"), "what is to be in the keyring is not made up: {error}");
    }
}

#[test]
fn an_open_keyring_has_the_secret_and_the_file_does_not() {
    let folder = TempDir::new().expect("a folder");
    succeeded(&in_session(UNLOCKED, "part::keeps_in_the_keyring", folder.path()));
}

#[test]
fn without_a_bus_the_secret_is_in_a_file_that_only_its_owner_reads_and_moves_when_a_keyring_appears() {
    let folder = TempDir::new().expect("a folder");
    succeeded(&without_bus("part::keeps_in_the_file", folder.path()));
    assert!(in_file(folder.path()), "it must be somewhere");
    let mode = std::fs::metadata(file(folder.path())).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "nobody else may read it");
    succeeded(&in_session(UNLOCKED, "part::keeps_in_the_keyring", folder.path()));
    assert!(!in_file(folder.path()), "what is in the keyring now is not in the file any more");
}

#[test]
fn a_bus_without_a_keyring_and_a_keyring_that_nobody_unlocks_leave_it_in_the_file() {
    for script in ["exec \"$@\"", LOCKED] {
        let folder = TempDir::new().expect("a folder");
        succeeded(&in_session(script, "part::keeps_in_the_file", folder.path()));
    }
}
