//! One finding: what is the matter, what leads out of it, and the button that does it.

use domain::reconcile::FindingKind;
use domain::time::UnixMillis;
use ledger::people::Role;
use ledger::reconcile::{FindingView, Repair, explain, next_step};
use maud::{Markup, html};

use super::super::language::Language;
use super::super::page;
use super::super::parts::{self, Tone, badge};
use super::super::visitor::Visitor;

/// A kind in words.
pub(super) fn kind(l: Language, kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::MissedPayment => l.say("Пропущена оплата", "Missed payment"),
        FindingKind::PaidWithoutReceipt => l.say("Оплата без чека", "Paid without a receipt"),
        FindingKind::RefundedWithoutReturn => l.say("Повернення без чека", "Refunded without a return receipt"),
        FindingKind::ReceiptWithoutPayment => l.say("Чек без оплати", "Receipt without a payment"),
        FindingKind::AmountsDiffer => l.say("Різні суми", "Amounts differ"),
        FindingKind::DuplicateReceipt => l.say("Зайвий чек", "One receipt too many"),
        FindingKind::ForeignDocument => l.say("Чужий документ", "Somebody else's document"),
    }
}

pub(super) fn one(visitor: &Visitor, finding: &FindingView, now: UnixMillis) -> Markup {
    let l = visitor.language;
    let (text, step) = (explain(finding), next_step(finding));
    let open = finding.state == "open";
    html! {
        article id={ "finding-" (finding.id) } class={ "card alert " (if open { "warn" } else { "quiet" }) } {
            p {
                (badge(if open { Tone::Warn } else { Tone::Quiet }, kind(l, finding.kind)))
                " " (about(l, finding))
                " " span.soft { (finding.source) ", " (finding.day) ", " (l.say("знайдено ", "found ")) (parts::time(l, finding.found_at, now)) }
            }
            p { b { (l.say(&text.uk, &text.en)) } }
            @if open {
                p { (l.say(&step.uk, &step.en)) }
                @if finding.wanted.is_some() { p.soft { (l.say("Дію записано, Kasyr її виконує.", "The repair was asked for; Kasyr is at it.")) } }
                @if visitor.may(Role::Operator) { (actions(visitor, finding)) }
            } @else { (over(l, finding)) }
        }
    }
}

fn about(l: Language, finding: &FindingView) -> Markup {
    html! {
        @match (&finding.order, &finding.external, &finding.register) {
            (Some(id), Some(external), _) => a href={ "/orders/" (id) } { (external) },
            (None, Some(external), _) => { (external) },
            (_, None, Some(register)) => {
                a href={ "/registers/" (register) } { (register) }
                @if let Some(number) = &finding.fiscal_number { " " (l.say("документ ", "document ")) (number) }
            },
            (_, None, None) => {},
        }
    }
}

fn over(l: Language, finding: &FindingView) -> Markup {
    html! {
        @if let Some((at, by)) = &finding.ended {
            p.soft {
                @if finding.state == "closed" { (l.say("Закрито: ", "Closed by ")) (by) ", " (l.minute(*at)) }
                @else { (l.say("Минуло ", "Gone ")) (l.minute(*at)) }
                @if let Some(reason) = &finding.reason { ". " (telemetry::mask::text(reason)) }
            }
        }
    }
}

fn actions(visitor: &Visitor, finding: &FindingView) -> Markup {
    let l = visitor.language;
    let path = |what: &str| format!("/findings/{}/{what}", finding.id);
    let repair = |repair: Repair, label: &str, main: bool| {
        html! {
            form.inline method="post" action=(path("repair")) {
                (page::token(visitor))
                input type="hidden" name="repair" value=(repair.as_str());
                @if main { button.main type="submit" { (label) } } @else { button type="submit" { (label) } }
            }
            " "
        }
    };
    let again = l.say("Перевірити ще раз", "Check again");
    let order = format!("order-{}", finding.id);
    let reason = format!("reason-{}", finding.id);
    html! {
        div.actions {
            @match finding.repair {
                Repair::TakeIn => (repair(Repair::TakeIn, l.say("Прийняти і зробити чек", "Take in and make the receipt"), true)),
                Repair::Resend => (repair(Repair::Resend, l.say("Зробити чек зараз", "Make the receipt now"), true)),
                Repair::AskAgain => (repair(Repair::AskAgain, again, true)),
                Repair::Link => {
                    details.ask {
                        summary.button { (l.say("Прив'язати до замовлення", "Link to an order")) }
                        form.fields method="post" action=(path("link")) {
                            (page::token(visitor))
                            div.field {
                                label for=(order) { (l.say("Номер замовлення в магазині", "The shop's order id")) }
                                input id=(order) name="order_id" type="text" required autocomplete="off";
                            }
                            button type="submit" { (l.say("Прив'язати", "Link")) }
                        }
                    }
                    " "
                },
            }
            @if finding.repair != Repair::AskAgain { (repair(Repair::AskAgain, again, false)) }
            details.ask {
                summary.button { (l.say("Закрити з поясненням", "Close with a reason")) }
                form.fields method="post" action=(path("close")) {
                    (page::token(visitor))
                    div.field {
                        label for=(reason) { (l.say("Як це владнано", "How it was settled")) }
                        input id=(reason) name="reason" type="text" required autocomplete="off" maxlength="500";
                    }
                    button.danger type="submit" { (l.say("Закрити", "Close")) }
                }
            }
        }
    }
}
