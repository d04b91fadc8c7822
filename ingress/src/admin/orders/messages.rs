//! What the buyer and the shop were told of a document, and telling them again.

use std::collections::HashMap;

use domain::time::UnixMillis;
use ledger::deliveries::{Channel, DeliveryFilter, DeliveryView};
use ledger::document_card::DocumentCard;
use ledger::order_card::OrderCard;
use ledger::orders::Buyer;
use ledger::people::{Reach, Role};
use maud::{Markup, html};

use super::super::deliveries;
use super::super::error::PageError;
use super::super::language::Language;
use super::super::page;
use super::super::parts::{self, Align, Head};
use super::super::visitor::Visitor;
use crate::AppState;

/// Messages shown of one document; the page of deliveries has the rest.
const MOST: u32 = 20;

/// What was told about an order's documents.
#[derive(Default)]
pub(in super::super) struct Told {
    /// By document, oldest first.
    messages: HashMap<String, Vec<DeliveryView>>,
    /// Where receipts are for everybody, up to the token.
    receipts: String,
    buyer: Buyer,
    has_webhook: bool,
}

impl Told {
    pub async fn of(app: &AppState, visitor: &Visitor, order: &OrderCard) -> Result<Self, PageError> {
        let mut messages = HashMap::new();
        let registered = order.documents.iter().filter(|shown| is_registered(shown));
        for id in registered.map(|shown| &shown.document.id) {
            let filter = DeliveryFilter {
                document: Some(id.clone()),
                ..DeliveryFilter::default()
            };
            let mut found = app.ledger.list_deliveries(visitor.reach(), &filter, None, MOST).await?;
            found.rows.reverse();
            messages.insert(id.clone(), found.rows);
        }
        let merchant = order.documents.first().map(|_| order.merchant.as_str());
        Ok(Self {
            messages,
            receipts: format!("{}/r/", app.public_url),
            buyer: order.buyer.clone().unwrap_or_default(),
            has_webhook: match merchant.and_then(|id| domain::ids::MerchantId::parse(id).ok()) {
                Some(merchant) => {
                    let own = Reach::Merchants(vec![merchant]);
                    !app.ledger.shop_webhooks(&own).await?.is_empty()
                }
                None => false,
            },
        })
    }

    pub fn about(&self, document: &str) -> &[DeliveryView] {
        self.messages.get(document).map_or(&[], Vec::as_slice)
    }

    /// The receipt's page for everybody who has its address.
    pub fn page(&self, shown: &DocumentCard) -> Option<String> {
        let token = shown.receipt_token.as_deref().filter(|_| is_registered(shown))?;
        (!self.receipts.is_empty()).then(|| format!("{}{token}", self.receipts))
    }
}

fn is_registered(shown: &DocumentCard) -> bool {
    shown.document.fiscal_number.is_some()
}

pub(super) fn show(visitor: &Visitor, shown: &DocumentCard, told: &Told, now: UnixMillis) -> Markup {
    let messages = told.about(&shown.document.id);
    let l = visitor.language;
    if !is_registered(shown) || shown.order_id.is_none() {
        return html! {};
    }
    let title = l.say("Повідомлення", "Messages");
    let heads = [
        Head(l.say("Куди", "Where"), Align::Start),
        Head(l.say("Стан", "State"), Align::Start),
        Head(l.say("Спроби", "Tries"), Align::Start),
    ];
    html! {
        div.messages {
            h4 { (title) }
            @if messages.is_empty() {
                (parts::empty(l.say("Про цей документ нікого не повідомляли: магазин не передав адреси покупця і не має вебхука, або це вимкнено.",
                    "Nobody was told of this document: the shop gave no address of the buyer and has no webhook, or it is switched off.")))
            } @else {
                (parts::table(title, &heads, messages.iter().map(|message| vec![
                    whereto(l, &told.buyer, message),
                    deliveries::state(l, message, now, true),
                    deliveries::tries_link(l, message),
                ])))
            }
            @if visitor.may(Role::Operator) { (again(visitor, shown, told)) }
        }
    }
}

/// The address as it is now; the message went to the one of its time.
fn whereto(l: Language, buyer: &Buyer, message: &DeliveryView) -> Markup {
    let address = match Channel::parse(&message.channel) {
        Some(Channel::Mail) => buyer.masked_email(),
        Some(Channel::Phone) => buyer.masked_phone(),
        Some(Channel::Webhook) | None => None,
    };
    html! { div {
        (deliveries::way(l, &message.channel, &message.url))
        @if let Some(address) = address { " " (address) }
        (deliveries::which(l, message))
    } }
}

fn again(visitor: &Visitor, shown: &DocumentCard, told: &Told) -> Markup {
    let l = visitor.language;
    let action = format!("/documents/{}/send", shown.document.id);
    let channel = |channel: Channel| html! { input type="hidden" name="channel" value=(channel.as_str()); };
    let button = |way, label: &str| {
        html! {
            form.inline method="post" action=(action) { (page::token(visitor)) (channel(way)) button type="submit" { (label) } }
        }
    };
    html! {
        div.actions {
            @if told.buyer.email.is_some() {
                (button(Channel::Mail, l.say("Надіслати лист ще раз", "Send the e-mail again")))
            }
            @if told.has_webhook {
                (button(Channel::Webhook, l.say("Повідомити магазин ще раз", "Tell the shop again")))
            }
            @if told.buyer.phone.is_some() && shown.document.kind == "sale" && shown.can(|can| can.phone) {
                (parts::ask_first(visitor, &action, l.say("Надіслати на телефон", "Send to the phone"),
                    deliveries::costly(l), channel(Channel::Phone), l.say("Так, надіслати", "Yes, send")))
            }
        }
    }
}
