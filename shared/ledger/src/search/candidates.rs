//! Which orders may fit: look-ups in indexes, each giving ids of orders, newest first.

use domain::document::Kind;
use domain::ids::{DocumentId, ExternalOrderId, FiscalNumber};
use domain::money::Kopecks;

use super::OrderFilter;
use crate::fiscalization::Fiscalization;
use crate::gateway::Progress;
use crate::page::{self, Values};
use crate::people::Reach;
use crate::{Ledger, LedgerError, sql};

/// Where candidates come from; each is served by one index.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Driver {
    /// All orders.
    Orders,
    /// The order with this id at the shop, as a digest.
    External(String),
    /// The order or document with this id in the ledger.
    Internal(String),
    /// The document with this fiscal number.
    Fiscal(String),
    /// Paid with a card that ends so.
    Card(String),
    /// Of this buyer.
    Email(String),
    /// With a document of this amount.
    Amount(Kopecks),
    /// On the register that is named.
    Register,
    /// With a document in this state, which is not `registered`.
    State(&'static str),
    /// With a document of this kind that gives money back.
    Refund(&'static str),
    /// With a document that is not delivered.
    Undelivered,
    /// Whose receipt a payment system should have made, this far.
    Unmet(Progress),
}

/// What is asked of the database for each page.
pub(super) struct Candidates {
    drivers: Vec<Driver>,
    /// Within reach, if one is named: its merchant's reach is all there is.
    register: Option<String>,
    reach: Reach,
}

/// Which ids of orders are meant: from the first on, before the second.
pub(super) struct Window {
    from: String,
    before: String,
}

/// More merchants than this share one look-up, which then sorts what it finds.
const BRANCHES: usize = 100;
const FIRST_ID: &str = "00000000-0000-0000-0000-000000000000";
const LAST_ID: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

impl Window {
    /// `None`: the cursor is none of ours.
    pub fn of(filter: &OrderFilter, after: Option<&str>) -> Option<Self> {
        let to = filter.to.map(sql::first_id_at);
        let before = [to.as_deref(), after].into_iter().flatten().min().unwrap_or(LAST_ID);
        page::cursor(Some(before)).map(|before| Self {
            from: filter.from.map_or_else(|| FIRST_ID.to_owned(), sql::first_id_at),
            before: before.to_owned(),
        })
    }

    pub fn continue_after(&mut self, id: &str) {
        id.clone_into(&mut self.before);
    }
}

impl Candidates {
    /// `None`: nothing can fit.
    pub fn of(filter: &OrderFilter, reach: &Reach) -> Option<Self> {
        if *reach == Reach::Merchants(Vec::new()) || filter.kind.is_some_and(Kind::is_registers_own) {
            return None;
        }
        let drivers = drivers(filter);
        (!drivers.is_empty()).then(|| Self {
            drivers,
            register: filter.register.as_ref().map(|register| register.as_str().to_owned()),
            reach: reach.clone(),
        })
    }

    /// The next ids, newest first.
    pub async fn ids(&self, ledger: &Ledger, window: &Window, count: usize) -> Result<Vec<String>, LedgerError> {
        let mut values = Values::default();
        let places = Places {
            from: values.take(window.from.as_str()),
            before: values.take(window.before.as_str()),
            // Written out: PostgreSQL plans for a tenth of the table when it does not know how many.
            count: count.to_string(),
        };
        let mut branches = Vec::new();
        for driver in &self.drivers {
            for scope in driver.split(&self.reach, self.register.as_deref()) {
                branches.push(driver.select(&scope, &places, &mut values));
            }
        }
        let statement = match &branches[..] {
            [only] => only.clone(),
            several => {
                let several: Vec<String> = several
                    .iter()
                    .enumerate()
                    .map(|(place, branch)| format!("SELECT id FROM ({branch}) AS branch{place}"))
                    .collect();
                format!("{} ORDER BY id DESC LIMIT {}", several.join(" UNION "), places.count)
            }
        };
        let rows = sql::query(&ledger.db, "look for orders", &statement, values.into_vec()).await?;
        rows.iter().map(|row| sql::get(row, "id")).collect()
    }
}

/// The most telling filter chooses; the others are decided about each candidate.
fn drivers(filter: &OrderFilter) -> Vec<Driver> {
    let text = filter.text.trim();
    if !text.is_empty() {
        return shapes(text);
    }
    if let Some(amount) = filter.amount {
        return vec![Driver::Amount(amount)];
    }
    let states = |states: &[&'static str]| -> Vec<Driver> { states.iter().map(|state| Driver::State(state)).collect() };
    let or_unmet = |mut drivers: Vec<Driver>, progress| {
        // What is not met yet is on no register of ours.
        drivers.extend(filter.register.is_none().then_some(Driver::Unmet(progress)));
        drivers
    };
    match filter.status {
        Some(Fiscalization::Held) => return or_unmet(states(&["held"]), Progress::Missed),
        Some(Fiscalization::InDoubt) => return states(&["in_doubt"]),
        Some(Fiscalization::UnderWay) => {
            return or_unmet(states(&["ready", "sending", "pending"]), Progress::Open);
        }
        Some(Fiscalization::Waiting) => return states(&["waiting"]),
        Some(Fiscalization::Closed) => return states(&["closed"]),
        Some(Fiscalization::Offline) => return vec![Driver::Undelivered],
        Some(
            Fiscalization::Refunded
            | Fiscalization::PartlyRefunded
            | Fiscalization::Registered
            | Fiscalization::NoPayment,
        )
        | None => {}
    }
    match (filter.kind, filter.status) {
        (Some(kind @ (Kind::Storno | Kind::Return)), _) => vec![Driver::Refund(kind.as_str())],
        (_, Some(Fiscalization::Refunded | Fiscalization::PartlyRefunded)) => {
            vec![
                Driver::Refund(Kind::Storno.as_str()),
                Driver::Refund(Kind::Return.as_str()),
            ]
        }
        (_, _) if filter.register.is_some() => vec![Driver::Register],
        (_, _) => vec![Driver::Orders],
    }
}

/// What a text may be. Each must match whole: a prefix would match half the shop.
fn shapes(text: &str) -> Vec<Driver> {
    let mut drivers = Vec::new();
    if let Ok(order) = ExternalOrderId::parse(text) {
        drivers.push(Driver::External(sql::digest(order.as_str().as_bytes())));
    }
    if text.contains('\0') {
        return drivers;
    }
    if let Ok(id) = DocumentId::parse(text) {
        drivers.push(Driver::Internal(id.to_string()));
    }
    if let Ok(number) = FiscalNumber::parse(text) {
        drivers.push(Driver::Fiscal(number.as_str().to_owned()));
    }
    let bare = text.trim_start_matches(['*', 'x', 'X', '•', ' ']);
    if bare.len() == 4 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        drivers.push(Driver::Card(bare.to_owned()));
    }
    if text.contains('@') {
        drivers.push(Driver::Email(text.to_lowercase()));
    }
    let sum: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '\u{a0}'))
        .collect();
    if let Ok(amount) = Kopecks::parse_major(&sum.replace(',', ".")) {
        drivers.push(Driver::Amount(amount));
    }
    drivers
}

