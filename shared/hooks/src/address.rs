use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Beginnings of IPv4 addresses that lead into somebody's own network or nowhere: IANA's special-purpose registry (RFC
/// 6890 and what came after), multicast, and what is reserved.
const NOT_PUBLIC_V4: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, reserved and broadcast.
    ([224, 0, 0, 0], 3),
];

/// The public Internet is within 2000::/3. Outside of it lie loopback, link-local, unique-local and multicast, and all
/// that have an IPv4 address in them but 6to4: mapped (::ffff:0:0/96) and translated (64:ff9b::/96).
const PUBLIC_V6: ([u16; 8], u32) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Within it: IETF's own (Teredo and benchmarks among them), documentation (two), and 6to4, behind which any IPv4
/// address may be.
const NOT_PUBLIC_V6: [([u16; 8], u32); 4] = [
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// Does the address belong to the public Internet? Not so: loopback, private, link-local, carrier's (100.64/10),
/// unique-local, multicast, documentation and benchmark addresses, and IPv6 addresses with an IPv4 address inside.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !NOT_PUBLIC_V4.iter().any(|range| within_v4(ip, range)),
        IpAddr::V6(ip) => within_v6(ip, &PUBLIC_V6) && !NOT_PUBLIC_V6.iter().any(|range| within_v6(ip, range)),
    }
}

fn within_v4(ip: Ipv4Addr, (beginning, bits): &([u8; 4], u32)) -> bool {
    let differs = u32::from(ip) ^ u32::from_be_bytes(*beginning);
    differs.leading_zeros() >= *bits
}

fn within_v6(ip: Ipv6Addr, (beginning, bits): &([u16; 8], u32)) -> bool {
    let differs = u128::from(ip) ^ u128::from(Ipv6Addr::from(*beginning));
    differs.leading_zeros() >= *bits
}

#[cfg(test)]
mod tests;
