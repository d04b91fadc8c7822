//! What an operator sees of the requests, and what nobody sees.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::http::Method;
use serde_json::Value;
use telemetry::metrics::LocalMetrics;
use telemetry::{LogConfig, LogFormat};

use crate::bed::{Bed, SHOP, config};
use crate::notices;
use crate::sign::sale;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn read(&self) -> Vec<Value> {
        let bytes = self.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_refusal_is_logged_once_with_its_reason_and_without_secrets() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = LogConfig {
        filter: "ingress=info".to_owned(),
        format: LogFormat::Json,
    };
    // With a single subscriber in the process, tracing asks the thread that meets a log line first
    // whether anybody listens, and the tests beside this one say no for good. With two it asks both.
    let _second = telemetry::subscriber_with_writer(&log, io::sink).unwrap();
    let dispatch = telemetry::subscriber_with_writer(&log, move || writer.clone()).unwrap();
    let _logging = tracing::dispatcher::set_default(&dispatch);
    let mut config = config();
    config.production = true;
    let bed = Bed::start_with(config).await;

    let message = sale().with("sender_email", "canary@shop.example");
    bed.callback(message.json()).await;
    bed.callback_to("flowers-live", message.json()).await;
    bed.ask(Method::PUT, "/v1/orders/o-1", "canary-key", "{}").await;
    bed.ask(Method::PUT, "/v1/orders/o-1", SHOP, r#"{"buyer":{"phone":"canary"}}"#)
        .await;
    bed.ask(Method::PUT, "/v1/orders/o-1", SHOP, "{}").await;

    let lines = lines.read();
    let told: Vec<(&str, &str, &str)> = lines
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap();
            (text("level"), text("source.id"), text("code"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ERROR", "flowers-fondy", "test_source_refused"),
            ("WARN", "flowers-live", "wrong_signature"),
            ("WARN", "", "unauthorized"),
            ("INFO", "", "bad_field"),
        ]
    );
    assert_eq!(
        lines[1]["reason"],
        "the callback was not believed: the signature does not fit"
    );
    assert_eq!(lines[1]["span"]["request.id"].as_str().unwrap().len(), 36);
    assert_eq!(lines[1]["http.status"], 400);
    assert!(lines[1]["duration_ms"].is_u64());
    let all = format!("{lines:?}");
    assert!(!all.contains("canary") && !all.contains("o-1"), "{all}");
}

#[tokio::test]
async fn events_and_requests_are_counted_without_ids() {
    let metrics = LocalMetrics::new().unwrap();
    let _counting = metrics.enter();
    let bed = Bed::start().await;
    bed.callback(sale().json()).await;
    bed.callback(sale().json()).await;
    bed.callback(sale().with("actual_amount", "1").json()).await;
    bed.callback("{}").await;
    bed.ask(Method::GET, "/v1/orders/o-1", SHOP, "").await;
    bed.ask(Method::GET, "/v2/secret", SHOP, "").await;
    metrics.handle().run_upkeep();
    let text = metrics.handle().render();
    for line in [
        r#"kasyr_events_total{source_kind="fondy",outcome="new"} 1"#,
        r#"kasyr_events_total{source_kind="fondy",outcome="repeated"} 1"#,
        r#"kasyr_events_total{source_kind="fondy",outcome="conflict"} 1"#,
        r#"kasyr_events_total{source_kind="fondy",outcome="refused"} 1"#,
        r#"kasyr_http_requests_total{route="/callbacks/{source}",status="200"} 2"#,
        r#"kasyr_http_requests_total{route="/v1/orders/{order_id}",status="404"} 1"#,
        r#"kasyr_http_requests_total{route="unmatched",status="404"} 1"#,
        "kasyr_callback_seconds_count 4",
        "kasyr_inbox_batch_events_count 3",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    for id in ["o-1", "flowers", "secret", "shop-1001"] {
        assert!(!text.contains(id), "{id} in\n{text}");
    }
}

#[tokio::test]
async fn no_log_line_and_no_metric_has_a_receipt_s_address() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = LogConfig {
        filter: "trace".to_owned(),
        format: LogFormat::Json,
    };
    let _second = telemetry::subscriber_with_writer(&log, io::sink).unwrap();
    let dispatch = telemetry::subscriber_with_writer(&log, move || writer.clone()).unwrap();
    let _logging = tracing::dispatcher::set_default(&dispatch);
    let metrics = LocalMetrics::new().unwrap();
    let _counting = metrics.enter();
    let bed = Bed::start().await;
    let token = "0123456789abcdef0123456789abcdef";
    for path in ["", "/receipt.pdf", "/qr.svg", "/provider.html", "/nothing"] {
        bed.browse(&format!("/r/{token}{path}?lang=en")).await;
    }
    metrics.handle().run_upkeep();
    let text = metrics.handle().render();
    let counted = r#"kasyr_http_requests_total{route="/r/{token}/receipt.pdf",status="404"} 1"#;
    assert!(text.contains(counted), "{text}");
    let told = format!("{:?}", lines.read());
    assert!(told.contains("/r/{token}"), "{told}");
    assert!(!text.contains(token) && !told.contains(token), "{text}\n{told}");
}

#[tokio::test]
async fn no_log_line_and_no_metric_has_the_secret_of_a_notice_s_address() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = LogConfig {
        filter: "trace".to_owned(),
        format: LogFormat::Json,
    };
    let _second = telemetry::subscriber_with_writer(&log, io::sink).unwrap();
    let dispatch = telemetry::subscriber_with_writer(&log, move || writer.clone()).unwrap();
    let _logging = tracing::dispatcher::set_default(&dispatch);
    let metrics = LocalMetrics::new().unwrap();
    let _counting = metrics.enter();
    let bed = notices::bed().await;
    let good = notices::check().to_string();
    for (path, body) in [
        (format!("/callbacks/till/{}", notices::SECRET), good.as_str()),
        (format!("/callbacks/till/{}", notices::SECRET), "{"),
        (format!("/callbacks/till/{}0", notices::SECRET), &good),
        (format!("/callbacks/nobody/{}", notices::SECRET), &good),
        (format!("/callbacks/flowers-fondy/{}", notices::SECRET), &good),
        (format!("/callbacks/till/{}/more", notices::SECRET), &good),
        (format!("/callbacks/till/{}%FF", notices::SECRET), &good),
    ] {
        notices::post(&bed, &path, body.to_owned()).await;
    }
    metrics.handle().run_upkeep();
    let text = metrics.handle().render();
    let counted = r#"kasyr_http_requests_total{route="/callbacks/{source}/{secret}",status="404"} 3"#;
    assert!(text.contains(counted), "{text}");
    let refused = r#"kasyr_events_total{source_kind="cashdesk",outcome="refused"} 2"#;
    assert!(text.contains(refused), "{text}");
    let told = format!("{:?}", lines.read());
    assert!(told.contains("unknown_source") && told.contains("till"), "{told}");
    assert!(!text.contains("canary") && !told.contains("canary"), "{text}\n{told}");
}
