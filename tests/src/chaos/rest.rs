//! When is everything done?

use std::time::Duration;

use anyhow::bail;
use ledger::people::Reach;
use sandbox::fondy::OrderRef;
use tokio::time::Instant;

use super::load::{Order, Way};
use super::notices;
use super::world::World;

/// Waits until nothing is on its way any more: every callback acknowledged, every event planned,
/// every document registered or on hold. Says what is still open when it does not come to that.
pub async fn wait(world: &World, orders: &[Order], patience: Duration) -> anyhow::Result<Duration> {
    let start = Instant::now();
    loop {
        let open = open(world, orders).await;
        if open.is_empty() {
            return Ok(start.elapsed());
        }
        if start.elapsed() > patience {
            bail!("not everything came to rest within {patience:?}: {}", open.join(", "));
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// What is not done, in words.
async fn open(world: &World, orders: &[Order]) -> Vec<String> {
    let mut open = Vec::new();
    let callbacks = world.payments.waiting_callbacks();
    if callbacks > 0 {
        open.push(format!("{callbacks} callbacks"));
    }
    let told = notices::on_their_way(&world.registers);
    if told > 0 {
        open.push(format!("{told} notices of providers"));
    }
    match world.ledger.stats().await {
        Err(error) => open.push(format!("the ledger: {error}")),
        Ok(stats) => {
            if stats.events_waiting > 0 {
                open.push(format!("{} events", stats.events_waiting));
            }
            let documents = stats.documents.iter().filter(|(state, _)| state != "held");
            open.extend(documents.map(|(state, count)| format!("{count} documents {state}")));
        }
    }
    for till in &world.tills {
        match world.ledger.day(&till.register).await {
            Err(error) => open.push(format!("the ledger: {error}")),
            Ok(day) => {
                if !day.actions.is_empty() {
                    open.push(format!("{} still has to be closed", till.register));
                }
                if day.uncompared.is_some() || day.offline_documents > 0 {
                    open.push(format!(
                        "{} has shifts to compare or documents to deliver",
                        till.register
                    ));
                }
            }
        }
    }
    for till in &world.tills {
        match world.ledger.next_notice(&till.register).await {
            Err(error) => open.push(format!("the ledger: {error}")),
            Ok(Some(_)) => open.push(format!("{} has notices to ask about", till.register)),
            Ok(None) => {}
        }
    }
    match world.ledger.lanes(&Reach::Everything, None, u32::MAX).await {
        Err(error) => open.push(format!("the ledger: {error}")),
        Ok(lanes) => {
            let waiting: u64 = lanes.rows.iter().map(|lane| lane.due).sum();
            if waiting > 0 {
                open.push(format!("{waiting} messages"));
            }
        }
    }
    if open.is_empty() {
        // One may be under way right now, which is not waiting.
        let unanswered = orders.iter().filter(|order| has_unanswered(world, order)).count();
        if unanswered > 0 {
            open.push(format!("callbacks of {unanswered} orders"));
        }
    }
    open
}

fn has_unanswered(world: &World, order: &Order) -> bool {
    let (Way::Fondy(_), Some(till)) = (order.way, world.tills.get(order.register)) else {
        return false;
    };
    let callbacks = world.payments.callbacks(&OrderRef::new(till.gateway, order.id()));
    callbacks.is_ok_and(|callbacks| callbacks.iter().any(|callback| !callback.acknowledged))
}
