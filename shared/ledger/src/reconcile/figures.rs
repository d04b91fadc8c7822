use domain::money::Kopecks;
use domain::reconcile::{Difference, Missing, Money};
use serde::{Deserialize, Serialize};

/// The figures of a finding, in kopecks. Nothing in it changes while the cause stays the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Paid in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<u64>,
    /// Given back in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded: Option<u64>,
    /// Receipts of sales.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sold: Option<u64>,
    /// Receipts of returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<u64>,
    /// Why a receipt is missing: `nothing`, `under_way`, or the code of a hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// A stranger's document: its sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// A stranger's document: what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// A stranger's document: the receipt of ours that has the same reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twin: Option<String>,
    /// A stranger's document: its time, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_at: Option<String>,
}

impl Figures {
    /// Of what does not fit in an order.
    pub fn of(difference: &Difference) -> Self {
        Self {
            paid: Some(difference.money.paid.minor()),
            refunded: Some(difference.money.refunded.minor()),
            sold: Some(difference.sold.minor()),
            returned: Some(difference.returned.minor()),
            missing: difference.missing.map(|missing| match missing {
                Missing::Nothing => "nothing".to_owned(),
                Missing::UnderWay => "under_way".to_owned(),
                Missing::Held(reason) => reason.code().to_owned(),
            }),
            ..Self::default()
        }
    }
}

/// What a run has counted. Sums in kopecks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Orders compared.
    pub orders: u64,
    /// Of these, paid.
    pub payments: u64,
    /// What was paid.
    pub paid: u64,
    /// What went back.
    pub refunded: u64,
    /// Orders whose sales are on the tape.
    pub receipts: u64,
    /// What was sold by receipts.
    pub sold: u64,
    /// What came back by receipts.
    pub returned: u64,
    /// Payments in the payment system's own list; `None`: it has none.
    pub listed: Option<u64>,
    /// Questions about single orders.
    pub asked: u64,
    /// Of these, not answered.
    pub unanswered: u64,
    /// Missed messages taken in.
    pub taken_in: u64,
    /// Documents read on the tapes.
    pub tape: u64,
    /// Registers whose tape could not be read in time.
    pub unread: u64,
}

impl Counts {
    /// Counts an order whose money is believed to be this.
    pub fn add(&mut self, money: Option<Money>, sold: Kopecks, returned: Kopecks) {
        self.orders += 1;
        if let Some(money) = money.filter(|money| !money.paid.is_zero()) {
            self.payments += 1;
            self.paid = self.paid.saturating_add(money.paid.minor());
            self.refunded = self.refunded.saturating_add(money.refunded.minor());
        }
        if !sold.is_zero() {
            self.receipts += 1;
        }
        self.sold = self.sold.saturating_add(sold.minor());
        self.returned = self.returned.saturating_add(returned.minor());
    }
}
