//! A receipt as a strip of paper shows it, row by row: for a printer's text and for the narrow PDF.

use crate::words::{AUTHORITY, Fact, Item, PRODUCER, Said, discount_label};

/// One row; it may take several lines.
pub(crate) enum Row {
    /// In the middle.
    Centered(String),
    /// In the middle and larger.
    Loud(String),
    /// From the left edge.
    Text(String),
    /// One to the left, one to the right edge.
    Pair(String, String),
    /// One to the left, a sum and its letter (maybe none) to the right, each in its own column.
    Lettered(String, String, String),
    /// A pair, larger.
    Total(String, String),
    /// The mark of a test receipt, as large as the paper allows.
    Test(String),
    /// A line across.
    Rule,
    /// A little air, where the paper has it to spare.
    Gap,
    /// The link, as a QR code where that can be drawn.
    Link(String),
}

pub(crate) fn rows(said: &Said) -> Vec<Row> {
    let mut rows = test(said);
    if said.is_refund {
        rows.extend(title(said));
        rows.push(Row::Gap);
    }
    rows.extend(said.seller.iter().enumerate().map(|(place, line)| match place {
        0 => Row::Loud(line.clone()),
        _ => Row::Centered(line.clone()),
    }));
    rows.push(Row::Rule);
    for (place, item) in said.items.iter().enumerate() {
        if place > 0 {
            rows.push(Row::Gap);
        }
        rows.extend(item_rows(item, said));
    }
    rows.push(Row::Rule);
    rows.extend(said.sums.iter().map(pair));
    let total = &said.total;
    rows.push(Row::Total(
        format!("{}, {}", total.label, said.language.say("ГРН", "UAH")),
        total.value.clone(),
    ));
    rows.extend(said.taxes.iter().map(pair));
    rows.push(Row::Rule);
    rows.extend(said.payment.iter().map(pair));
    rows.push(Row::Rule);
    rows.extend(said.numbers.iter().map(pair));
    rows.push(Row::Rule);
    rows.extend(said.link.iter().cloned().map(Row::Link));
    if let Some(note) = said.note {
        rows.extend([Row::Centered(note.to_owned()), Row::Gap]);
    }
    rows.extend(title(said));
    rows.extend([AUTHORITY, PRODUCER].map(|line| Row::Centered(line.to_owned())));
    rows.extend(test(said));
    rows
}

fn item_rows(item: &Item, said: &Said) -> Vec<Row> {
    let mut rows = vec![Row::Text(item.name.clone())];
    rows.extend(item.remarks.iter().cloned().map(Row::Text));
    let sum = |left: String, sum: &str, letter: Option<&str>| {
        if said.has_letters() {
            Row::Lettered(left, sum.to_owned(), letter.unwrap_or_default().to_owned())
        } else {
            Row::Pair(left, sum.to_owned())
        }
    };
    rows.push(sum(item.how(), &item.cost, item.letter.as_deref()));
    let discount = item.discount.as_deref();
    rows.extend(discount.map(|discount| sum(discount_label(said.language).to_owned(), discount, None)));
    rows
}

fn title(said: &Said) -> Vec<Row> {
    let mut rows = vec![Row::Loud(said.title.to_owned())];
    rows.extend(said.translation.map(|text| Row::Centered(text.to_owned())));
    rows
}

fn test(said: &Said) -> Vec<Row> {
    let Some((mark, means)) = said.test else {
        return Vec::new();
    };
    let mut rows = vec![Row::Gap, Row::Test(mark.to_owned())];
    rows.extend(means.map(|text| Row::Centered(text.to_owned())));
    rows.push(Row::Gap);
    rows
}

fn pair(fact: &Fact) -> Row {
    Row::Pair(fact.label.clone(), fact.value.clone())
}
