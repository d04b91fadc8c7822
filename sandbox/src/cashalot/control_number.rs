//! The control number of an offline document (sheet §8.4).

use jiff::Timestamp;

use super::wire::money;
use crate::kyiv;

/// What a control number is computed from.
pub(super) struct Signs<'a> {
    pub seed: u64,
    pub at: Timestamp,
    pub num_local: u64,
    pub register: u64,
    pub register_local: u32,
    pub total: Option<i64>,
    pub previous_hash: Option<&'a str>,
}

impl Signs<'_> {
    pub(super) fn control_number(&self) -> u32 {
        control_number_of(&self.text())
    }

    fn text(&self) -> String {
        let (date, time) = (kyiv::day_first(self.at), kyiv::time(self.at));
        let Self {
            seed,
            num_local,
            register,
            register_local,
            ..
        } = self;
        let mut text = format!("{seed},{date},{time},{num_local},{register},{register_local}");
        for part in [self.total.map(money), self.previous_hash.map(str::to_owned)]
            .into_iter()
            .flatten()
        {
            text.push(',');
            text.push_str(&part);
        }
        text
    }
}

/// The last four digits of the byte-swapped CRC-32; 0 becomes 1.
fn control_number_of(text: &str) -> u32 {
    match crc32(text.as_bytes()).swap_bytes() % 10_000 {
        0 => 1,
        number => number,
    }
}

/// The reflected CRC-32 of zip and Ethernet. A text is a hundred bytes, so a table would not pay.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| {
        if crc & 1 == 1 {
            (crc >> 1) ^ 0xEDB8_8320
        } else {
            crc >> 1
        }
    };
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc))
    });
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tax service's published example.
    const VECTOR: &str = "179625192271939,20082020,142338,10,4000002411,10,cdd68bb111f8993f3603f0179341571b35b73a07d5acee9b28fbfb714698e1b3";

    #[test]
    fn the_published_example_gives_its_control_number() {
        assert_eq!(crc32(VECTOR.as_bytes()), 0xA6BD_DBBD);
        assert_eq!(control_number_of(VECTOR), 4758);
        let signs = Signs {
            seed: 179_625_192_271_939,
            at: "2020-08-20T14:23:38+03:00".parse().unwrap(),
            num_local: 10,
            register: 4_000_002_411,
            register_local: 10,
            total: None,
            previous_hash: Some("cdd68bb111f8993f3603f0179341571b35b73a07d5acee9b28fbfb714698e1b3"),
        };
        assert_eq!(signs.text(), VECTOR);
        assert_eq!(signs.control_number(), 4758);
    }

    #[test]
    fn the_total_comes_before_the_previous_hash() {
        let signs = Signs {
            seed: 1,
            at: "2026-03-05T09:00:00Z".parse().unwrap(),
            num_local: 2,
            register: 3,
            register_local: 4,
            total: Some(25_050),
            previous_hash: Some("ff"),
        };
        assert_eq!(signs.text(), "1,05032026,110000,2,3,4,250.50,ff");
    }
}
