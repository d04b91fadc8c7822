//! Several merchants: whoever sees one sees nothing of another and changes nothing of it.

use ledger::people::{Reach, Role};
use reqwest::Method;
use tests::bed::Person;
use tests::db::Database;

use super::world::{Owned, World, everything, routes, unchanged, visitor};

/// Routes that name something in their path.
fn named(method: &Method) -> Vec<(&'static str, Option<Role>)> {
    let all = routes(method).into_iter();
    all.filter(|(path, role)| path.contains('{') && role.is_some())
        .collect()
}

fn hides(body: &str, other: &Owned, told: &str) {
    // The path itself stands in the form of the language, to come back to.
    for trace in other
        .traces()
        .into_iter()
        .filter(|trace| !told.contains(trace.as_str()))
    {
        assert!(!body.contains(&trace), "{trace} in {told}: {body}");
    }
}

#[tokio::test]
async fn what_belongs_to_another_merchant_is_not_there() {
    let world = World::open(Database::Sqlite).await;
    let people = [
        world.visitor(Role::Operator, world.flowers.reach()).await,
        world.visitor(Role::Administrator, world.flowers.reach()).await,
    ];
    let before = everything(&world.bed).await;
    for (mut person, role) in people.into_iter().zip([Role::Operator, Role::Administrator]) {
        for (route, needed) in named(&Method::GET) {
            if needed.is_some_and(|needed| role.covers(needed)) {
                let path = world.bakery.path(route);
                let shown = person.get(&path).await;
                hides(&shown.is(404).body, &world.bakery, &path);
            }
        }
        for (route, needed) in named(&Method::POST) {
            if needed.is_some_and(|needed| role.covers(needed)) {
                let path = world.bakery.path(route);
                let shown = person.post(&path, &filled()).await;
                hides(&shown.is(404).body, &world.bakery, &path);
            }
        }
        // Their document, held, in a path of its own and among ticked ones; their shift under our register.
        let held = &world.bakery.held;
        for deed in ["resend", "close", "fetch", "send"] {
            person
                .post(&format!("/documents/{held}/{deed}"), &filled())
                .await
                .is(404);
        }
        person.post("/attention/resend", &[("document", held)]).await.is(303);
        // Their messages, by the way they go.
        let (from, to) = (("from", "2026-01-01T00:00"), ("to", "2027-01-01T00:00"));
        let lane = ("lane", world.bakery.lane.as_str());
        person.post("/deliveries/send-again", &[lane]).await.is(404);
        person.post("/deliveries/send-made", &[lane, from, to]).await.is(404);
        let shift = &world.bakery.shift;
        let register = &world.flowers.shop.register;
        person
            .get(&format!("/registers/{register}/shifts/{shift}"))
            .await
            .is(404);
    }
    unchanged(&before, &everything(&world.bed).await, "by another merchant's people");
}

/// Good values for the fields of many forms: the refusal must not come from a missing one.
fn filled() -> Vec<(&'static str, &'static str)> {
    vec![
        ("amount", "1.00"),
        ("key", "0192-key"),
        ("reason", "a reason"),
        ("name", "Name"),
        ("price", "267.50"),
        ("quantity", "1"),
        ("role", "operator"),
        ("everything", "yes"),
        ("confirm", "lose undelivered documents"),
    ]
}

#[tokio::test]
async fn an_alert_is_acknowledged_only_if_it_is_there_for_the_person() {
    let world = World::open(Database::Sqlite).await;
    let path = |alert: &str| format!("/alerts/{alert}/acknowledge");
    let back = [("back", "/attention/alerts")];
    let mut boss = world.administrator().await;
    let mut own = world.visitor(Role::Operator, world.flowers.reach()).await;
    let before = everything(&world.bed).await;
    for person in [&mut boss, &mut own] {
        let shown = person.post(&path("made-up"), &[]).await;
        shown.is(404).says("There is nothing here");
    }
    let shown = own.post(&path(&world.bakery.alert), &[]).await;
    shown.is(404).says("There is nothing here");
    unchanged(&before, &everything(&world.bed).await, "by alerts that are not there");
    for (person, alert) in [(&mut own, &world.flowers.alert), (&mut boss, &world.bakery.alert)] {
        let shown = person.post(&path(alert), &back).await;
        assert_eq!(shown.is(303).location(), "/attention/alerts?done=acknowledged");
    }
    let (ledger, now) = (&world.bed.ledger, world.bed.now());
    ledger.resolve_alert("test", &world.flowers.canary, now).await.unwrap();
    let shown = own.post(&path(&world.flowers.alert), &back).await;
    assert_eq!(shown.is(303).location(), "/attention/alerts?done=alert-over");
}

