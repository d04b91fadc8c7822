use std::path::PathBuf;

use url::Url;

use super::{Security, SmtpUrlError};

#[derive(Default)]
pub(super) struct Parameters {
    pub(super) tls: Option<Security>,
    pub(super) ca: Option<PathBuf>,
    pub(super) hello: Option<String>,
}

pub(super) fn read(url: &Url) -> Result<Parameters, SmtpUrlError> {
    let mut read = Parameters::default();
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "tls" => once(&mut read.tls, tls(&value)?)?,
            "ca" if value.is_empty() => return Err(SmtpUrlError::BadCa),
            "ca" => once(&mut read.ca, PathBuf::from(value.as_ref()))?,
            "hello" if !is_host_name(&value) => return Err(SmtpUrlError::BadHello),
            "hello" => once(&mut read.hello, value.into_owned())?,
            _ => return Err(SmtpUrlError::UnknownParameter),
        }
    }
    Ok(read)
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), SmtpUrlError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(SmtpUrlError::RepeatedParameter),
    }
}

fn tls(value: &str) -> Result<Security, SmtpUrlError> {
    match value {
        "required" => Ok(Security::Required),
        "opportunistic" => Ok(Security::Opportunistic),
        "none" => Ok(Security::Never),
        _ => Err(SmtpUrlError::BadTls),
    }
}

fn is_host_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
}
