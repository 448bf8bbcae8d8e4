//! Keeps the computer from sleeping while bytes move.
//!
//! Owner: the watch. Invariant: what was taken is given back when it is no longer needed, and by the desktop itself
//! should this process end in any other way: the login manager sees its file close, the session its connection.

use zbus::Connection;
use zbus::zvariant::OwnedFd;

use super::words::AWAKE;

/// Who asks.
const NAME: &str = "Pawl";

/// The services of a session that can be asked where the login manager does not answer: name, path. The first keeps
/// the computer awake and lets the screen go dark; the second knows only both.
const SESSION: [(&str, &str); 2] = [
    ("org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit"),
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
];

/// The wish to stay awake.
#[derive(Debug, Default)]
pub(crate) struct Awake {
    system: Option<Connection>,
    session: Option<Connection>,
    hold: Option<Hold>,
    refused: bool,
}

/// What keeps it awake, as long as it is kept.
#[derive(Debug)]
enum Hold {
    /// The login manager's: given back by closing it.
    Login { _held: OwnedFd },
    /// A service of the session's: given back by its number.
    Session { service: usize, cookie: u32 },
}

impl Awake {
    /// On these buses; either may be missing.
    pub(crate) fn over(system: Option<Connection>, session: Option<Connection>) -> Self {
        Self { system, session, hold: None, refused: false }
    }

    /// Keeps the computer awake, or no longer. What is so already is not asked for again, nor what was refused.
    pub(crate) async fn set_awake(&mut self, awake: bool) {
        match (awake, self.hold.take()) {
            (true, Some(hold)) => self.hold = Some(hold),
            (true, None) if !self.refused => self.take().await,
            (true, None) | (false, None) => {}
            (false, Some(hold)) => self.give_back(hold).await,
        }
    }

    async fn take(&mut self) {
        match self.login().await {
            Ok(hold) => self.hold = Some(hold),
            Err(error) => {
                tracing::info!(%error, "the login manager does not keep the computer awake");
                self.hold = self.ask_session().await;
            }
        }
        self.refused = self.hold.is_none();
    }

    /// `sleep` too: desktops suspend an idle computer by their own hand. Closing the lid still works
    /// (`LidSwitchIgnoreInhibited`, logind.conf(5)).
    async fn login(&self) -> zbus::Result<Hold> {
        let system = self.system.as_ref().ok_or(zbus::Error::InterfaceNotFound)?;
        let (path, manager) = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager");
        let wish = &("sleep:idle", NAME, AWAKE, "block");
        let answer = system.call_method(Some("org.freedesktop.login1"), path, Some(manager), "Inhibit", wish).await?;
        Ok(Hold::Login { _held: answer.body().deserialize()? })
    }

    async fn ask_session(&self) -> Option<Hold> {
        for (service, (name, _)) in SESSION.iter().enumerate() {
            match self.inhibit(service).await {
                Ok(cookie) => return Some(Hold::Session { service, cookie }),
                Err(error) => tracing::info!(%error, "{name} does not keep the computer awake"),
            }
        }
        None
    }

    async fn inhibit(&self, service: usize) -> zbus::Result<u32> {
        let answer = self.call(service, "Inhibit", &(NAME, AWAKE)).await?;
        answer.body().deserialize()
    }

    async fn give_back(&self, hold: Hold) {
        if let Hold::Session { service, cookie } = hold
            && let Err(error) = self.call(service, "UnInhibit", &cookie).await
        {
            tracing::info!(%error, "the computer stays awake until Pawl ends");
        }
    }

    async fn call<B>(&self, service: usize, method: &str, body: &B) -> zbus::Result<zbus::Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType + Sync,
    {
        let session = self.session.as_ref().ok_or(zbus::Error::InterfaceNotFound)?;
        let (name, path) = SESSION[service];
        // The screen saver's interface is called as its service; the power manager's has one more word.
        let interface = if path.ends_with("/Inhibit") { format!("{name}.Inhibit") } else { name.to_owned() };
        session.call_method(Some(name), path, Some(interface.as_str()), method, body).await
    }
}

#[cfg(test)]
mod tests;
