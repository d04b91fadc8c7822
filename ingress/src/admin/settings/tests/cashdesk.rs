//! A register at CashDesk, by login and by permanent key.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use ledger::people::Reach;
use ledger::settings::{Credentials, Provider, Settings};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::bed::{Bed, Page, form, named, olena, page, register, visitor};
use super::play::{Play, play};
use crate::admin::settings::probe::{Probe, TroubleKind};
use crate::admin::settings::registers::{edit, new, save};

const PASSWORD: &str = "canary-password-0001";
const KEY: &str = "canary-api-key-0001";
const LIST: &str = "/api/v2/tax_objects";
const ONE: &str = "/api/v2/tax_objects/4000000017";
const LOGIN: &str = "/api/v2/authenticate";

fn object(number: u64, ipn: Value) -> Value {
    json!({"id": "17", "org_name": "ТОВ Приклад", "address": "Київ, вул. Прикладна, 1", "name": "Крамниця",
        "ipn": ipn, "num_fiscal": number, "shift": {"id": 5, "state": "OPEN", "offline": true}})
}

/// A CashDesk with these registers.
async fn cashdesk(numbers: &[u64]) -> (Play, String) {
    let (play, url) = play().await;
    let list: Vec<Value> = numbers.iter().map(|number| object(*number, Value::Null)).collect();
    play.answers(
        LOGIN,
        json!({"token": "canary-token", "token_expires_at": "21.11.2099 09:30"}),
    );
    play.answers(LIST, json!({ "data": list }));
    for number in numbers {
        play.answers(
            &format!("{LIST}/{number}"),
            json!({"data": object(*number, json!("123456789012"))}),
        );
    }
    (play, format!("{url}/api/v2"))
}

