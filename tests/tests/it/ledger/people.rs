//! Users and their one-time links.

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use ledger::Ledger;
use ledger::people::{
    INVITATION_LASTS, Invited, NewUser, Reach, Role, SESSION_IDLE, User, UserChange, UserError, is_login,
};
use ledger::settings::{Merchant, Settings};
use secrecy::{ExposeSecret, SecretString};

use super::bed::{Bed, MINUTE, NOW, merchant, on_each};

pub const HERE: &str = "192.0.2.7";
const ALL: &Reach = &Reach::Everything;

pub fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

pub fn new(login: &str, role: Role, reach: Reach) -> NewUser {
    NewUser {
        login: login.to_owned(),
        name: format!("The person {login}"),
        role,
        reach,
        language: "uk".to_owned(),
    }
}

fn same(user: &User) -> UserChange {
    UserChange {
        name: user.name.clone(),
        role: user.role,
        reach: user.reach.clone(),
        enabled: user.disabled_at.is_none(),
    }
}

fn flowers() -> Reach {
    Reach::Merchants(vec![merchant()])
}

/// Somebody who has a password.
pub async fn settled(ledger: &Ledger, login: &str, role: Role, reach: Reach) -> User {
    let invited = ledger.invite(ALL, &new(login, role, reach), "test", NOW).await.unwrap();
    accept(ledger, &invited, NOW).await.unwrap()
}

async fn accept(ledger: &Ledger, invited: &Invited, now: UnixMillis) -> Option<User> {
    let hash = secret("$argon2id$of-a-password");
    ledger
        .accept_invitation(&invited.token, &hash, HERE, now)
        .await
        .unwrap()
}

async fn bakery(bed: &Bed) -> MerchantId {
    let id = MerchantId::parse("bakery").unwrap();
    let settings = Settings {
        merchants: vec![Merchant {
            id: id.clone(),
            name: "ФОП Пекар".to_owned(),
        }],
        ..Settings::default()
    };
    bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
    id
}

