//! A ledger as a few busy years leave it: everything is a copy of one sale that the ledger itself wrote.
//!
//! Merchant 0 has two fifths of all, the last one 20 orders, the others the rest. One order in a thousand
//! is not settled.

use anyhow::{Context as _, ensure};
use domain::basket::{Basket, Line};
use domain::document::{Kind, Presence, Registration};
use domain::event::{CarriedBasket, Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, FiscalNumber, MerchantId, RegisterId, RegisterNumber};
use domain::money::Kopecks;
use domain::receipt::{MismatchPolicy, Receipt};
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use domain::time::UnixMillis;
use ledger::Ledger;
use ledger::events::{NewEvent, Origin, Recorded};
use ledger::plan::{NewDocument, Plan, SALE, Start};
use ledger::settings::{ApiKey, Credentials, Merchant, Provider, Register, Scope, Settings};
use ledger::tape::{Due, Follow, Health, Intent, NewAttempt, Outcome, Settled};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::time::Duration;

/// Registers of each merchant.
pub(crate) const TILLS: usize = 10;
/// What has been written was written in so many days up to now.
pub(crate) const DAYS: i64 = 90;
/// The key of an API of merchant 0.
pub(crate) const API_KEY: &str = "bench-pages-key";

const DAY_MS: i64 = 86_400_000;
const LEASE: Duration = Duration::from_secs(60);

/// How much is written.
#[derive(Clone, Copy)]
pub(crate) struct Amounts {
    pub orders: usize,
    pub merchants: usize,
    pub now: UnixMillis,
}

pub(crate) fn merchant_id(number: usize) -> anyhow::Result<MerchantId> {
    Ok(MerchantId::parse(&format!("m-{number:02}"))?)
}

pub(crate) fn register_id(merchant: usize, till: usize) -> anyhow::Result<RegisterId> {
    Ok(RegisterId::parse(&format!("m-{merchant:02}-{till}"))?)
}

/// When the order of this number was made.
pub(crate) fn made_at(amounts: &Amounts, number: usize) -> UnixMillis {
    let (number, orders) = (as_i64(number), as_i64(amounts.orders.max(1)));
    UnixMillis(amounts.now.0 - DAYS * DAY_MS + number * (DAYS * DAY_MS) / orders)
}

fn as_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Settings, the one sale, and its copies.
pub(crate) async fn fill(ledger: &Ledger, db: &DatabaseConnection, amounts: &Amounts) -> anyhow::Result<()> {
    ledger
        .apply(&settings(amounts.merchants)?, "the bench", amounts.now)
        .await?;
    pattern(ledger, made_at(amounts, 0)).await?;
    for statement in copies(amounts) {
        db.execute_unprepared(&statement)
            .await
            .with_context(|| statement.chars().take(80).collect::<String>())?;
    }
    db.execute_unprepared("VACUUM ANALYZE").await?;
    Ok(())
}

fn settings(merchants: usize) -> anyhow::Result<Settings> {
    let mut settings = Settings::default();
    for number in 0..merchants {
        let merchant = merchant_id(number)?;
        settings.merchants.push(Merchant {
            id: merchant.clone(),
            name: format!("ФОП Приклад {number}"),
        });
        for till in 0..TILLS {
            settings.registers.push(Register {
                id: register_id(number, till)?,
                merchant: merchant.clone(),
                provider: Provider::Cashalot,
                fiscal_number: RegisterNumber::parse(&(4_200_000_000 + number * TILLS + till).to_string())?,
                base_url: "http://127.0.0.1:9/".to_owned(),
                close_at: None,
                refund_policy: RefundPolicy::StornoFirst,
                vat: VatScheme::NotAPayer,
                credentials: Credentials::KeyPin("1234".into()),
                options: std::collections::BTreeMap::new(),
                stand_in: None,
                failures: 0,
                failing_since: None,
            });
        }
    }
    let key = ApiKey {
        merchant: merchant_id(0)?,
        id: "bench".to_owned(),
        scopes: vec![Scope::Receipts, Scope::Operator],
    };
    settings.api_keys.push((key, API_KEY.into()));
    Ok(settings)
}

