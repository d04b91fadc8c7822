//! Domain values as JSON columns. Amounts are kopecks, quantities thousandths, rates basis points.

use domain::basket::{Basket, Line, Unit};
use domain::event::{CarriedBasket, Email, Event, Fact, Part, PaymentMeans};
use domain::found::Maker;
use domain::ids::{ExternalOrderId, Receiver};
use domain::money::Kopecks;
use domain::quantity::Quantity;
use domain::receipt::{Receipt, TaxRow};
use domain::tax::{Rate, VatLetter, VatScheme};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::LedgerError;

/// Writes a value; serialising our own plain structs cannot fail, and an empty text would be
/// refused when read.
pub(crate) fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads a column back.
pub(crate) fn read<T: DeserializeOwned>(text: &str, column: &'static str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|_| LedgerError::UnknownValue { column })
}

#[derive(Serialize, Deserialize)]
pub(crate) struct LineJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uktzed: Option<String>,
    unit_code: u32,
    unit: String,
    quantity: u64,
    price: u64,
    cost: u64,
    discount: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<char>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct BasketJson(Vec<LineJson>);

#[derive(Serialize, Deserialize)]
struct TaxRowJson {
    letter: char,
    rate: u32,
    turnover: u64,
    taxable: u64,
    tax: u64,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ReceiptJson {
    basket: BasketJson,
    taxes: Vec<TaxRowJson>,
    means: MeansJson,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct MakerJson {
    cashier: Option<String>,
    name: Option<String>,
    unit: Option<String>,
    address: Option<String>,
    tin: Option<String>,
}

/// Writes who made a payment system's receipt.
pub(crate) fn write_maker(maker: &Maker) -> String {
    let maker = maker.clone();
    write(&MakerJson {
        cashier: maker.cashier,
        name: maker.name,
        unit: maker.unit,
        address: maker.address,
        tin: maker.tin,
    })
}

/// Reads it back.
pub(crate) fn read_maker(text: &str, column: &'static str) -> Result<Maker, LedgerError> {
    let maker: MakerJson = read(text, column)?;
    Ok(Maker {
        cashier: maker.cashier,
        name: maker.name,
        unit: maker.unit,
        address: maker.address,
        tin: maker.tin,
    })
}

#[derive(Serialize, Deserialize, Default)]
pub(crate) struct MeansJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    masked_card: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct EventJson {
    order: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_id: Option<String>,
    fact: FactJson,
    means: MeansJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payer_email: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum FactJson {
    Money {
        paid: u64,
        refunded_total: u64,
        basket: Option<BasketJson>,
        broken: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parts: Vec<PartJson>,
    },
    Refund {
        amount: u64,
        lines: Option<BasketJson>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receiver: Option<String>,
    },
    Settlement {
        of: Option<String>,
        parts: Vec<PartJson>,
    },
    Ask {
        why: String,
    },
    Nothing {
        why: String,
    },
    Strange {
        why: String,
        money_moved: bool,
    },
}

#[derive(Serialize, Deserialize)]
struct PartJson {
    receiver: String,
    amount: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refunded: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basket: Option<BasketJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct VatJson {
    default: Option<char>,
    rates: Vec<(char, u32)>,
}

/// Something in a JSON column is outside what we write.
struct Unreadable;

fn kopecks(minor: u64) -> Result<Kopecks, Unreadable> {
    Kopecks::from_minor(minor).map_err(|_| Unreadable)
}

fn letter(letter: char) -> Result<VatLetter, Unreadable> {
    VatLetter::parse(letter.encode_utf8(&mut [0; 4])).map_err(|_| Unreadable)
}

impl From<&Basket> for BasketJson {
    fn from(basket: &Basket) -> Self {
        Self(
            basket
                .lines()
                .iter()
                .map(|line| LineJson {
                    code: line.code.clone(),
                    name: line.name.clone(),
                    uktzed: line.uktzed.clone(),
                    unit_code: line.unit.code,
                    unit: line.unit.name.clone(),
                    quantity: line.quantity.thousandths(),
                    price: line.price.minor(),
                    cost: line.cost.minor(),
                    discount: line.discount.minor(),
                    letter: line.letter.map(VatLetter::letter),
                })
                .collect(),
        )
    }
}

impl BasketJson {
    fn basket(self) -> Result<Basket, Unreadable> {
        let lines = self
            .0
            .into_iter()
            .map(|line| {
                Ok(Line {
                    code: line.code,
                    name: line.name,
                    uktzed: line.uktzed,
                    unit: Unit {
                        code: line.unit_code,
                        name: line.unit,
                    },
                    quantity: Quantity::from_thousandths(line.quantity).map_err(|_| Unreadable)?,
                    price: kopecks(line.price)?,
                    cost: kopecks(line.cost)?,
                    discount: kopecks(line.discount)?,
                    letter: line.letter.map(letter).transpose()?,
                })
            })
            .collect::<Result<Vec<_>, Unreadable>>()?;
        Basket::new(lines).map_err(|_| Unreadable)
    }
}

impl From<&PaymentMeans> for MeansJson {
    fn from(means: &PaymentMeans) -> Self {
        Self {
            system: means.system.clone(),
            masked_card: means.masked_card.clone(),
            auth_code: means.auth_code.clone(),
            transaction_id: means.transaction_id.clone(),
        }
    }
}

impl From<MeansJson> for PaymentMeans {
    fn from(means: MeansJson) -> Self {
        Self {
            system: means.system,
            masked_card: means.masked_card,
            auth_code: means.auth_code,
            transaction_id: means.transaction_id,
        }
    }
}

pub(crate) fn write_basket(basket: &Basket) -> String {
    write(&BasketJson::from(basket))
}

pub(crate) fn read_basket(text: &str, column: &'static str) -> Result<Basket, LedgerError> {
    read::<BasketJson>(text, column)?
        .basket()
        .map_err(|_| LedgerError::UnknownValue { column })
}

/// A basket that stands inside another value.
pub(crate) fn basket(json: BasketJson, column: &'static str) -> Result<Basket, LedgerError> {
    json.basket().map_err(|_| LedgerError::UnknownValue { column })
}

pub(crate) fn write_means(means: &PaymentMeans) -> String {
    write(&MeansJson::from(means))
}

pub(crate) fn read_means(text: &str, column: &'static str) -> Result<PaymentMeans, LedgerError> {
    Ok(read::<MeansJson>(text, column)?.into())
}

pub(crate) fn write_receipt(receipt: &Receipt) -> String {
    let tax_row = |row: &TaxRow| TaxRowJson {
        letter: row.letter.letter(),
        rate: row.rate.basis_points(),
        turnover: row.turnover.minor(),
        taxable: row.taxable.minor(),
        tax: row.tax.minor(),
    };
    write(&ReceiptJson {
        basket: (&receipt.basket).into(),
        taxes: receipt.taxes.iter().map(tax_row).collect(),
        means: (&receipt.means).into(),
    })
}

pub(crate) fn read_receipt(text: &str, column: &'static str) -> Result<Receipt, LedgerError> {
    let json: ReceiptJson = read(text, column)?;
    let tax_row = |row: TaxRowJson| {
        Ok(TaxRow {
            letter: letter(row.letter)?,
            rate: Rate::from_basis_points(row.rate).map_err(|_| Unreadable)?,
            turnover: kopecks(row.turnover)?,
            taxable: kopecks(row.taxable)?,
            tax: kopecks(row.tax)?,
        })
    };
    let receipt = || -> Result<Receipt, Unreadable> {
        Ok(Receipt {
            basket: json.basket.basket()?,
            taxes: json.taxes.into_iter().map(tax_row).collect::<Result<_, Unreadable>>()?,
            means: json.means.into(),
        })
    };
    receipt().map_err(|_| LedgerError::UnknownValue { column })
}

fn write_carried(basket: &CarriedBasket) -> (Option<BasketJson>, Option<String>) {
    match basket {
        CarriedBasket::Absent => (None, None),
        CarriedBasket::Lines(basket) => (Some(basket.into()), None),
        CarriedBasket::Broken(why) => (None, Some(why.clone())),
    }
}

fn read_carried(basket: Option<BasketJson>, broken: Option<String>) -> Result<CarriedBasket, Unreadable> {
    Ok(match (basket, broken) {
        (Some(basket), _) => CarriedBasket::Lines(basket.basket()?),
        (None, Some(why)) => CarriedBasket::Broken(why),
        (None, None) => CarriedBasket::Absent,
    })
}

fn write_parts(parts: &[Part]) -> Vec<PartJson> {
    let part = |part: &Part| {
        let (basket, broken) = write_carried(&part.basket);
        PartJson {
            receiver: part.receiver.to_string(),
            amount: part.amount.minor(),
            refunded: part.refunded.map(Kopecks::minor),
            basket,
            broken,
        }
    };
    parts.iter().map(part).collect()
}

fn read_parts(parts: Vec<PartJson>) -> Result<Vec<Part>, Unreadable> {
    let part = |part: PartJson| {
        Ok(Part {
            receiver: Receiver::parse(&part.receiver).map_err(|_| Unreadable)?,
            amount: kopecks(part.amount)?,
            refunded: part.refunded.map(kopecks).transpose()?,
            basket: read_carried(part.basket, part.broken)?,
        })
    };
    parts.into_iter().map(part).collect()
}

pub(crate) fn write_event(event: &Event) -> String {
    let fact = match &event.fact {
        Fact::Money {
            paid,
            refunded_total,
            basket,
            parts,
        } => {
            let (basket, broken) = write_carried(basket);
            FactJson::Money {
                paid: paid.minor(),
                refunded_total: refunded_total.minor(),
                basket,
                broken,
                parts: write_parts(parts),
            }
        }
        Fact::Refund {
            amount,
            lines,
            receiver,
        } => FactJson::Refund {
            amount: amount.minor(),
            lines: lines.as_ref().map(Into::into),
            receiver: receiver.as_ref().map(ToString::to_string),
        },
        Fact::Settlement { of, parts } => FactJson::Settlement {
            of: of.as_ref().map(ToString::to_string),
            parts: write_parts(parts),
        },
        Fact::Ask { why } => FactJson::Ask { why: why.clone() },
        Fact::Nothing { why } => FactJson::Nothing { why: why.clone() },
        Fact::Strange { why, money_moved } => FactJson::Strange {
            why: why.clone(),
            money_moved: *money_moved,
        },
    };
    write(&EventJson {
        order: event.order.as_str().to_owned(),
        payment_id: event.payment_id.clone(),
        fact,
        means: (&event.means).into(),
        payer_email: event.payer_email.as_ref().map(|email| email.expose().to_owned()),
    })
}

pub(crate) fn read_event(text: &str, column: &'static str) -> Result<Event, LedgerError> {
    let json: EventJson = read(text, column)?;
    let event = || -> Result<Event, Unreadable> {
        let fact = match json.fact {
            FactJson::Money {
                paid,
                refunded_total,
                basket,
                broken,
                parts,
            } => Fact::Money {
                paid: kopecks(paid)?,
                refunded_total: kopecks(refunded_total)?,
                basket: read_carried(basket, broken)?,
                parts: read_parts(parts)?,
            },
            FactJson::Refund {
                amount,
                lines,
                receiver,
            } => Fact::Refund {
                amount: kopecks(amount)?,
                lines: lines.map(BasketJson::basket).transpose()?,
                receiver: receiver
                    .map(|receiver| Receiver::parse(&receiver).map_err(|_| Unreadable))
                    .transpose()?,
            },
            FactJson::Settlement { of, parts } => Fact::Settlement {
                of: of
                    .map(|of| ExternalOrderId::parse(&of).map_err(|_| Unreadable))
                    .transpose()?,
                parts: read_parts(parts)?,
            },
            FactJson::Ask { why } => Fact::Ask { why },
            FactJson::Nothing { why } => Fact::Nothing { why },
            FactJson::Strange { why, money_moved } => Fact::Strange { why, money_moved },
        };
        Ok(Event {
            order: ExternalOrderId::parse(&json.order).map_err(|_| Unreadable)?,
            payment_id: json.payment_id,
            fact,
            means: json.means.into(),
            payer_email: json.payer_email.map(Email::new),
        })
    };
    event().map_err(|_| LedgerError::UnknownValue { column })
}

pub(crate) fn write_vat(vat: &VatScheme) -> String {
    let json = match vat {
        VatScheme::NotAPayer => VatJson {
            default: None,
            rates: Vec::new(),
        },
        VatScheme::Letters { default, rates } => VatJson {
            default: Some(default.letter()),
            rates: rates
                .iter()
                .map(|(letter, rate)| (letter.letter(), rate.basis_points()))
                .collect(),
        },
    };
    write(&json)
}

pub(crate) fn read_vat(text: &str, column: &'static str) -> Result<VatScheme, LedgerError> {
    let json: VatJson = read(text, column)?;
    let scheme = || -> Result<VatScheme, Unreadable> {
        let Some(default) = json.default else {
            return Ok(VatScheme::NotAPayer);
        };
        let rates = json
            .rates
            .into_iter()
            .map(|(name, points)| Ok((letter(name)?, Rate::from_basis_points(points).map_err(|_| Unreadable)?)))
            .collect::<Result<_, Unreadable>>()?;
        VatScheme::letters(letter(default)?, rates).map_err(|_| Unreadable)
    };
    scheme().map_err(|_| LedgerError::UnknownValue { column })
}
