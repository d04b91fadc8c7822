//! The status APIs of the three systems on one port, and their signatures, from their descriptions.

use std::collections::HashMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What the status APIs answer.
pub struct Api {
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    _serving: JoinSet<()>,
}

struct Shared {
    account: String,
    key: String,
    bank: EcdsaKeyPair,
    answers: Mutex<HashMap<String, Value>>,
    away: AtomicBool,
    asked: AtomicUsize,
}

impl Api {
    pub async fn start(account: &str, key: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let bank = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let shared = Arc::new(Shared {
            account: account.to_owned(),
            key: key.to_owned(),
            bank,
            answers: Mutex::default(),
            away: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        });
        let router = Router::new()
            .route("/api/request", post(liqpay))
            .route("/api", post(wayforpay))
            .route("/api/merchant/invoice/status", get(monobank))
            .route("/api/merchant/pubkey", get(pubkey))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            addr,
            shared,
            _serving: serving,
        }
    }

    /// From now on the order (or invoice) is said to be this.
    pub fn says(&self, id: &str, answer: &Value) {
        self.shared
            .answers
            .lock()
            .unwrap()
            .insert(id.to_owned(), answer.clone());
    }

    /// The API answers 500, or again.
    pub fn is_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
    }

    /// How often a status was asked.
    pub fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }

    /// The form body of a LiqPay callback.
    pub fn liqpay(&self, message: &Value) -> String {
        let data = STANDARD.encode(message.to_string());
        let signature = self.shared.liqpay_signature(&data);
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("data", &data)
            .append_pair("signature", &signature)
            .finish()
    }

    /// A WayForPay message with its signature.
    pub fn wayforpay(&self, message: &Value) -> String {
        self.shared.wayforpay_signed(message).to_string()
    }

    /// What WayForPay wants to be answered with.
    pub fn wayforpay_accept(&self, order: &str, time: i64) -> String {
        self.shared.hmac(&[order, "accept", &time.to_string()])
    }

    /// `X-Sign` of a monobank webhook.
    pub fn x_sign(&self, body: &str) -> String {
        STANDARD.encode(self.shared.bank.sign(&SystemRandom::new(), body.as_bytes()).unwrap())
    }
}

impl Shared {
    fn answer(&self, id: &str) -> Result<Option<Value>, StatusCode> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        }
        Ok(self.answers.lock().unwrap().get(id).cloned())
    }

    fn liqpay_signature(&self, data: &str) -> String {
        STANDARD.encode(Sha1::digest(format!("{0}{data}{0}", self.key)))
    }

    fn hmac(&self, values: &[&str]) -> String {
        let mut mac = Hmac::<Md5>::new_from_slice(self.key.as_bytes()).unwrap();
        mac.update(values.join(";").as_bytes());
        mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    fn wayforpay_signed(&self, message: &Value) -> Value {
        let text = |name: &str| match message.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let names = [
            "merchantAccount",
            "orderReference",
            "amount",
            "currency",
            "authCode",
            "cardPan",
            "transactionStatus",
            "reasonCode",
        ];
        let values = names.map(text);
        let mut signed = message.clone();
        signed["merchantSignature"] = self.hmac(&values.each_ref().map(String::as_str)).into();
        signed
    }
}

async fn liqpay(State(api): State<Arc<Shared>>, body: String) -> Result<String, StatusCode> {
    let form: HashMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    assert_eq!(form["signature"], api.liqpay_signature(&form["data"]));
    let question: Value = serde_json::from_slice(&STANDARD.decode(&form["data"]).unwrap()).unwrap();
    assert_eq!(
        (&question["action"], &question["public_key"]),
        (&json!("status"), &json!(api.account))
    );
    let unknown = json!({"result": "error", "action": "status", "err_code": "payment_not_found"});
    let answer = api.answer(question["order_id"].as_str().unwrap())?;
    Ok(answer.unwrap_or(unknown).to_string())
}

async fn wayforpay(State(api): State<Arc<Shared>>, body: String) -> Result<String, StatusCode> {
    let question: Value = serde_json::from_str(&body).unwrap();
    let order = question["orderReference"].as_str().unwrap();
    assert_eq!(question["transactionType"], "CHECK_STATUS");
    assert_eq!(question["merchantSignature"], api.hmac(&[&api.account, order]));
    let unknown = json!({"reason": "Order Not Found", "reasonCode": 1127});
    let answer = api.answer(order)?.map(|answer| api.wayforpay_signed(&answer));
    Ok(answer.unwrap_or(unknown).to_string())
}

async fn monobank(
    State(api): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<String, StatusCode> {
    if headers["x-token"] != api.key {
        return Err(StatusCode::FORBIDDEN);
    }
    let answer = api.answer(&query["invoiceId"])?;
    answer.map(|answer| answer.to_string()).ok_or(StatusCode::NOT_FOUND)
}

async fn pubkey(State(api): State<Arc<Shared>>) -> String {
    let mut der = vec![
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    der.extend(api.bank.public_key().as_ref());
    let body = STANDARD.encode(der);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
    json!({"key": STANDARD.encode(pem)}).to_string()
}
