//! Callbacks of LiqPay, WayForPay and monobank, signed here by hand, so that a mistake of a client crate
//! cannot hide itself.

mod liqpay;
mod monobank;
mod signing;
mod wayforpay;

use axum::body::Body;
use axum::http::Request;
use domain::event::{Event, Fact};
use domain::ids::{MerchantId, RegisterId, SourceId};
use ingress::IngressConfig;
use ledger::settings::{Settings, Source, SourceKind};

use crate::bed::{Answer, Bed, config};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A bed with one more source.
async fn bed(kind: SourceKind, account: &str, key: &str, api_url: &str) -> Bed {
    bed_with(config(), kind, account, key, api_url).await
}

async fn bed_with(config: IngressConfig, kind: SourceKind, account: &str, key: &str, api_url: &str) -> Bed {
    let bed = Bed::start_with(config).await;
    let new = Source::new(
        kind,
        SourceId::parse("shop").unwrap(),
        MerchantId::parse("flowers").unwrap(),
        RegisterId::parse("flowers-1").unwrap(),
    );
    let settings = Settings {
        sources: vec![Source {
            account: account.to_owned(),
            secret: key.into(),
            api_url: api_url.to_owned(),
            ..new
        }],
        ..Settings::default()
    };
    let ledger = &bed.parts.ledger;
    ledger.apply(&settings, "the test", ledger::wall_clock()).await.unwrap();
    bed
}

fn production() -> IngressConfig {
    let mut config = config();
    config.production = true;
    config
}

async fn post(bed: &Bed, content_type: &str, x_sign: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request = Request::post("/callbacks/shop").header("content-type", content_type);
    if let Some(x_sign) = x_sign {
        request = request.header("X-Sign", x_sign);
    }
    bed.send(request.body(body.into()).unwrap()).await
}

/// `paid 26750 0`, or the kind and what it says.
fn said(event: &Event) -> String {
    match &event.fact {
        Fact::Money {
            paid, refunded_total, ..
        } => format!("paid {} {}", paid.minor(), refunded_total.minor()),
        Fact::Ask { why } => format!("ask {why}"),
        Fact::Nothing { why } => format!("nothing {why}"),
        Fact::Strange { why, money_moved } => format!("strange {money_moved} {why}"),
        Fact::Refund { .. } | Fact::Settlement { .. } => panic!("{event:?}"),
    }
}
