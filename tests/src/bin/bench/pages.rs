//! What the admin pages and the API read, with a million orders and documents in PostgreSQL.

mod fill;
mod served;

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Args;
use domain::document::Kind;
use domain::ids::DocumentId;
use domain::money::Kopecks;
use domain::time::UnixMillis;
use ledger::alerts_list::AlertList;
use ledger::fiscalization::Fiscalization;
use ledger::people::Reach;
use ledger::search::OrderFilter;
use ledger::{Ledger, OpenOptions, wall_clock};
use sea_orm::{ConnectOptions, Database};
use tests::servers::Postgres;

use self::fill::{Amounts, made_at, merchant_id, register_id};
use crate::Verdict;
use crate::figures::{micros, millis_text, quantile};
use crate::wire::Wire;

#[derive(Args)]
pub(crate) struct Options {
    /// Orders, with a sale each, one in twenty with a refund.
    #[arg(long, default_value_t = 1_000_000)]
    orders: usize,
    /// Merchants, with ten registers each.
    #[arg(long, default_value_t = 20)]
    merchants: usize,
    /// How often each thing is read.
    #[arg(long, default_value_t = 20)]
    rounds: usize,
}

/// The promise: half of the readings of the ledger take at most this.
const LIMIT: Duration = Duration::from_millis(10);
/// And 95 of a hundred answers over HTTP at most this.
const SERVED: Duration = Duration::from_millis(50);
const SCHEMA: &str = "pages";
const PAGE: u32 = 50;
const DAY: Duration = Duration::from_secs(86_400);

pub(crate) async fn run(options: &Options) -> anyhow::Result<Verdict> {
    ensure!(options.orders >= 1_000, "a thousand orders at least");
    ensure!((3..=99).contains(&options.merchants), "3 to 99 merchants");
    // Filling is not what is measured, so it need not survive anything.
    let postgres = Postgres::start_with(&["shared_buffers=512MB", "fsync=off", "max_wal_size=8GB"]).await;
    let url = postgres.create_schema(SCHEMA).await;
    let ledger = Ledger::open(&url, OpenOptions::default())
        .await?
        .unlock(tests::vault())
        .await?;
    let amounts = Amounts {
        orders: options.orders,
        merchants: options.merchants,
        now: wall_clock(),
    };
    println!("filling a ledger with {} orders …", options.orders);
    let began = Instant::now();
    let mut one = ConnectOptions::new(url.clone());
    one.max_connections(1);
    let db = Database::connect(one).await?;
    fill::fill(&ledger, &db, &amounts).await?;
    println!("filled in {} s", began.elapsed().as_secs());

    let mut measured = Measured {
        rounds: options.rounds.max(1),
        rows: Vec::new(),
    };
    for (name, reach) in reaches(options.merchants)? {
        read(&ledger, &amounts, name, &reach, &mut measured).await?;
    }
    served::read(&ledger, &url, options.orders, &mut measured).await?;
    Ok(measured.verdict())
}

/// Who reads: the one who sees everything, and users of large, small and several merchants.
fn reaches(merchants: usize) -> anyhow::Result<Vec<(&'static str, Reach)>> {
    let of = |numbers: &[usize]| {
        let ids = numbers.iter().map(|number| merchant_id(*number));
        Ok::<_, anyhow::Error>(Reach::Merchants(ids.collect::<Result<_, _>>()?))
    };
    Ok(vec![
        ("everything", Reach::Everything),
        ("large", of(&[0])?),
        ("small", of(&[merchants - 1])?),
        ("several", of(&[0, 1, merchants - 1])?),
    ])
}

struct Measured {
    rounds: usize,
    rows: Vec<Row>,
}

struct Row {
    promise: Promise,
    /// Sorted.
    times: Vec<u64>,
}

/// So many per mille take at most this.
#[derive(Clone, Copy)]
struct Promise(usize, Duration);

/// The ledger's: the other half depends on who else uses the machine.
const READ: Promise = Promise(500, LIMIT);
const ANSWERED: Promise = Promise(950, SERVED);

