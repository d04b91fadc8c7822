//! Which orders are wanted, as a query says it: `?text=…&status=held&from=2026-03-05`. Lists, exports and
//! pages read it the same way.

use domain::document::Kind;
use domain::ids::{MerchantId, RegisterId};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::fiscalization::Fiscalization;
use ledger::search::OrderFilter;
use serde::Deserialize;

use crate::error::ApiError;
use crate::paging;

/// The query of a list of orders. An empty value is one that is not there, as forms send it.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wanted {
    /// An order id, fiscal number, card's last digits, e-mail or amount.
    pub text: String,
    pub merchant: String,
    pub register: String,
    /// A word of [`Fiscalization`].
    pub status: String,
    /// `sale`, `storno`, `return`.
    pub kind: String,
    /// A day in Kyiv, or a point in time with its offset.
    pub from: String,
    /// A day in Kyiv, which is still meant, or a point in time, which is not.
    pub to: String,
    /// Hryvnias.
    pub amount: String,
    /// Where the page before ended.
    pub after: String,
    /// Rows of a page.
    pub limit: String,
}

/// Longer texts are nobody's order id.
const MAX_TEXT: usize = 1_024;

impl Wanted {
    pub fn filter(&self) -> Result<OrderFilter, ApiError> {
        if self.text.chars().count() > MAX_TEXT {
            return Err(ApiError::field(
                "too_long",
                "text",
                "it is longer than an order id can be",
            ));
        }
        Ok(OrderFilter {
            text: self.text.clone(),
            merchant: read("merchant", &self.merchant, "no merchant's id looks so", |id| {
                MerchantId::parse(id).ok()
            })?,
            register: read("register", &self.register, "no register's id looks so", |id| {
                RegisterId::parse(id).ok()
            })?,
            status: read("status", &self.status, STATUSES, Fiscalization::parse)?,
            kind: read("kind", &self.kind, "it should be sale, storno or return", |word| {
                Kind::parse(word).filter(|kind| !kind.is_registers_own())
            })?,
            from: read("from", &self.from, TIMES, |text| time(text, Edge::From))?,
            to: read("to", &self.to, TIMES, |text| time(text, Edge::To))?,
            amount: read(
                "amount",
                &self.amount,
                "it should be hryvnias, such as 267.50",
                |text| Kopecks::parse_major(&text.replace(',', ".")).ok(),
            )?,
        })
    }

    pub fn after(&self) -> Option<&str> {
        paging::after(&self.after)
    }

    pub fn limit(&self) -> Result<u32, ApiError> {
        paging::limit(&self.limit)
    }
}

const STATUSES: &str = "it should be held, in_doubt, under_way, waiting, offline, refunded, partly_refunded, \
                        registered, closed or no_payment";
const TIMES: &str = "it should be a day such as 2026-03-05, or a time such as 2026-03-05T11:22:33+02:00";

fn read<T>(
    field: &'static str,
    text: &str,
    expected: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, ApiError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    read(text)
        .map(Some)
        .ok_or_else(|| ApiError::field("bad_query", field, expected))
}

#[derive(Clone, Copy)]
enum Edge {
    From,
    To,
}

fn time(text: &str, edge: Edge) -> Option<UnixMillis> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(UnixMillis(at.as_millisecond()));
    }
    let day: Date = text.parse().ok()?;
    let day = match edge {
        Edge::From => day,
        Edge::To => day.tomorrow().ok()?,
    };
    let kyiv = TimeZone::get("Europe/Kyiv").ok()?;
    let begin = day.to_zoned(kyiv).ok()?;
    Some(UnixMillis(begin.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_kyivs_and_the_last_one_is_still_meant() {
        for (text, from, to) in [
            ("2026-03-05", "2026-03-04T22:00:00Z", "2026-03-05T22:00:00Z"),
            // The clock goes forward within this day.
            ("2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"),
            (
                "2026-03-05T11:22:33+02:00",
                "2026-03-05T09:22:33Z",
                "2026-03-05T09:22:33Z",
            ),
        ] {
            let moment = |text: &str| Some(UnixMillis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond()));
            assert_eq!(time(text, Edge::From), moment(from), "{text}");
            assert_eq!(time(text, Edge::To), moment(to), "{text}");
        }
        for text in ["2026-02-30", "yesterday", "5.3.2026", "9999-99-99"] {
            assert_eq!(time(text, Edge::From), None, "{text}");
        }
    }

    #[test]
    fn nothing_said_is_everything() {
        let filter = Wanted::default().filter().unwrap();
        assert!(filter.text.is_empty() && filter.status.is_none() && filter.from.is_none());
        assert_eq!(Wanted::default().limit().unwrap(), 50);
        assert_eq!(Wanted::default().after(), None);
    }
}
