//! A month of five registers at three providers in a minute: uneven sales, refunds, answers that are
//! lost, results that come days later, a night whose clock changes, five outages of the providers, two
//! of the tax service, two crashes a day of every program. At the end the providers' own books are
//! read. A program of its own: cargo runs it when the others are done, so it has the machine to itself.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests and their helpers")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::time::UnixMillis;
use jiff::{SignedDuration, Timestamp};
use ledger::settings::{Provider, SourceKind};
use sandbox::cashalot::{DocClass, DocType, Fault, FaultKind, RecordedDocument};
use sandbox::{atol, cashdesk};
use tests::bed::{Placed, Running, Shop, TestBed, listen_to, short_times, told_at};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;

const HOURS: u32 = 30 * 24;
/// Some results of ATOL Online take so long; the last of them is out before the month is.
const DAYS_LATER: Duration = Duration::from_secs(50 * 3600);
/// The shop whose register works on without the tax service.
const TEA: usize = 3;
/// ATOL Online's registers, so that a slow one does not hold up the others.
const ATOL_REGISTERS: usize = 20;
const AWAY_HOURS: u32 = 3;
const HALF_AN_HOUR: Duration = Duration::from_secs(1800);

/// The night of 29 March has 23 hours' worth of evening.
#[tokio::test]
async fn a_month_with_the_night_that_is_too_short() {
    live(Database::Sqlite, "2026-03-08T00:10:00+02:00", 11).await;
}

/// The night of 25 October has one hour twice.
#[tokio::test]
async fn a_month_with_the_night_that_is_too_long() {
    live(Database::Postgres, "2026-10-05T00:10:00+03:00", 12).await;
}

/// So that a crash costs little: nobody but the lease's end lets the next worker in.
fn times() -> WorkerTimes {
    WorkerTimes {
        call_timeout: Duration::from_millis(500),
        lease: Duration::from_millis(900),
        watch: Duration::from_secs(2 * 3600),
        watch_soon: Duration::from_secs(60),
        sweep: Duration::from_millis(25),
        ..short_times()
    }
}

/// A small generator: a month must be the same month every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(sides)).unwrap()
    }
}

fn instant(at: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(at.0).unwrap()
}

struct Month {
    bed: TestBed,
    shops: Vec<Shop>,
    worker: Option<Running>,
    ingress: Option<Running>,
    dice: Dice,
    orders: Vec<(Placed, u64)>,
    returned: BTreeSet<String>,
    provider_away: u32,
    /// From when until when the providers were away.
    outages: Vec<(Timestamp, Timestamp)>,
    tax_service_away: u32,
    answers_lost: u32,
    results_late: u32,
}

async fn live(database: Database, from: &str, seed: u64) {
    let began = std::time::Instant::now();
    let mut month = Month::begin(database, from, seed).await;
    for hour in 0..HOURS {
        month.hour(hour).await;
    }
    month.end().await;
    println!("on {database} it took {} s", began.elapsed().as_secs());
}

impl Month {
    async fn begin(database: Database, from: &str, seed: u64) -> Self {
        let mut bed = TestBed::start_at(database, from).await;
        let ingress = bed.ingress_apart().await;
        bed.delivery.public_url = bed.ingress_url("");
        let mut shops = Vec::new();
        // One closes in the evening, one in the hour that a night leaves out or has twice, one by age alone.
        for (name, number, close_at) in [
            ("flowers", 4_000_999_001, Some("23:30")),
            ("bakery", 4_000_999_002, Some("03:30")),
            ("books", 4_000_999_003, None),
        ] {
            let change = |settings: &mut ledger::settings::Settings| {
                settings.registers[0].close_at = close_at.map(str::to_owned);
            };
            shops.push(bed.open_shop(name, number, change).await);
        }
        shops.push(Self::open_at_cashdesk(&bed).await);
        shops.push(Self::open_at_atol(&bed).await);
        let worker = bed.start_worker(times()).await;
        Self {
            bed,
            shops,
            worker: Some(worker),
            ingress: Some(ingress),
            dice: Dice(seed),
            orders: Vec::new(),
            returned: BTreeSet::new(),
            provider_away: 0,
            outages: Vec::new(),
            tax_service_away: 0,
            answers_lost: 0,
            results_late: 0,
        }
    }

