//! Sessions begin anew, end in time, and cannot be read out of the ledger.

use ledger::people::{Reach, Role, SESSION_IDLE, SESSION_LONGEST};
use sea_orm::{ConnectionTrait, Database, Statement};
use secrecy::{ExposeSecret, SecretString};

use super::bed::{Bed, MINUTE, NOW, on_each};
use super::people::{HERE, new, secret, settled};

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_at_the_latest_after_twelve_hours() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let user = settled(ledger, "olena", Role::Operator, Reach::Everything).await;
        let start = async || {
            ledger
                .start_session(&user.id, HERE, "Browser", NOW)
                .await
                .unwrap()
                .unwrap()
        };
        let lives = async |token: &SecretString, now| ledger.session(token, now).await.unwrap();

        let idle = start().await;
        let soon = NOW.plus(SESSION_IDLE).minus(MINUTE);
        assert_eq!(lives(&idle, NOW).await.unwrap().expires_at, NOW.plus(SESSION_LONGEST));
        assert!(
            lives(&idle, NOW.plus(SESSION_IDLE)).await.is_none(),
            "idle for two hours"
        );
        assert!(lives(&idle, soon).await.is_some());
        assert!(lives(&idle, NOW.plus(SESSION_IDLE)).await.is_some(), "it was used");

        let used = start().await;
        let mut now = NOW;
        while now.plus(MINUTE * 90) < NOW.plus(SESSION_LONGEST) {
            now = now.plus(MINUTE * 90);
            let session = lives(&used, now).await.unwrap();
            assert_eq!(session.expires_at, NOW.plus(SESSION_LONGEST));
        }
        assert!(
            lives(&used, NOW.plus(SESSION_LONGEST)).await.is_none(),
            "twelve hours are over"
        );
    })
    .await;
}

#[tokio::test]
async fn use_is_written_down_once_a_minute() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let user = settled(ledger, "olena", Role::Operator, Reach::Everything).await;
        let token = ledger
            .start_session(&user.id, HERE, "Browser", NOW)
            .await
            .unwrap()
            .unwrap();
        let seen = async |now| {
            ledger.session(&token, now).await.unwrap().unwrap();
            ledger.sessions_of(&user.id, now).await.unwrap()[0].seen_at
        };
        let second = std::time::Duration::from_secs(1);
        assert_eq!(seen(NOW.plus(MINUTE).minus(second)).await, NOW);
        assert_eq!(seen(NOW.plus(MINUTE)).await, NOW.plus(MINUTE));
        assert_eq!(seen(NOW.plus(MINUTE).plus(second)).await, NOW.plus(MINUTE));
    })
    .await;
}

