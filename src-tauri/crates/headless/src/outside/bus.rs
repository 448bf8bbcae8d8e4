//! NetworkManager and logind on the system bus, listened to for as long as it is there, and again when it is back.
//!
//! They are known by their names and not by who has them now: one that is started again is heard again.

use std::collections::HashMap;
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::sync::mpsc;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, MatchRule, Message, MessageStream, message};

use super::signs::Sign;

/// Before a bus that is missing, or went away, is looked for again.
const AGAIN: Duration = Duration::from_secs(30);
/// Signals that may wait to be read.
const QUEUE: usize = 64;

/// The interface of NetworkManager, and its name.
const NETWORK: &str = "org.freedesktop.NetworkManager";
/// `NM_STATE_CONNECTED_LOCAL`: from here on a network is there.
const CONNECTED: u32 = 50;
/// `NM_CONNECTIVITY_LIMITED`: from here on no sign-in page stands in the way.
const WITHOUT_PORTAL: u32 = 3;

/// Listens for ever.
pub(super) async fn listen(signs: mpsc::Sender<Sign>) {
    loop {
        match heard(&signs).await {
            Ok(()) => tracing::debug!("the system bus went away"),
            Err(error) => tracing::debug!(%error, "no system bus"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Listens until the bus goes away.
async fn heard(signs: &mpsc::Sender<Sign>) -> zbus::Result<()> {
    let bus = Connection::system().await?;
    let network = rule(NETWORK)?.path("/org/freedesktop/NetworkManager")?.build();
    let sleep = rule("org.freedesktop.login1")?.path("/org/freedesktop/login1")?.member("PrepareForSleep")?.build();
    let network = MessageStream::for_match_rule(network, &bus, Some(QUEUE)).await?;
    let sleep = MessageStream::for_match_rule(sleep, &bus, Some(QUEUE)).await?;
    let mut signals = stream::select(network, sleep);
    while let Some(signal) = signals.next().await {
        if let Some(sign) = read(&signal?)
            && signs.send(sign).await.is_err()
        {
            break;
        }
    }
    Ok(())
}

fn rule(sender: &'static str) -> zbus::Result<zbus::match_rule::Builder<'static>> {
    MatchRule::builder().msg_type(message::Type::Signal).sender(sender)
}

/// What a signal says; most say nothing of interest.
fn read(signal: &Message) -> Option<Sign> {
    let header = signal.header();
    match header.member()?.as_str() {
        "PrepareForSleep" => Some(if signal.body().deserialize().ok()? { Sign::FallsAsleep } else { Sign::WakesUp }),
        "StateChanged" if header.interface()?.as_str() == NETWORK => {
            (signal.body().deserialize::<u32>().ok()? >= CONNECTED).then_some(Sign::Network)
        }
        "PropertiesChanged" => {
            let body = signal.body();
            let (interface, changed, _): (&str, HashMap<&str, OwnedValue>, Vec<&str>) = body.deserialize().ok()?;
            (interface == NETWORK && changed.iter().any(|(name, value)| leads_out(name, value)))
                .then_some(Sign::Network)
        }
        _ => None,
    }
}

/// Whether that property, being so now, means that there is a way to go.
fn leads_out(name: &str, value: &OwnedValue) -> bool {
    match name {
        "Connectivity" => value.downcast_ref::<u32>().is_ok_and(|connectivity| connectivity >= WITHOUT_PORTAL),
        // Another way out: from a cable to the air, or through a tunnel.
        "PrimaryConnection" => matches!(&**value, Value::ObjectPath(path) if path.as_str() != "/"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use zbus::zvariant::ObjectPath;

    use super::*;

    const PATH: &str = "/org/freedesktop/NetworkManager";

    fn signal<B: serde::Serialize + zbus::zvariant::DynamicType>(interface: &str, member: &str, body: &B) -> Message {
        let signal = Message::signal(PATH, interface, member).and_then(|signal| signal.build(body));
        signal.expect("a signal")
    }

    fn property(name: &'static str, value: impl Into<Value<'static>>) -> Option<Sign> {
        let changed = HashMap::from([(name, value.into())]);
        let body = (NETWORK, changed, Vec::<&str>::new());
        read(&signal("org.freedesktop.DBus.Properties", "PropertiesChanged", &body))
    }

    #[test]
    fn only_a_network_that_leads_somewhere_is_a_sign() {
        let states = [20, 40, 50, 60, 70_u32].map(|state| read(&signal(NETWORK, "StateChanged", &state)).is_some());
        assert_eq!(states, [false, false, true, true, true], "disconnected, connecting, local, site, global");
        let connectivity = [0, 1, 2, 3, 4_u32].map(|known| property("Connectivity", known).is_some());
        assert_eq!(connectivity, [false, false, false, true, true], "unknown, none, a portal, limited, full");
        let path = |path| ObjectPath::from_static_str(path).expect("a path");
        assert_eq!(property("PrimaryConnection", path("/")), None, "there is none now");
        assert_eq!(property("PrimaryConnection", path("/7")), Some(Sign::Network), "another way out");
        assert_eq!(property("WirelessEnabled", true), None, "that alone leads nowhere");
        let other = signal("org.example.Other", "StateChanged", &70_u32);
        assert_eq!(read(&other), None, "somebody else's state");
    }

    #[test]
    fn what_is_not_as_it_should_be_is_no_sign() {
        for signal in [
            signal(NETWORK, "StateChanged", &"seventy"),
            signal("org.freedesktop.DBus.Properties", "PropertiesChanged", &1_u32),
            signal("org.freedesktop.login1.Manager", "PrepareForSleep", &"true"),
        ] {
            assert_eq!(read(&signal), None, "{signal:?} is passed over");
        }
        let sleep = |asleep: bool| read(&signal("org.freedesktop.login1.Manager", "PrepareForSleep", &asleep));
        assert_eq!([sleep(true), sleep(false)], [Some(Sign::FallsAsleep), Some(Sign::WakesUp)], "before and after");
    }
}