impl Row {
    fn is_slow(&self) -> bool {
        let Promise(per_mille, limit) = self.promise;
        quantile(&self.times, per_mille) > micros(limit)
    }
}

impl Measured {
    /// Reads the same thing again and again. Once more before, for the database's caches are as warm in
    /// daily use.
    async fn time<T>(
        &mut self,
        name: String,
        read: impl AsyncFn() -> Result<T, ledger::LedgerError>,
    ) -> anyhow::Result<T> {
        let mut last = read().await?;
        let mut times = Vec::with_capacity(self.rounds);
        for _ in 0..self.rounds {
            let began = Instant::now();
            last = read().await?;
            times.push(micros(began.elapsed()));
        }
        self.keep(&name, READ, times);
        Ok(last)
    }

    /// Sends the same request again and again.
    async fn exchange(&mut self, name: &str, wire: &mut Wire, request: &[u8]) -> anyhow::Result<()> {
        let mut times = Vec::with_capacity(self.rounds);
        for _ in 0..self.rounds {
            let began = Instant::now();
            ensure!(wire.exchange(request).await?, "{name} was not answered 200");
            times.push(micros(began.elapsed()));
        }
        self.keep(name, ANSWERED, times);
        Ok(())
    }

    fn keep(&mut self, name: &str, promise: Promise, mut times: Vec<u64>) {
        times.sort_unstable();
        let [best, half, most] = [0, 500, 950].map(|per_mille| millis_text(quantile(&times, per_mille)));
        let row = Row { promise, times };
        let mark = if row.is_slow() { "  slow" } else { "" };
        println!("  {name:<56} {best:>10} {half:>10} {most:>10}{mark}");
        self.rows.push(row);
    }

    fn verdict(&self) -> Verdict {
        let slow = self.rows.iter().filter(|row| row.is_slow()).count();
        println!(
            "\n{} things read {} times each; above the limit ({LIMIT:?} at p50, {SERVED:?} at p95 over HTTP): {slow}",
            self.rows.len(),
            self.rounds,
        );
        if slow == 0 { Verdict::Kept } else { Verdict::Broken }
    }
}

async fn read(
    ledger: &Ledger,
    amounts: &Amounts,
    who: &str,
    reach: &Reach,
    measured: &mut Measured,
) -> anyhow::Result<()> {
    println!("\n{:<58} {:>10} {:>10} {:>10}", who, "best", "p50", "p95");
    for (what, filter) in filters(amounts)? {
        let first = measured
            .time(format!("{who}: orders, {what}"), async || {
                ledger.search_orders(reach, &filter, None, PAGE).await
            })
            .await?;
        if let Some(next) = &first.next {
            measured
                .time(format!("{who}: orders, {what}, next page"), async || {
                    ledger.search_orders(reach, &filter, Some(next), PAGE).await
                })
                .await?;
        }
    }
    cards(ledger, amounts, who, reach, measured).await?;
    let (now, start) = (amounts.now, amounts.now.minus(DAY));
    let name = |what: &str| format!("{who}: {what}");
    measured
        .time(name("today"), async || ledger.today(reach, start, now, now).await)
        .await?;
    measured
        .time(name("attention"), async || ledger.attention(reach, now).await)
        .await?;
    measured
        .time(name("held documents"), async || {
            ledger.held_documents(reach, None, PAGE).await
        })
        .await?;
    measured
        .time(name("doubtful documents"), async || {
            ledger.doubtful_documents(reach, now, None, PAGE).await
        })
        .await?;
    for list in [AlertList::Open, AlertList::All] {
        let page = measured
            .time(name(&format!("alerts, {list:?}")), async || {
                ledger.list_alerts(reach, list, None, PAGE).await
            })
            .await?;
        measured
            .time(name(&format!("alerts, {list:?}, next page")), async || {
                ledger.list_alerts(reach, list, page.next.as_deref(), PAGE).await
            })
            .await?;
    }
    measured
        .time(name("registers"), async || {
            ledger.registers_list(reach, None, PAGE).await
        })
        .await?;
    measured.time(name("pulse"), async || ledger.pulse().await).await?;
    Ok(())
}

