//! The two faces and the widths of their letters.

use std::collections::HashMap;
use std::sync::OnceLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};

static REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

/// How a text is set: its face, its size in hundredths of a point, its ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub face: Face,
    pub size: i32,
    pub ink: Ink,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    Soft,
}

impl Look {
    pub const fn regular(size: i32) -> Self {
        Self {
            face: Face::Regular,
            size,
            ink: Ink::Black,
        }
    }

    pub const fn bold(size: i32) -> Self {
        Self {
            face: Face::Bold,
            ..Self::regular(size)
        }
    }

    pub const fn soft(size: i32) -> Self {
        Self {
            ink: Ink::Soft,
            ..Self::regular(size)
        }
    }

    /// From one line to the next.
    pub const fn leading(self) -> i32 {
        self.size * 135 / 100
    }
}

/// Both faces, read once.
pub(super) struct Fonts {
    regular: Letters,
    bold: Letters,
}

/// One face: for the PDF and for measuring.
pub(super) struct Letters {
    pub font: krilla::text::Font,
    glyphs: HashMap<u32, Glyph>,
    /// The font's empty box.
    missing: Glyph,
}

/// A letter's place in the font and its width in units of an em.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub id: u32,
    pub advance: i32,
}

/// `None` if the files inside this crate are broken, which a test would have told.
pub(super) fn fonts() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            Some(Fonts {
                regular: Letters::read(REGULAR)?,
                bold: Letters::read(BOLD)?,
            })
        })
        .as_ref()
}

impl Fonts {
    pub fn of(&self, face: Face) -> &Letters {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        }
    }

    /// How wide one letter is.
    pub fn letter(&self, letter: char, look: Look) -> i32 {
        self.of(look.face).glyph(letter).advance * look.size / UNITS
    }

    /// How wide a text is.
    pub fn width(&self, text: &str, look: Look) -> i32 {
        text.chars().map(|letter| self.letter(letter, look)).sum()
    }
}

/// Units of an em in these fonts; a test looks.
pub(super) const UNITS: i32 = 1000;

impl Letters {
    fn read(file: &'static [u8]) -> Option<Self> {
        let read = FontRef::new(file).ok()?;
        let metrics = read.glyph_metrics(Size::unscaled(), LocationRef::default());
        let glyph = |id: GlyphId| Glyph {
            id: id.to_u32(),
            // The font's own numbers are whole.
            advance: metrics.advance_width(id).map_or(0, |units| units as i32),
        };
        Some(Self {
            font: krilla::text::Font::new(file.into(), 0)?,
            glyphs: read
                .charmap()
                .mappings()
                .map(|(letter, id)| (letter, glyph(id)))
                .collect(),
            missing: glyph(GlyphId::NOTDEF),
        })
    }

    /// A letter the font does not have is an empty box; its text stays right for who copies or searches it.
    pub fn glyph(&self, letter: char) -> Glyph {
        self.glyphs.get(&u32::from(letter)).copied().unwrap_or(self.missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_have_what_a_receipt_needs() {
        let fonts = fonts().unwrap();
        let needed = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюяЫЪЭЁыъэё\
                      ABCXYZabcxyzÄÖÜßąčéñ0123456789 .,:;!?-–—’ʼ'\"«»„“”()[]{}/\\@#&%*+=<>~₴€$№×°²³™©®…";
        for face in [Face::Regular, Face::Bold] {
            let letters = fonts.of(face);
            let missing: String = needed
                .chars()
                .filter(|letter| letters.glyph(*letter) == letters.missing)
                .collect();
            assert_eq!(missing, "", "{face:?}");
            assert_eq!(i32::try_from(letters.font.units_per_em() as u32), Ok(UNITS));
            assert!(letters.glyph('ж').advance > letters.glyph('і').advance);
        }
    }
}
