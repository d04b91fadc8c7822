//! A register for tests, and calls against a service on a raw socket that answers exactly as told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use domain::document::Kind;
use domain::event::PaymentMeans;
use domain::ids::{DocumentId, MerchantId, RegisterId, RegisterNumber};
use domain::money::Kopecks;
use domain::refund::RefundPolicy;
use domain::tax::VatScheme;
use ledger::settings::{Credentials, Provider};
use ledger::tape::Due;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::providers::What;
use crate::providers::atol_online::find::Case;

pub(super) const UUID: &str = "5e1f0000-0000-4000-8000-000000000001";

/// A register of v4 with all that is required, and these options more.
pub(super) fn register(options: &[(&str, &str)]) -> Register {
    let usual = [
        ("group_code", "group_1"),
        ("protocol", "v4"),
        ("inn", "0000000000"),
        ("payment_address", "https://shop.example"),
        ("email", "till@shop.example"),
    ];
    let options = usual
        .iter()
        .chain(options)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Register {
        id: RegisterId::parse("moscow-1").unwrap(),
        merchant: MerchantId::parse("shop").unwrap(),
        provider: Provider::AtolOnline,
        fiscal_number: RegisterNumber::parse("1").unwrap(),
        base_url: "https://kassa.example/possystem/v4".to_owned(),
        close_at: None,
        refund_policy: RefundPolicy::ReturnOnly,
        vat: VatScheme::NotAPayer,
        credentials: Credentials::Login {
            login: "demo".to_owned(),
            password: "secret".into(),
        },
        options: options.collect::<BTreeMap<_, _>>(),
        stand_in: None,
        failures: 0,
        failing_since: None,
    }
}

/// A document that was sent once, at the beginning of time.
pub(super) fn document(due: Due, uuid: Option<&str>) -> DueDocument {
    let mut document = DueDocument::in_doubt(
        DocumentId::from_uuid(uuid::Uuid::from_u128(7)),
        Kind::Sale,
        Kopecks::from_minor(30_000).unwrap(),
        PaymentMeans::default(),
        UnixMillis::EPOCH,
        None,
    );
    document.due = due;
    document.provider_id = uuid.map(str::to_owned);
    document
}

/// A service that gives its answers in order, and a token whenever it is asked for one.
struct Fake {
    base_url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    async fn start(script: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/possystem/v4", listener.local_addr().unwrap());
        let answers: VecDeque<(u16, String)> = script.iter().map(|(code, text)| (*code, (*text).to_owned())).collect();
        let answers = Arc::new(Mutex::new(answers));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = seen.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(converse(socket, answers.clone(), kept.clone()));
            }
        });
        Self { base_url, seen }
    }

    fn adapter(&self, options: &[(&str, &str)]) -> AtolOnline {
        let register = Register {
            base_url: self.base_url.clone(),
            ..register(options)
        };
        // Every test but the first finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = wire::http_client().unwrap();
        AtolOnline::new(http, Tokens::default(), &register, &WorkerTimes::default()).unwrap()
    }

    /// Requests that were no question for a token: first line and body.
    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Closes without an answer when there is none left.
