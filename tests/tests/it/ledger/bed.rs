//! A shop with registers, and short words for what happens to its orders.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::basket::{Basket, Line};
use domain::document::{Kind, Presence, Registration};
use domain::event::{CarriedBasket, Event, Fact, PaymentMeans};
use domain::hold::HoldReason;
use domain::ids::{
    DocumentId, EventId, ExternalOrderId, FiscalNumber, MerchantId, RegisterId, RegisterNumber, SourceId,
};
use domain::money::Kopecks;
use domain::receipt::{MismatchPolicy, Receipt};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use domain::time::UnixMillis;
use ledger::Ledger;
use ledger::events::{NewEvent, Origin, PendingEvent, Recorded};
use ledger::leases::Lease;
use ledger::plan::{NewDocument, Plan, PlanResult, SALE, Start};
use ledger::settings::{Credentials, Merchant, Provider, Register, Settings, Source, SourceKind};
use ledger::tape::{Due, DueDocument, Follow, Health, Intent, Outcome, Settled};
use ledger::views::DocumentView;
use tests::db::{Database, TestLedger, fresh};

pub const LIMIT: Duration = Duration::from_secs(20);
pub const MINUTE: Duration = Duration::from_secs(60);
pub const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

/// A fresh ledger with one merchant, one register and one source.
pub struct Bed {
    pub url: String,
    pub ledger: Ledger,
    _ledger: TestLedger,
}

/// Runs a test on each database. What is printed tells which one failed.
pub async fn on_each(test: impl AsyncFn(Bed)) {
    for database in Database::each() {
        println!("on {database}");
        test(Bed::new(database).await).await;
    }
}

pub fn merchant() -> MerchantId {
    MerchantId::parse("flowers").unwrap()
}

pub fn register_id(id: &str) -> RegisterId {
    RegisterId::parse(id).unwrap()
}

/// The register most tests use.
pub fn till() -> RegisterId {
    register_id("flowers-1")
}

pub fn source_id() -> SourceId {
    SourceId::parse("flowers-fondy").unwrap()
}

pub fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

pub fn order(id: &str) -> ExternalOrderId {
    ExternalOrderId::parse(id).unwrap()
}

pub fn basket(name: &str, amount: u64) -> Basket {
    Basket::new(vec![Line::single(name, kopecks(amount)).unwrap()]).unwrap()
}

pub fn receipt(amount: u64) -> Receipt {
    Receipt::sale(
        basket("Тюльпани", amount),
        kopecks(amount),
        MismatchPolicy::Hold,
        &VatScheme::NotAPayer,
        PaymentMeans::default(),
    )
    .unwrap()
}

pub fn register(id: &str, fiscal_number: u64) -> Register {
    Register {
        id: register_id(id),
        merchant: merchant(),
        provider: Provider::Cashalot,
        fiscal_number: RegisterNumber::parse(&fiscal_number.to_string()).unwrap(),
        base_url: "http://127.0.0.1:9/".to_owned(),
        close_at: Some("23:30".to_owned()),
        refund_policy: RefundPolicy::StornoFirst,
        vat: VatScheme::NotAPayer,
        credentials: Credentials::KeyPin("1234".to_owned().into()),
        options: std::collections::BTreeMap::new(),
        stand_in: None,
        failures: 0,
        failing_since: None,
    }
}

/// No look at any register is due for a long time.
pub async fn looked_at(ledger: &Ledger) {
    let far = NOW.plus(Duration::from_secs(1_000_000_000));
    for register in ledger.registers(None).await.unwrap() {
        ledger.look_again(&register.id, UnixMillis::EPOCH, far).await.unwrap();
    }
}

pub fn shop() -> Settings {
    Settings {
        merchants: vec![Merchant {
            id: merchant(),
            name: "ФОП Приклад".to_owned(),
        }],
        registers: vec![register("flowers-1", 4_000_999_001)],
        sources: vec![Source {
            account: "1396424".to_owned(),
            secret: "test".to_owned().into(),
            api_url: "http://127.0.0.1:9/".to_owned(),
            confirm: false,
            receivers: BTreeMap::from([("500001".to_owned(), till())]),
            ..Source::new(SourceKind::Fondy, source_id(), merchant(), till())
        }],
        ..Settings::default()
    }
}

