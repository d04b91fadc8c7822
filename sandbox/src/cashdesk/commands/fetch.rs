//! A check by its uuid: for the API, and on its public page.

use maud::{DOCTYPE, html};

use super::{Content, Request, represented};
use crate::cashdesk::document::RecordedDocument;
use crate::cashdesk::print::{self, Printout};
use crate::cashdesk::refusal::{Ground, Refusal};
use crate::cashdesk::register::Register;
use crate::cashdesk::state::State;
use crate::cashdesk::wire::{CheckForm, PageForm, Whole, Wishes};

pub(super) fn fetch(state: &State, request: &Request, form: CheckForm) -> Result<Content, Refusal> {
    let (register, document) = found(state, request)?;
    let width = request.query("print_width").and_then(|width| width.parse().ok());
    let wishes = Wishes {
        print_width: width.map(Whole),
        ..Wishes::default()
    };
    let printout = printout(state, register, document, &wishes);
    Ok(match form {
        CheckForm::Text => Content::Text(printout.text()),
        CheckForm::Qr if request.query("ascii") == Some("1") => Content::Text(print::ascii_qr(&printout.qr_data)),
        CheckForm::Qr => Content::Png(print::qr(&printout.qr_data)),
        CheckForm::Json => represented(&state.world, register, document, &wishes),
    })
}

pub(super) fn page(state: &State, request: &Request, form: PageForm) -> Result<Content, Refusal> {
    let (register, document) = found(state, request)?;
    let printout = printout(state, register, document, &Wishes::default());
    Ok(match form {
        PageForm::Html => Content::Html(shown(document, &printout)),
        PageForm::Pdf => Content::Pdf(printout),
        PageForm::Text => Content::Text(printout.text()),
        PageForm::Qrcode => Content::Png(print::qr(&printout.qr_data)),
    })
}

fn found<'a>(state: &'a State, request: &Request) -> Result<(&'a Register, &'a RecordedDocument), Refusal> {
    let document = request.routed.uuid.and_then(|uuid| state.document(uuid));
    let found = document.and_then(|document| Some((state.registers.get(&document.register)?, document)));
    found.ok_or_else(|| Refusal::new(Ground::NotFound, "Чек не знайдено"))
}

fn printout(state: &State, register: &Register, document: &RecordedDocument, wishes: &Wishes) -> Printout {
    let world = &state.world;
    print::of_document(document, &register.setup, &world.base, wishes, &world.switches)
}

fn shown(document: &RecordedDocument, printout: &Printout) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="uk" {
            head {
                meta charset="utf-8";
                title { "Чек " (document.ordernum) }
            }
            body { pre { (printout.text()) } }
        }
    };
    page.into_string()
}