#[tokio::test]
async fn lists_exports_and_searches_show_only_one_s_own() {
    let world = World::open(Database::Sqlite).await;
    let mut person = world.visitor(Role::Administrator, world.flowers.reach()).await;
    let mut seen = String::new();
    for (route, role) in routes(&Method::GET) {
        if route.contains('{') || role.is_none() {
            continue;
        }
        let shown = person.get(route).await;
        hides(&shown.body, &world.bakery, route);
        seen.push_str(&shown.body);
    }
    for trace in [&world.flowers.canary, &world.flowers.order, &world.flowers.login] {
        assert!(seen.contains(trace.as_str()), "{trace} is shown to its own people");
    }
    let (theirs, merchant) = (&world.bakery, world.bakery.shop.merchant.as_str());
    for query in [
        format!("/orders?text={}-sold", theirs.canary),
        format!("/orders.csv?text={}-sold", theirs.canary),
        format!("/orders?merchant={merchant}"),
        format!("/orders.csv?merchant={merchant}"),
        format!("/orders?register={}", theirs.shop.register),
        format!("/orders?after={}", theirs.order),
        format!("/attention?after={}", theirs.held),
        format!("/attention/alerts?all=yes&after={}", theirs.alert),
        format!("/audit?actor={}", theirs.canary),
        format!("/audit.csv?actor={}", theirs.canary),
        format!("/settings/registers/new?merchant={merchant}"),
        format!("/settings/sources/new?register={}", theirs.shop.register),
        format!("/settings/api-keys/new?merchant={merchant}"),
        format!("/settings/webhooks/new?merchant={merchant}"),
        format!("/deliveries?lane={}", theirs.lane),
        format!("/deliveries?lanes={}", theirs.lane),
        format!("/deliveries?after={}", theirs.delivery),
    ] {
        let shown = person.get(&query).await;
        let body = shown.is(200).body.clone();
        // What was asked for stands in the form and in links again; nothing else may.
        let asked = query.split(['=', '&']).nth(1).unwrap_or_default();
        for trace in theirs
            .traces()
            .into_iter()
            .filter(|trace| !asked.contains(trace.as_str()))
        {
            assert!(!body.contains(&trace), "{trace} in {query}: {body}");
        }
        assert!(
            !body.contains(&format!("/orders/{}\"", theirs.order)),
            "{query}: {body}"
        );
    }
}

#[tokio::test]
async fn settings_of_another_merchant_are_neither_taken_over_nor_removed() {
    let world = World::open(Database::Sqlite).await;
    let mut person = world.visitor(Role::Administrator, world.flowers.reach()).await;
    let (own, theirs) = (&world.flowers.shop, &world.bakery.shop);
    let number = theirs.number.to_string();
    let webhook = format!("http://{}.example/hook", world.bakery.canary);
    let before = everything(&world.bed).await;
    let source = |id: &'static str, register: &str| {
        vec![
            ("id".to_owned(), id.to_owned()),
            ("kind".to_owned(), "fondy".to_owned()),
            ("register".to_owned(), register.to_owned()),
            ("account".to_owned(), "1".to_owned()),
            ("secret".to_owned(), "taken over".to_owned()),
            ("api_url".to_owned(), "http://127.0.0.1:1".to_owned()),
            ("on_mismatch".to_owned(), "hold".to_owned()),
        ]
    };
    let register = |id: &str, merchant: &str, number: &str| {
        vec![
            ("id".to_owned(), id.to_owned()),
            ("merchant".to_owned(), merchant.to_owned()),
            ("number".to_owned(), number.to_owned()),
            ("provider".to_owned(), "cashalot".to_owned()),
            ("base_url".to_owned(), format!("http://{}/", world.bed.cashalot_addr)),
            ("way".to_owned(), "key_pin".to_owned()),
            ("key_pin".to_owned(), "1111".to_owned()),
            ("vat".to_owned(), "none".to_owned()),
            ("refund_policy".to_owned(), "storno-first".to_owned()),
        ]
    };
    let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let theirs_id = theirs.merchant.as_str();
    let cases = [
        ("/settings/sources/new", source("bakery-fondy", own.register.as_str())),
        ("/settings/sources/new", source("new-fondy", theirs.register.as_str())),
        (
            "/settings/sources/flowers-fondy/edit",
            source("flowers-fondy", theirs.register.as_str()),
        ),
        (
            "/settings/registers/new",
            register(theirs.register.as_str(), own.merchant.as_str(), "4000999003"),
        ),
        (
            "/settings/registers/new",
            register("new-1", own.merchant.as_str(), &number),
        ),
        ("/settings/registers/new", register("new-1", theirs_id, "4000999003")),
        ("/settings/merchants/new", pairs(&[("id", "third"), ("name", "Третій")])),
        (
            "/settings/merchants/new",
            pairs(&[("id", theirs_id), ("name", "Чужий")]),
        ),
        (
            "/settings/api-keys/new",
            pairs(&[("merchant", theirs_id), ("id", "spy"), ("scope-orders", "yes")]),
        ),
        (
            "/settings/api-keys/revoke",
            pairs(&[("merchant", theirs_id), ("id", "all")]),
        ),
        (
            "/settings/webhooks/new",
            pairs(&[("merchant", theirs_id), ("url", "http://evil.example/")]),
        ),
        (
            "/settings/webhooks/remove",
            pairs(&[("merchant", theirs_id), ("url", &webhook)]),
        ),
        (
            "/settings/webhooks/secret",
            pairs(&[("merchant", theirs_id), ("url", &webhook)]),
        ),
        (
            "/settings/webhooks/format",
            pairs(&[("merchant", theirs_id), ("url", &webhook), ("format", "event")]),
        ),
    ];
    for (path, fields) in cases {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let shown = person.post(path, &fields).await;
        let refused = [404, 409, 422].contains(&shown.status.as_u16());
        assert!(refused, "{path} {fields:?}: {} {}", shown.status, shown.body);
        assert!(!shown.body.contains(&world.bakery.canary), "{path}: {}", shown.body);
    }
    unchanged(
        &before,
        &everything(&world.bed).await,
        "by another merchant's administrator",
    );
}

