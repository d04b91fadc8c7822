//! A certificate of one's own for one life of the server.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A key and a certificate signed with it; clients take it only if told to trust it.
#[derive(Clone)]
pub struct Certificate {
    der: CertificateDer<'static>,
    server: Arc<ServerConfig>,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Making it failed.
    #[error("could not make a certificate")]
    NotMade(#[source] rcgen::Error),
    /// The TLS library does not take it.
    #[error("the TLS library refused the certificate")]
    Refused(#[source] rustls::Error),
}

impl Certificate {
    /// A new one for `localhost`, the loopback addresses and `hostname`.
    pub fn self_signed(hostname: &str) -> Result<Self, CertificateError> {
        let names = ["localhost", "127.0.0.1", "::1", hostname].map(str::to_owned);
        let made = generate_simple_self_signed(names.to_vec()).map_err(CertificateError::NotMade)?;
        let CertifiedKey { cert, signing_key } = made;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let der = cert.der().clone();
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![der.clone()], key))
            .map_err(CertificateError::Refused)?;
        Ok(Self {
            der,
            server: Arc::new(server),
        })
    }

    /// For a client that is to trust it, as bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The same as text.
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.der);
        let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
        for (index, character) in text.chars().enumerate() {
            if index > 0 && index % 64 == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END CERTIFICATE-----\n");
        pem
    }

    pub(super) fn server(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.server)
    }
}