#[tokio::test]
async fn an_invited_user_chooses_a_password_once() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let olena = NewUser {
            login: "  Олена@Shop.example ".to_owned(),
            ..new("", Role::Operator, flowers())
        };
        let olena = NewUser {
            name: " Олена Квітка ".to_owned(),
            ..olena
        };
        let invited = ledger.invite(ALL, &olena, "test", NOW).await.unwrap();
        let user = &invited.user;
        assert_eq!(
            (user.login.as_str(), user.name.as_str()),
            ("олена@shop.example", "Олена Квітка")
        );
        assert_eq!(
            (user.role, &user.reach, user.has_password),
            (Role::Operator, &flowers(), false)
        );
        assert!(ledger.sign_in_facts("олена@shop.example", NOW).await.unwrap().is_none());
        let early = ledger.start_session(&user.id, HERE, "", NOW).await.unwrap();
        assert!(early.is_none(), "nobody signs in without a password");

        let before = NOW.plus(INVITATION_LASTS).minus(MINUTE);
        assert!(ledger.invitation(&secret("guess"), before).await.unwrap().is_none());
        let found = ledger.invitation(&invited.token, before).await.unwrap().unwrap();
        assert_eq!((found.id.as_str(), &found.reach), (user.id.as_str(), &flowers()));
        assert!(
            ledger
                .invitation(&invited.token, invited.expires_at)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            accept(ledger, &invited, invited.expires_at).await.is_none(),
            "72 hours are over"
        );

        let user = accept(ledger, &invited, before).await.unwrap();
        assert!(user.has_password);
        assert!(accept(ledger, &invited, before).await.is_none(), "once");
        let facts = ledger.sign_in_facts(" ОЛЕНА@shop.example", NOW).await.unwrap().unwrap();
        assert_eq!(facts.password_hash.expose_secret(), "$argon2id$of-a-password");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_who_have_the_link_one_uses_it() {
    on_each(async |bed| {
        let invited = bed
            .ledger
            .invite(ALL, &new("olena", Role::Operator, flowers()), "test", NOW)
            .await
            .unwrap();
        let used = super::opening::futures(10, async |number| {
            let (ledger, token) = (bed.ledger.clone(), invited.token.clone());
            let hash = secret(&format!("hash {number}"));
            let run = async move { ledger.accept_invitation(&token, &hash, HERE, NOW).await.unwrap() };
            (number, tokio::spawn(run).await.unwrap())
        })
        .await;
        let winners: Vec<usize> = used
            .iter()
            .filter(|(_, user)| user.is_some())
            .map(|(number, _)| *number)
            .collect();
        assert_eq!(winners.len(), 1, "{used:?}");
        let facts = bed.ledger.sign_in_facts("olena", NOW).await.unwrap().unwrap();
        assert_eq!(facts.password_hash.expose_secret(), format!("hash {}", winners[0]));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_user_is_told_apart() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        settled(ledger, "olena", Role::Operator, flowers()).await;
        let good = new("ivan", Role::Operator, flowers());
        let unknown = Reach::Merchants(vec![merchant(), MerchantId::parse("nobody").unwrap()]);
        let with = |change: &dyn Fn(&mut NewUser)| {
            let mut new = good.clone();
            change(&mut new);
            new
        };
        let bad = [
            (with(&|new| new.login = "OLENA".to_owned()), "LoginTaken"),
            (with(&|new| new.login = "two words".to_owned()), "BadLogin"),
            (with(&|new| new.login = "kasyr".to_owned()), "BadLogin"),
            (with(&|new| new.login = "a".repeat(65)), "BadLogin"),
            (with(&|new| new.login = "nul\0".to_owned()), "BadLogin"),
            (with(&|new| new.name = "  ".to_owned()), "BadName"),
            (with(&|new| new.name = "a\nb".to_owned()), "BadName"),
            (with(&|new| new.language = "pl".to_owned()), "UnknownLanguage"),
            (with(&|new| new.reach = unknown.clone()), "OutOfReach"),
        ];
        for (new, why) in bad {
            let refused = ledger.invite(ALL, &new, "test", NOW).await.unwrap_err();
            assert_eq!(format!("{refused:?}"), why, "{new:?}");
        }
        assert_eq!(ledger.users(ALL).await.unwrap().len(), 1, "nothing is left of them");
        assert!(is_login("o.l-e_n@a+1") && !is_login("") && !is_login("Kasyr"));
        ledger.invite(ALL, &good, "test", NOW).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_administrator_of_a_merchant_sees_and_gives_only_what_is_theirs() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let bakery = bakery(&bed).await;
        let both = Reach::Merchants(vec![merchant(), bakery.clone(), merchant()]);
        let olena = settled(ledger, "olena", Role::Administrator, flowers()).await;
        let chief = settled(ledger, "chief", Role::Administrator, Reach::Everything).await;
        let shared = settled(ledger, "shared", Role::Operator, both.clone()).await;
        let nobodys = settled(ledger, "nobodys", Role::Accountant, Reach::Merchants(Vec::new())).await;
        assert_eq!(
            shared.reach,
            Reach::Merchants(vec![bakery.clone(), merchant()]),
            "each once"
        );
        let seen = async |reach: &Reach| {
            let users = ledger.users(reach).await.unwrap();
            users.into_iter().map(|user| user.login).collect::<Vec<_>>()
        };
        assert_eq!(seen(&flowers()).await, ["olena"]);
        assert_eq!(seen(&both).await, ["olena", "shared"]);
        assert_eq!(seen(ALL).await, ["chief", "nobodys", "olena", "shared"]);
        for other in [&chief, &shared, &nobodys] {
            assert!(ledger.user(&flowers(), &other.id).await.unwrap().is_none());
            let changed = ledger
                .change_user(&flowers(), &other.id, &same(&olena), "olena", NOW)
                .await;
            assert!(matches!(changed, Err(UserError::NotFound)), "{changed:?}");
            let invited = ledger.invite_again(&flowers(), &other.id, "olena", NOW).await;
            assert!(matches!(invited, Err(UserError::NotFound)), "{invited:?}");
        }
        for reach in [ALL, &both, &Reach::Merchants(Vec::new())] {
            let more = new("more", Role::Accountant, reach.clone());
            let invited = ledger.invite(&flowers(), &more, "olena", NOW).await;
            assert!(matches!(invited, Err(UserError::OutOfReach)), "{invited:?}");
            let mighty = UserChange {
                reach: reach.clone(),
                ..same(&olena)
            };
            let changed = ledger.change_user(&flowers(), &olena.id, &mighty, "olena", NOW).await;
            assert!(matches!(changed, Err(UserError::OutOfReach)), "{changed:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_something_else_or_nothing_any_more_must_sign_in_again() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let user = settled(ledger, "olena", Role::Operator, flowers()).await;
        let sign_in = async || ledger.start_session(&user.id, HERE, "", NOW).await.unwrap().unwrap();
        let lives = async |token: &SecretString| ledger.session(token, NOW).await.unwrap();
        let change = async |change: &UserChange| ledger.change_user(ALL, &user.id, change, "test", NOW).await.unwrap();

        let token = sign_in().await;
        let renamed = UserChange {
            name: "Олена".to_owned(),
            ..same(&user)
        };
        change(&renamed).await;
        assert_eq!(lives(&token).await.unwrap().user.name, "Олена", "a name is no right");
        let accountant = UserChange {
            role: Role::Accountant,
            ..renamed
        };
        change(&accountant).await;
        assert!(lives(&token).await.is_none(), "another role");

        let token = sign_in().await;
        let elsewhere = UserChange {
            reach: Reach::Merchants(vec![bakery(&bed).await]),
            ..accountant
        };
        change(&elsewhere).await;
        assert!(lives(&token).await.is_none(), "another reach");

        let token = sign_in().await;
        let disabled = UserChange {
            enabled: false,
            ..elsewhere.clone()
        };
        let invited = ledger.invite_again(ALL, &user.id, "test", NOW).await.unwrap();
        assert!(lives(&token).await.is_none(), "a new link");
        let token = sign_in().await;
        assert_eq!(change(&disabled).await.disabled_at, Some(NOW));
        assert!(lives(&token).await.is_none(), "disabled");
        assert!(accept(ledger, &invited, NOW).await.is_none());
        assert!(ledger.sign_in_facts("olena", NOW).await.unwrap().is_none());
        assert!(ledger.start_session(&user.id, HERE, "", NOW).await.unwrap().is_none());
        assert!(!ledger.note_right_password(&user.id, NOW).await.unwrap());
        let again = ledger.invite_again(ALL, &user.id, "test", NOW).await;
        assert!(matches!(again, Err(UserError::Disabled)), "{again:?}");

        change(&elsewhere).await;
        assert!(lives(&token).await.is_none(), "what ended does not come back");
        assert!(accept(ledger, &invited, NOW).await.is_none());
        sign_in().await;
    })
    .await;
}

#[tokio::test]
async fn a_password_ends_what_the_one_before_it_began() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let user = settled(ledger, "olena", Role::Operator, flowers()).await;
        let old = ledger.start_session(&user.id, HERE, "", NOW).await.unwrap().unwrap();
        let first = ledger.invite_again(ALL, &user.id, "test", NOW).await.unwrap();
        assert!(ledger.session(&old, NOW).await.unwrap().is_none());
        let second = ledger.invite_again(ALL, &user.id, "test", NOW).await.unwrap();
        assert!(accept(ledger, &first, NOW).await.is_none(), "replaced");

        let mine = ledger.start_session(&user.id, HERE, "", NOW).await.unwrap().unwrap();
        let other = ledger.start_session(&user.id, HERE, "", NOW).await.unwrap().unwrap();
        let mine_id = ledger.session(&mine, NOW).await.unwrap().unwrap().id;
        let hash = secret("another");
        assert!(
            ledger
                .set_password(&user.id, &hash, Some(&mine_id), "olena", NOW)
                .await
                .unwrap()
        );
        assert!(ledger.session(&mine, NOW).await.unwrap().is_some());
        assert!(ledger.session(&other, NOW).await.unwrap().is_none());
        assert!(
            accept(ledger, &second, NOW).await.is_none(),
            "a link is no longer needed"
        );
        let facts = ledger.sign_in_facts("olena", NOW).await.unwrap().unwrap();
        assert_eq!(facts.password_hash.expose_secret(), "another");
        assert!(!ledger.set_password("nobody", &hash, None, "olena", NOW).await.unwrap());

        ledger.set_language(&user.id, "en", NOW).await.unwrap();
        assert!(ledger.set_language(&user.id, "pl", NOW).await.is_err());
        assert_eq!(ledger.user(ALL, &user.id).await.unwrap().unwrap().language, "en");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_is_made_once_and_its_links_replace_each_other() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        assert!(!ledger.has_administrator().await.unwrap());
        let links = super::opening::futures(4, async |_| {
            let ledger = bed.ledger.clone();
            let run = async move { ledger.invite_first_administrator(NOW).await.unwrap().unwrap() };
            tokio::spawn(run).await.unwrap()
        })
        .await;
        assert_eq!(ledger.users(ALL).await.unwrap().len(), 1);
        let mut working = Vec::new();
        for link in links {
            if let Some(user) = ledger.invitation(&link, NOW).await.unwrap() {
                assert!(user.runs_everything() && user.login == "admin", "{user:?}");
                working.push(link);
            }
        }
        let [link] = &working[..] else { panic!("{working:?}") };
        assert!(!ledger.has_administrator().await.unwrap(), "nobody can sign in yet");
        let used = ledger
            .accept_invitation(link, &secret("hash"), HERE, NOW)
            .await
            .unwrap();
        assert!(used.is_some());
        assert!(ledger.has_administrator().await.unwrap());
        assert!(ledger.invite_first_administrator(NOW).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_first_link_that_lies_about_makes_no_second_administrator() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let printed = ledger.invite_first_administrator(NOW).await.unwrap().unwrap();
        settled(ledger, "limited", Role::Administrator, flowers()).await;
        assert!(ledger.invitation(&printed, NOW).await.unwrap().is_some());
        settled(ledger, "olena", Role::Administrator, Reach::Everything).await;
        assert!(ledger.invitation(&printed, NOW).await.unwrap().is_none());
        assert!(ledger.invite_first_administrator(NOW).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_administrators_who_take_each_others_rights_one_is_left() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let mut chiefs = Vec::new();
        for number in 0..6 {
            chiefs.push(
                settled(
                    ledger,
                    &format!("chief-{number}"),
                    Role::Administrator,
                    Reach::Everything,
                )
                .await,
            );
        }
        // Has no password yet, so could not repair anything.
        let invited = new("invited", Role::Administrator, Reach::Everything);
        ledger.invite(ALL, &invited, "test", NOW).await.unwrap();
        let answers = super::opening::futures(6, async |number| {
            let (ledger, chief) = (bed.ledger.clone(), chiefs[number].clone());
            let change = match number % 3 {
                0 => UserChange {
                    enabled: false,
                    ..same(&chief)
                },
                1 => UserChange {
                    role: Role::Operator,
                    ..same(&chief)
                },
                _ => UserChange {
                    reach: flowers(),
                    ..same(&chief)
                },
            };
            let run = async move { ledger.change_user(ALL, &chief.id, &change, "test", NOW).await };
            tokio::spawn(run).await.unwrap()
        })
        .await;
        let refused = answers
            .iter()
            .filter(|answer| matches!(answer, Err(UserError::LastAdministrator)))
            .count();
        assert_eq!(refused, 1, "{answers:?}");
        let left = ledger.users(ALL).await.unwrap();
        let left: Vec<&User> = left
            .iter()
            .filter(|user| user.runs_everything() && user.has_password)
            .collect();
        assert_eq!(left.len(), 1);
        assert!(ledger.has_administrator().await.unwrap());
        let renamed = UserChange {
            name: "Still the chief".to_owned(),
            ..same(left[0])
        };
        ledger
            .change_user(ALL, &left[0].id, &renamed, "test", NOW)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn old_links_are_forgotten() {
    on_each(async |bed| {
        let ledger = &bed.ledger;
        let user = settled(ledger, "olena", Role::Operator, flowers()).await;
        ledger.invite_again(ALL, &user.id, "test", NOW).await.unwrap();
        ledger.start_session(&user.id, HERE, "", NOW).await.unwrap();
        assert_eq!(ledger.forget_old_sessions(NOW).await.unwrap(), 0);
        assert_eq!(ledger.forget_old_sessions(NOW.plus(SESSION_IDLE)).await.unwrap(), 1);
        assert_eq!(ledger.forget_old_sessions(NOW.plus(INVITATION_LASTS)).await.unwrap(), 1);
    })
    .await;
}
