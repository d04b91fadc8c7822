use std::io;
use std::time::Duration;

use crate::letter::LetterError;
use crate::reply::Reply;
use crate::stage::Stage;

/// Why a letter was not handed over, or perhaps was. No text of it has a whole e-mail address, a user or a password.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The letter could not be written down; nobody was asked.
    #[error("the letter cannot be written")]
    Letter(#[from] LetterError),
    /// No connection: the name, the route, or nobody listening.
    #[error("the mail server cannot be reached")]
    Connect(#[source] io::Error),
    /// The TLS handshake failed; a certificate that does not hold counts here.
    #[error("no TLS could be agreed with the mail server")]
    Tls(#[source] io::Error),
    /// `tls=required`, and the server does not offer STARTTLS.
    #[error("the mail server offers no TLS, and it is required")]
    NoTls,
    /// `tls=opportunistic`, the server does not offer STARTTLS, and there is a password to be sent.
    #[error("the mail server offers no TLS, and the password is not sent without it")]
    PasswordInClear,
    /// The server offers neither AUTH PLAIN nor AUTH LOGIN.
    #[error("the mail server offers no way of signing in that is known here")]
    NoSignIn,
    /// The server said no.
    #[error("the mail server refused at {stage}: {reply}")]
    Refused {
        /// What it was asked.
        stage: Stage,
        /// Its answer.
        reply: Reply,
    },
    /// The connection broke.
    #[error("the connection to the mail server broke at {stage}")]
    Lost {
        /// How far the dialogue had come.
        stage: Stage,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No answer in time.
    #[error("the mail server did not answer at {stage} in {waited:?}")]
    Silent {
        /// How far the dialogue had come.
        stage: Stage,
        /// How long it was waited for.
        waited: Duration,
    },
    /// An answer that is not SMTP, or that has no meaning here.
    #[error("the mail server's answer at {stage} is not understood")]
    Nonsense {
        /// How far the dialogue had come.
        stage: Stage,
    },
}

/// What may be done after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The letter was not taken; try again later. No connection or TLS, a connection lost or silent before the letter's
    /// last dot was sent, or any 4xx at any stage (421 among them).
    NotSent,
    /// The address is bad for good: a 5xx to RCPT TO, unless it speaks of us (see `BadConfiguration`).
    BadAddress {
        /// The server's code.
        code: u16,
    },
    /// This letter is refused for good: a 5xx to DATA or after the last dot (552 too large, 554 taken for spam), or a
    /// 552 to MAIL FROM.
    RefusedForGood {
        /// The server's code.
        code: u16,
    },
    /// Somebody must mend the settings; every letter fares alike, so try again later. A 5xx to the greeting, EHLO,
    /// STARTTLS, AUTH (535) or MAIL FROM; 530 and its kin at any stage; no TLS or no AUTH where it is needed; and a 5xx
    /// to RCPT TO that speaks of permission (5.7.x: relaying denied) or of the order of commands.
    BadConfiguration,
    /// Our letter cannot be written; trying again writes the same one.
    BadLetter,
    /// The last dot was sent, and then the connection was lost or silent or the answer made no sense: the letter may
    /// have been delivered.
    Unknown,
}

impl SendError {
    /// May the letter be sent again, and is it worth it?
    pub fn class(&self) -> Class {
        match self {
            Self::Letter(_) => Class::BadLetter,
            Self::Connect(_) | Self::Tls(_) => Class::NotSent,
            Self::NoTls | Self::PasswordInClear | Self::NoSignIn => Class::BadConfiguration,
            Self::Refused { stage, reply } => refused(*stage, reply),
            Self::Lost { stage, .. } | Self::Silent { stage, .. } | Self::Nonsense { stage } => {
                if *stage == Stage::Answer {
                    Class::Unknown
                } else {
                    Class::NotSent
                }
            }
        }
    }
}

/// Asked to sign in, or to sign in better: RFC 4954 §6.
const SIGN_IN_CODES: [u16; 4] = [530, 534, 535, 538];
/// Syntax and order of commands, RFC 5321 §4.2.3. Not 501: to RCPT TO that is the address's own syntax.
const COMMAND_CODES: [u16; 4] = [500, 502, 503, 504];
/// RFC 3463 §3.8: security or policy.
const POLICY: (u16, u16) = (5, 7);
const TOO_LARGE: u16 = 552;

fn refused(stage: Stage, reply: &Reply) -> Class {
    let code = reply.code;
    if code < 500 {
        return Class::NotSent;
    }
    if SIGN_IN_CODES.contains(&code) {
        return Class::BadConfiguration;
    }
    match stage {
        Stage::Connect | Stage::Greeting | Stage::Hello | Stage::StartTls | Stage::SignIn => Class::BadConfiguration,
        Stage::Sender if code == TOO_LARGE => Class::RefusedForGood { code },
        Stage::Sender => Class::BadConfiguration,
        // "Relaying denied" would otherwise make a bad address of every buyer's.
        Stage::Recipient if COMMAND_CODES.contains(&code) || reply.finer() == Some(POLICY) => Class::BadConfiguration,
        Stage::Recipient => Class::BadAddress { code },
        Stage::Data | Stage::Letter | Stage::Answer => Class::RefusedForGood { code },
    }
}

#[cfg(test)]
mod tests;
