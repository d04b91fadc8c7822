//! Printed forms: the text, the QR image and the PDF. They cost milliseconds, so they are made after the simulator's
//! lock was released.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::config::RegisterSetup;
use super::document::{DocKind, RecordedDocument};
use super::pdf::pdf;
use super::switches::{Suppressed, Switches};
use super::wire::{Flag, Whole, Wishes};
use crate::decimal::money;
use crate::kyiv;
use crate::qr::Wish;

/// What will be printed into an answer.
#[derive(Clone, Debug)]
pub(super) struct Printout {
    pub lines: Vec<String>,
    pub qr_data: String,
    no_pdf: bool,
    no_qr: bool,
    no_text_print: bool,
    suppressed: Suppressed,
    pdf_bytes: usize,
}

impl Printout {
    pub(super) fn new(lines: Vec<String>, qr_data: String, wishes: &Wishes, switches: &Switches) -> Self {
        let is_set = |flag: Option<Flag>| flag.is_some_and(|Flag(set)| set);
        Self {
            lines,
            qr_data,
            no_pdf: is_set(wishes.no_pdf),
            no_qr: is_set(wishes.no_qr),
            no_text_print: is_set(wishes.no_text_print),
            suppressed: switches.suppressed,
            pdf_bytes: switches.pdf_bytes,
        }
    }

    /// Adds `qr`, `pdf` and `text_print` to an object.
    pub(super) fn fill(&self, answer: &mut Value) {
        let encoded = |bytes: &[u8]| Value::from(STANDARD.encode(bytes));
        let unless = |unwanted: bool, form: &dyn Fn() -> Value| match (unwanted, self.suppressed) {
            (false, Suppressed::Null | Suppressed::Empty) => form(),
            (true, Suppressed::Null) => Value::Null,
            (true, Suppressed::Empty) => Value::from(""),
        };
        answer["qr"] = unless(self.no_qr, &|| Value::from(qr(&self.qr_data).draw()));
        answer["pdf"] = unless(self.no_pdf, &|| encoded(&self.pdf()));
        answer["text_print"] = unless(self.no_text_print, &|| encoded(self.text().as_bytes()));
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }

    pub(super) fn pdf(&self) -> Vec<u8> {
        pdf(&self.lines, self.pdf_bytes)
    }
}

pub(super) fn qr(data: &str) -> Wish {
    Wish::new(data.to_owned(), None)
}

const WIDTH: u64 = 40;

/// The width of a line that was asked for, or the usual one.
pub(super) fn width(wishes: &Wishes) -> usize {
    let Whole(width) = wishes.print_width.unwrap_or(Whole(WIDTH));
    usize::try_from(width.clamp(16, 128)).unwrap_or(16)
}

/// The document as lines of text.
pub(super) fn lines(document: &RecordedDocument, setup: &RegisterSetup, width: usize) -> Vec<String> {
    let pair = |left: &str, right: &str| {
        let gap = width
            .saturating_sub(left.chars().count() + right.chars().count())
            .max(1);
        format!("{left}{}{right}", " ".repeat(gap))
    };
    let title = match document.kind {
        DocKind::OpenShift => "ВІДКРИТТЯ ЗМІНИ",
        DocKind::Sale => "ФІСКАЛЬНИЙ ЧЕК",
        DocKind::Return => "ВИДАТКОВИЙ ЧЕК",
        DocKind::ServiceInput => "СЛУЖБОВЕ ВНЕСЕННЯ",
        DocKind::ServiceOutput => "СЛУЖБОВА ВИДАЧА",
        DocKind::ZReport => "Z-ЗВІТ",
    };
    let mut lines = vec![
        setup.org_name.clone(),
        setup.name.clone(),
        setup.address.clone(),
        title.to_owned(),
    ];
    for product in &document.products {
        let count = format!("{} x {}", product.amount_text(), product.price.text());
        lines.push(product.name.clone());
        lines.push(pair(&count, &money(product.cost_kopecks)));
        if product.discount_kopecks > 0 {
            lines.push(pair("ЗНИЖКА", &money(product.discount_kopecks)));
        }
    }
    lines.push(pair("СУМА", &money(document.sum_kopecks)));
    let payments = document.payments.iter();
    lines.extend(payments.map(|payment| pair(&payment.name, &money(payment.sum_kopecks))));
    if document.round_kopecks != 0 {
        lines.push(pair("ЗАОКРУГЛЕННЯ", &money(document.round_kopecks)));
    }
    for tax in &document.taxes {
        let name = format!("{} {} {}%", tax.name(), tax.letter.as_deref().unwrap_or(""), tax.prc);
        lines.push(pair(&name, &money(tax.sum_kopecks)));
    }
    lines.push(pair("ЧЕК №", &document.ordernum));
    lines.push(pair("ФН ПРРО", &document.register.to_string()));
    lines.push(kyiv::readable(document.at));
    if document.offline {
        lines.push("ОФЛАЙН".to_owned());
    }
    lines.extend(document.footer.clone());
    lines
}

/// The document's printout.
pub(super) fn of_document(
    document: &RecordedDocument,
    setup: &RegisterSetup,
    base: &str,
    wishes: &Wishes,
    switches: &Switches,
) -> Printout {
    let lines = lines(document, setup, width(wishes));
    Printout::new(lines, document.qr_data(base), wishes, switches)
}

/// The QR code drawn with letters; empty for a text that no QR code can hold.
pub(super) fn ascii_qr(data: &str) -> String {
    let code = qrcode::QrCode::new(data);
    code.map_or_else(|_| String::new(), |code| code.render::<char>().build())
}
