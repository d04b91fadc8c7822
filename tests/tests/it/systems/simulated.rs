//! The same with the simulators, which were written from the documentation by others: what it leaves open is
//! tried both ways.

use ledger::settings::SourceKind;
use sandbox::acquirer::{NewPayment, PaymentId, System};
use sandbox::{liqpay, monobank, wayforpay};
use tests::bed::{Acquirer, Shop, TestBed, on_each, short_times};
use tests::db::Database;

use super::Watch;

/// A shop at one simulated system.
struct Stall<S: System> {
    bed: TestBed,
    shop: Shop,
    acquirer: Acquirer<S>,
    callbacks: String,
}

impl<S: System> Stall<S> {
    async fn open(mut bed: TestBed, kind: SourceKind, acquirer: Acquirer<S>) -> Self {
        bed.start_ingress().await;
        let (url, merchant) = (acquirer.url.clone(), acquirer.merchant.clone());
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                for source in &mut settings.sources {
                    source.kind = kind;
                    source.account = merchant.account.clone();
                    source.secret = merchant.secret.as_str().into();
                    source.api_url = url.clone();
                    source.confirm = true;
                }
            })
            .await;
        let worker = bed.start_worker(short_times()).await;
        bed.keep(worker);
        let callbacks = format!("http://{}/callbacks/{}", bed.ingress_addr.unwrap(), shop.source);
        Self {
            bed,
            shop,
            acquirer,
            callbacks,
        }
    }

    fn order(&self, id: &str, amount: u64) -> NewPayment {
        NewPayment::new(id, amount).callback_url(&self.callbacks)
    }

    async fn until(&self, id: &str, expected: &[&str]) {
        let watch = Watch {
            ledger: &self.bed.ledger,
            merchant: &self.shop.merchant,
        };
        watch.until(id, expected).await;
    }

    async fn sold(&self, id: &str, amount: u64) -> PaymentId {
        let payment = self.acquirer.sim.paid(self.order(id, amount)).unwrap();
        self.until(id, &["sale registered"]).await;
        payment
    }

    /// A sale, two parts of it back, the rest back.
    async fn partial_refunds(&self) {
        let payment = self.sold("parts", 26_750).await;
        self.a_second_passed(payment).await;
        self.acquirer.sim.refund(payment, 10_000).unwrap();
        self.until("parts", &["sale registered", "return registered"]).await;
        self.a_second_passed(payment).await;
        self.acquirer.sim.refund_all(payment).unwrap();
        let all = ["sale registered", "return registered", "return registered"];
        self.until("parts", &all).await;
        let tape = self.bed.tape(&self.shop).await;
        assert_eq!(tape, ["sale 267.50", "return 100.00 of 1", "return 167.50 of 1"]);
    }

    /// A sale and all of it back.
    async fn full_refund(&self) {
        let payment = self.sold("all", 26_750).await;
        self.acquirer.sim.refund_all(payment).unwrap();
        self.until("all", &["sale registered", "storno registered"]).await;
        assert_eq!(self.bed.tape(&self.shop).await, ["sale 267.50", "storno of 1"]);
    }

    /// Holds: one charged, one released.
    async fn holds(&self) {
        let sim = &self.acquirer.sim;
        let [charged, released] =
            ["charged", "released"].map(|id| sim.paid(self.order(id, 26_750).two_stage()).unwrap());
        sim.capture_all(charged).unwrap();
        self.until("charged", &["sale registered"]).await;
        sim.refund_all(released).unwrap();
        self.quiet().await;
        self.until("released", &[]).await;
        assert_eq!(self.bed.tape(&self.shop).await, ["sale 267.50"]);
    }

    /// WayForPay writes its dates in seconds, and nobody refunds within one.
    async fn a_second_passed(&self, payment: PaymentId) {
        let changed = self.acquirer.sim.payment(payment).unwrap().changed_ms / 1000;
        tests::eventually(tests::bed::PATIENCE, async || {
            let now = u64::try_from(self.bed.ledger.now().0).unwrap() / 1000;
            if now > changed {
                Ok(())
            } else {
                Err("the same second still".to_owned())
            }
        })
        .await;
    }

    /// Every callback is delivered, every event planned, every document made.
    async fn quiet(&self) {
        tests::eventually(tests::bed::PATIENCE, async || {
            let open = self.acquirer.sim.open_callbacks();
            if open == 0 {
                Ok(())
            } else {
                Err(format!("{open} callbacks are on their way"))
            }
        })
        .await;
        self.bed.at_rest().await;
    }
}

