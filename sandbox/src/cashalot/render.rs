//! Printable renderings: text for `Visualization`, or the same text as HTML.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::config::RegisterSetup;
use super::document::RecordedDocument;
use super::totals::{Totals, kopecks};
use super::wire::{Check, CheckLine, Decimal, DocClass, DocSubType, DocType, money};
use crate::kyiv;

/// Plain text or HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Html,
}

impl Form {
    pub(super) fn of(as_html: Option<bool>) -> Self {
        if as_html == Some(true) { Self::Html } else { Self::Text }
    }
}

/// A document, base64.
pub(super) fn document(setup: &RegisterSetup, document: &RecordedDocument, form: Form) -> String {
    encode(&document_text(setup, document), form)
}

/// A shift's running totals (the X-report), base64.
pub(super) fn totals(setup: &RegisterSetup, totals: &Totals) -> String {
    let [(sales, sale_count), (returns, return_count)] = totals.summary();
    let text = format!(
        "{}\nПРРО ФН {} ВН {}\nХ-ЗВІТ\nРеалізація: {} ({sale_count})\nПовернення: {} ({return_count})\n",
        setup.organisation,
        setup.num_fiscal,
        setup.num_local,
        money(sales),
        money(returns),
    );
    encode(&text, Form::Text)
}

fn encode(text: &str, form: Form) -> String {
    match form {
        Form::Text => STANDARD.encode(text),
        Form::Html => {
            let safe = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            STANDARD.encode(format!("<!DOCTYPE html><html><body><pre>{safe}</pre></body></html>"))
        }
    }
}

fn document_text(setup: &RegisterSetup, document: &RecordedDocument) -> String {
    let line = if document.offline {
        "офлайн"
    } else {
        "онлайн"
    };
    let mut lines = vec![
        setup.organisation.clone(),
        setup.unit.clone(),
        setup.address.clone(),
        setup
            .ipn
            .as_ref()
            .map_or_else(|| format!("ІД {}", setup.tin), |ipn| format!("ПН {ipn}")),
        format!("ПРРО ФН {} ВН {}", setup.num_fiscal, setup.num_local),
        format!(
            "{} ФН {} ВН {} {line}",
            title(document),
            document.num_fiscal,
            document.num_local
        ),
        format!("Касир {}", document.cashier),
    ];
    let sent = document
        .check
        .as_deref()
        .and_then(|text| serde_json::from_str::<Check>(text).ok());
    if let Some(check) = &sent {
        lines.extend(check.checkbody.iter().flatten().flat_map(item));
    }
    lines.push(format!("СУМА {}", money(document.sum_kopecks)));
    if let Some(check) = &sent {
        lines.extend(after_the_sum(check));
    }
    lines.extend(document.comment.clone());
    lines.push(kyiv::readable(document.at));
    if document.testing {
        lines.push("ТЕСТОВИЙ НЕФІСКАЛЬНИЙ ДОКУМЕНТ".to_owned());
    }
    lines.push("ФІСКАЛЬНИЙ ЧЕК\nCashälot sandbox\nДержавна податкова служба України".to_owned());
    lines.join("\n")
}

fn item(line: &CheckLine) -> Vec<String> {
    let amount = line.amount.and_then(Decimal::thousandths).unwrap_or(0);
    let (whole, part) = (amount / 1000, amount.unsigned_abs() % 1000);
    let (price, cost) = (money(kopecks(line.price)), money(kopecks(line.cost)));
    let letters = line.letters.as_ref().map(|letters| format!(" {letters}"));
    let mut lines = vec![
        line.name.clone().unwrap_or_default(),
        format!("  {whole}.{part:03} x {price} = {cost}{}", letters.unwrap_or_default()),
    ];
    lines.extend(amount_line("  Знижка", line.discountsum));
    lines
}

/// Discount, rounding, what it was paid with, and the taxes.
fn after_the_sum(check: &Check) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(total) = &check.checktotal {
        lines.extend(amount_line("Знижка", total.discountsum));
        lines.extend(amount_line("Заокруглення", total.rndsum));
        lines.extend(amount_line("Без заокруглення", total.norndsum));
    }
    for pay in check.checkpay.iter().flatten() {
        let name = pay.payformnm.as_deref().unwrap_or_default();
        lines.push(format!("{name} {}", money(kopecks(pay.sum))));
    }
    for tax in check.checktax.iter().flatten() {
        let (name, letter) = (
            tax.name.as_deref().unwrap_or_default(),
            tax.letter.as_deref().unwrap_or_default(),
        );
        let (rate, sum) = (money(kopecks(tax.prc)), money(kopecks(tax.sum)));
        lines.push(format!("{name} {letter} {rate}% {sum}"));
    }
    lines
}

/// A named amount, if there is one and it is not nothing.
fn amount_line(name: &str, amount: Option<Decimal>) -> Option<String> {
    let amount = kopecks(amount);
    (amount != 0).then(|| format!("{name} {}", money(amount)))
}

fn title(document: &RecordedDocument) -> &'static str {
    match (document.class, document.doc_type, document.doc_sub_type) {
        (DocClass::ZRep, _, _) => "Z-ЗВІТ",
        (DocClass::Check, Some(DocType::OpenShift), _) => "ВІДКРИТТЯ ЗМІНИ",
        (DocClass::Check, Some(DocType::CloseShift), _) => "ЗАКРИТТЯ ЗМІНИ",
        (DocClass::Check, Some(DocType::OfflineBegin), _) => "ПОЧАТОК ОФЛАЙН СЕСІЇ",
        (DocClass::Check, Some(DocType::OfflineEnd), _) => "ЗАВЕРШЕННЯ ОФЛАЙН СЕСІЇ",
        (DocClass::Check, _, Some(DocSubType::CheckReturn)) => "ВИДАТКОВИЙ ЧЕК",
        (DocClass::Check, _, Some(DocSubType::CheckStorno)) => "СТОРНО",
        (DocClass::Check, _, Some(DocSubType::ServiceDeposit | DocSubType::AdditionalDeposit)) => "СЛУЖБОВЕ ВНЕСЕННЯ",
        (DocClass::Check, _, Some(DocSubType::ServiceIssue)) => "СЛУЖБОВА ВИДАЧА",
        (DocClass::Check, _, Some(DocSubType::CheckGoods) | None) => "ЧЕК",
    }
}
