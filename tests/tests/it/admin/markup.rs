//! What people, shops and providers write stays text on every page.

use ledger::actions::{Ask, End};
use ledger::people::{Reach, Role};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, Statement};
use tests::db::Database;

use super::world::{World, database, routes, texts};

const HOSTILE: &str = "\"><img src=x onerror=alert(1)><script>alert(1)</script>'&";
const ESCAPED: &str = "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(1)&lt;/script&gt;";

/// A tag's name and attributes.
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

/// The opening tags of a page, read as a browser does: a `>` within quotes ends nothing.
pub fn tags(body: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = body;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        rest = &rest[name.len()..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches([' ', '\n', '\t', '/']);
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = rest.find(['=', '>', ' ', '/']).unwrap_or(rest.len());
            if end == 0 {
                break;
            }
            let (key, after) = rest.split_at(end);
            rest = after;
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let (inside, after) = quoted.split_once('"').unwrap();
                value = inside.to_owned();
                rest = after;
            } else if let Some(bare) = rest.strip_prefix('=') {
                let end = bare.find([' ', '>']).unwrap_or(bare.len());
                value = bare[..end].to_owned();
                rest = &bare[end..];
            }
            attributes.push((key.to_ascii_lowercase(), value));
        }
        tags.push(Tag {
            name: name.to_ascii_lowercase(),
            attributes,
        });
    }
    tags
}

#[test]
fn tags_are_read_as_a_browser_does() {
    let read = tags("a < b <a href=\"x>y\" hidden onclick=go()>t</a><br><IMG SRC=x OnError=alert(1)>");
    let told: Vec<_> = read
        .iter()
        .map(|tag| (tag.name.as_str(), tag.attributes.len()))
        .collect();
    assert_eq!(told, [("a", 3), ("br", 0), ("img", 2)]);
    assert_eq!(read[0].attributes[0], ("href".to_owned(), "x>y".to_owned()));
    assert_eq!(read[2].attributes[1].0, "onerror");
}

/// Nothing of a page runs, looks or leads where it should not.
pub fn is_harmless(body: &str, told: &str) {
    for tag in tags(body) {
        for (name, value) in &tag.attributes {
            assert!(
                !name.starts_with("on") && name != "style",
                "{told}: <{} {name}={value}>",
                tag.name
            );
            if matches!(name.as_str(), "href" | "src" | "action" | "formaction" | "data-live") {
                let own = value.starts_with('/') && !value.starts_with("//") || value.starts_with('#');
                let web = name == "href" && (value.starts_with("http://") || value.starts_with("https://"));
                let drawn = tag.name == "img" && value.starts_with("data:image/");
                assert!(own || web || drawn, "{told}: <{} {name}={value}>", tag.name);
            }
        }
        match tag.name.as_str() {
            "script" => assert!(
                tag.attributes.iter().any(|(name, _)| name == "src"),
                "{told}: an inline script"
            ),
            "style" | "object" | "embed" | "base" => panic!("{told}: <{}>", tag.name),
            _ => {}
        }
    }
}