async fn at_liqpay(database: Database, switches: liqpay::Switches) -> Stall<liqpay::LiqPay> {
    let mut bed = TestBed::start(database).await;
    let acquirer = bed.start_liqpay().await;
    acquirer.sim.set_switches(switches);
    Stall::open(bed, SourceKind::LiqPay, acquirer).await
}

async fn at_wayforpay(database: Database, switches: wayforpay::Switches) -> Stall<wayforpay::WayForPay> {
    let mut bed = TestBed::start(database).await;
    let acquirer = bed.start_wayforpay().await;
    acquirer.sim.set_switches(switches);
    Stall::open(bed, SourceKind::WayForPay, acquirer).await
}

async fn at_monobank(database: Database, switches: monobank::Switches) -> Stall<monobank::Monobank> {
    let mut bed = TestBed::start(database).await;
    let acquirer = bed.start_monobank().await;
    acquirer.sim.set_switches(switches);
    Stall::open(bed, SourceKind::Monobank, acquirer).await
}

#[tokio::test]
async fn liqpay_whatever_a_partial_refunds_status_is() {
    on_each(async |database| {
        for partial_refund in [
            liqpay::PartialRefund::StaysSuccess,
            liqpay::PartialRefund::BecomesReversed,
        ] {
            let switches = liqpay::Switches {
                partial_refund,
                ..liqpay::Switches::default()
            };
            at_liqpay(database, switches).await.partial_refunds().await;
        }
    })
    .await;
}

#[tokio::test]
async fn liqpay_refunds_and_holds() {
    on_each(async |database| {
        at_liqpay(database, liqpay::Switches::default())
            .await
            .full_refund()
            .await;
        at_liqpay(database, liqpay::Switches::default()).await.holds().await;
    })
    .await;
}

#[tokio::test]
async fn wayforpay_whatever_a_partial_refund_looks_like() {
    on_each(async |database| {
        for (partial_refund, refunded_amount, body) in [
            (
                wayforpay::PartialRefund::BecomesRefunded,
                wayforpay::RefundedAmount::Order,
                wayforpay::BodyForm::Json,
            ),
            (
                wayforpay::PartialRefund::BecomesRefunded,
                wayforpay::RefundedAmount::Refund,
                wayforpay::BodyForm::FormName,
            ),
            (
                wayforpay::PartialRefund::StaysApproved,
                wayforpay::RefundedAmount::Order,
                wayforpay::BodyForm::JsonCalledForm,
            ),
        ] {
            let switches = wayforpay::Switches {
                partial_refund,
                refunded_amount,
                body,
                ..wayforpay::Switches::default()
            };
            at_wayforpay(database, switches).await.partial_refunds().await;
        }
    })
    .await;
}

#[tokio::test]
async fn wayforpay_refunds_and_holds() {
    on_each(async |database| {
        let usual = wayforpay::Switches::default;
        at_wayforpay(database, usual()).await.full_refund().await;
        at_wayforpay(database, usual()).await.holds().await;
    })
    .await;
}

#[tokio::test]
async fn monobank_whatever_a_partial_refunds_status_is() {
    on_each(async |database| {
        for partial_refund in [
            monobank::PartialRefund::StaysSuccess,
            monobank::PartialRefund::BecomesReversed,
        ] {
            let switches = monobank::Switches {
                partial_refund,
                ..monobank::Switches::default()
            };
            at_monobank(database, switches).await.partial_refunds().await;
        }
    })
    .await;
}

#[tokio::test]
async fn monobank_refunds_and_holds() {
    on_each(async |database| {
        at_monobank(database, monobank::Switches::default())
            .await
            .full_refund()
            .await;
        let stall = at_monobank(database, monobank::Switches::default()).await;
        stall.holds().await;
    })
    .await;
}

#[tokio::test]
async fn a_callback_whose_answer_is_lost_comes_again_and_is_one_receipt() {
    on_each(async |database| {
        let stall = at_wayforpay(database, wayforpay::Switches::default()).await;
        let payment = stall.sold("again", 26_750).await;
        for _ in 0..3 {
            stall.acquirer.sim.announce(payment).unwrap();
        }
        stall.quiet().await;
        assert_eq!(stall.bed.tape(&stall.shop).await, ["sale 267.50"]);
    })
    .await;
}
