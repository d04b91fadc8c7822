//! The basket of an order, and `POST /orders/{id}/basket`: a person corrects it, then resends the document.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::basket::{Basket, Line};
use domain::ids::{ExternalOrderId, MerchantId};
use domain::money::Kopecks;
use ledger::order_card::OrderCard;
use ledger::orders::OrderUpdate;
use ledger::people::Role;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::language::Language;
use super::super::notice::Notice;
use super::super::parts::{self, Align, Head};
use super::super::visitor::Visitor;
use super::{card, list};
use crate::error::ApiError;
use crate::{AppState, json as reader};

/// Empty rows for lines that are missing.
const SPARE: usize = 2;

/// The form as it was written, a row each.
pub(super) struct Written(Vec<Row>);

/// One line as written.
#[derive(Clone, Default)]
struct Row {
    name: String,
    quantity: String,
    price: String,
    total: String,
    code: String,
    vat: String,
    uktzed: String,
    unit_code: String,
    unit: String,
}

/// The form's fields: what is typed, then what is carried along.
const FIELDS: [&str; 9] = [
    "name",
    "quantity",
    "price",
    "total",
    "code",
    "vat",
    "uktzed",
    "unit_code",
    "unit",
];

pub(super) fn show(visitor: &Visitor, order: &OrderCard, written: Option<&Written>) -> Markup {
    let l = visitor.language;
    let paid = order
        .documents
        .iter()
        .find(|shown| shown.document.kind == "sale")
        .map(|shown| shown.document.amount);
    let on_receipt = order.documents.iter().find_map(|shown| shown.basket.as_ref());
    html! {
        @match (&order.basket, on_receipt) {
            (Some(basket), _) => (lines(l, basket)),
            (None, Some(basket)) => {
                p.soft { (l.say("Магазин не надіслав кошика; на чеку так:", "The shop sent no basket; the receipt says:")) }
                (lines(l, basket))
            },
            (None, None) => (parts::empty(l.say("Магазин не надіслав кошика. На чеку буде кошик із платежу або один рядок з описом.",
                "The shop sent no basket. The receipt will have the payment's basket, or one line with the description."))),
        }
        @if visitor.may(Role::Operator) && can_be_edited(order) {
            details open[written.is_some()] {
                summary.button { (l.say("Виправити кошик", "Correct the basket")) }
                @if let Some(paid) = paid { p.hint { (l.say("Сплачено ", "Paid: ")) (l.money(paid)) "." } }
                (form(visitor, order, written))
            }
        }
    }
}

/// As long as no receipt of the sale is made, the basket decides what it says.
fn can_be_edited(order: &OrderCard) -> bool {
    !order
        .documents
        .iter()
        .any(|shown| shown.document.kind == "sale" && shown.document.state == "registered")
}

fn lines(l: Language, basket: &Basket) -> Markup {
    let heads = [
        Head(l.say("Назва", "Name"), Align::Start),
        Head(l.say("Кількість", "Quantity"), Align::End),
        Head(l.say("Ціна", "Price"), Align::End),
        Head(l.say("Разом", "Total"), Align::End),
    ];
    let total = basket
        .lines()
        .iter()
        .try_fold(Kopecks::ZERO, |sum, line| sum.checked_add(line.paid()))
        .unwrap_or(Kopecks::MAX);
    html! {
        (parts::table(l.say("Кошик", "Basket"), &heads, basket.lines().iter().map(|line| vec![
            html! { (line.name) @if let Some(letter) = line.letter { " " span.soft { "ПДВ " (letter.to_string()) } } },
            html! { (line.quantity.to_string()) " " (line.unit.name) },
            html! { (list::sum(l, line.price)) },
            html! { (list::sum(l, line.paid())) },
        ])))
        p { b { (l.say("Разом ", "Total ")) (list::sum(l, total)) } }
    }
}

fn form(visitor: &Visitor, order: &OrderCard, written: Option<&Written>) -> Markup {
    let l = visitor.language;
    let mut rows: Vec<Row> = match written {
        Some(Written(rows)) => rows.clone(),
        None => order
            .basket
            .iter()
            .flat_map(|basket| basket.lines())
            .map(Row::of)
            .collect(),
    };
    rows.resize(rows.len() + SPARE, Row::default());
    let heads = [
        Head(l.say("Назва", "Name"), Align::Start),
        Head(l.say("Кількість", "Quantity"), Align::Start),
        Head(l.say("Ціна", "Price"), Align::Start),
        Head(l.say("Разом", "Total"), Align::Start),
        Head(l.say("Артикул", "Code"), Align::Start),
        Head(l.say("ПДВ", "VAT"), Align::Start),
    ];
    let cell = |head: &Head, row: usize, name: &str, value: &str| {
        html! { input name=(name) value=(value) aria-label={ (head.0) ", " (l.say("рядок", "line")) " " (row + 1) } autocomplete="off"; }
    };
    parts::form(
        visitor,
        &format!("/orders/{}/basket", order.id),
        html! {
            (parts::table(l.say("Кошик", "Basket"), &heads, rows.iter().enumerate().map(|(index, row)| {
                let values = [&row.name, &row.quantity, &row.price, &row.total, &row.code, &row.vat];
                let mut cells: Vec<Markup> = heads.iter().zip(FIELDS).zip(values).map(|((head, name), value)| cell(head, index, name, value)).collect();
                let carried = [("uktzed", &row.uktzed), ("unit_code", &row.unit_code), ("unit", &row.unit)];
                if let Some(last) = cells.last_mut() {
                    *last = html! { (last) @for (name, value) in carried { input type="hidden" name=(name) value=(value); } };
                }
                cells
            })))
            p.hint { (l.say("Рядок без назви не рахується. «Разом» можна не писати: це кількість × ціна; менше «Разом» — знижка.",
                "A line without a name does not count. “Total” may be left out: it is quantity × price; a smaller total is a discount.")) }
            button.main type="submit" { (l.say("Зберегти кошик", "Save the basket")) }
        },
    )
}