pub fn paid(order_id: &str, amount: u64) -> Event {
    Event {
        payer_email: None,
        order: order(order_id),
        payment_id: Some(format!("pay-{amount}")),
        fact: Fact::Money {
            paid: kopecks(amount),
            refunded_total: Kopecks::ZERO,
            basket: CarriedBasket::Absent,
            parts: Vec::new(),
        },
        means: PaymentMeans::default(),
    }
}

pub fn refunded(order_id: &str, amount: u64) -> Event {
    Event {
        fact: Fact::Refund {
            amount: kopecks(amount),
            lines: None,
            receiver: None,
        },
        ..paid(order_id, amount)
    }
}

pub fn incoming(key: &str, event: Event) -> NewEvent {
    NewEvent {
        merchant: merchant(),
        origin: Origin::Source(source_id()),
        key: key.to_owned(),
        fingerprint: format!("{event:?}"),
        raw: format!("{{\"key\":\"{key}\"}}"),
        event,
        received_at: NOW,
    }
}

/// A ready sale.
pub fn sale(amount: u64) -> NewDocument {
    NewDocument {
        register: till(),
        kind: Kind::Sale,
        slot: SALE.to_owned(),
        amount: kopecks(amount),
        start: Start::Ready(Box::new(receipt(amount))),
        lines: None,
    }
}

/// A return that follows its sale.
pub fn refund(amount: u64) -> NewDocument {
    NewDocument {
        kind: Kind::Return,
        slot: format!("refund:{amount}"),
        start: Start::AfterSale,
        ..sale(amount)
    }
}

pub fn only(documents: Vec<NewDocument>) -> Plan {
    Plan::Documents {
        documents,
        exceeding: Vec::new(),
        split: None,
    }
}

pub fn registration(number: &str) -> Registration {
    Registration {
        fiscal_number: FiscalNumber::parse(number).unwrap(),
        local_number: 12,
        registered_at: "2026-11-21T10:00:00+02:00".to_owned(),
        presence: Presence::Online,
        url: Some("https://cabinet.example/check?id=1".to_owned()),
        qr_code: None,
        rendering: None,
        provider_id: None,
    }
}

pub fn intent(kind: Kind, content: Option<Receipt>) -> Intent {
    Intent {
        testing: false,
        kind,
        content,
        sent: "<CHECK/>".to_owned(),
        before: "{\"next\":12}".to_owned(),
    }
}

/// Nobody knows; to be asked about then.
pub fn doubt(ask_at: UnixMillis) -> Outcome {
    Outcome::Doubt {
        ask_at,
        absent_since: None,
    }
}

impl Bed {
    async fn new(database: Database) -> Self {
        let ledger = fresh(database).await;
        ledger.ledger.apply(&shop(), "the test", NOW).await.unwrap();
        looked_at(&ledger.ledger).await;
        Self {
            url: ledger.url.clone(),
            ledger: ledger.ledger.clone(),
            _ledger: ledger,
        }
    }

    /// Records an event that is new and gives it back as it waits to be planned.
    pub async fn pending(&self, key: &str, event: Event) -> PendingEvent {
        let recorded = self.ledger.record_events(&[incoming(key, event)]).await.unwrap();
        let [Recorded::New(id)] = recorded[..] else {
            panic!("{recorded:?}")
        };
        self.waiting(id).await.unwrap()
    }

    pub async fn waiting(&self, id: EventId) -> Option<PendingEvent> {
        self.ledger.pending_event(id).await.unwrap()
    }

    pub async fn plan(&self, pending: &PendingEvent, plan: Plan) -> PlanResult {
        let planned = self.ledger.plan(pending, &pending.event, NOW, |_| plan).await.unwrap();
        planned.unwrap()
    }

