//! Pictures in answers. The provider sends PNG or JPEG and does not say which.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What a picture is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// `image/png`
    Png,
    /// `image/jpeg`
    Jpeg,
}

/// A picture from an answer, decoded from base64.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// What the bytes are.
    pub kind: ImageKind,
    /// The file as it was sent.
    pub bytes: Vec<u8>,
}

/// The kind of picture these bytes start, if it is one of the two the provider sends.
pub fn image_kind(bytes: &[u8]) -> Option<ImageKind> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ImageKind::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(ImageKind::Jpeg)
    } else {
        None
    }
}

impl ImageKind {
    /// The media type for a `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

impl Image {
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        image_kind(&bytes).map(|kind| Self { kind, bytes })
    }
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({:?}, {} bytes)", self.kind, self.bytes.len())
    }
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes base64 that may be wrapped in lines, lack its padding or start as a `data:` URL.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let payload = match text.strip_prefix("data:") {
        Some(url) => url.split_once(";base64,")?.1,
        None => text,
    };
    let packed: String = payload.split_ascii_whitespace().collect();
    BASE64.decode(packed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_signature() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some(ImageKind::Png)),
            (&b"\xff\xd8\xff\xe0rest"[..], Some(ImageKind::Jpeg)),
            (&b"GIF89a"[..], None),
            (&b"\x89PN"[..], None),
            (&b""[..], None),
        ] {
            assert_eq!(image_kind(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn base64_is_read_with_and_without_wrapping_padding_or_data_url() {
        for text in ["YWJjZA==", "YWJjZA", "YWJj\r\nZA==", "data:image/png;base64,YWJjZA=="] {
            assert_eq!(decode_base64(text).as_deref(), Some(&b"abcd"[..]), "{text}");
        }
        assert_eq!(decode_base64("not base64!"), None);
    }
}