async fn converse(mut socket: TcpStream, answers: Arc<Mutex<VecDeque<(u16, String)>>>, kept: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut socket).await {
        let answer = if request.contains("/getToken") {
            Some((200, r#"{"error":null,"token":"tok"}"#.to_owned()))
        } else {
            kept.lock().unwrap().push(request);
            answers.lock().unwrap().pop_front()
        };
        let Some((code, body)) = answer else { return };
        let head = format!("HTTP/1.1 {code} X\r\nContent-Length: {}\r\n\r\n", body.len());
        if socket.write_all((head + &body).as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_request(socket: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            let line = head.lines().next()?.trim_end_matches(" HTTP/1.1");
            return Some([line, body].join(" ").trim().to_owned());
        }
    }
}

const ACCEPTED: &str = r#"{"uuid":"5e1f0000-0000-4000-8000-000000000001","status":"wait","error":null}"#;
const KNOWN: &str = r#"{"uuid":"5e1f0000-0000-4000-8000-000000000001","status":"wait","error":{"code":33,"text":"known","type":"system"}}"#;
const KNOWN_WITHOUT_UUID: &str = r#"{"status":"wait","error":{"code":33,"text":"known","type":"system"}}"#;
const NOT_YET: &str = r#"{"status":"wait","error":{"code":34,"text":"not yet","type":"system"}}"#;

fn refused(code: i32, kind: &str) -> String {
    format!(r#"{{"status":"fail","error":{{"code":{code},"text":"no","type":"{kind}"}}}}"#)
}

/// What was kept with the intent of the document.
fn kept(adapter: &AtolOnline) -> String {
    let body = r#"{"external_id":"A-1"}"#.to_owned();
    Envelope::new(&adapter.setup, ::atol_online::Operation::Sell, "A-1".to_owned(), body).write()
}

fn shown(answer: &Result<Answered, Failure>) -> String {
    match answer {
        Ok(Answered::Registered(_)) => "registered".to_owned(),
        Ok(Answered::Accepted { provider_id, ask_in }) => {
            format!("accepted {} {ask_in:?}", provider_id.as_deref().unwrap_or("-"))
        }
        Err(failure) => format!(
            "{} {}{}{}",
            failure.class.as_str(),
            failure.word,
            if failure.unreachable { " unreachable" } else { "" },
            if failure.answered { " answered" } else { "" }
        ),
    }
}

fn told(finding: &Finding) -> String {
    match finding {
        Finding::Found(registration) => format!("found {}", registration.fiscal_number),
        Finding::Absent => "absent".to_owned(),
        Finding::Accepted { provider_id, ask_in } => {
            format!("accepted {} {ask_in:?}", provider_id.as_deref().unwrap_or("-"))
        }
        Finding::Dropped { .. } => "dropped".to_owned(),
        Finding::Refused(_) => "refused".to_owned(),
        Finding::Doubtful(_) => "doubtful".to_owned(),
        Finding::Unclear(_) => "unclear".to_owned(),
        Finding::Failed(failure) => format!("failed {} {}", failure.class.as_str(), failure.word),
    }
}

#[tokio::test]
async fn what_the_service_answers_at_the_door_is_what_may_be_done_next() {
    let accepted = format!("accepted {UUID} 5s");
    for (code, body, expected) in [
        (200, ACCEPTED.to_owned(), accepted.as_str()),
        (400, KNOWN.to_owned(), accepted.as_str()),
        (400, KNOWN_WITHOUT_UUID.to_owned(), "accepted - 5s"),
        (400, refused(32, "system"), "refused system_32 answered"),
        (401, refused(20, "system"), "misconfigured system_20 answered"),
        (401, refused(21, "system"), "misconfigured system_21 answered"),
        (400, refused(1, "system"), "unknown system_1 answered"),
        (400, refused(0, "unknown"), "unknown unknown_0 answered"),
        (500, refused(50, "system"), "unknown system_50 answered"),
        (400, refused(30, "system"), "unrecognised system_30 answered"),
        (502, "<html>".to_owned(), "unknown bad_answer_502"),
        (429, "slower".to_owned(), "not_done http_429 answered"),
        (200, "{".to_owned(), "unknown bad_answer_200"),
    ] {
        let fake = Fake::start(&[(code, &body)]).await;
        let adapter = fake.adapter(&[]);
        let text = kept(&adapter);
        let sent = Sent {
            number: None,
            kind: Kind::Sale,
            text: &text,
            storned: None,
        };
        let answer = adapter.send(&sent).await;
        assert_eq!(
            (shown(&answer.value).as_str(), answer.attempts.len()),
            (expected, 1),
            "{code} {body}"
        );
        assert_eq!(
            fake.seen(),
            [r#"POST /possystem/v4/group_1/sell {"external_id":"A-1"}"#]
        );
    }
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_no_matter_of_the_document() {
    let refusal = refused(11, "system");
    let fake = Fake::start(&[(401, &refusal), (401, &refusal)]).await;
    let adapter = fake.adapter(&[]);
    let text = kept(&adapter);
    let sent = Sent {
        number: None,
        kind: Kind::Sale,
        text: &text,
        storned: None,
    };
    assert_eq!(shown(&adapter.send(&sent).await.value), "not_done system_11 answered");
}

#[tokio::test]
async fn silence_is_a_doubt_and_an_address_without_anybody_is_not() {
    let fake = Fake::start(&[]).await;
    let adapter = fake.adapter(&[]);
    let text = kept(&adapter);
    let sent = Sent {
        number: None,
        kind: Kind::Sale,
        text: &text,
        storned: None,
    };
    assert_eq!(shown(&adapter.send(&sent).await.value), "unknown no_answer");
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let nowhere = Fake {
        base_url: nobody,
        seen: Arc::default(),
    };
    assert_eq!(
        shown(&nowhere.adapter(&[]).send(&sent).await.value),
        "not_done token_not_sent unreachable"
    );
}

/// Sends the same again, `age` after it was sent, and says what came of it.
async fn again(
    document: &DueDocument,
    age: Duration,
    answer: (u16, &str),
    options: &[(&str, &str)],
) -> (String, Vec<String>) {
    let fake = Fake::start(&[answer]).await;
    let adapter = fake.adapter(options);
    let case = Case {
        document,
        envelope: Envelope::read(&kept(&fake.adapter(&[]))).unwrap(),
        age,
        now: UnixMillis::EPOCH.plus(age),
    };
    let mut attempts = Vec::new();
    let finding = adapter.again(&case, &mut attempts).await;
    (told(&finding), fake.seen())
}

#[tokio::test]
async fn a_doubt_is_settled_by_sending_the_same_body_again() {
    const AGE: Duration = Duration::from_secs(30);
    let accepted = format!("accepted {UUID} 30s");
    for (due, code, body, expected) in [
        (Due::InDoubt, 200, ACCEPTED.to_owned(), accepted.as_str()),
        (Due::InDoubt, 400, KNOWN.to_owned(), accepted.as_str()),
        (Due::InDoubt, 400, KNOWN_WITHOUT_UUID.to_owned(), "accepted - 30s"),
        // It never came in, and it never will as it is.
        (Due::InDoubt, 400, refused(32, "system"), "refused"),
        // It came in once: what the door says now is about the words, not about the receipt.
        (Due::Pending, 400, refused(32, "system"), "doubtful"),
        (Due::InDoubt, 400, refused(1, "system"), "unclear"),
        (Due::InDoubt, 500, refused(50, "system"), "unclear"),
        (
            Due::InDoubt,
            401,
            refused(20, "system"),
            "failed misconfigured system_20",
        ),
        (Due::InDoubt, 502, "<html>".to_owned(), "failed unknown bad_answer_502"),
        (Due::InDoubt, 429, String::new(), "failed not_done http_429"),
    ] {
        let (found, seen) = again(&document(due, None), AGE, (code, &body), &[]).await;
        assert_eq!(found, expected, "{code} {body}");
        assert_eq!(seen, [r#"POST /possystem/v4/group_1/sell {"external_id":"A-1"}"#]);
    }
}

#[tokio::test]
async fn a_body_goes_again_only_where_it_went_first() {
    const AGE: Duration = Duration::from_secs(30);
    let asked = document(Due::InDoubt, None);
    let (_, seen) = again(&asked, AGE, (200, ACCEPTED), &[("group_code", "group_2")]).await;
    assert_eq!(seen, [r#"POST /possystem/v4/group_1/sell {"external_id":"A-1"}"#]);
    // The new account may not have the old group: the register goes on all the same.
    let refusal = refused(20, "system");
    let (found, _) = again(&asked, AGE, (401, &refusal), &[("group_code", "group_2")]).await;
    assert_eq!(found, "unclear");
}

#[tokio::test]
async fn nothing_goes_again_when_its_id_may_be_forgotten() {
    let month = Duration::from_secs(31 * 24 * 3600 + 1);
    let (found, seen) = again(&document(Due::Pending, None), month, (200, ACCEPTED), &[]).await;
    assert_eq!((found.as_str(), seen.len()), ("doubtful", 0));
}

#[tokio::test]
async fn a_question_for_a_result_never_stops_the_register_for_one_document() {
    let wait = format!("accepted {UUID} 40s");
    for (code, body, expected) in [
        (200, NOT_YET.to_owned(), Some(wait.as_str())),
        (400, refused(30, "system"), None),
        (400, refused(1, "system"), Some("unclear")),
        (502, "<html>".to_owned(), Some("unclear")),
        (404, "<html>".to_owned(), Some("unclear")),
        (401, refused(20, "system"), Some("failed misconfigured system_20")),
    ] {
        let fake = Fake::start(&[(code, &body)]).await;
        let adapter = fake.adapter(&[]);
        let age = Duration::from_secs(40);
        let document = document(Due::Pending, Some(UUID));
        let case = Case {
            document: &document,
            envelope: Envelope::read(&kept(&adapter)).unwrap(),
            age,
            now: UnixMillis::EPOCH.plus(age),
        };
        let found = adapter.report(&case, UUID, &mut Vec::new()).await;
        assert_eq!(found.as_ref().map(told).as_deref(), expected, "{code} {body}");
        assert_eq!(fake.seen(), [format!("GET /possystem/v4/group_1/report/{UUID}")]);
    }
}

#[tokio::test]
async fn results_are_asked_for_more_seldom_the_longer_they_take() {
    let adapter = Fake::start(&[]).await.adapter(&[]);
    for (age, ask_in) in [(0, 5), (4, 5), (10, 10), (160, 160), (900, 300), (1_000_000, 300)] {
        assert_eq!(adapter.ask_in(Duration::from_secs(age)).as_secs(), ask_in, "{age}");
    }
}

#[test]
fn a_storno_and_cash_are_not_written() {
    let setup = Setup::of(&register(&[("buyer_contact", "till@shop.example")])).unwrap();
    let document = document(Due::Ready, None);
    for what in [
        What::Storno("1"),
        What::Cash(Kind::CashIn, Kopecks::from_minor(1).unwrap()),
    ] {
        let draft = Draft {
            what,
            document: &document,
            testing: false,
            at: UnixMillis::EPOCH,
            buyer: None,
        };
        assert!(write::write(&setup, &draft).is_err());
    }
}
