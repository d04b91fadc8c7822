//! XChaCha20-Poly1305 with a random nonce in front. Its nonces are long enough to be drawn at random
//! without ever counting them.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::KEY_BYTES;

pub(crate) const NONCE_BYTES: usize = 24;
pub(crate) const TAG_BYTES: usize = 16;

/// Nonce, ciphertext, tag.
pub(crate) fn seal(key: &[u8; KEY_BYTES], bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    // Room for all of it at once: growing would leave a copy of the plain text behind.
    let mut bytes = Vec::with_capacity(NONCE_BYTES + plain.len() + TAG_BYTES);
    bytes.resize(NONCE_BYTES, 0);
    rand::fill(&mut bytes[..]);
    bytes.extend_from_slice(plain);
    let (nonce, text) = bytes.split_at_mut(NONCE_BYTES);
    let nonce = XNonce::try_from(&*nonce).map_err(|_| VaultError::Malformed)?;
    let tag = XChaCha20Poly1305::new(key.into())
        .encrypt_inout_detached(&nonce, bound_to, text.into())
        .map_err(|_| VaultError::TooLong)?;
    bytes.extend_from_slice(&tag);
    Ok(bytes)
}

/// The plain text, if nothing of it or of what it is bound to was changed.
pub(crate) fn open(key: &[u8; KEY_BYTES], bound_to: &[u8], bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, rest) = bytes.split_at_checked(NONCE_BYTES).ok_or(VaultError::Malformed)?;
    let length = rest.len().checked_sub(TAG_BYTES).ok_or(VaultError::Malformed)?;
    let (text, tag) = rest.split_at(length);
    let nonce = XNonce::try_from(nonce).map_err(|_| VaultError::Malformed)?;
    let tag = Tag::try_from(tag).map_err(|_| VaultError::Malformed)?;
    let mut plain = Zeroizing::new(text.to_vec());
    XChaCha20Poly1305::new(key.into())
        .decrypt_inout_detached(&nonce, bound_to, plain.as_mut_slice().into(), &tag)
        .map_err(|_| VaultError::Tampered)?;
    Ok(plain)
}

/// What a text is bound to, so that no two lists of parts give the same bytes.
pub(crate) fn bind(purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = purpose.as_bytes().to_vec();
    for part in parts {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// draft-irtf-cfrg-xchacha-03, A.3.1: what we use is what everybody means by that name.
    #[test]
    fn the_published_example_opens() {
        let key: [u8; 32] = std::array::from_fn(|index| 0x80 + u8::try_from(index).unwrap());
        let nonce: Vec<u8> = (0x40..0x58).collect();
        let bound_to = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                      sunscreen would be it.";
        let text = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
                    ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                    21f9664c97637da9768812f615c68b13b52e";
        let tag = "c0875924c1c7987947deafd8780acf49";
        let hex = |text: &str| {
            let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
            let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
            digits.chunks(2).map(byte).collect::<Vec<u8>>()
        };
        let sealed = [nonce, hex(text), hex(tag)].concat();
        assert_eq!(open(&key, &bound_to, &sealed).unwrap()[..], plain[..]);
    }

    #[test]
    fn parts_cannot_be_shifted_between_each_other() {
        assert_ne!(bind("p", &[b"ab", b"c"]), bind("p", &[b"a", b"bc"]));
        assert_ne!(bind("p", &[b"ab"]), bind("p", &[b"ab", b""]));
    }

    #[test]
    fn sealing_twice_gives_different_bytes() {
        let key = [7; KEY_BYTES];
        let [one, other] = [(), ()].map(|()| seal(&key, b"x", b"1234").unwrap());
        assert_ne!(one, other);
        assert_eq!(open(&key, b"x", &one).unwrap().as_slice(), b"1234");
        for length in 0..one.len() {
            assert!(open(&key, b"x", &one[..length]).is_err(), "{length}");
        }
    }
}
