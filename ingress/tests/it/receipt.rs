//! A registered sale's receipt: its public page, and what the API draws of it.

use axum::body::Body;
use axum::http::{Method, Request};
use domain::ids::DocumentId;
use serde_json::{Value, json};

use crate::bed::{Answer, BAKERY, Bed, OPERATOR, READER, SHOP};
use crate::shelf::sold;
use crate::tape::{Hand, LINK};

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A registered sale of the order `A-1`, for a buyer with this locale.
async fn registered(bed: &Bed, buyer: Value) -> DocumentId {
    let order = json!({ "buyer": buyer }).to_string();
    bed.ask(Method::PUT, "/v1/orders/A-1", SHOP, order).await;
    sold(bed, "flowers-1", "A-1", 26_750).await;
    let hand = Hand::on(&bed.parts.ledger, "flowers-1").await;
    hand.registers_the_next(7).await
}

/// The path of its public page.
async fn page_of(bed: &Bed, document: DocumentId) -> String {
    let shown = bed
        .ask(Method::GET, &format!("/v1/documents/{document}"), READER, "")
        .await;
    let url = shown.json()["receipt_url"].as_str().unwrap().to_owned();
    url.strip_prefix("http://127.0.0.1:0").unwrap().to_owned()
}

fn assert_private(answer: &Answer, place: &str) {
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex, nofollow, noarchive"),
        ("cache-control", "private, no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.headers[name], value, "{place}");
    }
}

