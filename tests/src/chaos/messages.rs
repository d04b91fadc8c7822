//! Did every buyer and every shop hear of every receipt? By the mailbox and the endpoints themselves; Kasyr's ledger
//! only explains what came twice.

use std::collections::{BTreeMap, BTreeSet};

use ledger::deliveries::DeliveryFilter;
use ledger::people::Reach;
use sandbox::mailbox::Message;
use sandbox::shop::Received;
use serde_json::Value;

use super::shop::buyer;
use super::tape::{self, Slip};
use super::world::World;

/// What must be nothing, each with its cases in words, and what was counted.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// Receipts of which a shop was not told.
    pub untold: Vec<String>,
    /// Receipts whose buyer has an address and got no letter.
    pub unwritten: Vec<String>,
    /// Letters to somebody else.
    pub astray: Vec<String>,
    /// Webhooks that followed a redirect.
    pub led_away: Vec<String>,
    /// Messages that came more often than unclear tries explain.
    pub unexplained: Vec<String>,
    /// Messages that are neither taken nor rightly left out.
    pub open: Vec<String>,
    /// Different letters.
    pub letters: usize,
    /// Different webhooks.
    pub webhooks: usize,
    /// Letters that came more than once.
    pub letters_again: usize,
    /// Webhooks that came more than once.
    pub webhooks_again: usize,
    /// Tries after which nobody knew.
    pub unclear: u64,
}

impl Messages {
    /// Names and cases of everything that must be nothing.
    pub fn figures(&self) -> [(&'static str, &[String]); 6] {
        [
            ("receipts a shop was not told of", &self.untold),
            ("receipts whose buyer got no letter", &self.unwritten),
            ("letters to somebody else", &self.astray),
            ("webhooks that followed a redirect", &self.led_away),
            ("messages that came again without an unclear try", &self.unexplained),
            ("messages neither taken nor rightly left out", &self.open),
        ]
    }

    /// Is everything nothing?
    pub fn is_clean(&self) -> bool {
        self.figures().iter().all(|(_, cases)| cases.is_empty())
    }
}

/// What the ledger knows of the messages about one document's number.
struct Known {
    channel: String,
    state: String,
    trouble: Option<String>,
    unclear: u64,
    order: String,
}

/// Judges.
pub async fn judge(world: &World, tape: &[Slip]) -> anyhow::Result<Messages> {
    let mut messages = Messages::default();
    let known = known(world).await?;
    messages.unclear = known.values().map(|known| known.unclear).sum();
    let told = webhooks(&world.shop.requests(), &known, &mut messages);
    let written = letters(&world.mailbox.messages(), &known, &mut messages);
    let with_letter: BTreeSet<&str> = known
        .values()
        .filter(|known| known.channel == "mail")
        .map(|known| known.order.as_str())
        .collect();
    let order_of = tape::orders(tape);
    for slip in tape {
        let number = slip.number.as_str();
        if !told.contains(number) {
            messages.untold.push(format!("{number} of {}", slip.till));
        }
        let order = order_of.get(&(slip.register, number)).copied().unwrap_or_default();
        if with_letter.contains(order) && !written.contains(number) {
            messages.unwritten.push(format!("{number} of {order}"));
        }
    }
    for (id, known) in &known {
        let Known {
            channel,
            state,
            trouble,
            order,
            ..
        } = known;
        if state != "done" {
            let why = trouble.as_deref().unwrap_or("no reason");
            messages
                .open
                .push(format!("{channel} {id} of {order} is {state}: {why}"));
        }
    }
    let astray = world.trap.requests();
    messages
        .led_away
        .extend(astray.iter().map(|request| request.path.clone()));
    Ok(messages)
}

async fn known(world: &World) -> anyhow::Result<BTreeMap<String, Known>> {
    let mut known = BTreeMap::new();
    let mut after = None;
    loop {
        let page = world
            .ledger
            .list_deliveries(&Reach::Everything, &DeliveryFilter::default(), after.as_deref(), 1000)
            .await?;
        for row in page.rows {
            known.insert(
                row.id,
                Known {
                    channel: row.channel,
                    state: row.state,
                    trouble: row.trouble,
                    unclear: row.unclear,
                    order: row.order,
                },
            );
        }
        after = page.next;
        if after.is_none() {
            return Ok(known);
        }
    }
}

/// The numbers of receipts that a shop has taken.
fn webhooks(requests: &[Received], known: &BTreeMap<String, Known>, messages: &mut Messages) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let mut whole: BTreeMap<String, usize> = BTreeMap::new();
    for request in requests.iter().filter(|request| request.whole) {
        let id = request.header("webhook-id").unwrap_or_default().to_owned();
        *whole.entry(id).or_default() += 1;
        if request.is_acknowledged()
            && let Ok(body) = serde_json::from_slice::<Value>(&request.body)
        {
            numbers.extend(body["ORDERNUM"].as_str().map(str::to_owned));
        }
    }
    messages.webhooks = whole.len();
    // A refusal is no delivery: those that were taken, or may have been.
    let taken = |request: &&Received| request.whole && request.answer.is_none_or(|status| status < 300);
    let mut times: BTreeMap<&str, u64> = BTreeMap::new();
    for request in requests.iter().filter(taken) {
        *times
            .entry(request.header("webhook-id").unwrap_or_default())
            .or_default() += 1;
    }
    messages.webhooks_again = again(&times, known, &mut messages.unexplained);
    numbers
}

/// The numbers of receipts that stand in letters to the right buyer.
fn letters(kept: &[Message], known: &BTreeMap<String, Known>, messages: &mut Messages) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    for message in kept {
        let Some(decoded) = message.decoded() else {
            messages.astray.push(format!("letter {} cannot be read", message.id));
            continue;
        };
        let id = decoded.message_id.unwrap_or_default();
        let id = id.split('@').next().unwrap_or_default().to_owned();
        let order = known.get(&id).map_or("", |known| known.order.as_str());
        if message.to != [buyer(order)] {
            messages.astray.push(format!("letter {id} about {order}"));
        }
        let text = decoded.text.unwrap_or_default();
        numbers.extend(
            text.split(|letter: char| !letter.is_ascii_alphanumeric() && !".-_".contains(letter))
                .map(str::to_owned),
        );
        *times.entry(id).or_default() += 1;
    }
    messages.letters = times.len();
    let times: BTreeMap<&str, u64> = times.iter().map(|(id, count)| (id.as_str(), *count)).collect();
    messages.letters_again = again(&times, known, &mut messages.unexplained);
    numbers
}

/// How many came more than once; those that unclear tries do not explain are told.
fn again(times: &BTreeMap<&str, u64>, known: &BTreeMap<String, Known>, unexplained: &mut Vec<String>) -> usize {
    let mut again = 0;
    for (id, count) in times.iter().filter(|(_, count)| **count > 1) {
        again += 1;
        let unclear = known.get(*id).map_or(0, |known| known.unclear);
        if count - 1 > unclear {
            unexplained.push(format!("{id} came {count} times, {unclear} tries were unclear"));
        }
    }
    again
}
