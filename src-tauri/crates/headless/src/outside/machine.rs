//! What the machine itself shows of a sleep and of its network, whoever else is there to tell of them.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use nix::sys::socket::SockaddrStorage;
use rustix::time::{ClockId, Timespec, clock_gettime};

/// How long it has slept since it was started: the one clock runs on in a sleep, and the other stands. Neither can be set.
pub(super) fn asleep() -> Duration {
    let awake = since_start(clock_gettime(ClockId::Monotonic));
    since_start(clock_gettime(ClockId::Boottime)).saturating_sub(awake)
}

fn since_start(time: Timespec) -> Duration {
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// The addresses of interfaces that are up, without those of the loopback and those that reach no farther than their link:
/// each container that starts brings one of these. Where nobody says, none.
pub(super) fn addresses() -> BTreeSet<IpAddr> {
    let interfaces = getifaddrs().into_iter().flatten();
    let outward = interfaces.filter(|interface| {
        interface.flags.contains(InterfaceFlags::IFF_UP) && !interface.flags.contains(InterfaceFlags::IFF_LOOPBACK)
    });
    outward.filter_map(|interface| ip(&interface.address?)).filter(|address| !stays_on_its_link(address)).collect()
}

fn ip(address: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = address.as_sockaddr_in().map(|address| address.ip().into());
    v4.or_else(|| address.as_sockaddr_in6().map(|address| address.ip().into()))
}

fn stays_on_its_link(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_sleeps_while_a_test_runs_and_no_address_is_the_loopbacks() {
        let before = asleep();
        assert!(
            asleep().abs_diff(before) < Duration::from_secs(1),
            "the two clocks run alike while the machine is awake"
        );
        assert!(
            addresses().iter().all(|address| !address.is_loopback()),
            "the loopback is always there: {:?}",
            addresses()
        );
    }
}
