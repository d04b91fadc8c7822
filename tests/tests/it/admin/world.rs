//! Two merchants with something of everything, and people who look at it.

use domain::document::Kind;
use domain::ids::DocumentId;
use domain::money::Kopecks;
use ingress::admin_routes;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::deliveries::DeliveryFilter;
use ledger::people::{NewUser, Reach, Role};
use ledger::search::OrderFilter;
use ledger::settings::ShopWebhook;
use ledger::shifts::NewCash;
use reqwest::Method;
use sandbox::fondy::NewOrder;
use sea_orm::{ConnectionTrait, Database as Connection, DatabaseConnection, Statement};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use tests::bed::{PATIENCE, Person, Shop, TestBed, short_times};
use tests::db::Database;
use tests::{eventually, unique};

/// Everybody's clock at the beginning.
const NOON: &str = "2026-11-19T12:00:00+02:00";

/// The world; nothing moves in it any more but what a test does.
pub struct World {
    pub bed: TestBed,
    pub flowers: Owned,
    pub bakery: Owned,
}

/// What one merchant has.
pub struct Owned {
    pub shop: Shop,
    /// In the names of everything of theirs that has a name.
    pub canary: String,
    pub order: String,
    pub document: String,
    pub held: String,
    pub held_order: String,
    pub shift: String,
    pub alert: String,
    /// A message to their shop, and the way it goes.
    pub delivery: String,
    pub lane: String,
    /// Something that does not fit between money and receipts.
    pub finding: String,
    pub user: String,
    pub login: String,
}

impl World {
    pub async fn open(database: Database) -> Self {
        let mut bed = TestBed::start_at(database, NOON).await;
        bed.start_ingress_with_admin().await;
        let worker = bed.start_worker(short_times()).await;
        let flowers = Owned::open(&bed, "flowers", 4_000_999_001).await;
        let bakery = Owned::open(&bed, "bakery", 4_000_999_002).await;
        bed.at_rest().await;
        worker.stop().await;
        Self { bed, flowers, bakery }
    }

    /// Somebody who has signed in; no password is hashed for it.
    pub async fn visitor(&self, role: Role, reach: Reach) -> Person {
        visitor(&self.bed, role, reach).await.0
    }

    /// The administrator of everything.
    pub async fn administrator(&self) -> Person {
        self.visitor(Role::Administrator, Reach::Everything).await
    }
}

impl Owned {
    async fn open(bed: &TestBed, name: &str, number: u64) -> Self {
        let canary = format!("canary-of-{name}");
        let shop = bed
            .open_shop(name, number, |settings| {
                settings.merchants[0].name = format!("ФОП {canary}");
                let merchant = settings.merchants[0].id.clone();
                let url = format!("http://{canary}.example/hook");
                settings
                    .shop_webhooks
                    .push(ShopWebhook::new(merchant, url, "a webhook's secret"));
            })
            .await;
        let float = NewCash {
            merchant: &shop.merchant,
            register: &shop.register,
            kind: Kind::CashIn,
            key: "morning",
            amount: Kopecks::from_minor(50_000).unwrap(),
        };
        bed.ledger.plan_cash(&float, canary.as_str(), bed.now()).await.unwrap();
        bed.ledger.look_soon(&shop.register).await.unwrap();
        let sold = bed.place_with(&shop, order(&format!("{canary}-sold"), &canary));
        bed.fondy.pay(&sold.at_gateway).unwrap();
        let document = bed.until(&sold, &["sale registered"]).await[0].id.clone();
        let id = DocumentId::parse(&document).unwrap();
        let page = format!("<p>{canary}</p>");
        bed.ledger.keep_rendering(id, true, &page, bed.now()).await.unwrap();
        let wrong = bed.place_with(&shop, order(&format!("{canary}-held"), &canary));
        let put = json!({ "basket": [{ "name": canary, "price": "1.00", "quantity": 1 }] });
        let path = format!("/v1/orders/{canary}-held");
        assert_eq!(bed.api(&shop, Method::PUT, &path, put).await.verdict(), "200");
        bed.fondy.pay(&wrong.at_gateway).unwrap();
        let held = bed.until(&wrong, &["sale held basket_mismatch"]).await[0].id.clone();
        let missed = NewOrder {
            merchant_id: shop.gateway,
            ..order(&format!("{canary}-missed"), &canary)
        };
        let missed = bed.fondy.create_order(missed).unwrap();
        bed.fondy.pay(&missed).unwrap();
        bed.reconcile(&shop, false).await;
        let finding = bed.findings(&shop).await.remove(0).id;
        let words = Words::new(format!("alert {canary}"), format!("попередження {canary}"));
        let alert = NewAlert {
            kind: "test",
            subject: canary.clone(),
            severity: Severity::Warning,
            merchant: Some(shop.merchant.clone()),
            register: Some(shop.register.clone()),
            text: words.clone(),
            next_step: words,
        };
        bed.ledger.raise_alert(&alert, bed.now()).await.unwrap();
        let open = bed.ledger.open_alerts(Some(&shop.merchant)).await.unwrap();
        let alert = open.iter().find(|alert| alert.kind == "test").unwrap().id.clone();
        let shift = eventually(PATIENCE, async || {
            let shifts = bed.ledger.recent_shifts(&shop.register, 1).await.unwrap();
            shifts.first().map(|shift| shift.id.clone())
        })
        .await;
        let own = Reach::Merchants(vec![shop.merchant.clone()]);
        let messages = DeliveryFilter::default();
        let messages = bed.ledger.list_deliveries(&own, &messages, None, 1).await.unwrap();
        let message = messages.rows.first().unwrap();
        let (delivery, lane) = (message.id.clone(), message.lane.to_string());
        let (_, user, login) = visitor(bed, Role::Operator, own.clone()).await;
        let found = bed
            .ledger
            .search_orders(&own, &OrderFilter::default(), None, 50)
            .await
            .unwrap();
        let id_of = |external: &str| {
            let row = found.rows.iter().find(|row| row.external_id == external);
            row.unwrap().id.clone()
        };
        Self {
            order: id_of(&format!("{canary}-sold")),
            held_order: id_of(&format!("{canary}-held")),
            shop,
            canary,
            document,
            held,
            shift,
            alert,
            delivery,
            lane,
            finding,
            user,
            login,
        }
    }

