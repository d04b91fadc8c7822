//! What is drawn, in hundredths of a point from the top left corner.

use super::font::{Fonts, Look};
use crate::qr::Qr;
use crate::wrap::wrap;

/// One thing on the paper; places are within its strip, later within its page.
#[derive(Clone)]
pub(super) enum Mark {
    /// `y` is where the letters stand.
    Text {
        x: i32,
        y: i32,
        look: Look,
        text: String,
    },
    Rule {
        x: i32,
        y: i32,
        width: i32,
    },
    /// The code with its white margin; following it leads to its link.
    Qr {
        x: i32,
        y: i32,
        side: i32,
        qr: Qr,
    },
}

impl Mark {
    pub fn moved(self, right: i32, down: i32) -> Self {
        match self {
            Self::Text { x, y, look, text } => Self::Text {
                x: x + right,
                y: y + down,
                look,
                text,
            },
            Self::Rule { x, y, width } => Self::Rule {
                x: x + right,
                y: y + down,
                width,
            },
            Self::Qr { x, y, side, qr } => Self::Qr {
                x: x + right,
                y: y + down,
                side,
                qr,
            },
        }
    }
}

/// What a strip is to who hears the document read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Heading,
    Paragraph,
    /// Repeated on each page: not read.
    Furniture,
}

/// A piece that no page break parts: usually one line.
#[derive(Clone)]
pub(super) struct Strip {
    pub role: Role,
    pub height: i32,
    pub marks: Vec<Mark>,
}

impl Strip {
    pub const fn gap(height: i32) -> Self {
        Self {
            role: Role::Furniture,
            height,
            marks: Vec::new(),
        }
    }

    pub fn rule(width: i32) -> Self {
        Self {
            role: Role::Furniture,
            height: 700,
            marks: vec![Mark::Rule { x: 0, y: 350, width }],
        }
    }

    /// A line with these texts on it.
    pub fn line(look: Look, texts: Vec<(i32, Look, String)>) -> Self {
        // Three quarters of a line's height are above what the letters stand on.
        let y = look.leading() * 3 / 4;
        let marks = texts.into_iter().filter(|(_, _, text)| !text.is_empty());
        Self {
            role: Role::Paragraph,
            height: look.leading(),
            marks: marks.map(|(x, look, text)| Mark::Text { x, y, look, text }).collect(),
        }
    }

    pub fn with(self, role: Role) -> Self {
        Self { role, ..self }
    }

    pub fn moved(self, right: i32) -> Self {
        Self {
            marks: self.marks.into_iter().map(|mark| mark.moved(right, 0)).collect(),
            ..self
        }
    }
}

/// Sets lines into a column of some width.
#[derive(Clone, Copy)]
pub(super) struct Setter<'a> {
    pub fonts: &'a Fonts,
    pub width: i32,
}

impl Setter<'_> {
    pub fn broken(self, text: &str, look: Look, width: i32) -> Vec<String> {
        wrap(text, width, |letter| self.fonts.letter(letter, look))
    }

    pub fn left(self, text: &str, look: Look) -> Vec<Strip> {
        let set = |line| Strip::line(look, vec![(0, look, line)]);
        self.broken(text, look, self.width).into_iter().map(set).collect()
    }

    pub fn centered(self, text: &str, look: Look) -> Vec<Strip> {
        let set = |line: String| Strip::line(look, vec![(self.rest(&line, look) / 2, look, line)]);
        self.broken(text, look, self.width).into_iter().map(set).collect()
    }

    /// The right part stands on the last line of the left one where both fit, and on lines of its own otherwise.
    pub fn pair(self, left: (&str, Look), right: (&str, Look)) -> Vec<Strip> {
        let look = if left.1.size > right.1.size { left.1 } else { right.1 };
        let mut lefts = self.broken(left.0, left.1, self.width);
        let mut rights = self.broken(right.0, right.1, self.width);
        let mut last = Vec::new();
        let apart = right.1.size;
        if let ([.., end], [value]) = (lefts.as_slice(), rights.as_slice())
            && self.fonts.width(end, left.1) + apart + self.fonts.width(value, right.1) <= self.width
        {
            last.extend(lefts.pop().map(|line| (0, left.1, line)));
            last.extend(rights.pop().map(|line| (self.rest(&line, right.1), right.1, line)));
        }
        let mut strips: Vec<Strip> = Vec::new();
        strips.extend(lefts.into_iter().map(|line| Strip::line(look, vec![(0, left.1, line)])));
        strips.extend(rights.into_iter().map(|line| {
            let x = self.rest(&line, right.1);
            Strip::line(look, vec![(x, right.1, line)])
        }));
        if !last.is_empty() {
            strips.push(Strip::line(look, last));
        }
        strips
    }

    pub fn rest(self, line: &str, look: Look) -> i32 {
        self.width - self.fonts.width(line, look)
    }
}

/// Columns beside each other as one strip.
pub(super) fn beside(columns: Vec<Vec<Strip>>) -> Strip {
    let mut whole = Strip::gap(0).with(Role::Paragraph);
    for column in columns {
        let mut y = 0;
        for strip in column {
            whole.marks.extend(strip.marks.into_iter().map(|mark| mark.moved(0, y)));
            y += strip.height;
        }
        whole.height = whole.height.max(y);
    }
    whole
}
