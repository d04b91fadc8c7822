//! A QR image: a grayscale PNG of about the wanted size.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use qrcode::{Color, QrCode};

/// A QR image still to be drawn. Drawing costs milliseconds, so it is left until the simulator's lock is released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    pub url: String,
    pub size: u32,
}

const DEFAULT_SIZE: u32 = 256;
const LARGEST: u32 = 2048;
/// Empty modules around the code, as the standard asks.
const QUIET: usize = 4;

impl Wish {
    pub(crate) fn new(url: String, size: Option<u32>) -> Self {
        Self {
            url,
            size: size.unwrap_or(DEFAULT_SIZE).min(LARGEST),
        }
    }

    /// Base64 of a PNG; None for a text that no QR code can hold.
    pub(crate) fn draw(&self) -> Option<String> {
        let code = QrCode::new(&self.url).ok()?;
        let modules = code.width() + 2 * QUIET;
        let scale = (usize::try_from(self.size).ok()? / modules).max(1);
        let colors = code.to_colors();
        let dark = |x: usize, y: usize| {
            let (x, y) = (x.checked_sub(QUIET)?, y.checked_sub(QUIET)?);
            let inside = x < code.width() && y < code.width();
            inside
                .then(|| colors.get(y * code.width() + x))
                .flatten()
                .filter(|color| **color == Color::Dark)
        };
        let side = modules * scale;
        let mut pixels = Vec::with_capacity(side * side);
        for y in 0..modules {
            let row: Vec<u8> = (0..modules)
                .flat_map(|x| std::iter::repeat_n(if dark(x, y).is_some() { 0 } else { 255 }, scale))
                .collect();
            for _ in 0..scale {
                pixels.extend_from_slice(&row);
            }
        }
        png(&pixels, u32::try_from(side).ok()?).map(|image| STANDARD.encode(image))
    }
}

fn png(pixels: &[u8], side: u32) -> Option<Vec<u8>> {
    let mut image = Vec::new();
    let mut encoder = png::Encoder::new(&mut image, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(image)
}
