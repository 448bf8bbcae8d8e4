use std::io::Read;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use zbus::connection::Builder;
use zbus::fdo;

use super::*;

/// What a bus of two calls itself.
const GUID: &str = "0123456789abcdef0123456789abcdef";

/// A login manager that gives one end of a pipe away and can tell when it is closed.
struct Login(Arc<Mutex<Vec<UnixStream>>>);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Login {
    fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> fdo::Result<OwnedFd> {
        assert_eq!((what, mode), ("sleep:idle", "block"), "idle desktops suspend by either way");
        let (given, kept) = UnixStream::pair().map_err(|error| fdo::Error::IOError(error.to_string()))?;
        self.0.lock().expect("one test").push(kept);
        Ok(OwnedFd::from(std::os::fd::OwnedFd::from(given)))
    }
}

/// A power manager of a session that counts who keeps it awake.
struct Power(Arc<Mutex<Vec<u32>>>);

#[zbus::interface(name = "org.freedesktop.PowerManagement.Inhibit")]
impl Power {
    fn inhibit(&self, _who: &str, _why: &str) -> u32 {
        self.0.lock().expect("one test").push(7);
        7
    }

    #[zbus(name = "UnInhibit")]
    fn uninhibit(&self, cookie: u32) {
        self.0.lock().expect("one test").retain(|held| *held != cookie);
    }
}

/// A bus with one service on it: its connection, and ours.
async fn bus<I: zbus::object_server::Interface>(path: &str, service: I) -> zbus::Result<(Connection, Connection)> {
    let (theirs, ours) = UnixStream::pair()?;
    let theirs = Builder::async_io_unix_stream(theirs).server(GUID)?.p2p().serve_at(path, service)?;
    let ours = Builder::async_io_unix_stream(ours).p2p();
    futures::future::try_join(theirs.build(), ours.build()).await
}

#[tokio::test]
async fn the_login_manager_is_asked_once_and_its_file_closed_when_nothing_moves() {
    let held = Arc::new(Mutex::new(Vec::new()));
    let (_theirs, ours) = bus("/org/freedesktop/login1", Login(held.clone())).await.expect("a bus");
    let mut awake = Awake::over(Some(ours), None);
    awake.set_awake(true).await;
    awake.set_awake(true).await;
    let mut kept = held.lock().expect("one test").drain(..).collect::<Vec<_>>();
    assert_eq!(kept.len(), 1, "one wish is one inhibitor");
    let mut kept = kept.pop().expect("it is there");
    kept.set_nonblocking(true).expect("a socket");
    let open = kept.read(&mut [0]).expect_err("nobody writes");
    assert_eq!(open.kind(), std::io::ErrorKind::WouldBlock, "it is held while bytes move");
    awake.set_awake(false).await;
    kept.set_nonblocking(false).expect("a socket");
    kept.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket");
    assert_eq!(kept.read(&mut [0]).expect("it was closed"), 0, "given back when they no longer do");
}

#[tokio::test]
async fn without_a_login_manager_the_session_is_asked_and_gets_its_number_back() {
    let held = Arc::new(Mutex::new(Vec::new()));
    let power = Power(held.clone());
    let (_theirs, ours) = bus("/org/freedesktop/PowerManagement/Inhibit", power).await.expect("a bus");
    let mut awake = Awake::over(None, Some(ours));
    awake.set_awake(true).await;
    assert_eq!(*held.lock().expect("one test"), [7], "the second way is as good");
    awake.set_awake(false).await;
    assert!(held.lock().expect("one test").is_empty(), "and given back");
}

#[tokio::test]
async fn a_desktop_that_keeps_nothing_awake_is_asked_once() {
    let mut awake = Awake::over(None, None);
    awake.set_awake(true).await;
    assert!(awake.refused, "it is not asked again with every chunk");
    awake.set_awake(false).await;
}
