//! A file behind an address that somebody else named.

use std::time::{Duration, Instant};

use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::address::is_public;
use crate::post::{Policy, PrivateAddresses, SetupError, TransportError, client, is_not_public};

/// Gets files. Cloning is cheap. What [`crate::Hooks`] keeps from a shop's endpoint is kept from such addresses, too.
#[derive(Clone, Debug)]
pub struct Fetcher {
    http: reqwest::Client,
    policy: Policy,
}

/// A file as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its media type without parameters, in small letters; empty if none was told.
    pub media_type: String,
    /// Its bytes, at least none.
    pub bytes: Vec<u8>,
}

/// Why there is no file. Shows nothing of the address, which may let in whoever has it.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an address of the web; without TLS only where private addresses are allowed.
    #[error("the file's address is not one of the web with TLS")]
    BadAddress,
    /// The address, or every address that the name leads to, is not public. Nothing was asked.
    #[error("the file's address is not public, and such are not allowed")]
    PrivateAddress,
    /// No connection: the name, the route, nobody listening, or TLS.
    #[error("the file's server cannot be reached")]
    Connect(#[source] TransportError),
    /// No whole file in time.
    #[error("the file did not come in {waited:?}")]
    Silent {
        /// How long it was waited for.
        waited: Duration,
    },
    /// The connection broke.
    #[error("the connection to the file's server broke")]
    Lost(#[source] TransportError),
    /// Another answer than 200; redirects are not followed.
    #[error("the file's server answered {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// More than was asked for.
    #[error("the file has more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

impl Fetcher {
    /// The process must have installed a rustls crypto provider.
    pub fn new(policy: Policy) -> Result<Self, SetupError> {
        Ok(Self {
            http: client(&policy)?,
            policy,
        })
    }

    /// Gets a file of `limit` bytes at most. Takes the policy's time-out at most. Repeating is safe.
    pub async fn get(&self, address: &SecretString, limit: usize) -> Result<Fetched, FetchError> {
        let url = self.allowed(address.expose_secret())?;
        let clock = Instant::now();
        let failed = |error| failure(error, clock.elapsed());
        let mut response = self.http.get(url).send().await.map_err(failed)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(FetchError::Status {
                status: response.status().as_u16(),
            });
        }
        let header = response.headers().get(CONTENT_TYPE);
        let media_type = header
            .and_then(|header| header.to_str().ok())
            .and_then(|text| text.split(';').next())
            .map(|text| text.trim().to_ascii_lowercase())
            .unwrap_or_default();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > limit {
                return Err(FetchError::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched { media_type, bytes })
    }

    fn allowed(&self, address: &str) -> Result<Url, FetchError> {
        let url = Url::parse(address).map_err(|_| FetchError::BadAddress)?;
        let private_too = self.policy.private_addresses == PrivateAddresses::Allowed;
        let with_tls = url.scheme() == "https";
        if !(with_tls || (private_too && url.scheme() == "http")) {
            return Err(FetchError::BadAddress);
        }
        // A name is checked by the resolver; an address is connected to without one.
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(FetchError::BadAddress),
        };
        if !private_too && ip.is_some_and(|ip| !is_public(ip)) {
            return Err(FetchError::PrivateAddress);
        }
        Ok(url)
    }
}

fn failure(error: reqwest::Error, waited: Duration) -> FetchError {
    if is_not_public(&error) {
        return FetchError::PrivateAddress;
    }
    let error = error.without_url();
    if error.is_timeout() {
        FetchError::Silent { waited }
    } else if error.is_connect() || error.is_builder() {
        FetchError::Connect(TransportError::new(error))
    } else {
        FetchError::Lost(TransportError::new(error))
    }
}

#[cfg(test)]
mod tests;