#[tokio::test]
async fn a_buyer_opens_the_page_and_everything_it_links_to_without_a_key() {
    let bed = Bed::start().await;
    let document = registered(&bed, json!({ "email": "canary@shop.example", "locale": "uk" })).await;
    let now = bed.parts.ledger.now();
    let keep = async |html, body: &str| {
        bed.parts
            .ledger
            .keep_rendering(document, html, body, now)
            .await
            .unwrap()
    };
    keep(true, "<script>1</script>").await;
    keep(false, "ФОП Приклад").await;
    let path = page_of(&bed, document).await;
    let page = bed.browse(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers["content-security-policy"], POLICY);
    assert_private(&page, &path);
    for part in [
        "ФІСКАЛЬНИЙ ЧЕК",
        "400000007",
        "4000999001",
        "267,50",
        "<svg",
        "Чай",
        "Cashälot",
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(
        !page.body.contains("canary") && !page.body.contains("style="),
        "{}",
        page.body
    );
    let links: Vec<String> = page
        .body
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        .collect();
    let own: Vec<&String> = links.iter().filter(|link| link.starts_with('/')).collect();
    assert_eq!(own.len(), 5, "{links:?}");
    for link in own {
        let answer = bed.browse(link).await;
        assert_eq!(answer.status, 200, "{link}");
        if link.starts_with("/assets/") {
            assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable");
            assert_eq!(answer.body, receipts::html::STYLE);
        } else {
            assert_private(&answer, link);
        }
    }
    let other_version = bed.browse("/assets/receipt.css?of-another-version").await;
    assert_eq!(other_version.headers["cache-control"], "no-cache");
}

#[tokio::test]
async fn each_file_is_what_its_name_says() {
    let bed = Bed::start().await;
    let document = registered(&bed, json!({})).await;
    let path = page_of(&bed, document).await;
    for (file, kind, begins) in [
        ("receipt.pdf", "application/pdf", "%PDF-"),
        ("receipt.pdf?form=a4&lang=en", "application/pdf", "%PDF-"),
        (
            "receipt.pdf?form=roll80&utm_source=mail&form=a4",
            "application/pdf",
            "%PDF-",
        ),
        ("qr.svg", "image/svg+xml", "<svg "),
        ("qr.png", "image/png", "\u{fffd}PNG"),
    ] {
        let answer = bed.browse(&format!("{path}/{file}")).await;
        assert_eq!(answer.headers["content-type"], kind, "{file}");
        assert!(answer.body.starts_with(begins), "{file}: {:.20}", answer.body);
        assert_private(&answer, file);
    }
    let sizes = [
        bed.browse(&format!("{path}/receipt.pdf?form=roll80")).await.bytes.len(),
        bed.browse(&format!("{path}/receipt.pdf?form=a4")).await.bytes.len(),
    ];
    assert_ne!(sizes[0], sizes[1], "the forms differ");
    let pdf = bed.browse(&format!("{path}/receipt.pdf")).await;
    assert_eq!(
        pdf.headers["content-disposition"],
        "inline; filename=\"receipt-400000007.pdf\""
    );
    let drawn = bed.browse(&format!("{path}/qr.svg")).await;
    assert_eq!(drawn.body, receipts::qr::Qr::of(LINK).unwrap().svg());
    assert_eq!(drawn.headers["content-security-policy"], "default-src 'none'; sandbox");
}

#[tokio::test]
async fn the_provider_s_own_is_shown_when_it_is_kept_and_can_do_nothing() {
    let bed = Bed::start().await;
    let document = registered(&bed, json!({})).await;
    let path = page_of(&bed, document).await;
    for file in ["provider.html", "provider.txt"] {
        assert_eq!(bed.browse(&format!("{path}/{file}")).await.status, 404, "not kept");
    }
    assert!(!bed.browse(&path).await.body.contains("/provider."));
    let ledger = &bed.parts.ledger;
    ledger
        .keep_rendering(document, false, "текст", ledger.now())
        .await
        .unwrap();
    assert!(bed.browse(&path).await.body.contains("/provider.txt"));
    ledger
        .keep_rendering(document, true, "<script>1</script>", ledger.now())
        .await
        .unwrap();
    assert!(bed.browse(&path).await.body.contains("/provider.html"));
    for (file, body) in [("provider.html", "<script>1</script>"), ("provider.txt", "текст")] {
        let answer = bed.browse(&format!("{path}/{file}")).await;
        assert_eq!(answer.body, body);
        assert_eq!(
            answer.headers["content-security-policy"],
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
        );
        assert_private(&answer, file);
    }
}

#[tokio::test]
async fn the_language_is_the_one_asked_for_then_the_buyer_s_then_the_browser_s() {
    for (locale, query, browser, expected) in [
        (Some("en"), "", "uk-UA", "en"),
        (Some("en"), "?lang=uk", "en", "uk"),
        (Some("uk"), "?lang=en&fbclid=x", "uk", "en"),
        (Some("uk"), "?lang=de", "en", "uk"),
        (None, "", "de-DE,EN;q=0.8,uk;q=0.5", "en"),
        (None, "", "de", "uk"),
        (None, "?lang=%FF%FF&lang", "", "uk"),
    ] {
        let bed = Bed::start().await;
        let document = registered(&bed, json!({ "locale": locale })).await;
        let path = page_of(&bed, document).await;
        let request = Request::get(format!("{path}{query}")).header("accept-language", browser);
        let page = bed.send(request.body(Body::empty()).unwrap()).await;
        let lang = format!("<html lang=\"{expected}\">");
        assert!(
            page.body.contains(&lang),
            "{locale:?} {query} {browser}: {:.200}",
            page.body
        );
    }
}

#[tokio::test]
async fn an_address_that_is_nobody_s_gets_one_calm_page_whatever_it_looks_like() {
    let bed = Bed::start().await;
    let document = registered(&bed, json!({})).await;
    let mine = page_of(&bed, document).await;
    let upper = mine.to_uppercase().replacen("/R/", "/r/", 1);
    let mut seen = Vec::new();
    for path in [
        "/r/0123456789abcdef0123456789abcdef",
        "/r/00000000000000000000000000000000",
        "/r/canary",
        "/r/%00",
        "/r/%FF",
        "/r/0123456789abcdef0123456789abcdef/receipt.pdf",
        "/r/canary/qr.svg",
        "/r/canary/qr.png",
        "/r/canary/provider.html",
        "/r/canary/provider.txt",
        "/r/canary/nothing",
        &upper,
    ] {
        let answer = bed.browse(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(answer.headers["content-security-policy"], POLICY);
        assert_private(&answer, path);
        seen.push(answer.body);
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "the same for all: {seen:?}");
    for part in ["За цим посиланням чека немає", "There is no receipt at this link"] {
        assert!(seen[0].contains(part), "{part} in {}", seen[0]);
    }
    let posted = Request::post(&mine).body(Body::empty()).unwrap();
    assert_eq!(bed.send(posted).await.status, 405);
}

#[tokio::test]
async fn the_api_draws_the_receipt_for_its_shop() {
    let bed = Bed::start().await;
    let document = registered(&bed, json!({ "locale": "en" })).await;
    let page = page_of(&bed, document).await;
    let path = format!("/v1/documents/{document}");
    for key in [READER, OPERATOR] {
        for (file, kind, part) in [
            ("receipt.html", "text/html; charset=utf-8", "<html lang=\"en\">"),
            ("receipt.html?lang=uk", "text/html; charset=utf-8", "<html lang=\"uk\">"),
            ("receipt.pdf", "application/pdf", "%PDF-"),
            ("receipt.pdf?form=roll80&lang=uk", "application/pdf", "%PDF-"),
            ("receipt.txt", "text/plain; charset=utf-8", "ФІСКАЛЬНИЙ ЧЕК"),
            ("qr.svg", "image/svg+xml", "<svg "),
            ("qr.png", "image/png", "PNG"),
        ] {
            let answer = bed.ask(Method::GET, &format!("{path}/{file}"), key, "").await;
            assert_eq!(answer.status, 200, "{file} {}", answer.body);
            assert_eq!(answer.headers["content-type"], kind, "{file}");
            assert_eq!(answer.headers["cache-control"], "private, no-store", "{file}");
            assert!(answer.body.contains(part), "{file}: {:.300}", answer.body);
        }
    }
    let html = bed.ask(Method::GET, &format!("{path}/receipt.html"), READER, "").await;
    let public = format!("http://127.0.0.1:0{page}/receipt.pdf");
    assert!(
        html.body.contains(&public),
        "links lead to the public address: {}",
        html.body
    );
    let order = bed.ask(Method::GET, "/v1/orders/A-1", READER, "").await.json();
    assert_eq!(
        order["documents"][0]["receipt_url"],
        format!("http://127.0.0.1:0{page}")
    );
}

#[tokio::test]
async fn what_has_no_receipt_says_why() {
    let bed = Bed::start().await;
    let waiting = sold(&bed, "flowers-1", "A-1", 100).await;
    let request = Request::post("/v1/registers/flowers-2/cash-in")
        .header("authorization", format!("Bearer {OPERATOR}"))
        .header("idempotency-key", "k")
        .body(Body::from(r#"{"amount":"100.00"}"#))
        .unwrap();
    let cash = bed.send(request).await.json()["document_id"]
        .as_str()
        .unwrap()
        .to_owned();
    Hand::on(&bed.parts.ledger, "flowers-2")
        .await
        .registers_the_next(8)
        .await;
    for file in ["receipt.html", "receipt.pdf", "receipt.txt", "qr.svg"] {
        for (id, key, expected) in [
            (waiting.to_string(), READER, "409 document_not_registered"),
            (cash.clone(), READER, "404 no_receipt"),
            (waiting.to_string(), BAKERY, "404 document_not_found"),
            ("7".to_owned(), READER, "404 document_not_found"),
        ] {
            let answer = bed
                .ask(Method::GET, &format!("/v1/documents/{id}/{file}"), key, "")
                .await;
            assert_eq!(answer.verdict(), expected, "{file}");
        }
    }
    for id in [waiting.to_string(), cash] {
        let shown = bed.ask(Method::GET, &format!("/v1/documents/{id}"), READER, "").await;
        assert_eq!(shown.json()["receipt_url"], Value::Null);
    }
    let sale = registered_on(&bed).await;
    for (query, field) in [("form=a5", "form"), ("lang=de", "lang"), ("canary=1", "query")] {
        let answer = bed
            .ask(
                Method::GET,
                &format!("/v1/documents/{sale}/receipt.pdf?{query}"),
                READER,
                "",
            )
            .await;
        assert_eq!(answer.verdict(), "422 bad_query", "{query}");
        assert_eq!(answer.json()["field"], field);
    }
}

/// The sale that waits on `flowers-1`, registered.
async fn registered_on(bed: &Bed) -> DocumentId {
    let hand = Hand::on(&bed.parts.ledger, "flowers-1").await;
    hand.registers_the_next(9).await
}
