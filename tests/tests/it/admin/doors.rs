//! No page and no action without a session, and none without the role.

use ledger::people::{Reach, Role};
use reqwest::Method;
use tests::bed::{Person, on_each};
use tests::db::Database;

use super::world::{World, everything, fill, routes, unchanged};

/// What stands open to everybody.
const OPEN: [(Method, &str); 8] = [
    (Method::GET, "/assets/style.css"),
    (Method::GET, "/assets/script.js"),
    (Method::GET, "/assets/mark.svg"),
    (Method::GET, "/sign-in"),
    (Method::POST, "/sign-in"),
    (Method::GET, "/welcome/{token}"),
    (Method::POST, "/welcome/{token}"),
    (Method::POST, "/language"),
];

/// So each role may go through these doors, and each mightier one.
const ROLES: [Role; 3] = [Role::Accountant, Role::Operator, Role::Administrator];

#[test]
fn only_signing_in_the_language_and_the_looks_are_open_to_everybody() {
    let open: Vec<_> = ingress::admin_routes()
        .filter(|(_, _, role)| role.is_none())
        .map(|(method, path, _)| (method, path))
        .collect();
    assert_eq!(open, OPEN);
}

#[test]
fn only_reading_and_one_s_own_account_is_for_accountants() {
    let forms: Vec<_> = ingress::admin_routes()
        .filter(|(method, _, role)| *method != Method::GET && *role == Some(Role::Accountant))
        .map(|(_, path, _)| path)
        .filter(|path| !path.starts_with("/account/"))
        .collect();
    assert_eq!(forms, ["/sign-out"]);
}

#[tokio::test]
async fn nothing_opens_without_a_session() {
    let world = World::open(Database::Sqlite).await;
    let before = everything(&world.bed).await;
    for (route, role) in routes(&Method::GET) {
        let path = world.flowers.path(route);
        let mut nobody = Person::stranger(&world.bed);
        let shown = nobody.get(&path).await;
        if role.is_none() {
            assert_ne!(shown.status, 303, "{path}");
            continue;
        }
        shown.is(303);
        let to: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let expected = if path == "/" {
            "/sign-in".to_owned()
        } else {
            format!("/sign-in?to={to}")
        };
        assert_eq!(shown.location(), expected);
        assert_eq!(shown.body, "");
        // Neither another method nor a guessed or an ended session is a way around.
        for method in [
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
            Method::PATCH,
        ] {
            let shown = nobody.request(method.clone(), &path, &[], Vec::new()).await;
            assert!(!shown.status.is_success(), "{method} {path}: {shown:?}");
        }
        nobody.cookies.insert("kasyr_session".to_owned(), "guessed".to_owned());
        nobody.get(&path).await.is(303);
    }
    for (route, role) in routes(&Method::POST) {
        let path = world.flowers.path(route);
        let mut nobody = Person::stranger(&world.bed);
        let shown = nobody.post(&path, &[]).await;
        // A token of the sign-in page opens nothing either.
        nobody.get("/sign-in").await.is(200);
        let with_visit = nobody.post(&path, &[]).await;
        if role.is_none() {
            shown.is(403);
        } else {
            shown.is(401);
            with_visit.is(401);
        }
    }
    unchanged(&before, &everything(&world.bed).await, "without a session");
}

#[tokio::test]
async fn nothing_opens_for_a_role_that_is_too_weak() {
    let world = World::open(Database::Sqlite).await;
    let weak = [
        world.visitor(Role::Accountant, Reach::Everything).await,
        world.visitor(Role::Operator, Reach::Everything).await,
    ];
    let before = everything(&world.bed).await;
    let mut refused = 0;
    for (mut person, role) in weak.into_iter().zip(ROLES) {
        for (route, needed) in routes(&Method::GET) {
            if needed.is_some_and(|needed| !role.covers(needed)) {
                person.get(&world.flowers.path(route)).await.is(403);
                refused += 1;
            }
        }
        for (route, needed) in routes(&Method::POST) {
            if needed.is_some_and(|needed| !role.covers(needed)) {
                person.post(&world.flowers.path(route), &[]).await.is(403);
                refused += 1;
            }
        }
    }
    assert!(refused > 60, "{refused} were refused");
    unchanged(&before, &everything(&world.bed).await, "by a weak role");
}

#[tokio::test]
async fn every_page_opens_for_whoever_may_see_it() {
    let world = World::open(Database::Sqlite).await;
    for role in ROLES {
        let mut person = world.visitor(role, Reach::Everything).await;
        for (route, needed) in routes(&Method::GET) {
            if needed.is_some_and(|needed| role.covers(needed)) {
                let path = world.flowers.path(route);
                let shown = person.get(&path).await;
                let expected = match route {
                    // A document of an order is shown with its order.
                    "/documents/{id}" => 303,
                    // The payment system makes no receipts here.
                    "/documents/{id}/gateway.pdf" | "/gateway-days/{id}/report.pdf" => 404,
                    _ => 200,
                };
                assert_eq!(shown.status.as_u16(), expected, "{path}: {}", shown.body);
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_and_nothing_breaks() {
    on_each(async |database| {
        let world = World::open(database).await;
        let made_up = [
            "nobody",
            "00000000-0000-7000-8000-000000000000",
            "9223372036854775808",
            "%27%22%3B--",
            "..%2F..%2Fetc",
            "%00",
            "%FF%FE",
            "%F0%9F%8C%B7",
        ];
        let mut person = world.administrator().await;
        for id in made_up {
            for (route, _) in routes(&Method::GET) {
                let path = fill(route, |_| id.to_owned());
                if path == route || route.starts_with("/welcome") {
                    continue;
                }
                let shown = person.get(&path).await;
                assert_eq!(shown.status, 404, "{path}: {}", shown.body);
            }
            for (route, _) in routes(&Method::POST) {
                let path = fill(route, |_| id.to_owned());
                if path == route {
                    continue;
                }
                let shown = person.post(&path, &[]).await;
                let told = [303, 404, 409, 422].contains(&shown.status.as_u16());
                assert!(told, "{path}: {} {}", shown.status, shown.body);
            }
        }
        for (route, _) in routes(&Method::GET) {
            let path = world.flowers.path(route);
            for query in [
                "after=made-up&text=%27%3B--&status=no&register=%25&from=never&to=2026-99-99&merchant=no&all=1",
                "after=%00&text=%00&actor=%00&register=%00&done=%00",
                "after=%FF&text=%FF%FE&actor=9999999999999999999999",
                "after=1&after=2&text=&text=",
            ] {
                let shown = person.get(&format!("{path}?{query}")).await;
                assert!(!shown.status.is_server_error(), "{path}?{query}: {}", shown.body);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_empty_form_breaks_nothing() {
    let world = World::open(Database::Sqlite).await;
    for (route, role) in routes(&Method::POST) {
        // Some of them sign out.
        let mut person = world.administrator().await;
        let path = world.bakery.path(route);
        let shown = person.post(&path, &[]).await;
        let told = [200, 303, 400, 404, 409, 422].contains(&shown.status.as_u16());
        assert!(told, "{path} ({role:?}): {} {}", shown.status, shown.body);
    }
}
