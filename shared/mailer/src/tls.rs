use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use url::Host;

use crate::smtp_url::{Security, SmtpUrl};

/// Why a mailer cannot be made from its address.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The file of the parameter `ca` cannot be read.
    #[error("the certificates in {path} cannot be read")]
    CaUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file of the parameter `ca` holds no PEM certificate, or a broken one.
    #[error("{path} holds no usable PEM certificates")]
    CaEmpty {
        /// The file.
        path: PathBuf,
    },
    /// Not one authority is known: the machine has no certificates installed (Debian: `ca-certificates`).
    #[error("no certificate authorities are known on this machine")]
    NoAuthorities(#[source] rustls::Error),
    /// The server's name can stand in no certificate.
    #[error("the mail server's name cannot be checked against a certificate")]
    ServerName,
}

/// How TLS is begun with one server.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) connector: TlsConnector,
    pub(crate) name: ServerName<'static>,
}

impl Tls {
    /// Nothing for an address without TLS, so that a machine without certificates can use that.
    pub(crate) fn of(url: &SmtpUrl) -> Result<Option<Self>, SetupError> {
        if url.security == Security::Never {
            return Ok(None);
        }
        let name = match &url.host {
            Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|_| SetupError::ServerName)?,
            Host::Ipv4(ip) => ServerName::from(std::net::IpAddr::from(*ip)),
            Host::Ipv6(ip) => ServerName::from(std::net::IpAddr::from(*ip)),
        };
        let more = url.ca.as_deref().map(certificates).transpose()?.unwrap_or_default();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            Verifier::new_with_extra_roots(more, Arc::clone(&provider)).map_err(SetupError::NoAuthorities)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(SetupError::NoAuthorities)?
            // Not less than usual, only more: the machine's own authorities and those of `ca`.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Some(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
        }))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let pem = std::fs::read(path).map_err(|source| SetupError::CaUnreadable {
        path: path.to_owned(),
        source,
    })?;
    let unusable = || SetupError::CaEmpty { path: path.to_owned() };
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates: Vec<CertificateDer<'static>> = read.map_err(|_| unusable())?;
    let mut roots = RootCertStore::empty();
    let usable = certificates
        .iter()
        .all(|certificate| roots.add(certificate.clone()).is_ok());
    if roots.is_empty() || !usable {
        return Err(unusable());
    }
    Ok(certificates)
}