    /// In the merchant's own network, so that it works on without the tax service.
    async fn open_at_cashdesk(bed: &TestBed) -> Shop {
        let number = 4_000_999_004;
        bed.cashdesk.add_register(cashdesk::RegisterSetup {
            mode: cashdesk::Mode::SmartConnect,
            ..cashdesk::RegisterSetup::new(number)
        });
        let change = |settings: &mut ledger::settings::Settings| {
            let register = &mut settings.registers[0];
            register.close_at = Some("22:30".to_owned());
            let server = ("server".to_owned(), "smartconnect".to_owned());
            register.options.extend([server]);
            listen_to(SourceKind::CashDesk, settings);
        };
        let shop = bed.open_shop_at(Provider::CashDesk, "tea", number, change).await;
        let address = bed.ingress_url(&told_at(SourceKind::CashDesk));
        bed.cashdesk.set_webhook(number, Some(address));
        shop
    }

    async fn open_at_atol(bed: &TestBed) -> Shop {
        let number = 4_000_999_005;
        bed.atol.add_group(atol::GroupSetup {
            registers: ATOL_REGISTERS,
            ..atol::GroupSetup::v5(&format!("group-{number}"))
        });
        let change = |settings: &mut ledger::settings::Settings| listen_to(SourceKind::AtolOnline, settings);
        bed.open_shop_at(Provider::AtolOnline, "music", number, change).await
    }

    async fn hour(&mut self, hour: u32) {
        let day = hour / 24;
        self.weather(hour);
        if [9, 20].contains(&(hour % 24)) {
            self.crash(usize::try_from(day).unwrap() % self.shops.len()).await;
        }
        for shop in 0..self.shops.len() {
            // Nothing on some days, a rush on others; nobody buys at night.
            let busy = (day + u32::try_from(shop).unwrap()) % 5;
            if (8..23).contains(&(hour % 24)) && busy > 0 && self.dice.roll(18) < busy {
                self.spoil(shop, hour);
                self.sell(shop);
            }
            if busy == 3 && self.dice.roll(40) == 0 {
                self.give_back(shop);
            }
        }
        for _ in 0..2 {
            self.settle().await;
            self.bed.later(HALF_AN_HOUR);
        }
    }

    /// Some answers are lost on their way, and some results take days.
    fn spoil(&mut self, shop: usize, hour: u32) {
        let till = &self.shops[shop].till;
        if self.provider_away > 0 {
            return;
        }
        match (self.dice.roll(12), self.shops[shop].provider) {
            (0, _) => {
                self.answers_lost += 1;
                till.lose_next_answer();
            }
            (1 | 2, Provider::AtolOnline) if hour < HOURS - 3 * 24 => {
                self.results_late += 1;
                let late = atol::FaultKind::SlowRegister { takes: DAYS_LATER };
                self.bed.atol.inject(atol::Fault::once(late));
            }
            // Told twice, or before the answer to the request; at some times not at all.
            (3..7, Provider::AtolOnline) => {
                let every = Duration::from_secs(60);
                let told = match self.dice.roll(4) {
                    0 => atol::FaultKind::NoCallback,
                    1 => atol::FaultKind::LateCallback { by: DAYS_LATER },
                    2 => atol::FaultKind::CallbackFirst,
                    _ => atol::FaultKind::RepeatedCallback { copies: 3, every },
                };
                self.bed.atol.inject(atol::Fault::once(told));
            }
            (_, Provider::Cashalot | Provider::CashDesk | Provider::AtolOnline) => {}
        }
    }

    /// Five outages of the providers of three hours, two of the tax service of seven.
    fn weather(&mut self, hour: u32) {
        if self.provider_away > 0 {
            self.provider_away -= 1;
            if self.provider_away == 0 {
                self.bed.cashalot.clear_faults();
                self.bed.cashdesk.clear_faults();
                self.bed.atol.clear_faults();
            }
        }
        if self.tax_service_away > 0 {
            self.tax_service_away -= 1;
            if self.tax_service_away == 0 {
                self.bed.cashalot.set_fsko(true);
                self.bed.cashdesk.set_tax_service(true);
                self.bed.cashdesk.deliver_offline();
            }
        }
        if [50, 190, 310, 455, 643].contains(&hour) {
            self.provider_away = AWAY_HOURS;
            let begins = instant(self.bed.now());
            let lasts = SignedDuration::from_hours(AWAY_HOURS.into());
            self.outages.push((begins, begins + lasts));
            let away = FaultKind::Http {
                status: 503,
                registers: false,
            };
            self.bed.cashalot.inject(Fault {
                times: u32::MAX,
                ..Fault::once(away)
            });
            let away = cashdesk::FaultKind::Http {
                status: 503,
                registers: false,
            };
            self.bed.cashdesk.inject(cashdesk::Fault {
                times: u32::MAX,
                ..cashdesk::Fault::once(away)
            });
            let away = atol::FaultKind::Http {
                status: 503,
                stores: false,
            };
            self.bed.atol.inject(atol::Fault::lasting(away));
        }
        if [130, 520].contains(&hour) {
            self.tax_service_away = 7;
            self.bed.cashalot.set_fsko(false);
            self.bed.cashdesk.set_tax_service(false);
            self.sell(TEA);
        }
    }

