//! `kasyr orders [ORDER]`.

use std::process::ExitCode;

use domain::ids::{ExternalOrderId, MerchantId};
use ledger::Ledger;
use ledger::views::OrderView;

use super::text::{document_line, moment};
use crate::config::Base;

pub(super) async fn list(base: &Base, limit: u64) -> anyhow::Result<ExitCode> {
    let ledger = base.open().await?;
    let orders = ledger.recent_orders(limit).await?;
    if orders.is_empty() {
        println!("No orders yet. They come with the first payment or with PUT /v1/orders.");
    }
    for (merchant, order) in &orders {
        let Some(view) = ledger.order_view(merchant, order).await? else {
            continue;
        };
        let documents: Vec<String> = view
            .documents
            .iter()
            .map(|document| format!("{} {}", document.kind, document.state))
            .collect();
        let documents = if documents.is_empty() {
            "no documents".to_owned()
        } else {
            documents.join(", ")
        };
        println!("{}  {merchant}  {order}: {documents}", moment(view.created_at));
    }
    Ok(ExitCode::SUCCESS)
}

/// Two merchants may use the same order id: all of them are shown.
pub(super) async fn show(base: &Base, order: &str) -> anyhow::Result<bool> {
    let order = ExternalOrderId::parse(order)?;
    let ledger = base.open().await?;
    let mut found = false;
    for merchant in merchants(&ledger).await? {
        if let Some(view) = ledger.order_view(&merchant, &order).await? {
            found = true;
            card(&merchant, &view);
        }
    }
    if !found {
        println!("No order {order} is known.");
    }
    Ok(found)
}

async fn merchants(ledger: &Ledger) -> anyhow::Result<Vec<MerchantId>> {
    let mut merchants: Vec<MerchantId> = ledger
        .registers(None)
        .await?
        .into_iter()
        .map(|register| register.merchant)
        .collect();
    merchants.sort();
    merchants.dedup();
    Ok(merchants)
}

fn card(merchant: &MerchantId, view: &OrderView) {
    println!("Order {} of {merchant}, since {}", view.id, moment(view.created_at));
    if let Some(description) = &view.description {
        println!("  {description}");
    }
    for event in &view.events {
        let note = event
            .note
            .as_deref()
            .map_or_else(String::new, |note| format!(": {note}"));
        println!(
            "  {}  event {} ({}){note}",
            moment(event.received_at),
            event.kind,
            event.state
        );
    }
    for document in &view.documents {
        println!("  {}", document_line(document));
        if let Some(url) = &document.url {
            println!("    {url}");
        }
    }
}
