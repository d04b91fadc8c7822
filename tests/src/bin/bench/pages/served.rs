//! What the real ingress answers from the filled ledger. A page of the admin listener is timed by a line
//! in [`requests`].

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

/// Asks one after the other over one connection.
pub(super) async fn read(url: &str, orders: usize, measured: &mut Measured) -> anyhow::Result<()> {
    process::build(&["ingress"])?;
    let port = free_port();
    let mut ingress = Program::start("ingress", &settings::ingress(url, "memory:", port))?;
    ingress.listens(port).await;
    println!("\n{:<58} {:>10} {:>10} {:>10}", "served", "best", "p50", "p95");
    let mut wire = Wire::connect(port, http::whole).await?;
    for (name, path) in requests(orders) {
        let request = http::get(&path, API_KEY);
        measured
            .exchange(&format!("served: {name}"), &mut wire, &request)
            .await?;
    }
    Ok(())
}