/// A whole form, with some fields another way.
fn typed<'a>(base_url: &'a str, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("merchant", "flowers"),
        ("id", "flowers-1"),
        ("provider", "cashdesk"),
        ("base_url", base_url),
        ("number", ""),
        ("way", "login"),
        ("login", "till@shop.example"),
        ("login_password", PASSWORD),
        ("option-developer_id", "Квіти"),
        ("option-server", "cloud"),
        ("vat", "none"),
        ("close_at", "22:00"),
    ];
    for (name, value) in others {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

async fn check(bed: &Bed, fields: &[(&str, &str)]) -> Page {
    page(new::check(State(bed.app.clone()), olena(), form(fields).await).await).await
}

async fn check_known(bed: &Bed, fields: &[(&str, &str)]) -> Page {
    page(edit::check(State(bed.app.clone()), olena(), named("flowers-1"), form(fields).await).await).await
}

async fn save_it(bed: &Bed, draft: &str) -> Page {
    page(save::save(State(bed.app.clone()), olena(), form(&[("draft", draft)]).await).await).await
}

/// A saved register.
async fn saved(credentials: Credentials) -> (Bed, Play, String) {
    let (bed, (play, url)) = (Bed::two_merchants().await, cashdesk(&[4_000_000_017]).await);
    let mut known = register("flowers", "flowers-1", "4000000017", &url, credentials);
    known.provider = Provider::CashDesk;
    known.options.insert("developer_id".to_owned(), "Квіти".to_owned());
    bed.apply(Settings {
        registers: vec![known],
        ..Settings::default()
    })
    .await;
    (bed, play, url)
}

#[tokio::test]
async fn a_register_is_chosen_from_the_list_looked_at_and_saved_with_its_options() {
    let (bed, (play, url)) = (
        Bed::two_merchants().await,
        cashdesk(&[4_000_000_017, 4_000_000_018]).await,
    );
    let first = check(&bed, &typed(&url, &[])).await;
    assert_eq!(first.status, StatusCode::OK);
    first
        .says("Choose a register below")
        .says("4000000018")
        .says("Крамниця, Київ, вул. Прикладна, 1")
        .does_not_say(PASSWORD)
        .does_not_say("Save the register");
    let asked = play.asked();
    let paths: Vec<&str> = asked.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(paths, [LOGIN, LIST]);
    assert_eq!(asked[1].headers["developer-id"].as_bytes(), "Квіти".as_bytes());

    let draft = first.hidden("draft");
    let chosen = typed(
        &url,
        &[("number", "4000000017"), ("login_password", ""), ("draft", &draft)],
    );
    let second = check(&bed, &chosen).await;
    second
        .says("All is well")
        .says("ТОВ Приклад")
        .says("offline now")
        .says("The owner pays VAT")
        .says("the key lies at CashDesk")
        .does_not_say("Cashälot's")
        .does_not_say(PASSWORD);
    assert_eq!(play.paths(), [LOGIN, LIST, ONE]);
    let answer = save_it(&bed, &second.hidden("draft")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let register = bed.register("flowers-1").await.unwrap();
    assert_eq!(register.provider, Provider::CashDesk);
    assert_eq!(register.fiscal_number.to_string(), "4000000017");
    assert_eq!(register.close_at.as_deref(), Some("22:00"));
    assert_eq!(register.option("developer_id"), Some("Квіти"));
    assert_eq!(register.option("server"), Some("cloud"));
    let Credentials::Login { login, password } = &register.credentials else {
        panic!("{register:?}");
    };
    assert_eq!(
        (login.as_str(), password.expose_secret()),
        ("till@shop.example", PASSWORD)
    );
}

#[tokio::test]
async fn a_list_of_a_shape_that_nobody_knows_leaves_the_number_to_be_typed() {
    let (bed, (play, url)) = (Bed::two_merchants().await, cashdesk(&[4_000_000_017]).await);
    play.answers(LIST, json!({"objects": []}));
    check(&bed, &typed(&url, &[]))
        .await
        .says("CashDesk shows no list of registers.")
        .does_not_say("Save");
    check(&bed, &typed(&url, &[("number", "4000000017")]))
        .await
        .says("All is well")
        .says("Save the register");
    play.answers(LIST, json!({"data": []}));
    check(&bed, &typed(&url, &[])).await.says("This user sees no register.");
}

#[tokio::test]
async fn a_permanent_key_needs_no_login() {
    let (bed, (play, url)) = (Bed::two_merchants().await, cashdesk(&[4_000_000_017]).await);
    let fields = typed(&url, &[("way", "api_token"), ("api_token", KEY)]);
    let checked = check(&bed, &fields).await;
    checked.says("All is well").does_not_say(KEY);
    let asked = play.asked();
    assert!(asked.iter().all(|asked| asked.path != LOGIN), "{asked:?}");
    assert!(asked.iter().all(|asked| asked.query.contains(KEY)), "{asked:?}");
    save_it(&bed, &checked.hidden("draft")).await;
    let register = bed.register("flowers-1").await.unwrap();
    assert!(matches!(&register.credentials, Credentials::ApiToken(key) if key.expose_secret() == KEY));
}

#[tokio::test]
async fn each_trouble_is_told_in_both_languages_and_nothing_is_saved() {
    let refused = |message: &str| json!({"message": message, "type": "ERROR"}).to_string();
    let table = [
        (
            LOGIN,
            401,
            refused("ні"),
            "The login or the password is wrong.",
            "Логін чи пароль неправильні.",
        ),
        (
            LOGIN,
            400,
            refused("Невірний пароль"),
            "The login or the password is wrong.",
            "Невірний пароль",
        ),
        (
            LOGIN,
            502,
            String::new(),
            "CashDesk gave no answer.",
            "CashDesk не дав відповіді.",
        ),
        (
            LOGIN,
            404,
            String::new(),
            "not CashDesk's address",
            "За цією адресою не CashDesk.",
        ),
        (
            LOGIN,
            200,
            "<html>".to_owned(),
            "not CashDesk's address",
            "http://комп’ютер:порт/api/v2",
        ),
        (
            LOGIN,
            302,
            String::new(),
            "not CashDesk's address",
            "За цією адресою не CashDesk.",
        ),
        (
            LIST,
            403,
            refused("Невідомий developer-id"),
            "does not take the developer",
            "не приймає розробника",
        ),
        (
            LIST,
            400,
            refused("Відсутній зв'язок з сервером ДПС"),
            "the tax service does not",
            "податкова — ні",
        ),
        (
            ONE,
            404,
            refused("Немає"),
            "CashDesk knows no such register.",
            "CashDesk не знає такої каси.",
        ),
        (
            ONE,
            403,
            refused("Заборонено"),
            "may not work this register",
            "не має доступу до каси",
        ),
        (
            ONE,
            400,
            refused("Відсутній ключ касира"),
            "no working key of the cashier",
            "немає чинного ключа касира",
        ),
        (
            ONE,
            422,
            refused("Щось інше"),
            "CashDesk refused.",
            "CashDesk відмовив.",
        ),
    ];
    for (path, status, body, en, uk) in table {
        let (bed, (play, url)) = (Bed::two_merchants().await, cashdesk(&[4_000_000_017]).await);
        play.answers_with(path, StatusCode::from_u16(status).unwrap(), &body);
        let answer = check(&bed, &typed(&url, &[])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {status}");
        answer.says(en).does_not_say(PASSWORD).does_not_say("Save the register");
        let mut ukrainian = visitor("oksana", Reach::Everything);
        ukrainian.language = crate::admin::language::Language::Uk;
        let fields = form(&typed(&url, &[])).await;
        page(new::check(State(bed.app.clone()), ukrainian, fields).await)
            .await
            .says(uk);
        assert!(bed.register("flowers-1").await.is_none());
    }
}

#[tokio::test]
async fn a_key_that_is_refused_is_told_from_a_login() {
    let (play, url) = cashdesk(&[]).await;
    let options = [("developer_id".to_owned(), "Квіти".to_owned())].into();
    let probe = |credentials| Probe::new(Provider::CashDesk, url.parse().unwrap(), &credentials, &options);
    play.answers_with(LIST, StatusCode::UNAUTHORIZED, "");
    let wrong = probe(Credentials::ApiToken(KEY.into()))
        .unwrap()
        .key()
        .await
        .unwrap_err();
    assert_eq!(wrong.kind, TroubleKind::WrongKey);
    assert!(!wrong.said.contains(KEY), "{}", wrong.said);
    assert!(probe(Credentials::KeyPin("1".into())).is_err());
    let bed = Bed::two_merchants().await;
    let fields = typed(&url, &[("way", "api_token"), ("api_token", KEY)]);
    check(&bed, &fields).await.says("The API key is wrong.");
}

#[tokio::test]
async fn options_and_ways_of_others_are_neither_shown_nor_taken() {
    let (bed, (play, url)) = (Bed::two_merchants().await, cashdesk(&[4_000_000_017]).await);
    let uri: Uri = "/settings/registers/new?provider=cashdesk&merchant=bakery"
        .parse()
        .unwrap();
    page(new::show(State(bed.app.clone()), olena(), uri).await)
        .await
        .says("/settings/registers/new?provider=atol-online&amp;merchant=bakery")
        .says("https://api.cashdesk.com.ua/api/v2")
        .says("First Kasyr checks key and register with CashDesk")
        .says("name=\"option-developer_id\"")
        .says("<option value=\"cloud\" selected>")
        .says("name=\"close_at\"")
        .does_not_say("name=\"refund_policy\"")
        .does_not_say("KeyPin")
        .does_not_say("SmartID")
        .does_not_say("name=\"certificate\"")
        .does_not_say("option-group_code");
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[("way", "key_pin"), ("key_pin", "1")], "Choose a way to sign."),
        (&[("option-developer_id", " ")], "Fill this in."),
        (&[("option-server", "moon")], "Choose one of those offered."),
        (&[("login", "")], "Fill this in."),
        (&[("login_password", "")], "Fill this in."),
    ];
    for (others, text) in table {
        let answer = check(&bed, &typed(&url, others)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{others:?}");
        answer.says(text);
    }
    let unknown = typed(&url, &[("provider", "nobody")]);
    check(&bed, &unknown).await.says("Choose one of those offered.");
    assert!(play.asked().is_empty(), "nobody is asked about what is wrong");
}

#[tokio::test]
async fn saved_secrets_go_only_to_their_address_and_options_are_edited() {
    let login = Credentials::Login {
        login: "till@shop.example".to_owned(),
        password: PASSWORD.into(),
    };
    for credentials in [login, Credentials::ApiToken(KEY.into())] {
        let way = match &credentials {
            Credentials::ApiToken(_) => "api_token",
            _ => "login",
        };
        let (bed, _, url) = saved(credentials).await;
        let shown = page(edit::show(State(bed.app.clone()), olena(), named("flowers-1")).await).await;
        shown
            .says("Provider: <strong>CashDesk</strong>")
            .says("value=\"Квіти\"")
            .does_not_say("/settings/registers/new?")
            .does_not_say(PASSWORD)
            .does_not_say(KEY);

        // A provider cannot be changed by a form that says so.
        let fields = typed(
            &url,
            &[
                ("way", way),
                ("login_password", ""),
                ("provider", "cashalot"),
                ("number", "4000000017"),
                ("option-developer_id", "Інша назва"),
                ("option-server", ""),
            ],
        );
        let checked = check_known(&bed, &fields).await;
        checked.says("All is well");
        save_it(&bed, &checked.hidden("draft")).await;
        let register = bed.register("flowers-1").await.unwrap();
        assert_eq!(register.provider, Provider::CashDesk);
        assert_eq!(register.option("developer_id"), Some("Інша назва"));
        assert_eq!(register.option("server"), None);

        let (thief, elsewhere) = cashdesk(&[4_000_000_017]).await;
        let fields = typed(
            &elsewhere,
            &[("way", way), ("login_password", ""), ("number", "4000000017")],
        );
        check_known(&bed, &fields).await.says("The address is another one");
        assert!(thief.asked().is_empty());
    }
}
