//! A worker lives through whatever Redis does, without restarting and without cutting a call; and
//! callbacks are answered all the while.

use std::time::Duration;

use sandbox::cashalot::{Fault, FaultKind};
use sandbox::fondy::AttemptOutcome;
use tests::bed::{PATIENCE, Placed, Running, Shop, TestBed, short_times};
use tests::db::Database;
use tests::eventually;
use tests::servers::{Redis, RedisMode};
use worker::WorkerTimes;

/// How long the provider thinks about the call that is under way during an outage.
const SLOW: Duration = Duration::from_millis(1_200);

struct Outage {
    redis: Redis,
    bed: TestBed,
    shop: Shop,
    worker: Running,
    placed: u64,
}

impl Outage {
    async fn prepare() -> Self {
        let redis = Redis::start(RedisMode::Memory).await;
        let mut bed = TestBed::with_queue(Database::Postgres, &redis.url()).await;
        bed.start_ingress().await;
        let shop = bed.shop().await;
        let times = WorkerTimes {
            call_timeout: SLOW * 3,
            lease: SLOW * 6,
            ..short_times()
        };
        let worker = bed.start_worker(times).await;
        let mut outage = Self {
            redis,
            bed,
            shop,
            worker,
            placed: 0,
        };
        outage.sell().await;
        outage
    }

    fn pay(&mut self) -> Placed {
        self.placed += 1;
        self.bed.pay(&self.shop, &format!("A-{}", self.placed), 10_000)
    }

    async fn sell(&mut self) {
        let order = self.pay();
        self.bed.until(&order, &["sale registered"]).await;
    }

    /// A payment whose document the provider is thinking about when this returns.
    async fn pay_with_call_in_hand(&mut self) -> Placed {
        let before = self.bed.receipts(&self.shop).len();
        let slow = FaultKind::SlowAnswer { by: SLOW };
        self.bed.cashalot.inject(Fault::once(slow).on_command("RegisterCheck"));
        let order = self.pay();
        eventually(PATIENCE, async || self.bed.receipts(&self.shop).len() > before).await;
        assert_eq!(self.bed.states(&order).await, ["sale sending"]);
        order
    }

    /// While Redis is away: the call in hand comes to its end by itself, and a payment told
    /// meanwhile is acknowledged. Gives that payment back; its bell may come late.
    async fn check(&mut self, in_hand: &Placed) -> Placed {
        let told_meanwhile = self.pay();
        eventually(Duration::from_secs(2), async || self.bed.fondy.waiting_callbacks() == 0).await;
        self.bed.until(in_hand, &["sale registered"]).await;
        let document = &self.bed.documents(in_hand).await[0];
        let attempts = self.bed.attempts(document).await;
        let commands: Vec<&str> = attempts.iter().map(|attempt| attempt.command.as_str()).collect();
        assert_eq!(
            commands,
            ["RegisterCheck"],
            "answered at the first try, nothing was asked"
        );
        assert!(self.worker.runs());
        told_meanwhile
    }

    /// Back to normal; and every callback was answered 200 the first time.
    async fn finish(mut self, told_meanwhile: &Placed) {
        self.bed.until(told_meanwhile, &["sale registered"]).await;
        self.sell().await;
        let expected = vec!["sale 100.00"; usize::try_from(self.placed).unwrap()];
        assert_eq!(self.bed.tape(&self.shop).await, expected);
        let attempts = self.bed.fondy.attempts();
        assert!(
            attempts
                .iter()
                .all(|attempt| attempt.outcome == AttemptOutcome::Acknowledged),
            "{attempts:?}"
        );
        assert_eq!(attempts.len(), expected.len());
        self.worker.stop().await;
    }
}

#[tokio::test]
async fn a_killed_redis_cuts_no_call_and_fails_no_callback() {
    let mut outage = Outage::prepare().await;
    let in_hand = outage.pay_with_call_in_hand().await;
    outage.redis.kill9().await;
    let told_meanwhile = outage.check(&in_hand).await;
    outage.redis.restart().await;
    outage.finish(&told_meanwhile).await;
}

#[tokio::test]
async fn receipts_come_out_while_redis_is_away() {
    let mut outage = Outage::prepare().await;
    outage.redis.kill9().await;
    let told_meanwhile = outage.pay();
    outage.bed.until(&told_meanwhile, &["sale registered"]).await;
    outage.redis.restart().await;
    outage.finish(&told_meanwhile).await;
}

#[tokio::test]
async fn a_redis_that_stalls_for_five_seconds_cuts_no_call_and_fails_no_callback() {
    let mut outage = Outage::prepare().await;
    let in_hand = outage.pay_with_call_in_hand().await;
    outage.redis.stall(Duration::from_secs(5)).await;
    let told_meanwhile = outage.check(&in_hand).await;
    outage.finish(&told_meanwhile).await;
}

#[tokio::test]
async fn a_redis_that_refuses_connections_cuts_no_call_and_fails_no_callback() {
    let mut outage = Outage::prepare().await;
    let in_hand = outage.pay_with_call_in_hand().await;
    outage.redis.stop().await;
    let told_meanwhile = outage.check(&in_hand).await;
    // A program that is started or stopped meanwhile does not mind either.
    outage.bed.start_worker(short_times()).await.stop().await;
    outage.redis.restart().await;
    outage.finish(&told_meanwhile).await;
}

#[tokio::test]
async fn a_redis_that_forgot_every_bell_costs_no_receipt() {
    let mut outage = Outage::prepare().await;
    let in_hand = outage.pay_with_call_in_hand().await;
    outage.redis.flushall().await;
    let told_meanwhile = outage.check(&in_hand).await;
    outage.redis.flushall().await;
    outage.finish(&told_meanwhile).await;
}
