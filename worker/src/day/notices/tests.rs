use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use domain::ids::{MerchantId, RegisterId, RegisterNumber, SourceId};
use domain::reconcile::FindingKind;
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use ledger::notices::{NewNotice, Told};
use ledger::settings::{Credentials, Merchant, Provider, Register, Settings, Source, SourceKind};
use ledger::tape::DueDocument;
use ledger::{Clock, Ledger, OpenOptions};
use queue::{Doorbell, QueueConfig, QueueUrl};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use vault::Vault;

use super::*;
use crate::compose::Stop;
use crate::config::WorkerConfig;
use crate::grip::Grip;
use crate::providers::{Adapter, Answered, Asked, Draft, Failure, FailureClass, Finding, Look, Sent};
use crate::state::WorkerState;

const MINUTE: Duration = Duration::from_secs(60);

/// What the provider's API says of a check.
#[derive(Clone)]
enum Said {
    Check(Noticed),
    Unknown,
    Away,
    Unable,
}

/// A provider that is asked about notices and nothing else.
#[derive(Clone, Default)]
struct Api {
    says: Arc<Mutex<HashMap<String, Said>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

#[async_trait::async_trait]
impl Adapter for Api {
    async fn look(&self) -> Asked<Result<Look, Failure>> {
        Asked::impossible()
    }

    fn write(&self, _draft: &Draft<'_>) -> Result<String, Stop> {
        Ok(String::new())
    }

    async fn send(&self, _sent: &Sent<'_>) -> Asked<Result<Answered, Failure>> {
        Asked::impossible()
    }

    async fn find(
        &self,
        _grip: &mut Grip<'_>,
        _document: &DueDocument,
        _now: UnixMillis,
    ) -> Result<Asked<Option<Finding>>, LedgerError> {
        Ok(Asked {
            value: None,
            attempts: Vec::new(),
        })
    }

    async fn notice(&self, provider_id: &str) -> Asked<Result<Option<Noticed>, Failure>> {
        self.asked.lock().unwrap().push(provider_id.to_owned());
        let said = self.says.lock().unwrap().get(provider_id).cloned();
        let words = Words::new("it is away", "його немає");
        let value = match said.unwrap_or(Said::Unknown) {
            Said::Check(noticed) => Ok(Some(noticed)),
            Said::Unknown => Ok(None),
            Said::Away => Err(Failure::ours(FailureClass::NotDone, "away", words)),
            Said::Unable => return Asked::impossible(),
        };
        Asked {
            value,
            attempts: Vec::new(),
        }
    }
}

struct Bed {
    state: WorkerState,
    source: Source,
    register: Register,
    api: Api,
    time: Arc<AtomicI64>,
    dir: PathBuf,
}

impl Bed {
    async fn new() -> Self {
        program::install_tls();
        let dir = std::env::temp_dir().join(format!("kasyr-notices-{}", Uuid::now_v7()));
        std::fs::create_dir(&dir).unwrap();
        let url = format!("sqlite://{}", dir.join("ledger.sqlite").display());
        let ledger = Ledger::open(&url, OpenOptions::default()).await.unwrap();
        let time = Arc::new(AtomicI64::new(0));
        let ledger = ledger.unlock(Vault::in_memory()).await.unwrap();
        let ledger = ledger.by_clock(Clock::Moved(Arc::clone(&time)));
        let (register, source) = settings(&ledger).await;
        let config = WorkerConfig::from_env(|_| None).unwrap();
        let doorbell = Doorbell::connect(QueueConfig {
            url: QueueUrl::Memory,
            prefix: "test".to_owned(),
        });
        Self {
            state: WorkerState::new(&config, ledger, doorbell, CancellationToken::new()).unwrap(),
            source,
            register,
            api: Api::default(),
            time,
            dir,
        }
    }

    fn says(&self, uuid: &str, said: Said) {
        self.api.says.lock().unwrap().insert(uuid.to_owned(), said);
    }

    fn asked(&self) -> usize {
        self.api.asked.lock().unwrap().len()
    }

    fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.time.fetch_add(millis, Ordering::SeqCst);
    }

