//! `kasyr close-shift`, `z-report`, `cleanup`, `sync`: asked through the ledger, done under the
//! register's lease.

use std::time::Duration;

use ledger::actions::{Action, Ask};
use queue::{Due, Kind};

use super::exit::Exit;
use super::hand::{self, ACTOR, Hand};
use crate::config::Base;

/// What is asked of which register.
pub(super) struct Wish<'a> {
    pub register: &'a str,
    pub ask: Ask,
    pub subject: &'a str,
}

/// Asks and does it.
pub(super) async fn done(
    base: &Base,
    env: &dyn Fn(&str) -> Option<String>,
    wish: &Wish<'_>,
    patience: Duration,
) -> anyhow::Result<Exit> {
    let Some((ledger, register)) = hand::open(base, wish.register).await? else {
        return Ok(Exit::Failed);
    };
    let hand = Hand::on(register, ledger, env, patience)?;
    let (action, exit) = hand.ask(wish.ask, wish.subject).await?;
    if exit == Exit::Done {
        println!("Register {}: {}.", action.register, result(&action));
    }
    Ok(exit)
}

/// Only asks; whoever works the register does it.
pub(super) async fn only(base: &Base, wish: &Wish<'_>, command: &str) -> anyhow::Result<Exit> {
    let Some((ledger, register)) = hand::open(base, wish.register).await? else {
        return Ok(Exit::Failed);
    };
    let id = &register.id;
    let action = ledger.ask(id, wish.ask, wish.subject, ACTOR, ledger.now()).await?;
    let doorbell = base.doorbell();
    doorbell.ring(Kind::WorkRegister, id.as_str(), Due::Now);
    // A bell that is lost costs a few seconds.
    let _ = tokio::time::timeout(Duration::from_secs(2), doorbell.flushed()).await;
    println!(
        "Register {id}: asked, action {}. A running Kasyr does it within seconds.",
        action.id
    );
    println!("  to have it done here and now: kasyr {command} {id} --wait");
    println!("  to see how it stands: kasyr state {id}");
    Ok(Exit::Done)
}

fn result(action: &Action) -> &str {
    action.end.as_ref().map_or("", |end| &end.result)
}