/// One sale as the programs write it.
async fn pattern(ledger: &Ledger, now: UnixMillis) -> anyhow::Result<()> {
    let (merchant, register) = (merchant_id(0)?, register_id(0, 0)?);
    let amount = Kopecks::from_minor(19_900)?;
    let basket = Basket::new(vec![Line::single("Тюльпани, букет", amount)?])?;
    let event = Event {
        payer_email: None,
        order: ExternalOrderId::parse("pattern")?,
        payment_id: Some("pattern".to_owned()),
        fact: Fact::Money {
            paid: amount,
            refunded_total: Kopecks::ZERO,
            basket: CarriedBasket::Absent,
            parts: Vec::new(),
        },
        means: PaymentMeans {
            system: Some("Fondy".to_owned()),
            masked_card: Some("444455XXXXXX1111".to_owned()),
            ..PaymentMeans::default()
        },
    };
    let recorded = NewEvent {
        merchant,
        origin: Origin::Api(register.clone()),
        key: "pattern".to_owned(),
        fingerprint: "pattern".to_owned(),
        raw: "{}".to_owned(),
        event: event.clone(),
        received_at: now,
    };
    let recorded = ledger.record_events(&[recorded]).await?;
    let [Recorded::New(id)] = recorded[..] else {
        anyhow::bail!("the pattern is there already")
    };
    let pending = ledger.pending_event(id).await?.context("the pattern's event")?;
    let receipt = Receipt::sale(
        basket,
        amount,
        MismatchPolicy::Hold,
        &VatScheme::NotAPayer,
        event.means.clone(),
    )?;
    let sale = NewDocument {
        register: register.clone(),
        kind: Kind::Sale,
        slot: SALE.to_owned(),
        amount,
        start: Start::Ready(Box::new(receipt.clone())),
        lines: None,
    };
    let plan = |_: &_| Plan::Documents {
        documents: vec![sale],
        exceeding: Vec::new(),
        split: None,
    };
    ledger.plan(&pending, &event, now, plan).await?;
    let lease = ledger
        .acquire_lease(&register, "bench", LEASE)
        .await?
        .context("the lease")?;
    let due = ledger
        .next_due(&register, now)
        .await?
        .context("the pattern's document")?;
    let intent = Intent {
        testing: false,
        kind: Kind::Sale,
        content: Some(receipt),
        sent: "<CHECK/>".repeat(60),
        before: "{\"next\":1}".to_owned(),
    };
    ensure!(
        ledger.begin_sending(&lease, due.id, &intent, LEASE, now).await?,
        "begun"
    );
    let outcome = Outcome::Registered(Registration {
        fiscal_number: FiscalNumber::parse("1")?,
        local_number: 1,
        registered_at: "2026-03-05T11:22:33+02:00".to_owned(),
        presence: Presence::Online,
        url: Some("https://cabinet.example/check?id=1".to_owned()),
        qr_code: None,
        rendering: None,
        provider_id: None,
    });
    let attempt = NewAttempt {
        command: "RegisterCheck".to_owned(),
        request: "{\"masked\":true}".repeat(20),
        response: Some("{\"masked\":true}".repeat(10)),
        http_status: Some(200),
        outcome: "done",
        code: None,
        message: None,
        started_at: now,
        duration: Duration::from_millis(200),
    };
    let settled = Settled {
        document: due.id,
        from: Due::Sending,
        outcome: &outcome,
        attempts: &[attempt],
        health: &Health::Good,
        follow: Follow::Nothing,
    };
    ensure!(ledger.finish(&lease, &settled, now).await?.is_some(), "finished");
    Ok(())
}

/// An id of version 7 made at `at`, told apart from others by `kind`.
fn id(kind: u8, at: &str) -> String {
    format!(
        "(substr(lpad(to_hex({at}), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex({at}), 12, '0'), 9, 4) || '-7{kind:03}-8000-'
            || lpad(to_hex(n), 12, '0'))"
    )
}

