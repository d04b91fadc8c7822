//! The QR code of a link: as SVG, as PNG, and module by module for the PDF.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code, as ISO 18004 asks.
const MARGIN: usize = 4;
/// Larger modules help nobody and cost memory.
const MAX_PIXELS: u32 = 64;

/// A drawn code. It does not print itself: some codes hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Qr {
    dark: Vec<bool>,
    side: usize,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum QrError {
    /// More than a code can hold.
    #[error("the text is too long for a QR code")]
    TooLong,
    /// The picture could not be written.
    #[error("the QR code's picture could not be written")]
    NotWritten(#[source] png::EncodingError),
}

impl Qr {
    /// The code of a text, with error correction level M.
    pub fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| QrError::TooLong)?;
        let side = code.width();
        let dark = code
            .into_colors()
            .into_iter()
            .map(|color| color == Color::Dark)
            .collect();
        Ok(Self { dark, side })
    }

    /// Modules on a side with the margin around it.
    pub const fn side(&self) -> usize {
        self.side + 2 * MARGIN
    }

    /// Runs of dark modules: column and row of the first, and how many. The margin is counted in.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for (row, modules) in self.dark.chunks(self.side).enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|one, next| one == next) {
                if run.first() == Some(&true) {
                    runs.push((column + MARGIN, row + MARGIN, run.len()));
                }
                column += run.len();
            }
        }
        runs
    }

    /// An SVG picture, dark on white in any surroundings, as large as its place.
    pub fn svg(&self) -> String {
        let side = self.side();
        let path: String = self
            .runs()
            .iter()
            .map(|(column, row, length)| format!("M{column} {row}h{length}v1h-{length}z"))
            .collect();
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}' shape-rendering='crispEdges'>\
             <path fill='#fff' d='M0 0h{side}v{side}H0z'/><path fill='#000' d='{path}'/></svg>"
        )
    }

    /// A PNG picture with so many pixels a module (1 to 64), in two colours.
    pub fn png(&self, pixels: u32) -> Result<Vec<u8>, QrError> {
        let pixels = usize::try_from(pixels.clamp(1, MAX_PIXELS)).unwrap_or(1);
        let side = self.side() * pixels;
        let width = side.div_ceil(8);
        let mut image = vec![0xff_u8; width * side];
        for (column, row, length) in self.runs() {
            for y in row * pixels..(row + 1) * pixels {
                for x in column * pixels..(column + length) * pixels {
                    image[y * width + x / 8] &= !(0x80 >> (x % 8));
                }
            }
        }
        written(&image, u32::try_from(side).map_err(|_| QrError::TooLong)?).map_err(QrError::NotWritten)
    }
}

fn written(image: &[u8], side: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(image)?;
    writer.finish()?;
    Ok(file)
}