#[tokio::test]
async fn nobody_gives_away_more_than_they_see() {
    let world = World::open(Database::Sqlite).await;
    let bed = &world.bed;
    let mut person = world.visitor(Role::Administrator, world.flowers.reach()).await;
    let (_, boss, _) = visitor(bed, Role::Administrator, Reach::Everything).await;
    let both = Reach::Merchants(vec![
        world.flowers.shop.merchant.clone(),
        world.bakery.shop.merchant.clone(),
    ]);
    let (_, shared, _) = visitor(bed, Role::Operator, both).await;
    let (_, own, _) = visitor(bed, Role::Operator, world.flowers.reach()).await;
    let before = everything(bed).await;
    let who = [
        ("login", "new-one"),
        ("name", "Нова"),
        ("role", "operator"),
        ("language", "uk"),
    ];
    for sees in [
        &[("everything", "yes")][..],
        &[("merchant", "bakery")],
        &[("merchant", "flowers"), ("merchant", "bakery")],
        &[("merchant", "nobody")],
        &[],
    ] {
        let fields = [&who[..], sees].concat();
        let shown = person.post("/settings/users/new", &fields).await;
        assert!([404, 422].contains(&shown.status.as_u16()), "{sees:?}: {}", shown.body);
        let shown = person.post(&format!("/settings/users/{own}"), &fields).await;
        assert!([404, 422].contains(&shown.status.as_u16()), "{sees:?}: {}", shown.body);
    }
    // Nor do they touch somebody who sees more than they do.
    let mine = [("name", "Нова"), ("role", "accountant"), ("merchant", "flowers")];
    for user in [&boss, &shared, &world.bakery.user] {
        let path = format!("/settings/users/{user}");
        person.get(&path).await.is(404);
        person.post(&path, &mine).await.is(404);
        person.post(&format!("{path}/link"), &[]).await.is(404);
    }
    unchanged(&before, &everything(bed).await, "by giving away");
    let fields = [&who[..], &[("merchant", "flowers")]].concat();
    person.post("/settings/users/new", &fields).await.is(200);
}

#[tokio::test]
async fn who_sees_nobody_s_data_sees_none() {
    let world = World::open(Database::Sqlite).await;
    let mut person: Person = world.visitor(Role::Operator, world.flowers.reach()).await;
    // Their only merchant is taken from them while they are signed in.
    let db = super::world::database(&world.bed).await;
    super::world::texts(&db, "DELETE FROM user_merchants RETURNING user_id").await;
    for (route, role) in routes(&Method::GET) {
        if role.is_some_and(|role| Role::Operator.covers(role)) {
            let path = world.flowers.path(route);
            let shown = person.get(&path).await;
            assert_eq!(shown.status == 404, route.contains('{'), "{path}");
            hides(&shown.body, &world.flowers, &path);
            hides(&shown.body, &world.bakery, &path);
        }
    }
}
