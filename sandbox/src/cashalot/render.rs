//! Printable renderings: text for `Visualization`, or the same text as HTML.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::config::RegisterSetup;
use super::document::RecordedDocument;
use super::totals::{Totals, kopecks};
use super::wire::{Check, Decimal, DocClass, DocSubType, DocType, money};
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
    for item in sent.iter().flat_map(|check| check.checkbody.iter().flatten()) {
        let amount = item.amount.and_then(Decimal::thousandths).unwrap_or(0);
        let (price, cost) = (money(kopecks(item.price)), money(kopecks(item.cost)));
        let name = item.name.as_deref().unwrap_or_default();
        lines.push(format!(
            "{name}\n  {}.{:03} x {price} = {cost}",
            amount / 1000,
            amount.unsigned_abs() % 1000
        ));
    }
    lines.push(format!("СУМА {}", money(document.sum_kopecks)));
    for pay in sent.iter().flat_map(|check| check.checkpay.iter().flatten()) {
        lines.push(format!(
            "{} {}",
            pay.payformnm.as_deref().unwrap_or_default(),
            money(kopecks(pay.sum))
        ));
    }
    lines.extend(document.comment.clone());
    lines.push(kyiv::readable(document.at));
    if document.testing {
        lines.push("ТЕСТОВИЙ НЕФІСКАЛЬНИЙ ДОКУМЕНТ".to_owned());
    }
    lines.push("ФІСКАЛЬНИЙ ЧЕК\nCashälot sandbox\nДержавна податкова служба України".to_owned());
    lines.join("\n")
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
