//! Where a request came from.

use std::net::{IpAddr, Ipv6Addr};

/// The address of the other end of the connection; the server puts it into each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RemoteAddress(pub IpAddr);

impl RemoteAddress {
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