#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own_and_only_its_user_ends_it() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let olena = settled(ledger, "olena", Role::Operator, Reach::Everything).await;
        let ivan = settled(ledger, "ivan", Role::Operator, Reach::Everything).await;
        let agent = format!("Browser\u{7} {}", "x".repeat(500));
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(
                ledger
                    .start_session(&olena.id, HERE, &agent, NOW)
                    .await
                    .unwrap()
                    .unwrap(),
            );
        }
        let mut sessions = Vec::new();
        for token in &tokens {
            sessions.push(ledger.session(token, NOW).await.unwrap().unwrap());
        }
        for (number, session) in sessions.iter().enumerate() {
            for other in &sessions[number + 1..] {
                assert_ne!(session.id, other.id);
                assert_ne!(session.csrf, other.csrf);
            }
            assert_eq!((session.csrf.len(), session.id.len()), (43, 64), "256 bits each");
            assert_ne!(session.csrf, session.id);
        }
        assert!(ledger.session(&secret("guess"), NOW).await.unwrap().is_none());
        let by_id = secret(&sessions[0].id);
        assert!(
            ledger.session(&by_id, NOW).await.unwrap().is_none(),
            "its id does not open it"
        );
        let shown = ledger.sessions_of(&olena.id, NOW).await.unwrap();
        assert_eq!(shown.len(), 3);
        assert_eq!((shown[0].address.as_str(), shown[0].agent.len()), (HERE, 200));
        assert!(shown[0].agent.starts_with("Browser x"));

        let first = &sessions[0].id;
        assert!(
            !ledger.end_session(&ivan.id, first, "ivan", NOW).await.unwrap(),
            "not his"
        );
        assert!(ledger.session(&tokens[0], NOW).await.unwrap().is_some());
        assert!(ledger.end_session(&olena.id, first, "olena", NOW).await.unwrap());
        assert!(!ledger.end_session(&olena.id, first, "olena", NOW).await.unwrap());
        assert!(ledger.session(&tokens[0], NOW).await.unwrap().is_none());

        let ended = ledger
            .end_sessions(&olena.id, Some(&sessions[1].id), "olena", NOW)
            .await
            .unwrap();
        assert_eq!(ended, 1);
        assert!(ledger.session(&tokens[1], NOW).await.unwrap().is_some());
        assert!(ledger.session(&tokens[2], NOW).await.unwrap().is_none());
        assert_eq!(ledger.end_sessions(&olena.id, None, "olena", NOW).await.unwrap(), 1);
        assert!(ledger.sessions_of(&olena.id, NOW).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_is_disabled_meanwhile_keeps_a_session() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        settled(ledger, "chief", Role::Administrator, Reach::Everything).await;
        for number in 0..20 {
            let user = settled(ledger, &format!("user-{number}"), Role::Operator, Reach::Everything).await;
            let off = ledger::people::UserChange {
                name: user.name.clone(),
                role: user.role,
                reach: user.reach.clone(),
                enabled: false,
            };
            let on = ledger::people::UserChange {
                enabled: true,
                ..off.clone()
            };
            let (token, changed) = tokio::join!(
                ledger.start_session(&user.id, HERE, "", NOW),
                ledger.change_user(&Reach::Everything, &user.id, &off, "test", NOW),
            );
            changed.unwrap();
            ledger
                .change_user(&Reach::Everything, &user.id, &on, "test", NOW)
                .await
                .unwrap();
            if let Some(token) = token.unwrap() {
                assert!(
                    ledger.session(&token, NOW).await.unwrap().is_none(),
                    "it outlived its end"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_token_is_in_the_ledger() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let first = ledger.invite_first_administrator(NOW).await.unwrap().unwrap();
        let user = settled(ledger, "olena", Role::Administrator, Reach::Everything).await;
        let session = ledger.start_session(&user.id, HERE, "", NOW).await.unwrap().unwrap();
        let ivan = new("ivan", Role::Operator, Reach::Everything);
        let invited = ledger.invite(&Reach::Everything, &ivan, "test", NOW).await.unwrap();
        let kept = ledger.session(&session, NOW).await.unwrap().unwrap();
        let dump = dump(&bed).await;
        assert!(
            dump.contains(&kept.id) && dump.contains("olena"),
            "the dump shows what there is"
        );
        for token in [&first, &session, &invited.token] {
            assert_eq!(token.expose_secret().len(), 43, "256 bits");
            assert!(!dump.contains(token.expose_secret()), "a token is in the ledger");
        }
        let printed = format!("{invited:?} {kept:?}");
        assert!(!printed.contains(invited.token.expose_secret()), "{printed}");
    })
    .await;
}

/// Everything about people as it lies in the database: SQLite's files, PostgreSQL's rows.
async fn dump(bed: &Bed) -> String {
    if let Some(path) = bed.url.strip_prefix("sqlite://") {
        let read = |end: &str| std::fs::read(format!("{path}{end}")).unwrap_or_default();
        return String::from_utf8_lossy(&[read(""), read("-wal")].concat()).into_owned();
    }
    let db = Database::connect(&bed.url).await.unwrap();
    let mut all = String::new();
    for table in ["users", "invitations", "sessions", "audit"] {
        let select = format!("SELECT row_to_json(t)::text AS shown FROM {table} t");
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), select))
            .await
            .unwrap();
        for row in rows {
            all.push_str(&row.try_get::<String>("", "shown").unwrap());
        }
    }
    all
}
