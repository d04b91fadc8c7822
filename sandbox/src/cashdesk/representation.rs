//! The JSON representation of a document (sheet §8): the reply, the webhook, `GET /checks/{uuid}/json`.

use serde_json::{Value, json};

use super::document::{Payment, Product, RecordedDocument, TaxLine};
use super::wire::{hryvnia, number};
use crate::kyiv;

/// Everything but the printed forms.
pub(super) fn representation(document: &RecordedDocument, base: &str) -> Value {
    let at = kyiv::zoned(document.at);
    json!({
        "num_fiscal": document.register.to_string(),
        "check_type": document.kind.name(),
        "hash": document.hash,
        "ORDERNUM": document.ordernum,
        "ORDERDATE": at.strftime("%Y-%m-%d").to_string(),
        "ORDERTIME": at.strftime("%H:%M:%S").to_string(),
        "is_offline": document.offline,
        "check_data": {
            "total_sum": hryvnia(document.sum_kopecks),
            "payments": payments(document),
            "tax": taxes(document),
            "products": document.products.iter().map(product).collect::<Vec<_>>(),
            "offline_id": document.offline_id,
            "date": null,
            "local_number": document.local_number,
            "footer": document.footer,
            "round_sum": hryvnia(document.round_kopecks),
            "global_discount": hryvnia(document.global_discount_kopecks),
        },
        "qr_data": document.qr_data(base),
        "link": document.link(base),
        "uuid": document.uuid.to_string(),
        "local_number": document.local_number,
        "cash_in_box": hryvnia(document.cash_in_box_kopecks),
    })
}

pub(super) fn payments(document: &RecordedDocument) -> Vec<Value> {
    document.payments.iter().map(payment).collect()
}

pub(super) fn taxes(document: &RecordedDocument) -> Vec<Value> {
    document.taxes.iter().map(tax).collect()
}

fn payment(payment: &Payment) -> Value {
    json!({
        "code": payment.code,
        "name": payment.name,
        "sum": hryvnia(payment.sum_kopecks),
        "sum_provided": hryvnia(payment.provided_kopecks),
        "sum_remains": hryvnia(payment.remains_kopecks),
        "pay_terminal": payment.terminal,
    })
}

fn tax(tax: &TaxLine) -> Value {
    json!({
        "name": tax.name(),
        "letter": tax.letter,
        "prc": tax.prc,
        "turnover": hryvnia(tax.turnover_kopecks),
        "sum": hryvnia(tax.sum_kopecks),
        "excise_prc": null,
        "excise_sum": null,
        "excise_letter": null,
        "excise_turnover": null,
    })
}

fn product(product: &Product) -> Value {
    let extras = &product.extras;
    json!({
        "code": product.code,
        "uktzed": extras.uktzed,
        "unit_code": extras.unit_code,
        "unit_name": extras.unit_name,
        "amount": number(&product.amount_text()),
        "name": product.name,
        "price": number(&product.price.text()),
        "letters": product.letters.as_deref().unwrap_or(""),
        "cost": hryvnia(product.cost_kopecks),
        "sum_discount": hryvnia(product.discount_kopecks),
        "bar_code": extras.bar_code,
        "excise_barcode": extras.excise_barcode,
        "excise_letter": extras.excise_letter.as_deref().unwrap_or(""),
    })
}
