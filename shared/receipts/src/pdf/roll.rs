//! The receipt on a roll of 80 mm.

use super::font::{Fonts, Look};
use super::mark::{Mark, Role, Setter, Strip};
use super::pages::{Frame, Sheet, high};
use crate::qr::Qr;
use crate::slip::{self, Row};
use crate::words::Said;

/// 80 mm.
const WIDTH: i32 = 22_677;
/// 4 mm: what printers of rolls leave white.
const MARGIN: i32 = 1_134;
/// The longest page that readers of PDF take is 14 400 points.
const LONGEST: i32 = 1_440_000;
/// 36 mm, the margin counted in: read from a phone's distance.
const QR: i32 = 10_205;

const BODY: Look = Look::regular(850);
const LOUD: Look = Look::bold(1_050);
const TOTAL: Look = Look::bold(1_250);
const TEST: Look = Look::bold(1_600);
/// What the letters of taxes need.
const LETTER: i32 = 1_000;

pub(super) fn sheets(said: &Said, qr: Option<&Qr>, fonts: &Fonts) -> Vec<Sheet> {
    let set = Setter {
        fonts,
        width: WIDTH - 2 * MARGIN,
    };
    let groups: Vec<Vec<Strip>> = slip::rows(said).iter().map(|row| strips(row, said, qr, set)).collect();
    let all: i32 = groups.iter().map(|group| high(group)).sum();
    let frame = Frame {
        width: WIDTH,
        height: (all + 2 * MARGIN).min(LONGEST),
        margin: MARGIN,
    };
    frame.fill(groups, &[])
}

fn strips(row: &Row, said: &Said, qr: Option<&Qr>, set: Setter<'_>) -> Vec<Strip> {
    match row {
        Row::Centered(text) => set.centered(text, BODY),
        Row::Loud(text) => loud(text, said, set),
        Row::Text(text) => set.left(text, BODY),
        Row::Pair(left, right) => set.pair((left, BODY), (right, BODY)),
        Row::Lettered(left, sum, letter) => lettered(left, sum, letter, set),
        Row::Total(left, right) => set.pair((left, LOUD), (right, TOTAL)),
        Row::Test(text) => set.centered(text, TEST),
        Row::Rule => vec![Strip::rule(set.width)],
        Row::Gap => vec![Strip::gap(400)],
        Row::Link(_) => qr.map(|qr| code(qr, set)).into_iter().collect(),
    }
}

fn loud(text: &str, said: &Said, set: Setter<'_>) -> Vec<Strip> {
    let role = if text == said.title {
        Role::Heading
    } else {
        Role::Paragraph
    };
    let heading = |strip: Strip| strip.with(role);
    set.centered(text, LOUD).into_iter().map(heading).collect()
}

fn lettered(left: &str, sum: &str, letter: &str, set: Setter<'_>) -> Vec<Strip> {
    let narrower = Setter {
        width: set.width - LETTER,
        ..set
    };
    let mut strips = narrower.pair((left, BODY), (sum, BODY));
    if let Some(last) = strips.last_mut() {
        let x = set.rest(letter, BODY);
        last.marks
            .extend(Strip::line(BODY, vec![(x, BODY, letter.to_owned())]).marks);
    }
    strips
}

fn code(qr: &Qr, set: Setter<'_>) -> Strip {
    Strip {
        role: Role::Paragraph,
        height: QR,
        marks: vec![Mark::Qr {
            x: (set.width - QR) / 2,
            y: 0,
            side: QR,
            qr: qr.clone(),
        }],
    }
}