#[tokio::test]
async fn what_somebody_wrote_stays_text_on_every_page() {
    let world = World::open(Database::Sqlite).await;
    let bed = &world.bed;
    let shop = &world.flowers.shop;
    // The audit only grows: its entries come from deeds of somebody with such a name.
    let action = bed
        .ledger
        .ask(&shop.register, Ask::Sync, "", HOSTILE, bed.now())
        .await
        .unwrap();
    let end = End {
        done: false,
        result: HOSTILE.to_owned(),
    };
    bed.ledger.end_action(&action.id, &end, bed.now()).await.unwrap();
    let mut settings = bed.settings_of(shop);
    settings.merchants[0].name = HOSTILE.to_owned();
    bed.ledger.apply(&settings, HOSTILE, bed.now()).await.unwrap();

    let mut person = world.visitor(Role::Administrator, Reach::Everything).await;
    spoil(&world).await;
    let mut seen = 0;
    for language in ["uk", "en"] {
        person.post("/language", &[("language", language)]).await.is(303);
        for (route, _) in routes(&Method::GET) {
            for path in [
                world.flowers.path(route),
                route.replace("{id}", &world.flowers.held_order),
            ] {
                let shown = person.get(&path).await;
                let kind = shown
                    .headers
                    .get("content-type")
                    .map_or("", |kind| kind.to_str().unwrap());
                if !kind.starts_with("text/html") || path.ends_with("/receipt.html") {
                    continue;
                }
                assert!(!shown.status.is_server_error(), "{path}: {}", shown.body);
                is_harmless(&shown.body, &path);
                assert!(!shown.body.contains("<script>alert"), "{path}: {}", shown.body);
                assert!(!shown.body.contains("<img src=x"), "{path}: {}", shown.body);
                seen += shown.body.matches(ESCAPED).count();
            }
        }
    }
    assert!(seen > 60, "the hostile text was shown {seen} times");
    // What was typed comes back in the form it was refused in, and in the search.
    for path in ["/orders?text=", "/orders?register=", "/audit?actor=", "/audit?action="] {
        let text: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
        is_harmless(&person.get(&format!("{path}{text}")).await.is(200).body, path);
    }
    for (path, fields) in [
        ("/settings/users/new", &["login", "name"][..]),
        ("/settings/merchants/new", &["id", "name"]),
        (
            "/settings/registers/new",
            &["id", "merchant", "number", "base_url", "letter-0", "rate-0", "close_at"],
        ),
        (
            "/settings/sources/new",
            &["id", "kind", "register", "account", "api_url"],
        ),
        ("/settings/api-keys/new", &["id", "merchant"]),
        ("/settings/webhooks/new", &["url", "merchant"]),
        ("/sign-in", &["login", "to"]),
    ] {
        let mut all: Vec<(&str, &str)> = fields.iter().map(|name| (*name, HOSTILE)).collect();
        all.extend([
            ("role", "operator"),
            ("everything", "yes"),
            ("vat", "letters"),
            ("way", "stored"),
        ]);
        let shown = person.post(path, &all).await;
        is_harmless(&shown.is(422).body, path);
        assert!(shown.body.contains("&lt;script&gt;"), "{path}: {}", shown.body);
    }
    let basket = [
        ("name", HOSTILE),
        ("price", HOSTILE),
        ("quantity", HOSTILE),
        ("unit", HOSTILE),
    ];
    let path = format!("/orders/{}/basket", world.flowers.held_order);
    is_harmless(&person.post(&path, &basket).await.is(422).body, &path);
}

/// Writes it wherever a text of somebody else's stands.
async fn spoil(world: &World) {
    let db = database(&world.bed).await;
    let run = async |statement: String, values: Vec<sea_orm::Value>| {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), statement, values);
        db.execute_raw(statement).await.unwrap()
    };
    let json = serde_json::to_string(HOSTILE).unwrap();
    let inside = json[1..json.len() - 1].to_owned();
    let canary = world.flowers.canary.as_str();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('audit', 'seaql_migrations')";
    let mut changed = 0;
    for table in texts(&db, tables).await {
        let columns = format!("SELECT name FROM pragma_table_info('{table}') WHERE type = 'TEXT'");
        for column in texts(&db, &columns).await {
            let statement = format!(
                "UPDATE \"{table}\" SET \"{column}\" = replace(\"{column}\", $1,
                     CASE WHEN substr(\"{column}\", 1, 1) IN ('{{', '[') THEN $2 ELSE $3 END)
                 WHERE \"{column}\" LIKE '%' || $1 || '%'"
            );
            let values = vec![canary.into(), inside.as_str().into(), HOSTILE.into()];
            changed += run(statement, values).await.rows_affected();
        }
    }
    assert!(changed > 10, "{changed} texts were spoilt");
    for (table, columns) in [
        ("documents", &["fiscal_number", "hold_text"][..]),
        ("attempts", &["request", "response", "code", "message", "command"]),
        (
            "alerts",
            &["detail", "detail_uk", "next_step", "next_step_uk", "acknowledged_by"],
        ),
        ("users", &["name"]),
        ("merchants", &["name"]),
        ("shifts", &["operator", "difference", "z_number", "closing_number"]),
        ("registers", &["trouble"]),
        ("lanes", &["trouble"]),
        ("deliveries", &["trouble"]),
        ("delivery_tries", &["outcome", "detail"]),
        ("events", &["note"]),
        ("sessions", &["agent", "address"]),
        ("api_keys", &["id"]),
    ] {
        for column in columns {
            // One row is enough where each must be another.
            let is_unique = *column == "fiscal_number";
            let unique = if is_unique { " WHERE id = $2" } else { "" };
            let mut values: Vec<sea_orm::Value> = vec![HOSTILE.into()];
            if is_unique {
                values.push(world.flowers.document.as_str().into());
            }
            if *column == "id" {
                run(format!("UPDATE {table} SET id = id || $1"), values).await;
            } else {
                run(format!("UPDATE {table} SET {column} = $1{unique}"), values).await;
            }
        }
    }
    run(
        "UPDATE documents SET url = 'javascript:alert(1)'".to_owned(),
        Vec::new(),
    )
    .await;
    db.close().await.unwrap();
}
