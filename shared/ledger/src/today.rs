//! The first page: how the day goes.

use domain::document::Kind;
use domain::money::Kopecks;
use domain::time::UnixMillis;

use crate::attention::Counts;
use crate::page::Values;
use crate::people::Reach;
use crate::register_list::{Order, RegisterRow};
use crate::{Ledger, LedgerError, plan, sql};

/// How the day goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Today {
    /// What needs a person.
    pub attention: Counts,
    /// The first registers, the most troubled first.
    pub registers: Vec<RegisterRow>,
    /// There are more of them: [`Ledger::registers_list`] has all.
    pub more_registers: bool,
    /// Receipts by the hour they came onto the tape, the first hour from the day's start. A day has 23
    /// to 25.
    pub hours: Vec<Hour>,
    /// What all of them come to.
    pub total: Hour,
}

/// Receipts of one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hour {
    /// How many sales.
    pub sales: u64,
    /// How many returns and cancelled sales.
    pub returns: u64,
    /// What was sold.
    pub sold: Kopecks,
    /// What was given back.
    pub returned: Kopecks,
}

/// Registers on the first page.
const REGISTERS: u32 = 50;
const HOUR_MS: i64 = 3_600_000;
/// Nobody's day is longer; a longer span would be a mistake.
const LONGEST: i64 = 48;

impl Ledger {
    /// How the day from `day_start` to `day_end` goes.
    pub async fn today(
        &self,
        reach: &Reach,
        day_start: UnixMillis,
        day_end: UnixMillis,
        now: UnixMillis,
    ) -> Result<Today, LedgerError> {
        let mut registers = self.register_rows(reach, Order::Trouble(REGISTERS + 1)).await?;
        let shown = usize::try_from(REGISTERS).unwrap_or(usize::MAX);
        let more_registers = registers.len() > shown;
        registers.truncate(shown);
        let hours = self.hours(reach, day_start, day_end).await?;
        let total = hours.iter().fold(Hour::default(), |total, hour| total.plus(hour));
        Ok(Today {
            attention: self.attention(reach, now).await?,
            registers,
            more_registers,
            hours,
            total,
        })
    }

    /// Receipts by the hour. Reads the index of what came onto the tape, and only that day's part.
    async fn hours(&self, reach: &Reach, start: UnixMillis, end: UnixMillis) -> Result<Vec<Hour>, LedgerError> {
        let length = end.0.saturating_sub(start.0).clamp(0, LONGEST * HOUR_MS);
        let count = usize::try_from((length + HOUR_MS - 1) / HOUR_MS).unwrap_or(0);
        let mut hours = vec![Hour::default(); count];
        let mut values = Values::default();
        let from = values.take(start.0);
        let until = values.take(start.0.saturating_add(length));
        // The index begins with the merchant, so each merchant is one look-up.
        let (tables, within) = match reach {
            Reach::Everything => (
                "merchants CROSS JOIN documents",
                "documents.merchant_id = merchants.id".to_owned(),
            ),
            Reach::Merchants(_) => ("documents", values.within(reach, "documents.merchant_id")),
        };
        let statement = format!(
            "SELECT (done_at - {from}) / {HOUR_MS} AS hour, kind, count(*) AS number,
                 CAST(sum(amount) AS BIGINT) AS total
             FROM {tables}
             WHERE {within} AND done_at >= {from} AND done_at < {until} AND kind IN ('sale', 'storno', 'return')
             GROUP BY (done_at - {from}) / {HOUR_MS}, kind"
        );
        let rows = sql::query(&self.db, "add up a day's hours", &statement, values.into_vec()).await?;
        for row in &rows {
            let place = usize::try_from(sql::get::<i64>(row, "hour")?).unwrap_or(usize::MAX);
            let Some(hour) = hours.get_mut(place) else {
                continue;
            };
            let number = u64::try_from(sql::get::<i64>(row, "number")?).unwrap_or(0);
            let sum = plan::kopecks(sql::get(row, "total")?, "documents.amount")?;
            let told = match plan::kind(&sql::get::<String>(row, "kind")?)? {
                Kind::Sale => Hour {
                    sales: number,
                    sold: sum,
                    ..Hour::default()
                },
                Kind::Storno | Kind::Return => Hour {
                    returns: number,
                    returned: sum,
                    ..Hour::default()
                },
                Kind::CashIn | Kind::CashOut | Kind::ZReport | Kind::Closing => Hour::default(),
            };
            *hour = hour.plus(&told);
        }
        Ok(hours)
    }
}

impl Hour {
    /// Both together; stops at the largest amount there is.
    fn plus(&self, other: &Self) -> Self {
        let add = |one: Kopecks, other| one.checked_add(other).unwrap_or(Kopecks::MAX);
        Self {
            sales: self.sales + other.sales,
            returns: self.returns + other.returns,
            sold: add(self.sold, other.sold),
            returned: add(self.returned, other.returned),
        }
    }
}