impl Row {
    fn of(line: &Line) -> Self {
        Self {
            name: line.name.clone(),
            quantity: line.quantity.to_string(),
            price: line.price.to_string(),
            // Only a discount is written out: else a new price would be undone by the old total.
            total: if line.discount.is_zero() {
                String::new()
            } else {
                line.paid().to_string()
            },
            code: line.code.clone().unwrap_or_default(),
            vat: line.letter.map(|letter| letter.to_string()).unwrap_or_default(),
            uktzed: line.uktzed.clone().unwrap_or_default(),
            unit_code: line.unit.code.to_string(),
            unit: line.unit.name.clone(),
        }
    }

    /// As the API takes a line; a comma is a dot here, for people write so.
    fn json(&self) -> Value {
        let mut line = Map::new();
        let mut put = |name: &str, value: &str| {
            if !value.trim().is_empty() {
                line.insert(name.to_owned(), value.trim().into());
            }
        };
        put("name", &self.name);
        for (name, value) in [
            ("quantity", &self.quantity),
            ("price", &self.price),
            ("total", &self.total),
        ] {
            put(name, &value.replace(',', ".").replace([' ', '\u{a0}'], ""));
        }
        put("code", &self.code);
        put("vat", &self.vat);
        put("uktzed", &self.uktzed);
        if let Ok(code) = self.unit_code.parse::<u32>() {
            line.insert("unit".to_owned(), json!({ "code": code, "name": self.unit }));
        }
        Value::Object(line)
    }
}

impl Written {
    fn read(form: &Form) -> Self {
        let column = |name| form.all(name);
        let at = |name, row: usize| column(name).get(row).cloned().unwrap_or_default();
        let rows = (0..column("name").len()).map(|row| Row {
            name: at("name", row),
            quantity: at("quantity", row),
            price: at("price", row),
            total: at("total", row),
            code: at("code", row),
            vat: at("vat", row),
            uktzed: at("uktzed", row),
            unit_code: at("unit_code", row),
            unit: at("unit", row),
        });
        Self(rows.filter(|row| !row.name.trim().is_empty()).collect())
    }
}

/// Read as the API reads a basket, with its limits and rules.
pub(super) async fn save(
    State(app): State<AppState>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    form: Form,
) -> Result<Response, PageError> {
    let order = super::own(&app, &visitor, path).await?;
    let written = Written::read(&form);
    let body = json!({ "basket": written.0.iter().map(Row::json).collect::<Vec<_>>() }).to_string();
    let read = reader::body(body.as_bytes()).and_then(|body| body.basket("basket"));
    let basket = match read {
        Ok(basket) => basket,
        Err(error) => {
            let why = wrong(visitor.language, &error);
            return card::refused(&app, &visitor, &order, &why, Some(&written)).await;
        }
    };
    let unknown = |_| PageError::NoSuchPage;
    let merchant = MerchantId::parse(&order.merchant).map_err(unknown)?;
    let external = ExternalOrderId::parse(&order.external_id).map_err(unknown)?;
    let update = OrderUpdate {
        basket,
        description: None,
        buyer: None,
        ..OrderUpdate::default()
    };
    let by = visitor.actor();
    app.ledger
        .edit_order(&merchant, &external, &update, &by, app.ledger.now())
        .await?;
    Ok(Notice::Saved.at(&format!("/orders/{}", order.id)))
}

/// Which line and field, and what is wrong with it.
fn wrong(l: Language, error: &ApiError) -> String {
    let ApiError::Field { code, field, detail } = error else {
        return error.words(l == Language::Uk);
    };
    let (line, name) = field
        .strip_prefix("basket[")
        .and_then(|rest| rest.split_once(']'))
        .and_then(|(index, name)| Some((index.parse::<usize>().ok()? + 1, name.trim_start_matches('.'))))
        .map_or((None, field.as_str()), |(line, name)| (Some(line), name));
    let name = match name {
        "name" => l.say("назва", "name"),
        "quantity" => l.say("кількість", "quantity"),
        "price" => l.say("ціна", "price"),
        "total" => l.say("разом", "total"),
        "code" => l.say("артикул", "code"),
        "vat" => l.say("ПДВ", "VAT"),
        "basket" => l.say("кошик", "basket"),
        other => other,
    };
    let what = match *code {
        "missing_field" => l.say("не заповнено", "is missing"),
        "bad_amount" => l.say(
            "сума пишеться цифрами, щонайбільше дві після коми",
            "an amount is digits, at most two after the point",
        ),
        "bad_quantity" => l.say(
            "кількість пишеться цифрами, щонайбільше три після коми",
            "a quantity is digits, at most three after the point",
        ),
        "negative_amount" => l.say("не може бути менше за нуль", "is not below zero"),
        "basket_empty" => l.say(
            "немає жодного рядка, що чогось коштує",
            "has no line that costs anything",
        ),
        _ => detail.as_str(),
    };
    let line = line
        .map(|line| format!("{} {line}, ", l.say("Рядок", "Line")))
        .unwrap_or_default();
    format!("{line}{name}: {what}.")
}
