//! Where a request came from.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use ledger::settings::AddressRange;

/// What proxies write of whom they speak for, the nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the other end of the connection; the server puts it into each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RemoteAddress(pub IpAddr);

impl RemoteAddress {
    /// Whom the other end speaks for, if it is a proxy of ours. What a stranger writes into the header
    /// counts for nothing: only what a trusted proxy added is read, from the end on.
    pub fn behind(self, proxies: &[AddressRange], headers: &HeaderMap) -> Self {
        let trusted = |address: IpAddr| proxies.iter().any(|range| range.contains(address));
        if !trusted(self.0) {
            return self;
        }
        let written = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let written: Vec<&str> = written.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut origin = self;
        for text in written.into_iter().rev() {
            let Ok(address) = text.parse::<IpAddr>() else {
                break;
            };
            origin = Self(address);
            if !trusted(address) {
                break;
            }
        }
        origin
    }

    /// What counts as one sender: an IPv6 household has a whole /64 to send from.
    pub fn sender(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(v4),
            IpAddr::V6(v6) => {
                let network = v6.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trusted_proxy_says_whom_it_speaks_for_and_nobody_else_does() {
        let proxies = ledger::settings_rules::address_ranges("10.0.0.0/8 ::1").unwrap();
        for (peer, written, origin) in [
            ("10.0.0.1", &["54.154.216.60"][..], "54.154.216.60"),
            // What was in front of it was written by who knows whom.
            ("10.0.0.1", &["127.0.0.1, 54.154.216.60"], "54.154.216.60"),
            ("10.0.0.1", &["127.0.0.1", "54.154.216.60"], "54.154.216.60"),
            // Two proxies in a row.
            ("10.0.0.1", &["54.154.216.60, 10.9.9.9"], "54.154.216.60"),
            ("::1", &[" 2001:db8::7 "], "2001:db8::7"),
            ("::ffff:10.0.0.1", &["54.154.216.60"], "54.154.216.60"),
            // A stranger who claims to be somebody.
            ("203.0.113.9", &["54.154.216.60"], "203.0.113.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["54.154.216.60, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["54.154.216.60, "], "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for value in written {
                headers.append(FORWARDED_FOR, value.parse().unwrap());
            }
            let remote = RemoteAddress(peer.parse().unwrap());
            let found = remote.behind(&proxies, &headers);
            assert_eq!(found.0.to_string(), origin, "{peer} {written:?}");
            assert_eq!(
                remote.behind(&[], &headers),
                remote,
                "no proxy is trusted unless it is said"
            );
        }
    }

    #[test]
    fn one_sender_is_one_v4_address_or_one_v6_network() {
        for (address, sender) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ] {
            let remote = RemoteAddress(address.parse().unwrap());
            assert_eq!(remote.sender().to_string(), sender, "{address}");
        }
    }
}
