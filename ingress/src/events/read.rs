//! The body of `POST /v1/events` as a typed event.

use domain::basket::Basket;
use domain::event::{CarriedBasket, Event, Fact};
use domain::ids::{Receiver, RegisterId};
use domain::money::Kopecks;
use payments::Fingerprint;

use super::means;
use crate::error::ApiError;
use crate::json::{self, Object};

/// What the shop told.
pub(super) struct Told {
    /// The register, if it is named.
    pub register: Option<String>,
    pub event: Event,
}

/// Reads the body.
pub(super) fn told(bytes: &[u8]) -> Result<Told, ApiError> {
    let body = json::body(bytes)?;
    let kind = body.needed("type", body.text("type", 32)?)?;
    let mut known = vec![
        "type",
        "order_id",
        "amount",
        "currency",
        "payment_id",
        "register",
        "means",
    ];
    let payment = match kind.as_str() {
        "payment" => {
            known.push("basket");
            true
        }
        "refund" => {
            known.extend(["lines", "receiver"]);
            false
        }
        _ => return Err(body.wrong("type", "it should be 'payment' or 'refund'")),
    };
    body.only(&known)?;
    let order = body.order_id()?;
    hryvnias_only(&body)?;
    let amount = amount(&body)?;
    let fact = if payment {
        Fact::Money {
            paid: amount,
            refunded_total: Kopecks::ZERO,
            basket: body
                .basket("basket")?
                .map_or(CarriedBasket::Absent, CarriedBasket::Lines),
            parts: Vec::new(),
        }
    } else {
        Fact::Refund {
            amount,
            lines: body.basket("lines")?,
            receiver: receiver(&body)?,
        }
    };
    Ok(Told {
        register: body.filled("register", 64)?,
        event: Event {
            payer_email: None,
            order,
            payment_id: body.filled("payment_id", 255)?,
            fact,
            means: means::read(&body)?,
        },
    })
}

/// Whose part of a divided payment came back.
pub(crate) fn receiver(body: &Object<'_>) -> Result<Option<Receiver>, ApiError> {
    body.filled("receiver", 64)?
        .map(|text| Receiver::parse(&text).map_err(|error| body.wrong("receiver", error.to_string())))
        .transpose()
}

/// No default: an amount in another currency must not become hryvnias by silence.
fn hryvnias_only(body: &Object<'_>) -> Result<(), ApiError> {
    let currency = body.needed("currency", body.text("currency", 16)?)?;
    if currency == "UAH" {
        Ok(())
    } else {
        Err(ApiError::field(
            "currency_not_supported",
            "currency",
            "a fiscal receipt is in hryvnias: UAH",
        ))
    }
}

fn amount(body: &Object<'_>) -> Result<Kopecks, ApiError> {
    let amount = body.needed("amount", body.amount("amount")?)?;
    if amount.is_zero() {
        return Err(ApiError::field("zero_amount", "amount", "an amount is above zero"));
    }
    Ok(amount)
}

impl Told {
    /// Everything that was told: a repeated key must repeat all of it, however it is written.
    pub fn fingerprint(&self, register: &RegisterId) -> String {
        let mut fingerprint = Fingerprint::new();
        fingerprint
            .text(Some(register.as_str()))
            .text(Some(self.event.order.as_str()))
            .text(self.event.payment_id.as_deref());
        match &self.event.fact {
            Fact::Money { paid, basket, .. } => {
                fingerprint.text(Some("payment")).number(Some(paid.minor()));
                if let CarriedBasket::Lines(basket) = basket {
                    lines(&mut fingerprint, basket);
                }
            }
            Fact::Refund {
                amount,
                lines: given,
                receiver,
            } => {
                fingerprint.text(Some("refund")).number(Some(amount.minor()));
                if let Some(basket) = given {
                    lines(&mut fingerprint, basket);
                }
                // Earlier versions knew no receivers; their fingerprints stay as they are.
                if let Some(receiver) = receiver {
                    fingerprint.text(Some("receiver")).text(Some(receiver.as_str()));
                }
            }
            // `told` makes none of these.
            Fact::Settlement { .. } | Fact::Ask { .. } | Fact::Nothing { .. } | Fact::Strange { .. } => {}
        }
        let means = &self.event.means;
        fingerprint
            .text(means.system.as_deref())
            .text(means.masked_card.as_deref())
            .text(means.auth_code.as_deref())
            .text(means.transaction_id.as_deref());
        fingerprint.finish()
    }
}

fn lines(fingerprint: &mut Fingerprint, basket: &Basket) {
    for line in basket.lines() {
        let letter = line.letter.map(|letter| letter.to_string());
        fingerprint
            .text(line.code.as_deref())
            .text(Some(&line.name))
            .text(line.uktzed.as_deref())
            .number(Some(u64::from(line.unit.code)))
            .text(Some(&line.unit.name))
            .number(Some(line.quantity.thousandths()))
            .number(Some(line.price.minor()))
            .number(Some(line.cost.minor()))
            .number(Some(line.discount.minor()))
            .text(letter.as_deref());
    }
}