/// What all look-ups share.
struct Places {
    from: String,
    before: String,
    count: String,
}

/// Where a look-up looks.
enum Scope {
    Within(Reach),
    Register(String),
}

impl Driver {
    /// Where other merchants may have many rows, each merchant gets a look-up of its own, which reads
    /// its index backwards and stops. The rest finds few rows whosever they are.
    fn split(&self, reach: &Reach, register: Option<&str>) -> Vec<Scope> {
        let (by_merchant, by_register) = match self {
            Self::State(_) | Self::Refund(_) => (true, true),
            Self::Orders | Self::Amount(_) => (true, false),
            Self::Register => (false, true),
            Self::External(_)
            | Self::Internal(_)
            | Self::Fiscal(_)
            | Self::Card(_)
            | Self::Email(_)
            | Self::Undelivered
            | Self::Unmet(_) => (false, false),
        };
        match (reach, register) {
            (_, Some(register)) if by_register => vec![Scope::Register(register.to_owned())],
            (Reach::Merchants(ids), _) if by_merchant && ids.len() <= BRANCHES => {
                let each = ids.iter().map(|id| Reach::Merchants(vec![id.clone()]));
                each.map(Scope::Within).collect()
            }
            (Reach::Merchants(_) | Reach::Everything, _) => vec![Scope::Within(reach.clone())],
        }
    }

