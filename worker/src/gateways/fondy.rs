//! Fondy, Hutko and Flitt.

use ::fondy::{Client, Error, OrderStatus, ReportLine, ReverseRequest, ReverseStatus, TranType, Transaction};
use domain::ids::ExternalOrderId;
use domain::money::Kopecks;
use domain::reconcile::{AtGateway, Money};
use domain::time::UnixMillis;
use ledger::settings::Source;

use super::{Answer, Listed, Listing, RefundAnswer, RefundWish, Reversed};
use crate::confirm;
use crate::kyiv;
use crate::state::WorkerState;

pub(crate) struct Fondy(pub Client);

impl Fondy {
    pub fn new(state: &WorkerState, source: &Source) -> Result<Self, String> {
        confirm::client(state, source).map(Self)
    }

    pub async fn status(&self, order: &ExternalOrderId) -> Result<Answer, String> {
        confirm::told_of(&self.0, order).await.map(Answer::from)
    }

    pub async fn refund(&self, wish: &RefundWish<'_>) -> RefundAnswer {
        let request = ReverseRequest {
            order_id: wish.order.as_str(),
            amount: wish.amount.minor(),
            currency: "UAH",
            comment: wish.comment,
            reverse_id: Some(wish.id),
        };
        match self.0.reverse(&request).await {
            Ok(told) => match told.status {
                ReverseStatus::Approved => RefundAnswer::Done,
                ReverseStatus::Accepted => RefundAnswer::Accepted,
                ReverseStatus::Declined => RefundAnswer::Declined(told.code.map(i64::from), told.words),
                ReverseStatus::Other(word) => RefundAnswer::Unknown(format!("the reversal is {word:?}")),
            },
            Err(Error::Api { code, message })
                if Error::Api {
                    code,
                    message: String::new(),
                }
                .is_not_done() =>
            {
                RefundAnswer::Declined(Some(i64::from(code)), message)
            }
            Err(error) if error.is_not_done() => RefundAnswer::NotDone(error.to_string()),
            Err(error) => RefundAnswer::Unknown(error.to_string()),
        }
    }

    pub async fn reversals(&self, order: &ExternalOrderId) -> Result<Vec<Reversed>, String> {
        let transactions = self.0.transaction_list(order.as_str()).await;
        let transactions = transactions.map_err(|error| format!("the list of transactions: {error}"))?;
        let reversals = transactions.into_iter().filter(|one| one.kind == TranType::Reverse);
        Ok(reversals
            .filter(Transaction::is_approved)
            .map(|one| Reversed {
                id: one.id,
                amount: one
                    .actual_amount
                    .or(one.amount)
                    .and_then(|minor| Kopecks::from_minor(minor).ok()),
            })
            .collect())
    }

    pub async fn list(&self, from: UnixMillis, to: UnixMillis) -> Result<Listing, String> {
        // The second's end counts, too.
        let last = UnixMillis(to.0 - 1);
        match self.0.reports(&kyiv::fondy(from), &kyiv::fondy(last)).await {
            Ok(lines) => Ok(Listing::Whole(lines.iter().filter_map(listed).collect())),
            Err(Error::TooLong { .. }) => Ok(Listing::TooMuch),
            Err(error) if error.is_unsupported() => Ok(Listing::Absent),
            Err(error) => Err(format!("the list of payments: {error}")),
        }
    }
}

fn listed(line: &ReportLine) -> Option<Listed> {
    Some(Listed {
        order: ExternalOrderId::parse(&line.order_id).ok()?,
        money: match line.order_status {
            OrderStatus::Approved | OrderStatus::Reversed => money(line),
            OrderStatus::Created | OrderStatus::Processing | OrderStatus::Declined | OrderStatus::Expired => {
                Some(AtGateway::Nothing)
            }
            OrderStatus::Other(_) => None,
        },
    })
}

fn money(line: &ReportLine) -> Option<AtGateway> {
    if line.currency != "UAH" {
        return None;
    }
    let kopecks = |minor: Option<u64>| Kopecks::from_minor(minor?).ok();
    Some(AtGateway::Money(Money {
        paid: kopecks(line.amount)?,
        refunded: kopecks(line.reversal_amount)?,
    }))
}