fn copies(amounts: &Amounts) -> Vec<String> {
    let (orders, merchants) = (amounts.orders, amounts.merchants);
    let begin = made_at(amounts, 0).0;
    let at = format!("({begin} + n * {span} / {orders})", span = DAYS * DAY_MS);
    let (order, event, document) = (id(0, &at), id(1, &at), id(2, &at));
    let (refund, attempt, hold) = (id(3, &at), id(4, &at), id(5, &at));
    let last = merchants - 1;
    let merchant = format!(
        "('m-' || lpad((CASE WHEN n % 10 < 4 THEN 0 WHEN n % {tiny} = 7 THEN {last} ELSE 1 + n % {rest} END)::text, 2, '0'))",
        tiny = (orders / 20).max(1),
        rest = (merchants - 2).max(1),
    );
    let register = format!("({merchant} || '-' || (n / 7 % {TILLS})::text)");
    let amount = "(CASE WHEN n % 10 < 3 THEN 19900 ELSE 1000 + n * 37 % 500000 END)";
    let card = "lpad((n * 7919 % 10000)::text, 4, '0')";
    // One sale in a thousand is not settled, in turns.
    let state = "(CASE WHEN n % 1000 <> 1 THEN 'registered' ELSE (ARRAY['held', 'ready', 'in_doubt', 'held', 'closed'])
        [1 + n / 1000 % 5] END)";
    let all = format!("generate_series(1::bigint, {orders}) AS n");
    let pattern = "(SELECT * FROM documents WHERE fiscal_number = '1') AS one";
    vec![
        "SET session_replication_role = replica".to_owned(),
        format!(
            "INSERT INTO orders (id, merchant_id, external_key, external_id, description, buyer, email, version,
                 created_at, updated_at)
             SELECT {order}, {merchant}, encode(sha256(convert_to('A-' || n, 'UTF8')), 'hex'), 'A-' || n, 'Букет',
                 '{{\"email\":\"buyer' || n % 200000 || '@shop.example\"}}', 'buyer' || n % 200000 || '@shop.example',
                 1, {at}, {at}
             FROM {all}"
        ),
        format!(
            "INSERT INTO events (id, merchant_id, origin, register_id, dedup_key, fingerprint, external_id, kind,
                 event, raw, state, order_id, received_at, settled_at)
             SELECT {event}, {merchant}, 'events', {register}, 'k' || n, 'f', 'A-' || n, one.kind, one.event, one.raw,
                 'planned', {order}, {at}, {at}
             FROM {all}, (SELECT * FROM events WHERE external_id = 'pattern') AS one"
        ),
        // One order in a hundred was never paid.
        format!(
            "INSERT INTO documents (id, merchant_id, register_id, order_id, event_id, slot, token, kind, state, amount,
                 means, content, sent, intent, epoch, sent_at, attempts, fiscal_number, local_number, registered_at,
                 presence, url, hold_reason, hold_text, card_tail, done_at, created_at, updated_at)
             SELECT id, merchant_id, register_id, order_id, event_id, 'sale', 'T' || n, 'sale', state, amount, means,
                 content, sent, intent, 1, at, 1, CASE WHEN done THEN (5000000000 + n)::text END,
                 CASE WHEN done THEN n + 1 END, CASE WHEN done THEN '2026-03-05T11:22:33+02:00' END,
                 CASE WHEN done THEN CASE WHEN n % 20000 = 2 THEN 'offline' ELSE 'online' END END,
                 CASE WHEN done THEN url END, CASE WHEN state IN ('held', 'closed') THEN 'basket_mismatch' END,
                 CASE WHEN state IN ('held', 'closed') THEN '1.00 was paid' END, card, CASE WHEN done THEN at END, at, at
             FROM (SELECT n, {document} AS id, {merchant} AS merchant_id, {register} AS register_id,
                     {order} AS order_id, {event} AS event_id, {state} AS state, {state} = 'registered' AS done,
                     {amount} AS amount, {at} AS at, {card} AS card, one.means, one.content, one.sent, one.intent,
                     one.url
                 FROM {all}, {pattern} WHERE n % 100 <> 0) AS sales"
        ),
        format!(
            "INSERT INTO documents (id, merchant_id, register_id, order_id, event_id, parent_id, slot, token, kind,
                 state, amount, means, content, fiscal_number, local_number, registered_at, presence, card_tail,
                 done_at, created_at, updated_at)
             SELECT {refund}, {merchant}, {register}, {order}, {event}, {document}, 'refund:1', 'R' || n,
                 CASE WHEN n % 200 = 11 THEN 'storno' ELSE 'return' END, 'registered',
                 CASE WHEN n % 40 = 11 THEN {amount} ELSE 500 END, one.means, one.content,
                 (7000000000 + n)::text, n + 2, '2026-03-05T11:22:33+02:00', 'online', {card}, {at} + 1000, {at}, {at}
             FROM {all}, {pattern} WHERE n % 20 = 11"
        ),
        format!(
            "INSERT INTO attempts (id, document_id, register_id, epoch, command, request, response, http_status,
                 outcome, started_at, duration_ms)
             SELECT {attempt}, {document}, {register}, 1, one.command, one.request, one.response, 200, one.outcome, {at},
                 200
             FROM {all}, (SELECT * FROM attempts LIMIT 1) AS one WHERE n % 100 <> 0"
        ),
        format!(
            "INSERT INTO holds (id, document_id, reason, detail, opened_at)
             SELECT {hold}, {document}, 'basket_mismatch', '1.00 was paid', {at} FROM {all}
             WHERE n % 100 <> 0 AND {state} = 'held'"
        ),
        format!(
            "INSERT INTO alerts (id, kind, subject, severity, merchant_id, register_id, detail, detail_uk, next_step,
                 next_step_uk, seen, opened_at, seen_at, resolved_at)
             SELECT id, CASE WHEN resolved_at IS NULL AND NOT held THEN 'delivery_slow' ELSE 'document_held' END,
                 document, 'critical', merchant_id, register_id, 'Something.', 'Щось.', 'Look.', 'Подивіться.', 1,
                 at, at, resolved_at
             FROM (SELECT {hold} AS id, {document} AS document, {merchant} AS merchant_id, {register} AS register_id,
                     {state} = 'held' AS held, {at} AS at,
                     CASE WHEN n % 1000 <> 1 OR n % 100 = 0 THEN {at} END AS resolved_at
                 FROM {all} WHERE n % 50 = 1 OR n % 100 = 0) AS told"
        ),
        format!(
            "INSERT INTO shifts (id, register_id, reference, opened_at, first_seen_at, close_due, closed_at, compared_at,
                 z_number)
             SELECT {shift}, registers.id, 'shift-' || n, opened, opened, opened + 82800000,
                 CASE WHEN n < {DAYS} THEN opened + 80000000 END, CASE WHEN n < {DAYS} THEN opened + 80000000 END,
                 'Z' || n
             FROM (SELECT n, registers.id, {begin} + n * {DAY_MS} - 3600000 AS opened
                 FROM generate_series(1::bigint, {DAYS}) AS n, registers) AS registers",
            shift = "md5(registers.id || n)::uuid::text"
        ),
        format!(
            "INSERT INTO documents (id, merchant_id, register_id, slot, token, kind, state, amount, means,
                 fiscal_number, local_number, registered_at, presence, done_at, created_at, updated_at)
             SELECT md5(shifts.id || kind)::uuid::text, registers.merchant_id, registers.id,
                 kind || ':' || shifts.id, kind || shifts.id, kind, 'registered', 0, '{{}}',
                 substr(md5(shifts.id || kind), 1, 20), 0, '2026-03-05T11:22:33+02:00', 'online',
                 shifts.closed_at, shifts.closed_at, shifts.closed_at
             FROM shifts JOIN registers ON registers.id = shifts.register_id,
                 (VALUES ('z_report'), ('closing')) AS kinds (kind) WHERE shifts.closed_at IS NOT NULL"
        ),
        format!(
            "UPDATE register_days SET seen_at = {now}, facts = '{{\"shift_open\":true}}', look_at = {now}",
            now = amounts.now.0
        ),
        "SET session_replication_role = DEFAULT".to_owned(),
    ]
}