async fn cards(
    ledger: &Ledger,
    amounts: &Amounts,
    who: &str,
    reach: &Reach,
    measured: &mut Measured,
) -> anyhow::Result<()> {
    let newest = ledger.search_orders(reach, &OrderFilter::default(), None, 1).await?;
    let Some(order) = newest.rows.first() else {
        return Ok(());
    };
    let card = measured
        .time(format!("{who}: an order's card"), async || {
            ledger.order_card(reach, &order.id).await
        })
        .await?
        .context("an order that was just listed")?;
    if let Some(document) = card.documents.first() {
        let id = DocumentId::parse(&document.document.id)?;
        measured
            .time(format!("{who}: a document's card"), async || {
                ledger.document_card(reach, id).await
            })
            .await?;
    }
    let number = match reach {
        Reach::Merchants(ids) if ids.len() == 1 && !reach.sees("m-00") => amounts.merchants - 1,
        Reach::Merchants(_) | Reach::Everything => 0,
    };
    let register = register_id(number, 1)?;
    let page = measured
        .time(format!("{who}: shifts of a register"), async || {
            ledger.shifts_of(reach, &register, None, PAGE).await
        })
        .await?;
    measured
        .time(format!("{who}: shifts of a register, next page"), async || {
            ledger.shifts_of(reach, &register, page.next.as_deref(), PAGE).await
        })
        .await?;
    Ok(())
}

fn filters(amounts: &Amounts) -> anyhow::Result<Vec<(String, OrderFilter)>> {
    let some = amounts.orders / 2 + 2;
    let all = OrderFilter::default;
    let mut filters = vec![("all".to_owned(), all())];
    for (what, text) in [
        ("by their id", format!("A-{some}")),
        ("by a fiscal number", (5_000_000_000_usize + some).to_string()),
        ("by a card", "7919".to_owned()),
        ("by an e-mail", "buyer4711@shop.example".to_owned()),
        ("by a common amount", "199.00".to_owned()),
        ("by a rare amount", "33.33".to_owned()),
        ("by nothing there is", "nothing".to_owned()),
    ] {
        filters.push((what.to_owned(), OrderFilter { text, ..all() }));
    }
    for status in Fiscalization::ALL {
        let filter = OrderFilter {
            status: Some(status),
            ..all()
        };
        filters.push((status.as_str().to_owned(), filter));
    }
    for kind in [Kind::Storno, Kind::Return] {
        let filter = OrderFilter {
            kind: Some(kind),
            ..all()
        };
        filters.push((kind.as_str().to_owned(), filter));
    }
    let register = Some(register_id(0, 3)?);
    let old = OrderFilter {
        from: Some(made_at(amounts, amounts.orders / 10)),
        to: Some(made_at(amounts, amounts.orders / 10).plus(DAY)),
        ..all()
    };
    filters.extend([
        (
            "of a register".to_owned(),
            OrderFilter {
                register: register.clone(),
                ..all()
            },
        ),
        (
            "of a register, returned".to_owned(),
            OrderFilter {
                register: register.clone(),
                kind: Some(Kind::Return),
                ..all()
            },
        ),
        (
            "of a register, held".to_owned(),
            OrderFilter {
                register,
                status: Some(Fiscalization::Held),
                ..all()
            },
        ),
        (
            "of a common amount, refunded".to_owned(),
            OrderFilter {
                amount: Some(Kopecks::from_minor(19_900)?),
                status: Some(Fiscalization::Refunded),
                ..all()
            },
        ),
        ("of a day long ago".to_owned(), old),
        (
            "of tomorrow".to_owned(),
            OrderFilter {
                from: Some(UnixMillis(amounts.now.0).plus(DAY)),
                ..all()
            },
        ),
    ]);
    Ok(filters)
}