    /// Both programs die at their next await, and start again.
    async fn crash(&mut self, shop: usize) {
        self.sell(shop);
        drop(self.worker.take());
        drop(self.ingress.take());
        self.ingress = Some(self.bed.ingress_again().await);
        self.worker = Some(self.bed.start_worker(times()).await);
    }

    fn sell(&mut self, shop: usize) {
        let amount = 100 + u64::from(self.dice.roll(90_000));
        let id = format!("{}-{}", self.shops[shop].merchant.as_str(), self.orders.len());
        let order = self.bed.pay(&self.shops[shop], &id, amount);
        self.orders.push((order, amount));
    }

    fn give_back(&mut self, shop: usize) {
        let merchant = &self.shops[shop].merchant;
        let found = self
            .orders
            .iter()
            .rev()
            .find(|(order, _)| &order.shop.merchant == merchant && !self.returned.contains(order.id.as_str()));
        if let Some((order, amount)) = found {
            self.returned.insert(order.id.as_str().to_owned());
            if amount % 2 == 0 {
                self.bed.give_all_back(order);
            } else {
                self.bed.give_back(order, 50);
            }
        }
    }

    /// Everything that can be done at this hour is done, backoffs waited out.
    async fn settle(&self) {
        if self.provider_away > 0 {
            return;
        }
        self.bed.cashdesk.deliver_pending().await;
        eventually(Duration::from_secs(60), async || {
            if self.bed.fondy.open_callbacks() > 0 {
                return Err("callbacks".to_owned());
            }
            let ledger = &self.bed.ledger;
            let now = ledger.now();
            if !ledger.due_events(now, Duration::ZERO, 1).await.unwrap().is_empty() {
                return Err("events".to_owned());
            }
            for shop in &self.shops {
                // A look under way: it writes down when the next one is due only at its end.
                let rest = ledger.register_rest(&shop.register).await.unwrap();
                if rest.look_at < now.plus(times().lease * 2) {
                    return Err(format!("a look at {}", shop.register));
                }
                if ledger.has_due(&shop.register, now).await.unwrap() {
                    return Err(format!("work on {}", shop.register));
                }
            }
            Ok(())
        })
        .await;
    }

    /// A quiet day more, so that every shift is closed and compared; then the books.
    async fn end(self) {
        for _ in 0..52 {
            self.settle().await;
            self.bed.later(HALF_AN_HOUR);
        }
        self.settle().await;
        self.bed.at_rest().await;
        for (order, _) in &self.orders {
            let words = self.bed.states(order).await;
            assert!(
                !words.is_empty() && words.iter().all(|word| word.ends_with(" registered")),
                "{words:?}"
            );
        }
        for shop in &self.shops {
            self.read_books(shop).await;
        }
        let open = self.bed.ledger.open_alerts(None).await.unwrap();
        assert!(open.is_empty(), "{open:?}");
        let sold = self.orders.len();
        println!(
            "{sold} sales, {} refunds, {} lost answers, {} results days later in a month of five registers",
            self.returned.len(),
            self.answers_lost,
            self.results_late
        );
        assert!(self.answers_lost > 5 && self.results_late > 5, "nothing went wrong");
        assert!(sold > 200, "{sold} sales are no month");
    }

