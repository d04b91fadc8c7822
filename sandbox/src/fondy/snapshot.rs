//! The full field set of an order: what callbacks and status answers show.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::amounts::float_text;
use super::basket;
use super::message::{Field, Fields, json_string};
use super::order::{Hold, Order, Status};
use super::switches::{BasketEcho, Switches};
use super::transaction::Kind;
use super::{Merchant, Version};

/// Everything but the order that shapes a snapshot.
pub(super) struct View<'a> {
    pub(super) merchant: &'a Merchant,
    pub(super) switches: &'a Switches,
    pub(super) zone: &'a TimeZone,
}

impl View<'_> {
    /// The fields of `order` as protocol `version` shows them. `order_status` may be forced to a stray word.
    pub(super) fn fields(&self, order: &Order, version: Version, stray_status: Option<&str>) -> Fields {
        let terms = &order.terms;
        let text = |value: &str| Field::text(value);
        // Nobody pays a settlement with a card.
        let by_card = order.settles.is_none();
        let touched = by_card && (order.actual.is_some() || order.failure.is_some());
        let card = |value: &str| if touched { Field::text(value) } else { Field::text("") };
        let charged = |value: &str| {
            if by_card && order.actual.is_some() {
                Field::text(value)
            } else {
                Field::text("")
            }
        };
        let status = stray_status.unwrap_or_else(|| self.status(order));
        let mut fields: Fields = vec![
            ("rrn", charged(&terms.card.rrn)),
            ("masked_card", card(&terms.card.masked)),
            ("sender_cell_phone", text(&terms.sender_cell_phone)),
            ("sender_account", text("")),
            ("currency", text(&terms.currency)),
            ("fee", text("")),
            ("reversal_amount", Field::text(order.reversed.to_string())),
            ("settlement_amount", text("0")),
            ("actual_amount", Field::Text(self.actual_amount(order))),
            (
                "response_description",
                text(order.failure.as_ref().map_or("", |failure| &failure.text)),
            ),
            ("sender_email", text(&terms.sender_email)),
            ("order_status", text(status)),
            ("response_status", text("success")),
            ("order_time", Field::Text(date_time(order.created_ms, self.zone))),
            (
                "actual_currency",
                text(order.actual.as_ref().map_or("", |money| &money.currency)),
            ),
            ("order_id", text(&order.key.order_id)),
            ("tran_type", text(self.tran_type(order))),
            ("eci", charged("5")),
            ("settlement_date", text("")),
            ("payment_system", card("card")),
            ("approval_code", charged(&terms.card.approval_code)),
            ("merchant_id", Field::Number(order.key.merchant_id)),
            ("settlement_currency", text("")),
            ("payment_id", Field::Number(order.payment_id)),
            (
                "card_bin",
                if touched {
                    Field::Number(terms.card.bin)
                } else {
                    text("")
                },
            ),
            (
                "response_code",
                order
                    .failure
                    .as_ref()
                    .map_or(text(""), |failure| Field::Number(failure.code.into())),
            ),
            ("card_type", card(&terms.card.brand)),
            ("amount", Field::text(terms.amount.to_string())),
            ("product_id", text(&terms.product_id)),
            ("merchant_data", text(&terms.merchant_data)),
            ("rectoken", text("")),
            ("rectoken_lifetime", text("")),
            (
                "verification_status",
                text(if terms.verification && order.actual.is_some() {
                    "verified"
                } else {
                    ""
                }),
            ),
            ("parent_order_id", text("")),
        ];
        match version {
            Version::V1_0 => {}
            Version::V1_0_1 | Version::V2_0 => {
                fields.push(("fee_oplata", text("0")));
                fields.push(("additional_info", Field::Text(self.additional_info(order))));
            }
        }
        fields
    }

    fn status(&self, order: &Order) -> &'static str {
        match order.status {
            Status::Reversed if self.switches.approved_on_full_reversal => Status::Approved.as_str(),
            status => status.as_str(),
        }
    }

    fn tran_type(&self, order: &Order) -> &'static str {
        if order.terms.verification {
            return Kind::Verification.as_str();
        }
        match order.last_kind() {
            Some(Kind::Reverse) if self.switches.reverse_tran_type => Kind::Reverse.as_str(),
            Some(Kind::Capture) if self.switches.capture_tran_type => Kind::Capture.as_str(),
            None | Some(Kind::Purchase | Kind::Capture | Kind::Reverse | Kind::Verification) => Kind::Purchase.as_str(),
        }
    }

    fn actual_amount(&self, order: &Order) -> String {
        match (&order.actual, order.hold) {
            (None, _) => String::new(),
            (Some(_), Hold::Captured { actual, .. }) if self.switches.actual_is_captured => actual.to_string(),
            (Some(money), _) => money.amount.to_string(),
        }
    }

    /// JSON text with the gateway's spacing; part of the signature letter by letter.
    fn additional_info(&self, order: &Order) -> String {
        let null = || "null".to_owned();
        let paid = order.actual.is_some() && order.settles.is_none();
        let capture_amount = match order.hold {
            Hold::Captured { actual, .. } => float_text(actual),
            Hold::None | Hold::Held | Hold::Released => null(),
        };
        let timeend = order
            .transactions
            .last()
            .map_or_else(null, |last| json_string(&date_time(last.at_ms, self.zone)));
        let members = [
            ("capture_status", order.hold.as_str().map_or_else(null, json_string)),
            ("capture_amount", capture_amount),
            (
                "reservation_data",
                self.basket(order).map_or_else(null, |basket| json_string(&basket)),
            ),
            (
                "transaction_id",
                order.purchase_id().map_or_else(null, |id| id.to_string()),
            ),
            ("bank_response_code", null()),
            ("bank_response_description", null()),
            ("client_fee", "0.0".to_owned()),
            ("settlement_fee", "0.0".to_owned()),
            ("bank_name", null()),
            ("bank_country", null()),
            (
                "card_type",
                if paid {
                    json_string(&order.terms.card.brand)
                } else {
                    null()
                },
            ),
            ("card_product", null()),
            ("card_category", null()),
            ("timeend", timeend),
            ("payment_method", if paid { json_string("card") } else { null() }),
            ("is_test", self.merchant.test_mode.to_string()),
        ];
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("\"{name}\": {value}"))
            .collect();
        format!("{{{}}}", members.join(", "))
    }

    fn basket(&self, order: &Order) -> Option<String> {
        let sent = order.terms.reservation_data.as_ref();
        match self.switches.basket {
            BasketEcho::AsSent => sent.cloned(),
            BasketEcho::Null => None,
            BasketEcho::EmptyObject => Some("{}".to_owned()),
            // A basket the gateway cannot read is echoed untouched.
            BasketEcho::DiscountLine(kopecks) => {
                sent.map(|sent| basket::with_discount(sent, kopecks).unwrap_or_else(|| sent.clone()))
            }
        }
    }
}

/// `DD.MM.YYYY hh:mm:ss`.
pub(super) fn date_time(ms: u64, zone: &TimeZone) -> String {
    formatted(ms, zone, "%d.%m.%Y %H:%M:%S")
}

pub(super) fn formatted(ms: u64, zone: &TimeZone, format: &str) -> String {
    let timestamp = i64::try_from(ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or_default();
    timestamp.to_zoned(zone.clone()).strftime(format).to_string()
}
