//! `GetCheck` and `GetZRep`: what the tax service has under a fiscal number (sheet §4.10, §11.6).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{RecordedDocument, Register, Reply, State, need_fsko};
use crate::cashalot::config::XmlEncoding;
use crate::cashalot::render::{self, Form};
use crate::cashalot::wire::{self, Answer, DocClass, FetchType, Refusal, parse};
use crate::cashalot::xml;
use crate::qr::Wish;

pub(super) fn check(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    fetch(state, body, DocClass::Check)
}

pub(super) fn z_report(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    fetch(state, body, DocClass::ZRep)
}

fn fetch(state: &mut State, body: &str, class: DocClass) -> Result<Reply, Refusal> {
    let request: wire::Fetch = parse(body)?;
    need_fsko(&state.world)?;
    let Some(register) = state.registers.get_mut(&request.registrar_num_fiscal.0) else {
        return Ok(absent("TransactionsRegistrarNotRegistered").into());
    };
    register.deliver(&mut state.world);
    let number = &request.num_fiscal.0;
    let found = register
        .document(number)
        .filter(|document| document.class == class && document.delivered);
    match found {
        Some(document) => Ok(present(register, document, &request, state.world.config.xml_encoding)),
        None => Ok(absent(absence(register, number)).into()),
    }
}

/// Why there is nothing under this number.
fn absence(register: &Register, number: &str) -> &'static str {
    let Some((session, _)) = number.split_once('.') else {
        return "OnlineDocumentAbsent";
    };
    let issued = session
        .parse()
        .is_ok_and(|session: u64| register.session_ids.contains(&session));
    if issued {
        "OfflineNumberReserved"
    } else {
        "OfflineNumberNotReserved"
    }
}

fn absent(result: &str) -> Answer {
    Answer::new()
        .with("ResultCode", result)
        .with("ResultText", "Документ відсутній")
        .with("Data", None::<&str>)
        .with("Url", None::<&str>)
        .with("QrCode", None::<&str>)
        .ok()
}

fn present(register: &Register, document: &RecordedDocument, request: &wire::Fetch, encoding: XmlEncoding) -> Reply {
    let data = match request.kind {
        FetchType::Availability => None,
        FetchType::Visualization => Some(render::document(
            &register.setup,
            document,
            Form::of(request.vis_as_html),
        )),
        // The signature containers are not simulated: their content is the XML itself.
        FetchType::OriginalXml
        | FetchType::SignedByServerXml
        | FetchType::SignedBySenderXml
        | FetchType::SignedBySenderAndServerXml => {
            Some(STANDARD.encode(xml::bytes(&register.setup, document, encoding)))
        }
    };
    // Only checks have a link.
    let url = match document.class {
        DocClass::Check => Some(document.url()),
        DocClass::ZRep => None,
    };
    let answer = Answer::new()
        .with("ResultCode", "Ok")
        .with("ResultText", None::<&str>)
        .with("Data", data)
        .with("Url", &url)
        .with("QrCode", None::<&str>)
        .ok();
    let qr = url
        .filter(|_| request.get_qr_code == Some(true))
        .map(|url| Wish::new(url, request.qr_size));
    Reply { answer, qr }
}
