//! HMAC-MD5 over values joined by semicolons.

use std::fmt::Write;

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use secrecy::{ExposeSecret, SecretString};

/// The signature of these values, lower-case hex. Values are taken as they are: the system does
/// not escape a semicolon inside one either.
pub fn sign(key: &SecretString, values: &[&str]) -> String {
    let bytes = hmac(key, values).map(|mac| mac.finalize().into_bytes().to_vec());
    bytes.unwrap_or_default().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Compares in constant time. Upper-case hex does not match: the system writes lower case only.
pub(crate) fn fits(key: &SecretString, values: &[&str], given: &str) -> bool {
    let (Some(mac), Some(given)) = (hmac(key, values), bytes(given)) else {
        return false;
    };
    mac.verify_slice(&given).is_ok()
}

/// HMAC takes a key of any length, so there always is one.
fn hmac(key: &SecretString, values: &[&str]) -> Option<Hmac<Md5>> {
    let mut mac = Hmac::<Md5>::new_from_slice(key.expose_secret().as_bytes()).ok()?;
    mac.update(values.join(";").as_bytes());
    Some(mac)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        })
        .collect();
    let digits = digits.filter(|digits| digits.len() == 32)?;
    Some(digits.chunks_exact(2).map(|pair| (pair[0] << 4) | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors_are_reproduced() {
        // RFC 2202, test case 2.
        let rfc = sign(&"Jefe".into(), &["what do ya want for nothing?"]);
        assert_eq!(rfc, "750c783e6ab0b503eaa86e310a5db738");
        // A payment link of the public test merchant, as a published kit shows it.
        let link = [
            "test_merch_n1",
            "app.wepster.com",
            "orderid001",
            "14898322",
            "1.00",
            "USD",
            "product name",
            "2",
            "2.00",
        ];
        let signed = sign(&"flk3409refn54t54t*FNJRET".into(), &link);
        assert_eq!(signed, "901874bb4df660cda5e3d0d3a4687bfe");
    }

    #[test]
    fn only_the_right_signature_in_lower_case_fits() {
        let key = "Jefe".into();
        let values = ["what do ya want for nothing?"];
        assert!(fits(&key, &values, "750c783e6ab0b503eaa86e310a5db738"));
        for wrong in [
            "",
            "750c783e6ab0b503eaa86e310a5db739",
            "750C783E6AB0B503EAA86E310A5DB738",
            "750c783e6ab0b503eaa86e310a5db7",
            "750c783e6ab0b503eaa86e310a5db73x",
        ] {
            assert!(!fits(&key, &values, wrong), "{wrong}");
        }
    }
}