    /// An order with one ready sale.
    pub async fn sale(&self, order_id: &str, amount: u64) -> DocumentId {
        let pending = self.pending(&format!("paid {order_id}"), paid(order_id, amount)).await;
        self.plan(&pending, only(vec![sale(amount)])).await;
        self.newest(order_id).await
    }

    /// A refund of an order, as planning makes it.
    pub async fn refund(&self, order_id: &str, amount: u64) -> DocumentId {
        let event = refunded(order_id, amount);
        let pending = self.pending(&format!("refund {order_id} {amount}"), event).await;
        self.plan(&pending, only(vec![refund(amount)])).await;
        self.newest(order_id).await
    }

    /// An order with one document that is held from the start.
    pub async fn held(&self, order_id: &str, new: NewDocument, reason: HoldReason) -> DocumentId {
        let key = format!("held {order_id} {}", new.slot);
        let pending = self.pending(&key, paid(order_id, 100)).await;
        let start = Start::Held(reason, "чому".to_owned());
        self.plan(&pending, only(vec![NewDocument { start, ..new }])).await;
        self.newest(order_id).await
    }

    pub async fn documents(&self, order_id: &str) -> Vec<DocumentView> {
        let view = self.ledger.order_view(&merchant(), &order(order_id)).await.unwrap();
        view.map(|view| view.documents).unwrap_or_default()
    }

    async fn newest(&self, order_id: &str) -> DocumentId {
        let documents = self.documents(order_id).await;
        DocumentId::parse(&documents.last().unwrap().id).unwrap()
    }

    pub async fn document(&self, id: DocumentId) -> DocumentView {
        self.ledger.document_view(None, id).await.unwrap().unwrap().0
    }

    pub async fn state(&self, id: DocumentId) -> String {
        self.document(id).await.state
    }

    /// The lease of the usual register, for long enough.
    pub async fn lease(&self, owner: &str) -> Lease {
        self.ledger
            .acquire_lease(&till(), owner, MINUTE)
            .await
            .unwrap()
            .unwrap()
    }

    /// A lease that its holder lost to `next`, and the next holder's.
    pub async fn lost_lease(&self, owner: &str, next: &str) -> (Lease, Lease) {
        let lost = self.ledger.acquire_lease(&till(), owner, Duration::ZERO).await.unwrap();
        let taken = self.take_over(next).await;
        (lost.unwrap(), taken)
    }

    /// Waits until the present lease expires and takes it.
    pub async fn take_over(&self, owner: &str) -> Lease {
        tests::eventually(LIMIT, async || {
            self.ledger.acquire_lease(&till(), owner, MINUTE).await.unwrap()
        })
        .await
    }

    /// Until when the register rests, if it does at `now`.
    pub async fn rest(&self, now: UnixMillis) -> Option<UnixMillis> {
        let rest = self.ledger.register_rest(&till()).await.unwrap();
        (rest.until > now).then_some(rest.until)
    }

    pub async fn next_due(&self) -> Option<DueDocument> {
        self.ledger.next_due(&till(), NOW).await.unwrap()
    }

    pub async fn begin(&self, lease: &Lease, id: DocumentId) -> bool {
        let intent = intent(Kind::Sale, Some(receipt(100)));
        self.ledger
            .begin_sending(lease, id, &intent, MINUTE, NOW)
            .await
            .unwrap()
    }

    pub async fn finish(&self, lease: &Lease, id: DocumentId, from: Due, outcome: &Outcome) -> bool {
        let settled = Settled {
            document: id,
            from,
            outcome,
            attempts: &[],
            health: &Health::Unchanged,
            follow: Follow::Nothing,
        };
        self.ledger.finish(lease, &settled, NOW).await.unwrap().is_some()
    }

    /// Sends a ready document and registers it.
    pub async fn register(&self, lease: &Lease, id: DocumentId, number: &str) {
        assert!(self.begin(lease, id).await);
        let outcome = Outcome::Registered(registration(number));
        assert!(self.finish(lease, id, Due::Sending, &outcome).await);
    }
}
