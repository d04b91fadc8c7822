//! Commands about the server, keys and settings; none of them touches a tape.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Reply, State, find, to_the_second};
use crate::cashalot::auth;
use crate::cashalot::config::Credentials;
use crate::cashalot::sent::SentReceipt;
use crate::cashalot::wire::{self, Answer, Code, Envelope, Refusal, parse};
use crate::kyiv;

/// `Available` is the tax service being up (sheet §11.10.15).
pub(super) fn server_state(state: &State, body: &str) -> Result<Reply, Refusal> {
    let wire::ServerState {} = parse(body)?;
    let answer = Answer::new()
        .with("Available", state.world.fsko_up)
        .with("Version", &state.world.config.version);
    Ok(answer.ok().into())
}

const CERTIFICATE_ENDS: &str = "2035-05-31T23:59:59";

pub(super) fn certificate_info(state: &State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::CertificateInfo = parse(body)?;
    if request.certificate.is_empty() || STANDARD.decode(&request.certificate).is_err() {
        return Err(Refusal::parameter("Certificate: очікується base64"));
    }
    let owner = state.world.people().find(|(_, operator)| match &operator.credentials {
        Credentials::Keys { certificate, .. } => *certificate == request.certificate,
        Credentials::KeyPin(_) | Credentials::SmartId => false,
    });
    let Some((_, owner)) = owner else {
        return Err(Refusal::new(Code::CryptographyError, "Сертифікат не розпізнано"));
    };
    let ends = owner
        .certificate_ends
        .map_or_else(|| CERTIFICATE_ENDS.to_owned(), to_the_second);
    let answer = Answer::new()
        .with("DtBeg", "2025-06-01T00:00:00")
        .with("DtEnd", ends)
        .with("Edrpou", "99999999")
        .with("Drfo", "")
        .with("Name", &owner.name)
        .with("Stamp", true);
    Ok(answer.ok().into())
}

pub(super) fn setup(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::Setup = parse(body)?;
    let operator = auth::to_store(&state.world, &request)?;
    state.world.stored.retain(|stored| *stored != operator);
    state.world.stored.push(operator);
    Ok(Answer::new().ok().into())
}

pub(super) fn setup_registrar(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::SetupRegistrar = parse(body)?;
    let register = find(&mut state.registers, request.num_fiscal)?;
    register.deliver(&mut state.world);
    register.work_mode = request.work_mode;
    register.send_to_cabinet = request.send_to_cabinet.unwrap_or(register.send_to_cabinet);
    Ok(Answer::new().ok().into())
}

/// Whether keys are needed is not known: none are asked for, wrong ones are refused. Nor is what comes of sending twice:
/// it is sent twice.
pub(super) fn send_check(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::Send = parse(body)?;
    let digits = request.phone_number.strip_prefix("+380").unwrap_or_default();
    if digits.len() != 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::parameter("PhoneNumber: очікується +380XXXXXXXXX"));
    }
    if kyiv::parse(&request.order_date_time).is_none() {
        return Err(Refusal::parameter("OrderDateTime: очікується дата і час"));
    }
    let envelope: Envelope = parse(body)?;
    if envelope.has_credentials() {
        auth::caller(
            &state.world,
            &envelope,
            state.registers.get(&request.registrar_num_fiscal.0),
        )?;
    }
    let register = find(&mut state.registers, request.registrar_num_fiscal)?;
    register.deliver(&mut state.world);
    let number = &request.order_num_fiscal.0;
    let receipt = register.document(number).filter(|document| {
        let is_receipt = document.is_financial() && !document.revoked;
        is_receipt && request.order_sum.kopecks() == Some(document.sum_kopecks)
    });
    let Some(receipt) = receipt else {
        return Err(Refusal::new(Code::NoContent, "Чек не знайдено"));
    };
    let sent = SentReceipt {
        at: state.world.now(),
        register: receipt.register,
        num_fiscal: receipt.num_fiscal.clone(),
        sum_kopecks: receipt.sum_kopecks,
        phone: request.phone_number,
        service_type: request.service_type.unwrap_or(0),
    };
    state.sent.push(sent);
    Ok(Answer::new().ok().into())
}
