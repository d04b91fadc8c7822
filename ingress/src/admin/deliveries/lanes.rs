//! The ways messages go: whether each works, what waits there, and sending again.

use domain::time::UnixMillis;
use ledger::deliveries::{Channel, LaneView};
use ledger::people::Role;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::page;
use super::super::parts::{self, Align, Field, Head, Tone, badge};
use super::super::visitor::Visitor;
use super::super::words;

/// Counting stops there.
const MOST: u64 = 1000;

pub(super) fn show(visitor: &Visitor, lanes: &[LaneView], now: UnixMillis) -> Markup {
    let l = visitor.language;
    if lanes.is_empty() {
        return parts::empty(l.say(
            "Ще нічого не надсилалося. Листи йдуть покупцям, чий e-mail магазин передав із замовленням; вебхук додають у налаштуваннях продавця.",
            "Nothing was sent yet. E-mails go to buyers whose address the shop gave with the order; a webhook is added in the merchant's settings.",
        ));
    }
    let heads = [
        Head(l.say("Шлях", "Way"), Align::Start),
        Head(l.say("Стан", "State"), Align::Start),
        Head(l.say("Чекають", "Waiting"), Align::End),
        Head(l.say("Зупинено", "On hold"), Align::End),
        Head(l.say("Дія", "Action"), Align::Start),
    ];
    let rows = lanes.iter().map(|lane| {
        vec![
            html! { div {
                a href=(parts::link("/deliveries", [("lane", lane.id.as_str())])) { (super::way(l, &lane.channel, &lane.url)) }
                br; span.soft { (lane.merchant) }
            } },
            state(l, lane, now),
            html! { (about(l, lane.due)) },
            html! { @if lane.held > 0 {
                a href=(parts::link("/deliveries", [("lane", lane.id.as_str()), ("state", "held")])) { (about(l, lane.held)) }
            } @else { "0" } },
            html! { @if lane.held > 0 && visitor.may(Role::Operator) { (send_held(visitor, lane)) } @else { "—" } },
        ]
    });
    parts::table(l.say("Шляхи повідомлень", "Ways of messages"), &heads, rows)
}

fn about(l: Language, count: u64) -> String {
    if count >= MOST {
        format!("{}+", l.number(MOST))
    } else {
        l.number(count)
    }
}

fn state(l: Language, lane: &LaneView, now: UnixMillis) -> Markup {
    let Some(since) = lane.down_since else {
        return badge(Tone::Good, l.say("працює", "works"));
    };
    html! { div {
        (badge(Tone::Bad, l.say("не приймає", "in trouble"))) " "
        span.soft { (l.say("з ", "since ")) (l.minute(since)) }
        @if let Some(word) = &lane.trouble { br; (words::delivery_why(l, word)) }
        @if lane.due > 0 {
            br; span.soft {
                (l.say("Наступна спроба: ", "Next try: "))
                @if lane.rests_until > now { (l.time(lane.rests_until)) } @else { (l.say("зараз", "now")) }
            }
        }
    } }
}

fn send_held(visitor: &Visitor, lane: &LaneView) -> Markup {
    let l = visitor.language;
    let label = l.say("Надіслати знову", "Send again");
    let action = "/deliveries/send-again";
    if costs(lane) {
        let body = html! { input type="hidden" name="lane" value=(lane.id); };
        return parts::ask_first(
            visitor,
            action,
            label,
            costly(l),
            body,
            l.say("Так, надіслати", "Yes, send"),
        );
    }
    html! {
        form.inline method="post" action=(action) {
            (page::token(visitor))
            input type="hidden" name="lane" value=(lane.id);
            button.main type="submit" { (label) }
        }
    }
}

/// What is said before anything goes to a phone.
pub(in super::super) fn costly(l: Language) -> &'static str {
    l.say(
        "Провайдер каси надсилає повідомлення на телефон за своїм тарифом: це може коштувати грошей.",
        "The register's provider sends messages to phones at its own price: this may cost money.",
    )
}

fn costs(lane: &LaneView) -> bool {
    Channel::parse(&lane.channel) == Some(Channel::Phone)
}

/// Everything of a time once more, for a receiver that has lost what it had.
pub(super) fn everything(visitor: &Visitor, lanes: &[LaneView]) -> Markup {
    let l = visitor.language;
    let ways: Vec<(&str, String)> = lanes
        .iter()
        .filter(|lane| !costs(lane))
        .map(|lane| (lane.id.as_str(), named(l, lane)))
        .collect();
    if ways.is_empty() || !visitor.may(Role::Operator) {
        return html! {};
    }
    let options: Vec<(&str, &str)> = ways.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let time = |label, name| Field {
        kind: "datetime-local",
        required: true,
        ..Field::text(label, name, "")
    };
    let body = html! {
        (parts::select(l.say("Шлях", "Way"), "lane", "", &options))
        (time(l.say("Створені від", "Made from"), "from"))
        (time(l.say("До", "To"), "to"))
    };
    parts::ask_first(
        visitor,
        "/deliveries/send-made",
        l.say("Надіслати все за час…", "Send everything of a time…"),
        l.say(
            "Піде ще раз кожне повідомлення цього шляху, створене за цей час (за Києвом), і те, що вже прийняли. Це для магазину, який утратив дані; покупці отримали б другий лист.",
            "Every message of this way made in that time (Kyiv's) goes once more, also those that were taken. It is for a shop that has lost its data; buyers would get a second e-mail.",
        ),
        body,
        l.say("Так, надіслати все", "Yes, send everything"),
    )
}

fn named(l: Language, lane: &LaneView) -> String {
    let host = super::host(&lane.url);
    format!("{}: {} {host}", lane.merchant, words::channel(l, &lane.channel))
}