    async fn tell(&self, uuid: &str, amount: i64) {
        let ledger = &self.state.ledger;
        let notice = NewNotice {
            provider_id: format!("uuid:{uuid}"),
            number: None,
            matter: uuid.to_owned(),
            told: Told {
                uuid: Some(uuid.to_owned()),
                word: "Z_SALE".to_owned(),
                kind: Some("sale".to_owned()),
                amount: Some(amount),
                ..Told::default()
            },
        };
        ledger.record_notice(&self.source, &notice, ledger.now()).await.unwrap();
    }

    /// The notices' part of one look.
    async fn look(&self) {
        let ledger = &self.state.ledger;
        let lease = ledger
            .acquire_lease(&self.register.id, "test", MINUTE)
            .await
            .unwrap()
            .unwrap();
        let mut lane = Lane {
            state: &self.state,
            can: self.register.provider.capabilities(),
            register: self.register.clone(),
            adapter: Box::new(self.api.clone()),
            grip: Grip::new(&self.state, lease.clone(), Instant::now()),
            look_at: UnixMillis::EPOCH,
            shift: None,
            seen: true,
        };
        assert!(settle(&mut lane).await.is_ok());
        ledger.release_lease(&lease).await.unwrap();
    }

    async fn waiting(&self) -> usize {
        let ever = self.state.ledger.now().plus(Duration::from_secs(1_000_000));
        let due = self.state.ledger.due_notices(&self.register.id, ever, 1000).await;
        due.unwrap().len()
    }

    async fn findings(&self, day: &str) -> Vec<(FindingKind, Option<i64>)> {
        let judged = self.state.ledger.judge_strangers(&self.register.id, day).await.unwrap();
        let all = judged.into_iter().flat_map(|one| one.findings);
        all.map(|finding| (finding.kind, finding.figures.amount)).collect()
    }

