//! Money against receipts: what the payment system says of an order, what we were told of it, and what is
//! on the tape for it. Pure: the sides come in, what does not fit goes out.

use std::time::Duration;

use crate::hold::HoldReason;
use crate::money::Kopecks;
use crate::time::UnixMillis;

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// The payment system has a payment that we were not told of.
    MissedPayment,
    /// Paid, and there is no receipt.
    PaidWithoutReceipt,
    /// Money went back, and there is no receipt of it.
    RefundedWithoutReturn,
    /// A receipt, and the payment system knows no payment.
    ReceiptWithoutPayment,
    /// A receipt of another amount than what was paid or given back.
    AmountsDiffer,
    /// More receipts than payments.
    DuplicateReceipt,
    /// A receipt on our tape that we did not make.
    ForeignDocument,
}

impl FindingKind {
    /// Every kind, the most urgent first.
    pub const ALL: [Self; 7] = [
        Self::MissedPayment,
        Self::PaidWithoutReceipt,
        Self::RefundedWithoutReturn,
        Self::ReceiptWithoutPayment,
        Self::AmountsDiffer,
        Self::DuplicateReceipt,
        Self::ForeignDocument,
    ];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissedPayment => "missed_payment",
            Self::PaidWithoutReceipt => "paid_without_receipt",
            Self::RefundedWithoutReturn => "refunded_without_return",
            Self::ReceiptWithoutPayment => "receipt_without_payment",
            Self::AmountsDiffer => "amounts_differ",
            Self::DuplicateReceipt => "duplicate_receipt",
            Self::ForeignDocument => "foreign_document",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// An order's money: what was paid and what went back of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// Paid in all.
    pub paid: Kopecks,
    /// Given back in all.
    pub refunded: Kopecks,
}

/// What the payment system says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtGateway {
    /// It was not asked: what we were told stands.
    NotAsked,
    /// It knows no such order, or none that is paid.
    Nothing,
    /// So much was paid and given back.
    Money(Money),
}

/// How far a document of the order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the tape, made by us or linked to the order by a person.
    OnTape,
    /// On its way since then.
    UnderWay(UnixMillis),
    /// It waits for a person.
    Held(HoldReason),
    /// A person settled it another way.
    Settled,
}

/// A receipt of the order, or one to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Gives money back: a return or a storno.
    pub refund: bool,
    /// How much.
    pub amount: Kopecks,
    /// How far it is.
    pub place: Place,
}

/// The three sides of one order.
#[derive(Clone, Debug)]
pub struct Sides<'a> {
    /// What the payment system says.
    pub gateway: AtGateway,
    /// What its messages told us; `None`: they told of no money.
    pub told: Option<Money>,
    /// Refunds the shop told of by itself: money that went back another way.
    pub refunded_elsewhere: Kopecks,
    /// Parts of the payment that get no receipt by rule (receivers of a split without a register or a basket), and what
    /// came back of them.
    pub apart: Money,
    /// Its receipts.
    pub made: &'a [Made],
}

/// Why there is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing was made.
    Nothing,
    /// It is on its way for longer than that takes.
    UnderWay,
    /// It waits for a person.
    Held(HoldReason),
}

/// One thing that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub kind: FindingKind,
    /// The money as it is believed.
    pub money: Money,
    /// Receipts of sales on the tape.
    pub sold: Kopecks,
    /// Receipts of returns on the tape.
    pub returned: Kopecks,
    /// For a missing receipt: why.
    pub missing: Option<Missing>,
}

/// What of some receipts is where.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    on_tape: Kopecks,
    /// On the tape, or settled by a person another way.
    done: Kopecks,
    count: usize,
    late: bool,
    fresh: bool,
    held: Option<HoldReason>,
}

impl Tally {
    fn of(made: &[Made], refund: bool, patience: Duration, now: UnixMillis) -> Self {
        let mut tally = Self::default();
        for one in made.iter().filter(|one| one.refund == refund) {
            match one.place {
                Place::OnTape => {
                    tally.on_tape = plus(tally.on_tape, one.amount);
                    tally.done = plus(tally.done, one.amount);
                    tally.count += 1;
                }
                Place::Settled => tally.done = plus(tally.done, one.amount),
                Place::UnderWay(since) if now.since(since) > patience => tally.late = true,
                Place::UnderWay(_) => tally.fresh = true,
                Place::Held(reason) => tally.held = Some(reason),
            }
        }
        tally
    }

    const fn missing(&self) -> Missing {
        match (self.held, self.late) {
            (Some(reason), _) => Missing::Held(reason),
            (None, true) => Missing::UnderWay,
            (None, false) => Missing::Nothing,
        }
    }
}

/// Compares. What came onto its way less than `patience` ago is given its time.
pub fn compare(sides: &Sides<'_>, patience: Duration, now: UnixMillis) -> Vec<Difference> {
    let sales = Tally::of(sides.made, false, patience, now);
    let returns = Tally::of(sides.made, true, patience, now);
    let Some(money) = believed(sides) else {
        return Vec::new();
    };
    let difference = |kind, missing| Difference {
        kind,
        money,
        sold: sales.on_tape,
        returned: returns.on_tape,
        missing,
    };
    let mut found = Vec::new();
    let unheard = matches!(sides.gateway, AtGateway::Money(_)) && sides.told.is_none_or(|told| told.paid.is_zero());
    if unheard && !money.paid.is_zero() && sales.done.is_zero() && !sales.fresh {
        found.push(difference(FindingKind::MissedPayment, None));
        return found;
    }
    let due = over(money.paid, sides.apart.paid);
    let back = over(money.refunded, sides.apart.refunded);
    if money.paid.is_zero() {
        if sales.on_tape > returns.on_tape {
            found.push(difference(FindingKind::ReceiptWithoutPayment, None));
        }
        return found;
    }
    match sales.done.cmp(&due) {
        std::cmp::Ordering::Equal => {}
        _ if sales.fresh => {}
        std::cmp::Ordering::Less if sales.done.is_zero() || sales.late || sales.held.is_some() => {
            found.push(difference(FindingKind::PaidWithoutReceipt, Some(sales.missing())));
        }
        std::cmp::Ordering::Less => found.push(difference(FindingKind::AmountsDiffer, None)),
        // What was sold too much and came back by a receipt is in order again.
        std::cmp::Ordering::Greater if over(sales.done, due) == over(returns.done, back) => return found,
        std::cmp::Ordering::Greater if sales.count > 1 => {
            found.push(difference(FindingKind::DuplicateReceipt, None));
            return found;
        }
        std::cmp::Ordering::Greater => found.push(difference(FindingKind::AmountsDiffer, None)),
    }
    let most = plus(back, sides.refunded_elsewhere);
    if returns.fresh || sales.done.is_zero() {
        return found;
    }
    if returns.done < back {
        found.push(difference(FindingKind::RefundedWithoutReturn, Some(returns.missing())));
    } else if returns.done > most && found.is_empty() {
        found.push(difference(FindingKind::AmountsDiffer, None));
    }
    found
}

/// The payment system's word goes before what it told us earlier.
fn believed(sides: &Sides<'_>) -> Option<Money> {
    match sides.gateway {
        AtGateway::Money(money) => Some(money),
        AtGateway::Nothing => Some(Money::default()),
        AtGateway::NotAsked => sides.told,
    }
}

fn over(much: Kopecks, right: Kopecks) -> Kopecks {
    much.checked_sub(right).unwrap_or_default()
}

fn plus(one: Kopecks, other: Kopecks) -> Kopecks {
    one.checked_add(other).unwrap_or(Kopecks::MAX)
}

#[cfg(test)]
mod tests;
