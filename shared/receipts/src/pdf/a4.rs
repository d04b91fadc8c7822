//! The receipt on A4.

use super::font::{Fonts, Look};
use super::mark::{Mark, Role, Setter, Strip, beside};
use super::pages::{Frame, Sheet};
use crate::language::Language;
use crate::qr::Qr;
use crate::words::{AUTHORITY, Fact, Item, PRODUCER, Said, discount_label};

/// 210 × 297 mm.
const FRAME: Frame = Frame {
    width: 59_528,
    height: 84_189,
    margin: 5_102,
};
const WIDTH: i32 = FRAME.width - 2 * FRAME.margin;
/// Between the two halves.
const GUTTER: i32 = 2_400;
const HALF: i32 = (WIDTH - GUTTER) / 2;
/// 38 mm, the margin counted in.
const QR: i32 = 10_772;

const BODY: Look = Look::regular(900);
const SOFT: Look = Look::soft(800);
const BOLD: Look = Look::bold(900);
const SELLER: Look = Look::bold(1_250);
const TITLE: Look = Look::bold(1_500);
const TOTAL: Look = Look::bold(1_500);
const TEST: Look = Look::bold(2_400);

pub(super) fn sheets(said: &Said, qr: Option<&Qr>, fonts: &Fonts) -> Vec<Sheet> {
    let set = Setter { fonts, width: WIDTH };
    let columns = Columns::of(said);
    let mut groups = vec![test(said, set), head(said, set)];
    let mut items: Vec<Vec<Strip>> = said.items.iter().map(|item| columns.item(item, said, set)).collect();
    let last = items.pop().unwrap_or_default();
    if let Some(first) = items.first_mut() {
        first.insert(0, columns.header(said, set));
    }
    // The last line and the sums stay together, so that no page has sums alone.
    let mut end = last;
    if items.is_empty() {
        end.insert(0, columns.header(said, set));
    }
    end.push(Strip::rule(WIDTH));
    end.push(sums(said, qr, set));
    end.push(Strip::gap(900));
    end.extend(set.centered(&format!("{AUTHORITY} · {PRODUCER}"), SOFT));
    end.extend(test(said, set));
    groups.extend(items);
    groups.push(end);
    let again = [
        Strip::line(SOFT, vec![(0, SOFT, format!("{} · {}", said.title, number(said)))]).with(Role::Furniture),
        Strip::gap(500),
        columns.header(said, set).with(Role::Furniture),
    ];
    let mut sheets = FRAME.fill(groups, &again);
    count(&mut sheets, said.language, set);
    sheets
}

fn number(said: &Said) -> String {
    said.numbers
        .first()
        .map(|fact| format!("{} {}", fact.label, fact.value))
        .unwrap_or_default()
}

/// «Сторінка 1 з 2» at the foot, where there is more than one.
fn count(sheets: &mut [Sheet], language: Language, set: Setter<'_>) {
    let all = sheets.len();
    if all < 2 {
        return;
    }
    for (place, sheet) in sheets.iter_mut().enumerate() {
        let text = match language {
            Language::Uk => format!("Сторінка {} з {all}", place + 1),
            Language::En => format!("Page {} of {all}", place + 1),
        };
        let y = FRAME.height - FRAME.margin / 2 - SOFT.leading();
        let strips = set.centered(&text, SOFT);
        let strips = strips
            .into_iter()
            .map(|strip| (FRAME.margin, y, strip.with(Role::Furniture)));
        sheet.strips.extend(strips);
    }
}

fn test(said: &Said, set: Setter<'_>) -> Vec<Strip> {
    let Some((mark, means)) = said.test else {
        return Vec::new();
    };
    let mut strips = set.centered(mark, TEST);
    strips.extend(means.into_iter().flat_map(|text| set.centered(text, BOLD)));
    strips.push(Strip::gap(900));
    strips
}

fn head(said: &Said, set: Setter<'_>) -> Vec<Strip> {
    let half = Setter { width: HALF, ..set };
    let mut title: Vec<Strip> = set.left(said.title, TITLE);
    title.extend(said.translation.into_iter().flat_map(|text| set.left(text, SOFT)));
    let mut strips: Vec<Strip> = title.into_iter().map(|strip| strip.with(Role::Heading)).collect();
    strips.push(Strip::gap(800));
    let seller = said.seller.iter().enumerate().flat_map(|(place, text)| match place {
        0 => half.left(text, SELLER),
        _ => half.left(text, BODY),
    });
    let numbers = pairs(&said.numbers, half);
    strips.push(beside(vec![seller.collect(), shifted(numbers)]));
    strips.push(Strip::gap(1_400));
    strips
}

