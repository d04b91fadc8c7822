//! Who is calling (sheet §2 and §11.10.13).

use super::config::Credentials;
use super::register::Register;
use super::wire::{Code, Envelope, Refusal, Setup};
use super::world::{OperatorId, World};

/// The operator behind the request's credentials, or behind those that `Setup` stored.
///
/// Several kinds of credentials at once are accepted only if each of them is right.
pub(super) fn caller(world: &World, sent: &Envelope, register: Option<&Register>) -> Result<OperatorId, Refusal> {
    let mut callers = Vec::new();
    if let Some(pin) = &sent.key_pin {
        callers.push(find(world, &Credentials::KeyPin(pin.clone()))?);
    }
    let smart_id = sent.use_smart_id == Some(true);
    if smart_id {
        callers.push(smart_id_owner(world, register)?);
    }
    match (&sent.certificate, &sent.private_key, &sent.password) {
        (None, None, None) => {}
        // What accompanies a SmartID call is not known; a certificate beside it is tolerated.
        (_, None, None) if smart_id => {}
        (Some(certificate), Some(private_key), Some(password)) => {
            callers.push(find(world, &keys(certificate, private_key, password))?);
        }
        (_, _, _) => return Err(wrong("Неповний набір ключа: потрібні сертифікат, ключ і пароль")),
    }
    match callers.first() {
        Some(first) => Ok(*first),
        None => stored(world, register),
    }
}

/// The operator whose key `Setup` brings.
pub(super) fn to_store(world: &World, setup: &Setup) -> Result<OperatorId, Refusal> {
    match (&setup.certificate, &setup.private_key, &setup.password) {
        (Some(certificate), Some(private_key), Some(password)) => {
            find(world, &keys(certificate, private_key, password))
        }
        (_, None, None) if setup.use_smart_id == Some(true) => smart_id_owner(world, None),
        (_, _, _) => Err(Refusal::parameter("Потрібні Certificate, PrivateKey і Password")),
    }
}

fn keys(certificate: &str, private_key: &str, password: &str) -> Credentials {
    Credentials::Keys {
        certificate: certificate.to_owned(),
        private_key: private_key.to_owned(),
        password: password.to_owned(),
    }
}

fn find(world: &World, credentials: &Credentials) -> Result<OperatorId, Refusal> {
    let known = world
        .people()
        .find(|(_, operator)| operator.credentials == *credentials);
    known
        .map(|(id, _)| id)
        .ok_or_else(|| wrong("Невірний ключ, пароль або PIN"))
}

/// A SmartID call does not say whose it is, so the register decides between several owners.
fn smart_id_owner(world: &World, register: Option<&Register>) -> Result<OperatorId, Refusal> {
    let owners = || {
        world
            .people()
            .filter(|(_, operator)| operator.credentials == Credentials::SmartId)
    };
    owners()
        .find(|(id, _)| register.is_some_and(|register| register.operators.contains(id)))
        .or_else(|| owners().next())
        .map(|(id, _)| id)
        .ok_or_else(|| wrong("SmartID не підключено"))
}

fn stored(world: &World, register: Option<&Register>) -> Result<OperatorId, Refusal> {
    let fitting = register.and_then(|register| world.stored.iter().find(|id| register.operators.contains(id)));
    fitting
        .or(world.stored.last())
        .copied()
        .ok_or_else(|| wrong("Ключ не передано і не збережено"))
}

fn wrong(message: &str) -> Refusal {
    Refusal::new(Code::CryptographyError, message)
}
