//! The bank's public key, as the API gives it: base64 of a PEM.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

/// What stands before the point in a SubjectPublicKeyInfo of a P-256 key (RFC 5480): the only DER
/// such a key has, so it is compared and not parsed.
const P256_HEADER: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// An uncompressed point: its tag and two coordinates.
const POINT_BYTES: usize = 65;
const UNCOMPRESSED: u8 = 4;

/// A public key on the curve P-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; POINT_BYTES]);

/// Why a text is no such key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// Neither base64 of a PEM nor a PEM.
    #[error("the public key is not base64 of a PEM")]
    NotPem,
    /// Of another kind.
    #[error("the public key is not on the curve P-256")]
    AnotherKind,
}

impl PublicKey {
    /// Reads the value of `key`.
    pub fn parse(text: &str) -> Result<Self, PublicKeyError> {
        let pem = STANDARD.decode(text.trim()).map_err(|_| PublicKeyError::NotPem)?;
        let pem = std::str::from_utf8(&pem).map_err(|_| PublicKeyError::NotPem)?;
        let body = pem
            .trim()
            .strip_prefix("-----BEGIN PUBLIC KEY-----")
            .and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"))
            .ok_or(PublicKeyError::NotPem)?;
        let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(body).map_err(|_| PublicKeyError::NotPem)?;
        let point = der.strip_prefix(&P256_HEADER).ok_or(PublicKeyError::AnotherKind)?;
        let point: [u8; POINT_BYTES] = point.try_into().map_err(|_| PublicKeyError::AnotherKind)?;
        if point[0] != UNCOMPRESSED {
            return Err(PublicKeyError::AnotherKind);
        }
        Ok(Self(point))
    }

    /// Does the DER signature fit these bytes?
    pub(crate) fn fits(&self, bytes: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.0)
            .verify(bytes, signature)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pem_of_the_right_curve_is_a_key() {
        let encode = |pem: &str| STANDARD.encode(pem);
        let pem = |der: &[u8]| {
            let body = STANDARD.encode(der);
            encode(&format!(
                "-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
            ))
        };
        let mut der = P256_HEADER.to_vec();
        der.extend([UNCOMPRESSED; POINT_BYTES]);
        assert!(PublicKey::parse(&pem(&der)).is_ok());
        let mut compressed = der.clone();
        compressed[26] = 2;
        let mut other_curve = der.clone();
        other_curve[20] = 0x22;
        for (text, expected) in [
            ("%%%".to_owned(), PublicKeyError::NotPem),
            (encode("no pem"), PublicKeyError::NotPem),
            (
                encode("-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----"),
                PublicKeyError::NotPem,
            ),
            (STANDARD.encode([0xff]), PublicKeyError::NotPem),
            (pem(&compressed), PublicKeyError::AnotherKind),
            (pem(&other_curve), PublicKeyError::AnotherKind),
            (pem(&der[..90]), PublicKeyError::AnotherKind),
            (pem(&[]), PublicKeyError::AnotherKind),
        ] {
            assert_eq!(PublicKey::parse(&text), Err(expected), "{text}");
        }
    }
}
