//! Fondy as its documentation writes it: baskets in `reservation_data`, one payment for several receivers.

mod killed;
mod purchases;
mod receipts;
mod refunds;
mod settlements;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::{RegisterId, RegisterNumber};
use ledger::settings::{Register, Settings};
use ledger::sheet::MailSettings;
use reqwest::Method;
use sandbox::cashalot;
use sandbox::fondy::{NewOrder, Receiver, Version};
use sandbox::mailbox::Mailbox;
use serde_json::{Value, json};
use tests::bed::{Placed, Shop, TestBed, short_times};
use tests::db::Database;

/// The documentation's two receivers, public test merchants of the gateway.
const ONE: u64 = 500_001;
const OTHER: u64 = 600_001;
/// What each gets, in kopecks: six and four pieces of a thousand hryvnias.
const PARTS: [(u64, u64); 2] = [(ONE, 600_000), (OTHER, 400_000)];
const PAID: u64 = 1_000_000;

/// A marketplace: a merchant that collects, and a register for each of two receivers.
struct Market {
    bed: TestBed,
    mailbox: Mailbox,
    shop: Shop,
    /// The receivers' registers, as shops of their own for looking at their tapes.
    tills: [Shop; 2],
}

impl Market {
    async fn new(database: Database) -> Self {
        Self::with(database, |_| {}).await
    }

    /// The same; `change` may change how it is declared.
    async fn with(database: Database, change: impl FnOnce(&mut Settings)) -> Self {
        let mut bed = TestBed::start(database).await;
        let mailbox = bed.start_mailbox().await;
        let numbers = [4_000_999_011, 4_000_999_012];
        for number in numbers {
            bed.cashalot.add_register(cashalot::RegisterSetup::new(number));
        }
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                declare(settings, numbers);
                change(settings);
            })
            .await;
        let till = |place: usize| Shop {
            register: RegisterId::parse(&format!("till-{}", place + 1)).unwrap(),
            number: numbers[place],
            ..shop.clone()
        };
        let tills = [till(0), till(1)];
        bed.start_ingress().await;
        // Where a settlement's result is posted to.
        bed.delivery.public_url = format!("http://{}", bed.ingress_addr.unwrap());
        let worker = bed.start_worker(short_times()).await;
        bed.keep(worker);
        Self {
            bed,
            mailbox,
            shop,
            tills,
        }
    }

    /// An order of protocol 2.0 whose purchase names its receivers.
    fn place_divided(&self, id: &str, receivers: Vec<Receiver>) -> Placed {
        self.bed.place_with(
            &self.shop,
            NewOrder {
                order_id: id.to_owned(),
                amount: PAID,
                version: Version::V2_0,
                sender_email: to(id),
                receivers,
                ..NewOrder::default()
            },
        )
    }

    /// An order like any other; what makes it a split comes later.
    fn place_plain(&self, id: &str) -> Placed {
        self.bed.place_with(
            &self.shop,
            NewOrder {
                order_id: id.to_owned(),
                amount: PAID,
                sender_email: to(id),
                ..NewOrder::default()
            },
        )
    }

    fn pay(&self, order: &Placed) {
        self.bed.fondy.pay(&order.at_gateway).unwrap();
    }

    async fn put(&self, id: &str, body: Value) {
        let path = format!("/v1/orders/{id}");
        let answer = self.bed.api(&self.shop, Method::PUT, &path, body).await;
        assert_eq!(answer.verdict(), "200", "{}", answer.body);
    }

    /// The order as the API shows it.
    async fn shown(&self, order: &Placed) -> Value {
        let path = format!("/v1/orders/{}", order.id);
        self.bed.api(&self.shop, Method::GET, &path, Value::Null).await.json()
    }

    /// What the two receivers' registers have on their tapes, and the collecting merchant's own.
    async fn tapes(&self) -> [Vec<String>; 3] {
        [
            self.bed.tape(&self.tills[0]).await,
            self.bed.tape(&self.tills[1]).await,
            self.bed.tape(&self.shop).await,
        ]
    }

    #[track_caller]
    fn check_tapes<'a>(&'a self, one: &'a [&'a str], other: &'a [&'a str]) -> impl Future<Output = ()> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let words = |tape: &[&str]| tape.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
            let expected = [words(one), words(other), Vec::new()];
            let found = self.tapes().await;
            assert_eq!(found, expected, "from {place}");
        }
    }
}

fn declare(settings: &mut Settings, numbers: [u64; 2]) {
    let own = settings.registers[0].clone();
    for (place, number) in numbers.into_iter().enumerate() {
        let id = RegisterId::parse(&format!("till-{}", place + 1)).unwrap();
        settings.registers.push(Register {
            id: id.clone(),
            fiscal_number: RegisterNumber::parse(&number.to_string()).unwrap(),
            ..own.clone()
        });
        settings.sources[0].receivers.insert(PARTS[place].0.to_string(), id);
    }
    settings.mail = vec![(
        settings.merchants[0].id.clone(),
        MailSettings {
            mail_buyers: true,
            ..MailSettings::default()
        },
    )];
}

fn to(order: &str) -> String {
    format!("{order}@mail.example")
}

/// So many pieces of a thousand hryvnias, as the documentation's settlement has them.
fn pieces(count: u64) -> String {
    let total = count * 1_000;
    STANDARD.encode(format!(
        r#"{{"products":[{{"id":1,"name":"Товар на тисячу","price":1000.00,"total_amount":{total}.00,"quantity":{count}}}]}}"#
    ))
}

/// The documentation's receivers with their baskets.
fn receivers() -> Vec<Receiver> {
    PARTS
        .into_iter()
        .map(|(merchant, amount)| Receiver {
            merchant_id: Some(merchant),
            amount,
            reservation_data: Some(pieces(amount / 100_000)),
            description: "Призначення платежу".to_owned(),
        })
        .collect()
}

/// The same as the shop tells them.
fn told() -> Value {
    let one = |(merchant, amount): (u64, u64)| {
        json!({
            "receiver": merchant.to_string(),
            "amount": format!("{}.00", amount / 100),
            "basket": [{ "name": "Товар на тисячу", "price": "1000.00", "quantity": amount / 100_000 }],
            "description": "Призначення платежу",
        })
    };
    PARTS.into_iter().map(one).collect()
}

/// Both parts were sold on their registers.
const SOLD: [&str; 2] = ["sale 6000.00", "sale 4000.00"];
