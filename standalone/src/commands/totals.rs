//! `kasyr totals REGISTER`: the register's own totals beside what our documents say.

use std::time::Duration;

use domain::shift::{ShiftSums, Side};
use ledger::actions::Ask;
use ledger::doors::Totals;

use super::exit::Exit;
use super::hand::{self, Hand};
use super::text::moment;
use crate::config::Base;

pub(super) async fn totals(
    base: &Base,
    env: &dyn Fn(&str) -> Option<String>,
    register: &str,
    patience: Duration,
) -> anyhow::Result<Exit> {
    let Some((ledger, register)) = hand::open(base, register).await? else {
        return Ok(Exit::Failed);
    };
    let hand = Hand::on(register, ledger, env, patience)?;
    let (_, exit) = hand.ask(Ask::Totals, "").await?;
    if exit == Exit::Done {
        match hand.ledger.totals(&hand.register.id).await? {
            None => println!(
                "Register {}: no shift was open yet, so there are no totals.",
                hand.register.id
            ),
            Some(totals) => {
                for line in table(&totals) {
                    println!("{line}");
                }
            }
        }
    }
    Ok(exit)
}

fn table(totals: &Totals) -> Vec<String> {
    let shift = &totals.shift;
    let mut lines = vec![match shift.closed_at {
        None => format!("The shift open since {}", moment(shift.opened_at)),
        Some(at) => format!(
            "No shift is open; the last one, {} to {}",
            moment(shift.opened_at),
            moment(at)
        ),
    }];
    let theirs = totals.theirs.as_ref().map(|(sums, _)| rows(sums));
    let ours = totals.ours.as_ref().map(rows);
    let shape = rows(&ShiftSums::default());
    lines.push(format!("  {:<14}{:>16}{:>16}", "", "register", "Kasyr"));
    for (place, (name, _)) in shape.iter().enumerate() {
        let cell = |side: &Option<Vec<(&str, String)>>| {
            side.as_ref()
                .and_then(|rows| rows.get(place))
                .map_or_else(|| "?".to_owned(), |(_, text)| text.clone())
        };
        lines.push(format!("  {name:<14}{:>16}{:>16}", cell(&theirs), cell(&ours)));
    }
    if theirs.is_none() {
        lines.push("  The register's side was not read while this shift was open.".to_owned());
        return lines;
    }
    let differences = totals.differences();
    if differences.is_empty() && ours.is_some() {
        lines.push("  Both sides agree.".to_owned());
    }
    lines.extend(differences.iter().map(|difference| format!("  ✘ {difference}")));
    lines
}

fn rows(sums: &ShiftSums) -> Vec<(&'static str, String)> {
    let count = |side: &Side| side.count.to_string();
    vec![
        ("sales", sums.sales.sum.to_string()),
        ("  how many", count(&sums.sales)),
        ("returns", sums.returns.sum.to_string()),
        ("  how many", count(&sums.returns)),
        ("cash in", sums.cash_in.to_string()),
        ("cash out", sums.cash_out.to_string()),
    ]
}