/// The link's code to the left; sums, total, taxes and payment to the right.
fn sums(said: &Said, qr: Option<&Qr>, set: Setter<'_>) -> Strip {
    let half = Setter { width: HALF, ..set };
    let mut code: Vec<Strip> = qr.into_iter().map(picture).collect();
    if qr.is_some() {
        code.extend(half.left(
            said.language.say(
                "Перевірити чек на сайті податкової служби",
                "Check the receipt on the site of the tax service",
            ),
            SOFT,
        ));
    }
    code.extend(said.note.into_iter().flat_map(|note| half.left(note, SOFT)));
    let mut right = pairs(&said.sums, half);
    let total = format!("{} ₴", said.total.value);
    right.extend(half.pair((&said.total.label, BOLD), (&total, TOTAL)));
    right.push(Strip::gap(400));
    right.extend(pairs(&said.taxes, half));
    right.push(Strip::gap(400));
    right.extend(pairs(&said.payment, half));
    beside(vec![code, shifted(right)])
}

/// The dark part of the code begins at the edge.
fn picture(qr: &Qr) -> Strip {
    let qr = qr.clone();
    let margin = QR * 4 / i32::try_from(qr.side()).unwrap_or(QR);
    Strip {
        role: Role::Paragraph,
        height: QR - margin,
        marks: vec![Mark::Qr {
            x: -margin,
            y: -margin,
            side: QR,
            qr,
        }],
    }
}

fn pairs(facts: &[Fact], set: Setter<'_>) -> Vec<Strip> {
    let pair = |fact: &Fact| set.pair((&fact.label, SOFT), (&fact.value, BODY));
    facts.iter().flat_map(pair).collect()
}

/// Into the right half.
fn shifted(strips: Vec<Strip>) -> Vec<Strip> {
    strips.into_iter().map(|strip| strip.moved(WIDTH - HALF)).collect()
}

/// The right edges of the table's columns, and the width of two of them.
struct Columns {
    name: i32,
    quantity: i32,
    price: i32,
    cost: i32,
}

impl Columns {
    const SUM: i32 = 8_200;
    const QUANTITY: i32 = 7_000;
    const GAP: i32 = 600;

    fn of(said: &Said) -> Self {
        let cost = if said.has_letters() { WIDTH - 2_600 } else { WIDTH };
        let price = cost - Self::SUM;
        let quantity = price - Self::SUM;
        Self {
            name: quantity - Self::QUANTITY - Self::GAP,
            quantity,
            price,
            cost,
        }
    }

    fn header(&self, said: &Said, set: Setter<'_>) -> Strip {
        let l = said.language;
        let to = |edge: i32, text: &str| (edge - set.fonts.width(text, SOFT), SOFT, text.to_owned());
        let mut texts = vec![
            (0, SOFT, l.say("Назва", "Name").to_owned()),
            to(self.quantity, l.say("Кількість", "Quantity")),
            to(self.price, l.say("Ціна, ₴", "Price, ₴")),
            to(self.cost, l.say("Вартість, ₴", "Cost, ₴")),
        ];
        if said.has_letters() {
            texts.push(to(WIDTH, l.say("ПДВ", "VAT")));
        }
        beside(vec![vec![Strip::line(SOFT, texts), Strip::rule(WIDTH)]])
    }

    fn item(&self, item: &Item, said: &Said, set: Setter<'_>) -> Vec<Strip> {
        let to = |edge: i32, text: &str| (edge - set.fonts.width(text, BODY), BODY, text.to_owned());
        let line = |texts| Strip::line(BODY, texts);
        let narrow = Setter {
            width: self.name,
            ..set
        };
        let mut name = narrow.left(&item.name, BODY);
        name.extend(item.remarks.iter().flat_map(|remark| narrow.left(remark, SOFT)));
        let quantity = set.broken(&item.quantity, BODY, Self::QUANTITY);
        let quantity = quantity.iter().map(|text| line(vec![to(self.quantity, text)]));
        let mut sums = vec![to(self.price, &item.price), to(self.cost, &item.cost)];
        sums.extend(item.letter.as_ref().map(|letter| to(WIDTH, letter)));
        // Column after column, so that a name is found as a whole by who searches.
        let mut strips = vec![beside(vec![name, quantity.collect(), vec![line(sums)]])];
        strips.extend(item.discount.as_ref().map(|discount| {
            let label = (0, SOFT, discount_label(said.language).to_owned());
            line(vec![label, to(self.cost, discount)])
        }));
        strips.push(Strip::gap(350));
        strips
    }
}
