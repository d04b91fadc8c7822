use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One address or a network of them, written `192.0.2.7`, `192.0.2.0/24` or `2001:db8::/32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    /// The first address of the network.
    first: IpAddr,
    /// How many leading bits are the network's.
    bits: u8,
}

impl AddressRange {
    /// Reads one. What is written after the network's bits is left out.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let all = width(address);
        let bits = match bits {
            None => all,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
        };
        (bits <= all).then(|| Self {
            first: cut(address, bits),
            bits,
        })
    }

    /// Is the address in it? An IPv4 address may come in IPv6's clothes.
    pub fn contains(&self, address: IpAddr) -> bool {
        let same = |address: IpAddr| width(address) == width(self.first) && cut(address, self.bits) == self.first;
        same(address) || same(address.to_canonical())
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The first address of the network with so many leading bits.
fn cut(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.bits < width(self.first) {
            write!(f, "/{}", self.bits)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_written_as_they_are_read_without_what_is_not_the_networks() {
        for (text, written) in [
            ("54.154.216.60", "54.154.216.60"),
            ("54.154.216.60/32", "54.154.216.60"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:db8::7/32", "2001:db8::/32"),
            ("::1", "::1"),
        ] {
            assert_eq!(AddressRange::parse(text).unwrap().to_string(), written, "{text}");
        }
        for wrong in [
            "",
            "fondy",
            "54.154.216",
            "1.2.3.4/33",
            "1.2.3.4/",
            "1.2.3.4/+8",
            "::1/129",
            "1.2.3.4/8/8",
            " 1.2.3.4",
        ] {
            assert_eq!(AddressRange::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn an_address_is_in_its_network_only() {
        for (range, address, inside) in [
            ("54.154.216.60", "54.154.216.60", true),
            ("54.154.216.60", "::ffff:54.154.216.60", true),
            ("54.154.216.60", "54.154.216.61", false),
            ("10.0.0.0/8", "10.255.255.255", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("0.0.0.0/0", "203.0.113.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
        ] {
            let range = AddressRange::parse(range).unwrap();
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{range} {address}");
        }
    }
}