    /// Somebody who sees only this merchant.
    pub fn reach(&self) -> Reach {
        Reach::Merchants(vec![self.shop.merchant.clone()])
    }

    /// A route's path with this merchant's ids in it.
    pub fn path(&self, route: &str) -> String {
        fill(route, |kind| match kind {
            "orders" => self.order.clone(),
            "documents" => self.document.clone(),
            "registers" => self.shop.register.to_string(),
            "shifts" => self.shift.clone(),
            "alerts" => self.alert.clone(),
            "deliveries" => self.delivery.clone(),
            "findings" => self.finding.clone(),
            "sources" => self.shop.source.to_string(),
            "merchants" => self.shop.merchant.to_string(),
            "users" => self.user.clone(),
            "welcome" => "no-such-token".to_owned(),
            // This world's shops make their receipts on registers of theirs.
            "expectations" | "gateway-days" => "nothing-of-the-kind".to_owned(),
            other => panic!("what stands in {route} after /{other}?"),
        })
    }

    /// What finds this merchant's things.
    pub fn traces(&self) -> Vec<String> {
        let ids = [
            &self.order,
            &self.held_order,
            &self.document,
            &self.held,
            &self.shift,
            &self.finding,
            &self.user,
            &self.login,
        ];
        let mut traces: Vec<String> = ids.into_iter().cloned().collect();
        traces.push(self.alert.clone());
        traces.push(self.delivery.clone());
        traces.push(self.lane.clone());
        traces.push(self.canary.clone());
        traces.push(self.shop.register.to_string());
        traces.push(self.shop.source.to_string());
        traces.push(self.shop.number.to_string());
        traces
    }
}

/// A route's path; what stands in it is asked for by the word before.
pub fn fill(route: &str, what: impl Fn(&str) -> String) -> String {
    let mut before = "";
    let mut filled = Vec::new();
    for part in route.split('/') {
        let is_open = part.starts_with('{');
        filled.push(if is_open { what(before) } else { part.to_owned() });
        before = part;
    }
    filled.join("/")
}

/// Every route of one method.
pub fn routes(method: &Method) -> Vec<(&'static str, Option<Role>)> {
    let all = admin_routes().filter(|(of, _, _)| of == method);
    let all: Vec<_> = all.map(|(_, path, role)| (path, role)).collect();
    assert!(all.len() > 20, "{} routes of {method}", all.len());
    all
}

/// Somebody new who has signed in without the pages; their id and login.
pub async fn visitor(bed: &TestBed, role: Role, reach: Reach) -> (Person, String, String) {
    let new = NewUser {
        login: unique(role.as_str()),
        name: format!("Петро ({})", role.as_str()),
        role,
        reach,
        language: "en".to_owned(),
    };
    let (ledger, now) = (&bed.ledger, bed.ledger.now());
    let invited = ledger.invite(&Reach::Everything, &new, "the test", now).await.unwrap();
    let hash = SecretString::from("no password has this hash");
    let user = ledger
        .accept_invitation(&invited.token, &hash, "here", now)
        .await
        .unwrap();
    let user = user.unwrap();
    let token = ledger.start_session(&user.id, "here", "a test", now).await.unwrap();
    let mut person = Person::stranger(bed);
    let token = token.unwrap().expose_secret().to_owned();
    person.cookies.insert("kasyr_session".to_owned(), token);
    person.get("/account").await.is(200);
    (person, user.id, user.login)
}

fn order(id: &str, canary: &str) -> NewOrder {
    NewOrder {
        order_id: id.to_owned(),
        amount: 26_750,
        order_desc: format!("Квіти {canary}"),
        ..NewOrder::default()
    }
}

/// The bed's database, for looking behind the ledger's back.
pub async fn database(bed: &TestBed) -> DatabaseConnection {
    Connection::connect(&bed.url).await.unwrap()
}

/// Every row of every table as text; for a look before and one after. Of sessions only which there are: looking
/// at a page is their use.
pub async fn everything(bed: &TestBed) -> Vec<String> {
    let db = database(bed).await;
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut all = Vec::new();
    for table in texts(&db, tables).await {
        let columns = match table.as_str() {
            "sessions" => vec!["hash".to_owned()],
            other => texts(&db, &format!("SELECT name FROM pragma_table_info('{other}')")).await,
        };
        let columns: Vec<String> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
        let row = columns.join(" || ',' || ");
        let rows = format!("SELECT '{table}: ' || {row} FROM \"{table}\" ORDER BY 1");
        all.extend(texts(&db, &rows).await);
    }
    db.close().await.unwrap();
    assert!(all.len() > 50, "{} rows", all.len());
    all
}

/// The first column of what a statement finds.
pub async fn texts(db: &DatabaseConnection, select: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), select);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Panics with what is different.
#[track_caller]
pub fn unchanged(before: &[String], after: &[String], told: &str) {
    let new: Vec<&String> = after.iter().filter(|row| !before.contains(row)).collect();
    let gone: Vec<&String> = before.iter().filter(|row| !after.contains(row)).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "{told}: new {new:#?}, gone {gone:#?}"
    );
}
