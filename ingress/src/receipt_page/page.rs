//! `GET /r/{token}`

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{Html, IntoResponse, Response};
use ledger::settings::Provider;
use ledger::sheet::Sheet;
use receipts::html::{self, Links};
use receipts::language::Language;

use super::style;
use crate::AppState;
use crate::error::ApiError;

pub(super) async fn show(
    State(app): State<AppState>,
    path: super::InPath,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let sheet = super::find(&app, path).await?;
    let language = super::language(&uri, &headers, &sheet);
    Ok(answer(&sheet, language, ""))
}

/// The page; its links begin with `base`, which is nothing where the page stands beside them.
pub(crate) fn answer(sheet: &Sheet, language: Language, base: &str) -> Response {
    let page = html::page(&sheet.paper, language, &links(sheet, language, base));
    (super::private(), super::framed(super::POLICY), Html(page)).into_response()
}

/// The language that the buyer told the shop.
pub(crate) fn buyers(sheet: &Sheet) -> Option<Language> {
    sheet.buyer.locale.as_deref().and_then(Language::parse)
}

fn links(sheet: &Sheet, language: Language, base: &str) -> Links {
    let here = format!("{base}/r/{}", sheet.token);
    let pdf = |form: &str| format!("{here}/receipt.pdf?form={form}&lang={}", language.code());
    let kept = if sheet.has_html { Some("html") } else { None };
    let kept = kept.or(sheet.has_text.then_some("txt"));
    Links {
        style: format!("{base}{}", *style::ADDRESS),
        a4: pdf("a4"),
        roll: pdf("roll80"),
        other_language: format!("{here}?lang={}", language.other().code()),
        provider: if sheet.has_pdf {
            Some(html::Provider {
                name: gateway(language).to_owned(),
                href: format!("{here}/gateway.pdf"),
            })
        } else {
            kept.map(|kind| html::Provider {
                name: sheet.provider.map_or("", Provider::name).to_owned(),
                href: format!("{here}/provider.{kind}"),
            })
        },
    }
}

const fn gateway(language: Language) -> &'static str {
    match language {
        Language::Uk => "платіжна система",
        Language::En => "the payment system",
    }
}