    async fn alerts(&self) -> Vec<String> {
        let open = self.state.ledger.open_alerts(None).await.unwrap();
        open.into_iter().map(|alert| alert.kind).collect()
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// The kind that tells of whole documents, whoever made them.
fn whole_documents() -> SourceKind {
    *SourceKind::ALL.iter().find(|kind| !kind.is_payment()).unwrap()
}

async fn settings(ledger: &Ledger) -> (Register, Source) {
    let merchant = MerchantId::parse("flowers").unwrap();
    let register = Register {
        id: RegisterId::parse("flowers-1").unwrap(),
        merchant: merchant.clone(),
        provider: Provider::ALL[0],
        fiscal_number: RegisterNumber::parse("4000999001").unwrap(),
        base_url: "http://127.0.0.1:9/".to_owned(),
        close_at: None,
        refund_policy: RefundPolicy::StornoFirst,
        vat: VatScheme::NotAPayer,
        credentials: Credentials::Stored,
        options: BTreeMap::new(),
        stand_in: None,
        failures: 0,
        failing_since: None,
    };
    let source = Source {
        secret: "0123456789abcdef".into(),
        ..Source::new(
            whole_documents(),
            SourceId::parse("told").unwrap(),
            merchant.clone(),
            register.id.clone(),
        )
    };
    let settings = Settings {
        merchants: vec![Merchant {
            id: merchant,
            name: "ФОП Приклад".to_owned(),
        }],
        registers: vec![register.clone()],
        sources: vec![source.clone()],
        ..Settings::default()
    };
    ledger.apply(&settings, "the test", ledger.now()).await.unwrap();
    (register, source)
}

/// A sale of 124.10, made on 21 November 2026 in Kyiv.
fn check() -> Noticed {
    Noticed {
        fiscal_number: Some("TST_a1".to_owned()),
        local_number: None,
        at: Some("2026-11-21 00:15:41".to_owned()),
        registered_at: Some(UnixMillis(1_795_212_941_000)),
        is_receipt: true,
        kind: "sale",
        amount: Some(12_410),
        of_number: None,
    }
}

#[tokio::test]
async fn what_the_api_confirms_stands_in_the_reconciliation_of_its_own_day() {
    let bed = Bed::new().await;
    bed.tell("u-1", 12_410).await;
    bed.says("u-1", Said::Check(check()));
    bed.look().await;
    let found = bed.findings("2026-11-21").await;
    assert_eq!(found, [(FindingKind::ForeignDocument, Some(12_410))]);
    assert_eq!((bed.waiting().await, bed.alerts().await.len()), (0, 0));
    bed.look().await;
    assert_eq!(bed.asked(), 1, "once is enough");
}

#[tokio::test]
async fn the_api_counts_where_a_notice_tells_another_sum() {
    let bed = Bed::new().await;
    bed.tell("u-1", 100).await;
    bed.says("u-1", Said::Check(check()));
    bed.look().await;
    let found = bed.findings("2026-11-21").await;
    assert_eq!(found, [(FindingKind::ForeignDocument, Some(12_410))]);
    assert_eq!(bed.alerts().await, ["notice_differs"]);
}

#[tokio::test]
async fn while_the_api_is_away_notices_wait_each_time_longer() {
    let bed = Bed::new().await;
    bed.tell("u-1", 12_410).await;
    bed.says("u-1", Said::Away);
    bed.look().await;
    bed.look().await;
    assert_eq!((bed.asked(), bed.waiting().await), (1, 1), "not at once again");
    bed.pass(Duration::from_secs(3600));
    bed.look().await;
    assert_eq!((bed.asked(), bed.waiting().await), (2, 1));
    assert!(bed.alerts().await.is_empty());
    bed.pass(Duration::from_secs(3600));
    bed.says("u-1", Said::Check(check()));
    bed.look().await;
    assert_eq!((bed.findings("2026-11-21").await.len(), bed.waiting().await), (1, 0));
}

#[tokio::test]
async fn what_is_never_confirmed_is_a_person_s_after_a_while() {
    for (said, early, late) in [
        (Said::Unknown, Duration::from_secs(600), Duration::from_secs(900)),
        (Said::Away, Duration::from_secs(23 * 3600), Duration::from_secs(3600)),
    ] {
        let bed = Bed::new().await;
        bed.tell("u-1", 12_410).await;
        bed.says("u-1", said);
        bed.pass(early);
        bed.look().await;
        assert_eq!((bed.waiting().await, bed.alerts().await.len()), (1, 0));
        bed.pass(late);
        bed.look().await;
        assert_eq!(bed.waiting().await, 0);
        assert_eq!(bed.alerts().await, ["notice_unconfirmed"]);
    }
}

#[tokio::test]
async fn one_that_counts_for_nothing_or_cannot_be_asked_about_is_let_go() {
    let bed = Bed::new().await;
    let shift = Noticed {
        is_receipt: false,
        ..check()
    };
    for (uuid, said) in [("u-1", Said::Check(shift)), ("u-2", Said::Unable)] {
        bed.tell(uuid, 0).await;
        bed.says(uuid, said);
    }
    bed.look().await;
    assert_eq!((bed.waiting().await, bed.alerts().await.len()), (0, 0));
    assert!(bed.findings("2026-11-21").await.is_empty());
}

#[tokio::test]
async fn an_offline_check_waits_for_its_number() {
    let bed = Bed::new().await;
    bed.tell("u-1", 12_410).await;
    let offline = Noticed {
        fiscal_number: None,
        ..check()
    };
    bed.says("u-1", Said::Check(offline));
    bed.look().await;
    assert_eq!((bed.waiting().await, bed.findings("2026-11-21").await.len()), (1, 0));
    bed.pass(Duration::from_secs(3600));
    bed.says("u-1", Said::Check(check()));
    bed.look().await;
    assert_eq!((bed.waiting().await, bed.findings("2026-11-21").await.len()), (0, 1));
}

#[tokio::test]
async fn one_look_asks_about_so_many_and_stops_at_the_first_silence() {
    let bed = Bed::new().await;
    for number in 0..30 {
        bed.tell(&format!("u-{number:02}"), 100).await;
    }
    bed.says("u-02", Said::Away);
    bed.look().await;
    assert_eq!(bed.asked(), 3);
    bed.pass(Duration::from_secs(600));
    bed.says("u-02", Said::Unknown);
    bed.look().await;
    assert_eq!(bed.asked(), 13);
    assert_eq!(bed.waiting().await, 30);
}

#[test]
fn sums_are_shown_in_hryvnias() {
    for (kopecks, shown) in [(12_410, "124.10"), (5, "0.05"), (-250, "-2.50"), (0, "0.00")] {
        assert_eq!(major(kopecks), shown);
    }
}
