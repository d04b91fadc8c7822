//! What happened to an order, in its order: messages, documents, holds, numbers.

use domain::time::UnixMillis;
use ledger::deliveries::Channel;
use ledger::order_card::OrderCard;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts::Tone;
use super::super::words;
use super::{Told, list};

struct Moment {
    at: UnixMillis,
    tone: Tone,
    text: String,
}

pub(super) fn show(l: Language, order: &OrderCard, told: &Told) -> Markup {
    let mut moments = Vec::new();
    messages(l, order, &mut moments);
    documents(l, order, &mut moments);
    deliveries(l, order, told, &mut moments);
    // What happened in the same millisecond keeps the order in which it is told.
    moments.sort_by_key(|moment| moment.at);
    html! {
        ol.line { @for moment in &moments {
            li class=(moment.tone.class()) { span.soft { (l.time(moment.at)) } br; (moment.text) }
        } }
    }
}

fn messages(l: Language, order: &OrderCard, moments: &mut Vec<Moment>) {
    let mut add = |at, tone, text| moments.push(Moment { at, tone, text });
    add(
        order.created_at,
        Tone::Quiet,
        l.say("Kasyr уперше почув про замовлення", "Kasyr first heard of the order")
            .to_owned(),
    );
    let told_first = order
        .events
        .first()
        .is_none_or(|event| order.created_at < event.received_at);
    if told_first {
        let text = l.say("Магазин повідомив про замовлення", "The shop told of the order");
        add(order.created_at, Tone::Quiet, text.to_owned());
    }
    for event in &order.events {
        let from = event.source.as_deref().unwrap_or("API");
        let what = match event.kind.as_str() {
            "paid" => l.say("оплата", "payment"),
            "refunded" => l.say("повернення", "refund"),
            "split" => l.say("поділ оплати", "the payment was divided"),
            "ask" => l.say(
                "щось сталося: питаємо платіжну систему",
                "something happened: the payment system is asked",
            ),
            "nothing" => l.say("нічого, що потребує чека", "nothing that needs a receipt"),
            "strange" => l.say("щось незвичне", "something unusual"),
            other => other,
        };
        let amount = event
            .amount
            .map(|sum| format!(" {}", list::sum(l, sum)))
            .unwrap_or_default();
        let how = if event.found {
            l.say("Знайдено звіркою у", "Found by reconciliation at")
        } else {
            l.say("Повідомлення від", "Message from")
        };
        add(event.received_at, Tone::Busy, format!("{how} {from}: {what}{amount}"));
        let note = event
            .note
            .as_deref()
            .map(|note| format!(": {}", words::detail(l, note)))
            .unwrap_or_default();
        match (event.state.as_str(), event.settled_at) {
            ("planned", Some(at)) => add(
                at,
                Tone::Good,
                l.say("Документи сплановано", "Documents were planned").to_owned(),
            ),
            ("ignored", Some(at)) => add(
                at,
                Tone::Quiet,
                format!("{}{note}", l.say("Документ не потрібен", "No document needed")),
            ),
            (_, _) if !note.is_empty() => {
                add(
                    event.received_at,
                    Tone::Warn,
                    format!("{}{note}", l.say("Ще не оброблено", "Not dealt with yet")),
                );
            }
            (_, _) => {}
        }
        if event.conflicts > 0 {
            add(
                event.received_at,
                Tone::Bad,
                l.say(
                    "Те саме повідомлення прийшло ще й з іншим вмістом; діє перше",
                    "The same message came with another content, too; the first one counts",
                )
                .to_owned(),
            );
        }
    }
}

fn documents(l: Language, order: &OrderCard, moments: &mut Vec<Moment>) {
    for shown in &order.documents {
        let document = &shown.document;
        let name = words::kind(l, &document.kind);
        if let Some(first) = shown.attempts.first() {
            let text = format!(
                "{name}: {}",
                l.say("перший запит до каси", "first request to the register")
            );
            moments.push(Moment {
                at: first.started_at,
                tone: Tone::Busy,
                text,
            });
        }
        for hold in &shown.holds {
            let text = format!("{name}: {}", words::hold(l, &hold.reason));
            moments.push(Moment {
                at: hold.opened_at,
                tone: Tone::Bad,
                text,
            });
            if let Some((at, who)) = &hold.resolved {
                let what = match &hold.resolution {
                    Some(reason) => format!("{} {reason}", l.say("закрито без чека:", "closed without a receipt:")),
                    None => l.say("надіслано ще раз", "resent").to_owned(),
                };
                moments.push(Moment {
                    at: *at,
                    tone: Tone::Busy,
                    text: format!("{name}: {what} ({who})"),
                });
            }
        }
        if let (Some(at), Some(number)) = (shown.done_at, &document.fiscal_number) {
            let where_to = match document.presence.as_deref() {
                Some("offline") => l.say(", офлайн", ", offline"),
                Some("delivered") => l.say(", офлайн, згодом доставлено", ", offline, delivered later"),
                _ => "",
            };
            let text = format!(
                "{name}: {} {number}{where_to}",
                l.say("номер податкової", "tax service's number")
            );
            moments.push(Moment {
                at,
                tone: Tone::Good,
                text,
            });
        }
    }
}

/// What reached the buyer and the shop, and what never will by itself.
fn deliveries(l: Language, order: &OrderCard, told: &Told, moments: &mut Vec<Moment>) {
    for shown in &order.documents {
        let name = words::kind(l, &shown.document.kind);
        for message in told.about(&shown.document.id) {
            let what = match Channel::parse(&message.channel) {
                Some(Channel::Mail) => l.say("лист покупцеві надіслано", "e-mail to the buyer sent"),
                Some(Channel::Webhook) => l.say("магазин повідомлено", "the shop was told"),
                Some(Channel::Phone) => l.say("надіслано на телефон", "sent to the phone"),
                None => continue,
            };
            if let Some(at) = message.done_at {
                moments.push(Moment {
                    at,
                    tone: Tone::Good,
                    text: format!("{name}: {what}"),
                });
            }
        }
    }
}
