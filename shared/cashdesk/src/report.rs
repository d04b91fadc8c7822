//! The X-report and the report over a period: totals, and the checks by which a lost answer is found (sheet §5.4, §5.5).

use jiff::civil::Date;
use serde::{Deserialize, Serialize, Serializer};

use crate::answer::object;
use crate::decimal::Money;
use crate::error::Flaw;
use crate::kind::CheckType;
use crate::lenient;
use crate::view::{PaidBy, Taxed};

/// Asks for the totals of the open shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AskXReport {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// List the shift's checks.
    pub include_checks: bool,
    no_pdf: bool,
    no_text_print: bool,
}

impl AskXReport {
    /// With the shift's checks.
    pub const fn with_checks(num_fiscal: u64) -> Self {
        Self {
            include_checks: true,
            ..Self::totals(num_fiscal)
        }
    }

    /// Without the checks.
    pub const fn totals(num_fiscal: u64) -> Self {
        Self {
            num_fiscal,
            include_checks: false,
            no_pdf: true,
            no_text_print: true,
        }
    }
}

/// Asks for the totals of shifts that are closed, with their checks. CashDesk lists the checks only if the range is one
/// day or covers exactly one shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AskPeriod {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// The first day, in Kyiv.
    #[serde(serialize_with = "day")]
    pub from: Date,
    /// The last day, in Kyiv.
    #[serde(serialize_with = "day")]
    pub to: Date,
    include_checks: bool,
    no_pdf: bool,
    no_text_print: bool,
}

impl AskPeriod {
    /// From one day to another, both in it.
    pub const fn new(num_fiscal: u64, from: Date, to: Date) -> Self {
        Self {
            num_fiscal,
            from,
            to,
            include_checks: true,
            no_pdf: true,
            no_text_print: true,
        }
    }
}

/// `DD.MM.YYYY`.
fn day<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&date.strftime("%d.%m.%Y"))
}

/// Totals of a shift or of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Is the shift open? Of an X-report; [`Answer::shift_open`](crate::Answer) says the same.
    pub shift_state: Option<bool>,
    /// When the shift was opened, as written: `DD.MM.YYYY HH:MM:SS`.
    pub opened: Option<String>,
    /// The cash in the box now.
    pub cash_in_box: Option<Money>,
    /// The cash in the box when the shift was opened.
    pub cash_in_box_start: Option<Money>,
    /// Cash put in.
    pub service_input: Option<Money>,
    /// Cash taken out; seen in a period's report.
    pub service_output: Option<Money>,
    /// How many sales.
    pub sales_count: Option<u64>,
    /// What they came to.
    pub sales_sum: Option<Money>,
    /// The checks; none if they were not told, which is not the same as an empty list: see [`search`](crate::search).
    pub checks: Option<Vec<ReportCheck>>,
}

/// A check in a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, from = "CheckWire")]
pub struct ReportCheck {
    /// `type_`: what it is.
    pub check_type: Option<CheckType>,
    /// `order_num`: the fiscal number.
    pub order_num: Option<String>,
    /// `DD.MM.YYYY HH:MM:SS`, as written.
    pub datetime: Option<String>,
    /// The client's number. Of a document of moved cash it is the register's own counter, or none.
    pub local_number: Option<u64>,
    /// Its total.
    pub sum: Option<Money>,
    /// How it was paid.
    pub payments: Vec<PaidBy>,
    /// What the taxes came to.
    pub taxes: Vec<Taxed>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CheckWire {
    #[serde(deserialize_with = "lenient::text")]
    type_: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    order_num: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    datetime: Option<String>,
    #[serde(deserialize_with = "lenient::natural")]
    local_number: Option<u64>,
    #[serde(deserialize_with = "lenient::money")]
    sum: Option<Money>,
    #[serde(deserialize_with = "lenient::items")]
    payments: Vec<PaidBy>,
    #[serde(deserialize_with = "lenient::items")]
    tax: Vec<Taxed>,
}

impl From<CheckWire> for ReportCheck {
    fn from(wire: CheckWire) -> Self {
        Self {
            check_type: wire.type_.map(|word| CheckType::from_wire(word.trim())),
            order_num: wire.order_num,
            datetime: wire.datetime,
            local_number: wire.local_number,
            sum: wire.sum,
            payments: wire.payments,
            taxes: wire.tax,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "lenient::flag")]
    shift_state: Option<bool>,
    /// SmartConnect's name.
    #[serde(rename = "OPEN_SESSION_TIME", deserialize_with = "lenient::text")]
    open_session_time: Option<String>,
    /// The test cloud's.
    #[serde(deserialize_with = "lenient::text")]
    from_date: Option<String>,
    #[serde(deserialize_with = "lenient::money")]
    cash_in_box: Option<Money>,
    #[serde(deserialize_with = "lenient::money")]
    cash_in_box_start: Option<Money>,
    #[serde(deserialize_with = "lenient::money")]
    service_input: Option<Money>,
    #[serde(deserialize_with = "lenient::money")]
    service_output: Option<Money>,
    #[serde(deserialize_with = "lenient::block")]
    real: SalesWire,
    #[serde(deserialize_with = "lenient::list")]
    checks_list: Option<Vec<ReportCheck>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SalesWire {
    #[serde(deserialize_with = "lenient::natural")]
    orders_count: Option<u64>,
    #[serde(deserialize_with = "lenient::money")]
    sum: Option<Money>,
}

impl Report {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Flaw> {
        let wire: Wire = object(body)?;
        Ok(Self {
            shift_state: wire.shift_state,
            opened: wire.open_session_time.or(wire.from_date),
            cash_in_box: wire.cash_in_box,
            cash_in_box_start: wire.cash_in_box_start,
            service_input: wire.service_input,
            service_output: wire.service_output,
            sales_count: wire.real.orders_count,
            sales_sum: wire.real.sum,
            checks: wire.checks_list,
        })
    }
}

#[cfg(test)]
mod tests;
