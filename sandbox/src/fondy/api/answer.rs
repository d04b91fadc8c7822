//! Writing an answer in the shape the request came in.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::Merchant;
use super::super::message::{Field, Fields, form, json_object, masked_string, sign_fields};
use super::super::refusal::Refusal;
use super::super::signature::sign_data;
use super::request::Shape;

const JSON: &str = "application/json; charset=UTF-8";
const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// What a call answers when it was understood.
pub(super) enum Answer {
    /// Fields with a signature (protocol 2.0 signs every answer).
    Signed(Fields),
    /// Fields without one.
    Unsigned(Fields),
    /// Ready JSON, sent as it is.
    Json(String),
    /// Where the browser goes.
    Redirect(String),
}

impl Answer {
    pub(super) fn write(self, shape: Shape, merchant: &Merchant) -> Response {
        match (self, shape) {
            (Self::Json(json), _) => reply(JSON, json),
            (Self::Redirect(to), _) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
            (Self::Signed(fields) | Self::Unsigned(fields), Shape::Envelope) => envelope(&fields, merchant),
            (Self::Signed(mut fields), Shape::Json | Shape::Form) => {
                let signature = sign_fields(&merchant.key, &fields);
                if merchant.test_mode {
                    fields.push((
                        "response_signature_string",
                        Field::Text(masked_string(&merchant.key, &fields)),
                    ));
                }
                fields.push(("signature", Field::Text(signature)));
                flat(&fields, shape)
            }
            (Self::Unsigned(fields), Shape::Json | Shape::Form) => flat(&fields, shape),
        }
    }
}

/// An error: HTTP 200, never signed, never base64.
pub(super) fn failure(refusal: &Refusal, shape: Shape, request_id: String) -> Response {
    let fields = [
        ("response_status", Field::text("failure")),
        ("error_code", Field::Number(refusal.code.into())),
        ("error_message", Field::text(refusal.message.as_str())),
        ("request_id", Field::Text(request_id)),
    ];
    flat(&fields, shape)
}

fn flat(fields: &[(&str, Field)], shape: Shape) -> Response {
    match shape {
        Shape::Form => reply(FORM, form(fields)),
        Shape::Json | Shape::Envelope => reply(JSON, format!("{{\"response\":{}}}", json_object(fields))),
    }
}

fn envelope(fields: &Fields, merchant: &Merchant) -> Response {
    let data = STANDARD.encode(format!("{{\"order\":{}}}", json_object(fields)));
    let signature = sign_data(&merchant.key, &data);
    let outer = [
        ("version", Field::text("2.0")),
        ("data", Field::Text(data)),
        ("signature", Field::Text(signature)),
    ];
    flat(&outer, Shape::Json)
}

fn reply(content_type: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}