    async fn read_books(&self, shop: &Shop) {
        // Each sale and refund once, none lost, none invented: `tape` panics otherwise.
        let receipts = self.bed.tape(shop).await;
        let ours = self
            .orders
            .iter()
            .filter(|(order, _)| order.shop.number == shop.number)
            .count();
        let sales = receipts.iter().filter(|line| line.starts_with("sale")).count();
        assert_eq!(sales, ours);
        let numbers: Vec<String> = shop.till.papers().into_iter().map(|paper| paper.number).collect();
        let strangers = self.bed.ledger.known_strangers(&shop.register, &numbers).await.unwrap();
        assert!(strangers.is_empty(), "all is ours, not {strangers:?}");
        let told = self.bed.ledger.next_notice(&shop.register).await.unwrap();
        assert_eq!(told, None, "{}", shop.register);
        let offline = self.bed.ledger.offline_documents(&shop.register, 10).await.unwrap();
        assert_eq!(offline.len(), 0);
        let shifts = match shop.provider {
            Provider::Cashalot => self.read_cashalot(shop),
            Provider::CashDesk => self.read_cashdesk(shop),
            // Its shifts are its own matter.
            Provider::AtolOnline => 0,
        };
        let known = self.bed.ledger.recent_shifts(&shop.register, 1000).await.unwrap();
        assert_eq!(known.len(), shifts, "every shift is in our books");
        for shift in &known {
            assert!(
                shift.compared_at.is_some() && shift.difference.is_none() && shift.z_number.is_some(),
                "{shift:?}"
            );
        }
    }

    /// A shift lasts a day at most, but for one whose provider was away when it should have been closed: that one
    /// ends as soon as the provider is back.
    fn in_time(&self, shop: &Shop, opened: Timestamp, closed: Timestamp) {
        let length = closed.duration_since(opened);
        let (should, must) = (SignedDuration::from_hours(23), SignedDuration::from_hours(24));
        // The clock goes on by half hours: what is due between two of them is due at the second.
        let step = SignedDuration::from_mins(30);
        let excused = self
            .outages
            .iter()
            .any(|&(begins, ends)| (begins - step..ends).contains(&(opened + should)) && closed < ends + step);
        assert!(
            length <= must || excused,
            "a shift of {} lasted {length}, from {opened} on",
            shop.register
        );
    }

    /// How many shifts there were, all in order.
    fn read_cashalot(&self, shop: &Shop) -> usize {
        let tape = self.bed.cashalot.documents(shop.number);
        assert!(tape.iter().all(|document| document.delivered), "all is delivered");
        assert!(self.bed.cashalot.lost_documents(shop.number).is_empty());
        let locals: Vec<u64> = tape
            .iter()
            .filter(|document| !document.revoked)
            .map(|document| document.num_local)
            .collect();
        assert!(
            locals.windows(2).all(|pair| pair[1] == pair[0] + 1),
            "a gap in {locals:?}"
        );
        let mut by_shift: BTreeMap<u64, Vec<&RecordedDocument>> = BTreeMap::new();
        for document in &tape {
            match document.shift_id {
                Some(shift) => by_shift.entry(shift).or_default().push(document),
                None => assert!(!document.is_financial(), "a receipt outside any shift"),
            }
        }
        for (shift, documents) in &by_shift {
            let reports = documents
                .iter()
                .filter(|document| document.class == DocClass::ZRep)
                .count();
            assert_eq!(reports, 1, "shift {shift} has one Z-report");
            let time = |kind: DocType| -> Timestamp {
                documents
                    .iter()
                    .find(|document| document.doc_type == Some(kind))
                    .unwrap()
                    .at
            };
            self.in_time(shop, time(DocType::OpenShift), time(DocType::CloseShift));
        }
        by_shift.len()
    }

    /// How many shifts there were, all in order.
    fn read_cashdesk(&self, shop: &Shop) -> usize {
        let tape = self.bed.cashdesk.documents(shop.number);
        assert!(tape.iter().all(|document| document.uploaded), "all is uploaded");
        assert!(tape.iter().any(|document| document.offline), "the tax service was away");
        let shifts = self.bed.cashdesk.shifts(shop.number);
        for (place, shift) in shifts.iter().enumerate() {
            let report = |document: &&cashdesk::RecordedDocument| {
                document.shift == place && document.kind == cashdesk::DocKind::ZReport
            };
            assert_eq!(tape.iter().filter(report).count(), 1, "shift {place} has one Z-report");
            self.in_time(shop, shift.opened_at, shift.closed_at.unwrap());
        }
        assert!(shifts.len() > 20, "{} shifts are no month", shifts.len());
        shifts.len()
    }
}
