//! What the real ingress answers from the filled ledger: the API, and every kind of admin page.

use anyhow::Context as _;
use ledger::Ledger;
use ledger::people::Reach;
use ledger::search::OrderFilter;
use secrecy::{ExposeSecret as _, SecretString};
use tests::free_port;

use super::Measured;
use super::fill::API_KEY;
use crate::process::{self, Program};
use crate::wire::Wire;
use crate::{http, settings};

/// Name and path of what is asked for.
fn requests(orders: usize) -> Vec<(&'static str, String)> {
    let some = orders / 2 + 2;
    vec![
        ("orders", "/v1/orders".to_owned()),
        ("orders, by their id", format!("/v1/orders?text=A-{some}")),
        ("orders, held", "/v1/orders?status=held".to_owned()),
        ("one order", format!("/v1/orders/A-{}", orders / 10 * 10 - 10 + 1)),
        ("holds", "/v1/holds".to_owned()),
        ("alerts, all", "/v1/alerts?all=true".to_owned()),
        ("registers", "/v1/registers".to_owned()),
        ("one register", "/v1/registers/m-00-1".to_owned()),
    ]
}

/// Name and path of admin pages; `order` is an order's id in the ledger.
fn pages(orders: usize, order: &str) -> Vec<(&'static str, String)> {
    let some = orders / 2 + 2;
    vec![
        ("today", "/".to_owned()),
        ("orders", "/orders".to_owned()),
        ("orders, by their id", format!("/orders?text=A-{some}")),
        ("orders, by an amount", "/orders?text=267.50".to_owned()),
        ("orders, held", "/orders?status=held".to_owned()),
        ("an order's card", format!("/orders/{order}")),
        ("registers", "/registers".to_owned()),
        ("a register's card", "/registers/m-00-1".to_owned()),
        ("holds", "/attention".to_owned()),
        ("doubts", "/attention/doubts".to_owned()),
        ("alerts, all", "/attention/alerts?all=yes".to_owned()),
        ("audit", "/audit".to_owned()),
        ("settings", "/settings".to_owned()),
        ("users", "/settings/users".to_owned()),
        ("account", "/account".to_owned()),
    ]
}

/// Asks one after the other over one connection to each listener.
pub(super) async fn read(ledger: &Ledger, url: &str, orders: usize, measured: &mut Measured) -> anyhow::Result<()> {
    process::build(&["ingress"])?;
    let (port, admin) = (free_port(), free_port());
    let mut ingress = Program::start("ingress", &settings::ingress(url, "memory:", port, admin))?;
    ingress.listens(port).await;
    ingress.listens(admin).await;
    println!("\n{:<58} {:>10} {:>10} {:>10}", "served", "best", "p50", "p95");
    let mut wire = Wire::connect(port, http::whole).await?;
    for (name, path) in requests(orders) {
        let request = http::get(&path, API_KEY);
        measured
            .exchange(&format!("served: {name}"), &mut wire, &request)
            .await?;
    }
    let session = session(ledger).await?;
    let some = ledger
        .search_orders(&Reach::Everything, &OrderFilter::default(), None, 1)
        .await?;
    let order = some.rows.first().context("there are orders")?;
    let mut wire = Wire::connect(admin, http::whole).await?;
    for (name, path) in pages(orders, &order.id) {
        let request = http::page(&path, session.expose_secret());
        measured.exchange(&format!("page: {name}"), &mut wire, &request).await?;
    }
    Ok(())
}

/// An administrator who has signed in.
async fn session(ledger: &Ledger) -> anyhow::Result<SecretString> {
    let now = ledger.now();
    let token = ledger
        .invite_first_administrator(now)
        .await?
        .context("there is nobody yet")?;
    let accepted = ledger
        .accept_invitation(&token, &"unused".into(), "127.0.0.1", now)
        .await?;
    let user = accepted.context("the link works")?;
    let session = ledger.start_session(&user.id, "127.0.0.1", "bench", now).await?;
    session.context("the administrator may sign in")
}
