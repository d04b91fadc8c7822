//! Paths of the API.

use super::super::Config;

/// One call of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/api/checkout/url`.
    CheckoutUrl,
    /// `/api/checkout/token`.
    CheckoutToken,
    /// `/api/checkout/redirect`.
    CheckoutRedirect,
    /// `/api/status/order_id`; the last segment is literal text.
    Status,
    /// `/api/reverse/order_id`.
    Reverse,
    /// `/api/capture/order_id`.
    Capture,
    /// `/api/transaction_list`.
    TransactionList,
    /// `/api/settlement`.
    Settlement,
    /// `/api/get_kkt_logs`.
    KktLogs,
    /// `/api/reports`.
    Reports,
    /// The configured path of the receipt link.
    ReceiptLink,
}

impl Endpoint {
    /// With or without a trailing slash.
    pub(super) fn at(path: &str, config: &Config) -> Option<Self> {
        let path = path.trim_end_matches('/');
        if path == config.receipt_path.trim_end_matches('/') {
            return Some(Self::ReceiptLink);
        }
        match path {
            "/api/checkout/url" => Some(Self::CheckoutUrl),
            "/api/checkout/token" => Some(Self::CheckoutToken),
            "/api/checkout/redirect" => Some(Self::CheckoutRedirect),
            "/api/status/order_id" => Some(Self::Status),
            "/api/reverse/order_id" => Some(Self::Reverse),
            "/api/capture/order_id" => Some(Self::Capture),
            "/api/transaction_list" => Some(Self::TransactionList),
            "/api/settlement" => Some(Self::Settlement),
            "/api/get_kkt_logs" => Some(Self::KktLogs),
            "/api/reports" => Some(Self::Reports),
            _ => None,
        }
    }

    /// Parameters the gateway knows, and so signs; any other is ignored.
    pub(super) fn known(self) -> &'static [&'static str] {
        match self {
            Self::CheckoutUrl | Self::CheckoutToken | Self::CheckoutRedirect => &[
                "order_id",
                "merchant_id",
                "order_desc",
                "amount",
                "currency",
                "version",
                "response_url",
                "server_callback_url",
                "payment_systems",
                "payment_method",
                "default_payment_system",
                "lifetime",
                "merchant_data",
                "preauth",
                "sender_email",
                "sender_cell_phone",
                "sender_account",
                "delayed",
                "lang",
                "product_id",
                "required_rectoken",
                "verification",
                "verification_type",
                "rectoken",
                "design_id",
                "subscription",
                "subscription_callback_url",
                "chargeback_callback_url",
                "cancel_url",
                "reservation_data",
            ],
            Self::Status | Self::TransactionList | Self::KktLogs => &["order_id", "merchant_id", "version"],
            Self::Reports => &["merchant_id", "date_from", "date_to", "version"],
            Self::Reverse => &[
                "order_id",
                "merchant_id",
                "amount",
                "currency",
                "version",
                "comment",
                "email",
                "reverse_id",
            ],
            Self::Capture => &[
                "order_id",
                "merchant_id",
                "amount",
                "currency",
                "version",
                "comment",
                "reservation_data",
            ],
            Self::Settlement => &[
                "order_type",
                "order_id",
                "operation_id",
                "merchant_id",
                "amount",
                "currency",
                "order_desc",
                "server_callback_url",
                "response_url",
                "version",
            ],
            Self::ReceiptLink => &["transaction_id", "merchant_id", "receipt_type", "version"],
        }
    }

    /// Some calls live in JSON only, whatever the envelope.
    pub(super) fn json_only(self) -> bool {
        match self {
            Self::TransactionList | Self::Settlement => true,
            Self::CheckoutUrl
            | Self::CheckoutToken
            | Self::CheckoutRedirect
            | Self::Status
            | Self::Reverse
            | Self::Capture
            | Self::KktLogs
            | Self::Reports
            | Self::ReceiptLink => false,
        }
    }
}
