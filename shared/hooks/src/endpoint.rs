use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

const MAX_LENGTH: usize = 2048;

/// The address of a shop's endpoint. `Debug` and `Display` show its origin only: its path and query may be what keeps
/// strangers out.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why a text cannot be an endpoint. Never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL.
    #[error("not a URL")]
    NotAUrl,
    /// Another scheme.
    #[error("the scheme is neither https: nor http:")]
    Scheme,
    /// `user:password@`.
    #[error("an endpoint has no user and no password")]
    UserInfo,
    /// `#…`, which is never sent.
    #[error("an endpoint has no #fragment")]
    Fragment,
    /// Longer than some servers take.
    #[error("an endpoint is at most {MAX_LENGTH} characters long")]
    TooLong,
}

impl Endpoint {
    /// Checks the text, not where it leads: whose address it is may change, so that is checked with each POST.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text).map_err(|_| EndpointError::NotAUrl)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(EndpointError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(EndpointError::Fragment);
        }
        if url.as_str().len() > MAX_LENGTH {
            return Err(EndpointError::TooLong);
        }
        Ok(Self(url))
    }

    /// The whole address, for the request and for who may see it.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address in place of a name, in whatever form it was written (`0x7f.1` is 127.0.0.1).
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

#[cfg(test)]
mod tests;
