use std::future::Future;

use ledger::deliveries::{DeliveryFilter, DeliveryView, LaneId, TryView};
use ledger::people::Reach;
use mailer::{Address, SmtpUrl};
use sandbox::mailbox::{self, Mailbox};
use sandbox::shop;
use worker::{Post, WorkerConfig, WorkerTimes};

use super::{PATIENCE, TestBed, listen};
use crate::eventually;

/// A shop's endpoint and where it is.
#[derive(Clone)]
pub struct Endpoint {
    /// What it was told.
    pub shop: shop::Shop,
    /// Its address, for settings.
    pub url: String,
}

impl TestBed {
    /// A mail server that takes everything; workers started from now on send their letters to it.
    pub async fn start_mailbox(&mut self) -> Mailbox {
        let mailbox = Mailbox::new(mailbox::Config::default());
        let (listener, addr) = listen().await;
        let served = mailbox::serve(listener, mailbox.clone(), self.stop.clone().cancelled_owned());
        self.peers
            .spawn(async { served.await.expect("the mail server's simulator serves") });
        self.delivery.post = Some(Post {
            server: SmtpUrl::parse(&format!("smtp://{addr}?tls=none")).expect("a mail server's address"),
            from: Address::parse("receipts@kasyr.example").expect("a sender"),
        });
        mailbox
    }

    /// A shop's endpoint; workers started from now on may reach it, although it is on loopback.
    pub async fn start_shop(&mut self) -> Endpoint {
        let shop = shop::Shop::new(shop::Config::default());
        let (listener, addr) = listen().await;
        let served = shop::serve(listener, shop.clone(), self.stop.clone().cancelled_owned());
        self.peers
            .spawn(async { served.await.expect("the shop's simulator serves") });
        self.delivery.private_webhooks = hooks::PrivateAddresses::Allowed;
        Endpoint {
            shop,
            url: format!("http://{addr}/fiscal"),
        }
    }

    /// How a worker of this world works.
    pub fn worker_config(&self, times: WorkerTimes) -> WorkerConfig {
        WorkerConfig {
            delivery: self.delivery.clone(),
            gateway: self.gateway.clone(),
            ..WorkerConfig::new(times)
        }
    }

    /// Every message, oldest first.
    pub async fn messages(&self) -> Vec<DeliveryView> {
        let (everything, filter) = (Reach::Everything, DeliveryFilter::default());
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = self.ledger.list_deliveries(&everything, &filter, after.as_deref(), 500);
            let page = page.await.expect("the ledger answers");
            rows.extend(page.rows);
            match page.next {
                None => break,
                next => after = next,
            }
        }
        rows.reverse();
        rows
    }

    /// Those about one order on one channel.
    pub async fn messages_of(&self, order: &str, channel: &str) -> Vec<DeliveryView> {
        let mut messages = self.messages().await;
        messages.retain(|message| message.order == order && message.channel == channel);
        messages
    }

    /// Waits until the messages of an order on a channel are these, as [`said`] says them; gives them back.
    #[track_caller]
    pub fn until_told<'a>(
        &'a self,
        order: &'a str,
        channel: &'a str,
        expected: &'a [&'a str],
    ) -> impl Future<Output = Vec<DeliveryView>> + 'a {
        eventually(PATIENCE, async move || {
            let messages = self.messages_of(order, channel).await;
            let words: Vec<String> = messages.iter().map(said).collect();
            if words == expected { Ok(messages) } else { Err(words) }
        })
    }

    /// The tries of a message in words, oldest first.
    pub async fn tries(&self, message: &DeliveryView) -> Vec<TryView> {
        let tries = self.ledger.delivery_tries(&Reach::Everything, &message.id).await;
        tries.expect("the ledger answers")
    }

    /// Open alerts about a lane, by kind.
    pub async fn lane_alerts(&self, lane: &LaneId) -> Vec<String> {
        let mut open = self.ledger.open_alerts(None).await.expect("the ledger answers");
        open.retain(|alert| alert.subject == lane.as_str());
        open.into_iter().map(|alert| alert.kind).collect()
    }
}

/// A message in words: `registered done`, `registered copy 1 held gone`.
pub fn said(message: &DeliveryView) -> String {
    let copy = match message.copy {
        0 => String::new(),
        number => format!(" copy {number}"),
    };
    let why = message
        .trouble
        .as_ref()
        .map(|word| format!(" {word}"))
        .unwrap_or_default();
    format!("{}{copy} {}{why}", message.news, message.state)
}
