use domain::ids::RegisterId;
use domain::time::UnixMillis;

use super::*;

/// Which look-ups a text leads to.
fn shapes_of(text: &str) -> String {
    let words: Vec<&str> = shapes(text)
        .iter()
        .map(|driver| match driver {
            Driver::External(_) => "order",
            Driver::Internal(_) => "id",
            Driver::Fiscal(_) => "fiscal",
            Driver::Card(_) => "card",
            Driver::Email(_) => "email",
            Driver::Amount(_) => "amount",
            Driver::Orders
            | Driver::Register
            | Driver::State(_)
            | Driver::Refund(_)
            | Driver::Undelivered
            | Driver::Unmet(_) => "filter",
        })
        .collect();
    words.join(" ")
}

#[test]
fn a_text_is_tried_as_whatever_it_looks_like() {
    for (text, expected) in [
        ("A-1001", "order fiscal"),
        ("замовлення 7", "order"),
        ("9000000106", "order fiscal amount"),
        ("1111", "order fiscal card amount"),
        ("**** 1111", "order card"),
        ("Buyer@Shop.example", "order email"),
        ("267.50", "order amount"),
        ("267,50", "order amount"),
        ("1 267,50", "order amount"),
        ("0190f2a0-0000-7000-8000-000000000000", "order id fiscal"),
        ("a\0b", ""),
    ] {
        let found = shapes_of(text);
        for word in expected.split_whitespace() {
            assert!(found.split_whitespace().any(|one| one == word), "{text}: {found}");
        }
        let surplus = |word: &&str| !expected.contains(*word) && *word != "fiscal";
        assert!(!found.split_whitespace().any(|word| surplus(&word)), "{text}: {found}");
    }
    assert_eq!(
        shapes("Buyer@Shop.example").last(),
        Some(&Driver::Email("buyer@shop.example".into()))
    );
}

#[test]
fn the_rarest_filter_names_the_candidates() {
    let register = RegisterId::parse("till").ok();
    let filter = |status, kind, register, amount| OrderFilter {
        status,
        kind,
        register,
        amount,
        ..OrderFilter::default()
    };
    let amount = Kopecks::from_minor(100).ok();
    let held = Some(Fiscalization::Held);
    for (filter, expected) in [
        (filter(None, None, None, None), Driver::Orders),
        (filter(None, Some(Kind::Sale), None, None), Driver::Orders),
        (
            filter(Some(Fiscalization::Registered), None, None, None),
            Driver::Orders,
        ),
        (filter(held, None, register.clone(), None), Driver::State("held")),
        (filter(held, None, None, amount), Driver::Amount(amount.unwrap())),
        (
            filter(None, Some(Kind::Return), register.clone(), None),
            Driver::Refund("return"),
        ),
        (
            filter(Some(Fiscalization::Registered), Some(Kind::Sale), register, None),
            Driver::Register,
        ),
        (filter(None, Some(Kind::Return), None, None), Driver::Refund("return")),
        (
            filter(Some(Fiscalization::Offline), None, None, None),
            Driver::Undelivered,
        ),
    ] {
        assert_eq!(drivers(&filter).first(), Some(&expected));
    }
    let own = filter(None, Some(Kind::CashIn), None, None);
    assert!(Candidates::of(&own, &Reach::Everything).is_none());
}

#[test]
fn a_window_ends_where_the_page_before_or_the_time_does() {
    let filter = OrderFilter {
        from: Some(UnixMillis(1_000)),
        to: Some(UnixMillis(2_000)),
        ..OrderFilter::default()
    };
    let end = sql::first_id_at(UnixMillis(2_000));
    let inside = sql::id_at(UnixMillis(1_500));
    let window = |after: Option<&str>| Window::of(&filter, after).unwrap().before;
    assert_eq!(window(None), end);
    assert_eq!(window(Some(&inside)), inside);
    assert_eq!(window(Some(LAST_ID)), end);
    assert!(Window::of(&OrderFilter::default(), Some("\0")).is_none());
}
