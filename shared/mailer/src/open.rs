//! From nothing to a server that waits for `MAIL FROM`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use secrecy::ExposeSecret as _;
use tokio::net::TcpStream;
use url::Host;

use crate::error::SendError;
use crate::mask::mask;
use crate::reply::Raw;
use crate::smtp_url::{Security, SignIn, SmtpUrl};
use crate::stage::Stage;
use crate::tls::Tls;
use crate::wire::{Limit, Wire};

/// What a server said with EHLO that matters to us.
#[derive(Clone, Copy, Default)]
pub(crate) struct Offers {
    starttls: bool,
    plain: bool,
    login: bool,
    /// It wants to know a letter's size beforehand (RFC 1870).
    pub(crate) size: bool,
}

/// Opens a dialogue, from the name to signing in, in `limit` altogether.
pub(crate) async fn open(url: &SmtpUrl, tls: Option<&Tls>, limit: Limit) -> Result<(Wire, Offers), SendError> {
    let stream = limit.within(Stage::Connect, connect(&url.host, url.port)).await?;
    let mut wire = Wire::new(Box::new(stream), false);
    if let (Security::FromTheStart, Some(tls)) = (url.security, tls) {
        wire = wire.encrypt(Stage::Connect, tls, limit).await?;
    }
    wire.answer(Stage::Greeting, "", limit).await?;
    let mut offers = hello(&mut wire, url, limit).await?;
    if let Some(tls) = starttls(url.security, tls, offers)? {
        wire.ask(Stage::StartTls, "STARTTLS", "", limit).await?;
        wire = wire.encrypt(Stage::StartTls, tls, limit).await?;
        // What was offered in clear is forgotten (RFC 3207 §4.2).
        offers = hello(&mut wire, url, limit).await?;
    }
    if let Some(who) = &url.sign_in {
        if !wire.is_encrypted() && !url.is_this_machine() {
            return Err(SendError::PasswordInClear);
        }
        sign_in(&mut wire, offers, who, limit).await?;
    }
    Ok((wire, offers))
}

async fn connect(host: &Host, port: u16) -> Result<TcpStream, SendError> {
    let stream = match host {
        Host::Domain(name) => TcpStream::connect((name.as_str(), port)).await,
        Host::Ipv4(ip) => TcpStream::connect((*ip, port)).await,
        Host::Ipv6(ip) => TcpStream::connect((*ip, port)).await,
    };
    let stream = stream.map_err(SendError::Connect)?;
    stream.set_nodelay(true).map_err(SendError::Connect)?;
    Ok(stream)
}

async fn hello(wire: &mut Wire, url: &SmtpUrl, limit: Limit) -> Result<Offers, SendError> {
    let answer = wire
        .ask(Stage::Hello, &format!("EHLO {}", url.hello), "", limit)
        .await?;
    Ok(offers(&answer))
}

fn offers(answer: &Raw) -> Offers {
    let mut offers = Offers::default();
    // The first line is the server's name.
    for line in answer.lines.iter().skip(1) {
        let line = line.to_ascii_uppercase();
        let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
        match words.next() {
            Some("STARTTLS") => offers.starttls = true,
            Some("SIZE") => offers.size = true,
            Some("AUTH") => {
                for mechanism in words {
                    offers.plain |= mechanism == "PLAIN";
                    offers.login |= mechanism == "LOGIN";
                }
            }
            Some(_) | None => {}
        }
    }
    offers
}

/// With what STARTTLS is to be begun now, if it is.
fn starttls(security: Security, tls: Option<&Tls>, offers: Offers) -> Result<Option<&Tls>, SendError> {
    match (security, offers.starttls) {
        (Security::FromTheStart | Security::Never, _) | (Security::Opportunistic, false) => Ok(None),
        (Security::Required, false) => Err(SendError::NoTls),
        (Security::Required | Security::Opportunistic, true) => Ok(tls),
    }
}

/// AUTH PLAIN (RFC 4616), or AUTH LOGIN, which Microsoft's servers offer alone.
async fn sign_in(wire: &mut Wire, offers: Offers, who: &SignIn, limit: Limit) -> Result<(), SendError> {
    let password = who.password.expose_secret();
    let steps = if offers.plain {
        vec![format!(
            "AUTH PLAIN {}",
            BASE64.encode(format!("\0{}\0{password}", who.user))
        )]
    } else if offers.login {
        vec![
            "AUTH LOGIN".to_owned(),
            BASE64.encode(&who.user),
            BASE64.encode(password),
        ]
    } else {
        return Err(SendError::NoSignIn);
    };
    let last = steps.len();
    for (number, step) in steps.iter().enumerate() {
        let answer = wire.ask(Stage::SignIn, step, &who.user, limit).await;
        let answer = answer.map_err(|error| without_secrets(error, password, &steps))?;
        let expected = if number + 1 == last { 235 } else { 334 };
        if answer.code != expected {
            return Err(SendError::Nonsense { stage: Stage::SignIn });
        }
    }
    Ok(())
}

/// A server that repeats what it was told would bring the password to a log.
fn without_secrets(error: SendError, password: &str, steps: &[String]) -> SendError {
    match error {
        SendError::Refused { stage, mut reply } => {
            let sent = steps
                .iter()
                .flat_map(|step| step.split(' '))
                .filter(|word| *word != "AUTH");
            for secret in sent.chain([password]) {
                reply.text = mask(&reply.text, secret.trim_end_matches('='));
            }
            SendError::Refused { stage, reply }
        }
        error @ (SendError::Letter(_)
        | SendError::Connect(_)
        | SendError::Tls(_)
        | SendError::NoTls
        | SendError::PasswordInClear
        | SendError::NoSignIn
        | SendError::Lost { .. }
        | SendError::Silent { .. }
        | SendError::Nonsense { .. }) => error,
    }
}