    fn select(&self, scope: &Scope, places: &Places, values: &mut Values) -> String {
        let Places { from, before, count } = places;
        let within = |values: &mut Values, table: &str| match scope {
            Scope::Within(reach) => values.within(reach, &format!("{table}.merchant_id")),
            Scope::Register(register) => format!("{table}.register_id = {}", values.take(register.as_str())),
        };
        let orders = |condition: &str, values: &mut Values| {
            let within = within(values, "orders");
            format!(
                "SELECT orders.id AS id FROM orders WHERE {condition} AND {within}
                   AND orders.id >= {from} AND orders.id < {before} ORDER BY orders.id DESC LIMIT {count}"
            )
        };
        let documents = |condition: &str, values: &mut Values| {
            let within = within(values, "documents");
            format!(
                "SELECT DISTINCT order_id AS id FROM documents WHERE {condition} AND {within}
                   AND order_id IS NOT NULL AND order_id >= {from} AND order_id < {before}
                 ORDER BY order_id DESC LIMIT {count}"
            )
        };
        match self {
            Self::Orders => orders("1 = 1", values),
            Self::External(digest) => {
                let digest = values.take(digest.as_str());
                match scope {
                    Scope::Within(Reach::Merchants(_)) | Scope::Register(_) => {
                        orders(&format!("orders.external_key = {digest}"), values)
                    }
                    // One look-up per merchant: the index begins with the merchant.
                    Scope::Within(Reach::Everything) => format!(
                        "SELECT orders.id AS id FROM merchants CROSS JOIN orders
                         WHERE orders.merchant_id = merchants.id AND orders.external_key = {digest}
                           AND orders.id >= {from} AND orders.id < {before} ORDER BY orders.id DESC LIMIT {count}"
                    ),
                }
            }
            Self::Internal(id) => {
                let id = values.take(id.as_str());
                let of_document = format!("(SELECT order_id FROM documents WHERE documents.id = {id})");
                orders(&format!("orders.id IN ({id}, {of_document})"), values)
            }
            Self::Fiscal(number) => {
                let number = values.take(number.as_str());
                documents(&format!("fiscal_number = {number}"), values)
            }
            Self::Card(tail) => {
                let tail = values.take(tail.as_str());
                documents(&format!("card_tail = {tail}"), values)
            }
            Self::Email(email) => {
                let email = values.take(email.as_str());
                orders(&format!("orders.email = {email}"), values)
            }
            Self::Amount(amount) => {
                let amount = values.take(crate::plan::minor(*amount));
                documents(&format!("amount = {amount}"), values)
            }
            Self::Register => documents("1 = 1", values),
            // Written out, not given as values: the database must see that a partial index serves them.
            Self::State(state) => documents(&format!("state = '{state}' AND state <> 'registered'"), values),
            Self::Refund(kind) => documents(&format!("kind = '{kind}'"), values),
            Self::Undelivered => documents("presence = 'offline'", values),
            Self::Unmet(progress) => {
                let within = match scope {
                    Scope::Within(reach) => values.within(reach, "merchant_id"),
                    Scope::Register(_) => "1 = 0".to_owned(),
                };
                format!(
                    "SELECT DISTINCT order_id AS id FROM expectations
                     WHERE purpose = 'receipt' AND state IN ('open', 'missed') AND state = '{}' AND {within}
                       AND order_id >= {from} AND order_id < {before} ORDER BY order_id DESC LIMIT {count}",
                    progress.as_str()
                )
            }
        }
    }
}

#[cfg(test)]
mod tests;
