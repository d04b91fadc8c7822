//! Merchants of the gateway and their keys.

use std::fmt;

use serde::Deserialize;

/// The public test merchant; its key is `test`.
pub const TEST_MERCHANT: u64 = 1_396_424;

/// How callbacks are written, a setting of the merchant portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallbackFormat {
    /// `application/json; charset=UTF-8`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// One merchant.
#[derive(Clone)]
pub struct Merchant {
    /// The gateway's number.
    pub id: u64,
    /// Payment key, which signs everything. Not printed by `Debug`.
    pub key: String,
    /// Test mode adds `response_signature_string` and talkative 1014 errors.
    pub test_mode: bool,
    /// How callbacks are written unless an order says otherwise.
    pub callback_format: CallbackFormat,
    /// The gateway's own cash register is on, so it makes receipts itself (`get_kkt_logs`).
    pub own_prro: bool,
}

impl Merchant {
    /// A live merchant with JSON callbacks and no cash register at the gateway.
    pub fn new(id: u64, key: impl Into<String>) -> Self {
        Self {
            id,
            key: key.into(),
            test_mode: false,
            callback_format: CallbackFormat::Json,
            own_prro: false,
        }
    }

    /// The merchants the gateway publishes for tests, all with the key `test`.
    pub(super) fn public_test_ones() -> impl Iterator<Item = Self> {
        [TEST_MERCHANT, 500_001, 600_001, 700_001].into_iter().map(|id| Self {
            test_mode: true,
            ..Self::new(id, "test")
        })
    }
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("id", &self.id)
            .field("test_mode", &self.test_mode)
            .field("callback_format", &self.callback_format)
            .field("own_prro", &self.own_prro)
            .finish_non_exhaustive()
    }
}
