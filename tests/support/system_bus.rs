//! A system bus of a test's own, with the machine's services on it as doubles (python-dbusmock). A program takes it for the
//! machine's by its environment ([`SystemBus::ADDRESS`]).

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use zbus::blocking::{Connection, connection::Builder};
use zbus::zvariant::Value;

use crate::programs::PATIENCE;

/// Between two looks.
const BREATH: Duration = Duration::from_millis(20);
/// Where a double obeys.
const MOCK: &str = "org.freedesktop.DBus.Mock";

/// A service that python-dbusmock knows how to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// NetworkManager.
    NetworkManager,
    /// logind.
    Login,
}

impl Service {
    /// Its template, its name on the bus and its object.
    fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NetworkManager => {
                ("networkmanager", "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager")
            }
            Self::Login => ("logind", "org.freedesktop.login1", "/org/freedesktop/login1"),
        }
    }
}

/// The bus and who is on it. All of it ends when it is dropped.
#[derive(Debug)]
pub struct SystemBus {
    daemon: Child,
    address: String,
    connection: Connection,
    services: HashMap<Service, Child>,
}

impl SystemBus {
    /// The variable that names a process its system bus.
    pub const ADDRESS: &str = "DBUS_SYSTEM_BUS_ADDRESS";

    /// An empty bus.
    pub fn start() -> Result<Self> {
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let mut daemon = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().context("stdout was piped")?).read_line(&mut address)?;
        let address = address.trim().to_owned();
        let connection = Builder::address(address.as_str())?.build()?;
        Ok(Self { daemon, address, connection, services: HashMap::new() })
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Starts a service, and waits until it is there.
    pub fn bring(&mut self, service: Service) -> Result<()> {
        let (template, name, _) = service.place();
        let mut double = Command::new("/usr/bin/python3");
        double.args(["-m", "dbusmock", "--system", "--template", template]).env(Self::ADDRESS, &self.address);
        let double = double.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        self.services.insert(service, double);
        until(&format!("{name} (`.ci/setup test` installs python3-dbusmock)"), || {
            self.asked("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner", &name)
        })
    }

    /// Ends a service as if it crashed.
    pub fn take_away(&mut self, service: Service) {
        self.services.remove(&service).into_iter().for_each(end);
    }

    /// Waits until somebody listens to both services, whether they are there or not.
    pub fn until_listened_to(&self) -> Result<()> {
        let wanted = [Service::NetworkManager, Service::Login].map(|service| format!("sender='{}'", service.place().1));
        until("somebody to listen", || {
            let statistics = "org.freedesktop.DBus.Debug.Stats";
            let place = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
            let rules: HashMap<String, Vec<String>> =
                self.asked(place.0, place.1, statistics, "GetAllMatchRules", &())?;
            let has = |wanted: &String| rules.values().flatten().any(|rule| rule.contains(wanted));
            Ok(wanted.iter().all(has))
        })
    }

    /// NetworkManager says how it stands (`NMState`: 20 disconnected, 40 connecting, 70 connected).
    pub fn network(&self, state: u32) -> Result<()> {
        self.told(Service::NetworkManager, "SetGlobalConnectionState", &state)
    }

    /// NetworkManager says how far one comes (`NMConnectivityState`: 2 a sign-in page, 4 everywhere).
    pub fn connectivity(&self, known: u32) -> Result<()> {
        self.told(Service::NetworkManager, "SetConnectivity", &known)
    }

    /// logind says that the machine is about to sleep, or that it woke.
    pub fn sleep(&self, asleep: bool) -> Result<()> {
        let signal = ("org.freedesktop.login1.Manager", "PrepareForSleep", "b", vec![Value::from(asleep)]);
        self.told(Service::Login, "EmitSignal", &signal)
    }

    fn told<B: serde::Serialize + zbus::zvariant::DynamicType>(
        &self,
        service: Service,
        method: &str,
        body: &B,
    ) -> Result<()> {
        let (_, name, path) = service.place();
        self.asked(name, path, MOCK, method, body)
    }

    fn asked<B, T>(&self, name: &str, path: &str, interface: &str, method: &str, body: &B) -> Result<T>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
        T: for<'d> zbus::zvariant::DynamicDeserialize<'d>,
    {
        let answer = self.connection.call_method(Some(name), path, Some(interface), method, body)?;
        Ok(answer.body().deserialize()?)
    }
}

impl Drop for SystemBus {
    fn drop(&mut self) {
        self.services.drain().for_each(|(_, service)| end(service));
        // It may have ended already, and then there is nothing to kill.
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

fn end(mut process: Child) {
    process.kill().ok();
    process.wait().ok();
}

fn until(what: &str, look: impl Fn() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !look()? {
        if Instant::now() >= end {
            bail!("waited in vain for {what}");
        }
        std::thread::sleep(BREATH);
    }
    Ok(())
}
