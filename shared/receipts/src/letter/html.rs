//! The HTML part. Styles are inline and the frame is a table: many mail programs take nothing else.

use maud::{DOCTYPE, html};

use super::{LetterLinks, Told};

const BODY: &str = "margin:0;padding:0;background:#efede6;color:#1c1f1d;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif";
const CARD: &str = "width:100%;max-width:480px;background:#ffffff;border-radius:8px;border-collapse:separate";
const TEST: &str = "margin:0 0 20px;padding:12px;border:2px solid #a3201f;border-radius:6px;background:#fbe4e2;color:#a3201f;font-size:22px;font-weight:bold;text-align:center";
const LABEL: &str = "padding:4px 16px 4px 0;color:#5b625d;text-align:left;vertical-align:top;font-weight:normal";
const VALUE: &str = "padding:4px 0;text-align:right;vertical-align:top;overflow-wrap:anywhere;word-break:break-word";
const BUTTON: &str = "display:inline-block;padding:12px 24px;border-radius:6px;background:#0b6e4f;color:#ffffff;font-weight:bold;text-decoration:none";
const SOFT: &str = "margin:16px 0 0;color:#5b625d;font-size:14px";

pub(super) fn html(told: &Told<'_>, links: &LetterLinks, has_code: bool) -> String {
    let l = told.language;
    html! {
        (DOCTYPE)
        html lang=(l.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (told.subject()) }
            }
            body style=(BODY) {
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" {
                    tr { td align="center" style="padding:24px 12px" {
                        table role="presentation" cellpadding="0" cellspacing="0" border="0" style=(CARD) {
                            tr { td style="padding:28px 24px" { (content(told, links, has_code)) } }
                        }
                    } }
                }
            }
        }
    }
    .into_string()
}

fn content(told: &Told<'_>, links: &LetterLinks, has_code: bool) -> maud::Markup {
    let l = told.language;
    html! {
        @if let Some((mark, means)) = told.test {
            p style=(TEST) { (mark) @if let Some(means) = means { br; span style="font-size:15px" { (means) } } }
        }
        h1 style="margin:0 0 12px;font-size:22px;line-height:1.25" { (told.heading()) }
        p style="margin:0 0 16px" { (told.opening()) }
        table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 24px" {
            @for (label, value) in told.facts() {
                tr { th scope="row" style=(LABEL) { (label) } td style=(VALUE) { (value) } }
            }
        }
        p style="margin:0 0 24px;text-align:center" { a href=(links.receipt_page) style=(BUTTON) { (told.page_label()) } }
        @if has_code {
            p style="margin:0 0 8px;text-align:center" {
                img src="cid:qr" width="180" height="180" style="border:0;background:#ffffff"
                    alt=(l.say("QR-код із посиланням на чек", "QR code with the receipt’s link"));
            }
        }
        @if let Some(link) = told.link {
            p style="margin:0;text-align:center;font-size:14px" { a href=(link) style="color:#0a6047" { (told.link_label()) } }
        }
        @if let Some(note) = told.note { p style=(SOFT) { (note) } }
        p style=(SOFT) { (told.closing()) }
    }
}
