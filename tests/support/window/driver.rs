//! WebKit's own driver: it starts the app, and speaks WebDriver for its page.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::processes::{MARK, Pid};
use super::until;
use crate::programs::PATIENCE;

/// A running driver. It ends when it is dropped, and its app with it.
#[derive(Debug)]
pub(super) struct Driver {
    process: Mutex<Child>,
    port: u16,
}

impl Driver {
    /// Starts one on a port of its own and waits until it listens.
    pub(super) async fn start(mark: &str, log: &Path) -> Result<Self> {
        for variable in ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS"] {
            let set = std::env::var_os(variable).is_some_and(|value| !value.is_empty());
            ensure!(set, "{variable} is not set: the window's tests need a display and a session bus (.ci/display)");
        }
        let port = free_port()?;
        let driver = Self { process: Mutex::new(spawned(port, mark, log)?), port };
        until("WebKitWebDriver to listen", async || driver.listens()).await?;
        Ok(driver)
    }

    /// Starts the app by `command`, a program and its arguments, and takes over its page.
    pub(super) async fn session(&self, command: &[String]) -> Result<Client> {
        let (binary, arguments) = command.split_first().context("a command has a program")?;
        let options = json!({ "webkitgtk:browserOptions": { "binary": binary, "args": arguments } });
        let capabilities: Map<String, Value> = options.as_object().cloned().unwrap_or_default();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{}", self.port);
        let connecting = builder.capabilities(capabilities).connect(&address);
        // The driver itself waits for ever for an app that does not open a window.
        Ok(timeout(PATIENCE, connecting).await.context("the app opened no window that can be driven")??)
    }

    pub(super) fn pid(&self) -> Pid {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        Pid::from_child(&process)
    }

    /// Ends it. What it started ends too.
    pub(super) fn end(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended already, and then there is nothing to kill.
        process.kill().ok();
        process.wait().ok();
    }

    fn listens(&self) -> Result<Option<()>> {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(status) = process.try_wait()? {
            bail!("WebKitWebDriver ended at once: {status}");
        }
        Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok().map(drop))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.end();
    }
}

fn spawned(port: u16, mark: &str, log: &Path) -> Result<Child> {
    let log = File::create(log)?;
    Command::new("WebKitWebDriver")
        .arg(format!("--port={port}"))
        .env(MARK, mark)
        // Without these the app does not let itself be driven.
        .envs([("TAURI_AUTOMATION", "true"), ("TAURI_WEBVIEW_AUTOMATION", "true")])
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("cannot start WebKitWebDriver (the package webkit2gtk-driver, installed by .ci/setup test)")
}

/// The driver cannot be told to choose one and say which.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
