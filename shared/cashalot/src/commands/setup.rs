//! Storing the key at the provider and setting how a register works (sheet §4.14, §4.15).

use serde::Serialize;

use super::{RegistrarNumber, Request};
use crate::auth::{Auth, Key};

#[derive(Serialize)]
pub(crate) struct Setup<'a> {
    #[serde(skip)]
    pub auth: &'a Auth,
}

impl Request for Setup<'_> {
    const COMMAND: &'static str = "Setup";
    type Answer = ();

    fn key<'a>(&'a self, _: &'a Auth) -> Key<'a> {
        Key::Auth(self.auth)
    }
}

/// Sets how a register works. Safe to repeat.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SetupRegistrar {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Online, offline or both.
    pub work_mode: WorkMode,
    /// Deliver receipts to the buyer's cabinet at the tax service.
    pub send_to_cabinet: bool,
}

/// Whether a register may work online and offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum WorkMode {
    /// Online, and offline when the tax service is away.
    Normal,
    /// Offline on purpose.
    DisableOnline,
    /// Never offline: fail instead.
    DisableOffline,
}

impl Request for SetupRegistrar {
    const COMMAND: &'static str = "SetupRegistrar";
    type Answer = ();

    fn key<'a>(&'a self, _: &'a Auth) -> Key<'a> {
        Key::None
    }
}
