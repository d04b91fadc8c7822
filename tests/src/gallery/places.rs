//! Where things are: ids that only the ledger knows.

use std::collections::BTreeMap;

use ledger::people::{NewUser, Reach, Role};
use ledger::search::OrderFilter;
use secrecy::ExposeSecret as _;

use crate::bed::{Placed, Shop, TestBed};

/// Paths of pages about what the gallery has lived through.
pub struct Places {
    orders: BTreeMap<String, String>,
    /// A receipt as the tax service renders it.
    pub receipt: String,
    /// A letter that was taken and may have arrived twice.
    pub letter: String,
    /// A document of a register that belongs to no order.
    pub cash: String,
    /// A closed shift whose Z-report agrees.
    pub agreeing: String,
    /// One whose Z-report differs.
    pub differing: String,
    /// A one-time link that nobody has used.
    pub welcome: String,
    /// The user it was made for.
    pub invited: String,
}

impl Places {
    pub(super) async fn of(bed: &TestBed, flowers: &Shop, workshop: &Shop, sold: &Placed, letter: String) -> Self {
        let found = bed
            .ledger
            .search_orders(&Reach::Everything, &OrderFilter::default(), None, 100)
            .await
            .expect("the ledger answers");
        let orders = found
            .rows
            .into_iter()
            .map(|row| (row.external_id, format!("/orders/{}", row.id)))
            .collect();
        let documents = bed
            .ledger
            .recent_documents(None, 1000)
            .await
            .expect("the ledger answers");
        let cash = documents.iter().find(|document| document.kind == "cash_in");
        let (welcome, invited) = invite(bed).await;
        Self {
            orders,
            receipt: format!("/documents/{}/receipt", bed.documents(sold).await[0].id),
            letter,
            cash: format!("/documents/{}", cash.expect("cash was put in").id),
            agreeing: shift(bed, flowers).await,
            differing: shift(bed, workshop).await,
            welcome,
            invited,
        }
    }

    /// The card of an order.
    pub fn order(&self, order: &Placed) -> String {
        self.orders[&order.id.to_string()].clone()
    }
}

/// The newest closed shift.
async fn shift(bed: &TestBed, shop: &Shop) -> String {
    let shifts = bed
        .ledger
        .recent_shifts(&shop.register, 10)
        .await
        .expect("the ledger answers");
    let closed = shifts.iter().find(|shift| shift.compared_at.is_some());
    let closed = closed.expect("a shift is closed");
    format!("/registers/{}/shifts/{}", shop.register, closed.id)
}

async fn invite(bed: &TestBed) -> (String, String) {
    let new = NewUser {
        login: "solomiia".to_owned(),
        name: "Соломія Бухгалтер".to_owned(),
        role: Role::Accountant,
        reach: Reach::Everything,
        language: "uk".to_owned(),
    };
    let invited = bed
        .ledger
        .invite(&Reach::Everything, &new, "olena", bed.now())
        .await
        .expect("the user is invited");
    (
        format!("/welcome/{}", invited.token.expose_secret()),
        format!("/settings/users/{}", invited.user.id),
    )
}
