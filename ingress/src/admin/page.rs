//! The frame around every page.

use axum::response::Html;
use ledger::people::Role;
use maud::{DOCTYPE, Markup, html};

use super::asset;
use super::guard::TOKEN_FIELD;
use super::language::Language;
use super::visitor::Visitor;

/// One entry of the menu.
struct Entry {
    path: &'static str,
    uk: &'static str,
    en: &'static str,
    needs: Role,
}

const MENU: &[Entry] = &[
    entry("/", "Сьогодні", "Today", Role::Accountant),
    entry("/orders", "Замовлення", "Orders", Role::Accountant),
    entry("/registers", "Каси", "Registers", Role::Accountant),
    entry("/deliveries", "Доставки", "Deliveries", Role::Accountant),
    entry("/reconciliation", "Звірка", "Reconciliation", Role::Accountant),
    entry("/attention", "Увага", "Attention", Role::Accountant),
    entry("/settings", "Налаштування", "Settings", Role::Administrator),
    entry("/audit", "Журнал", "Audit log", Role::Accountant),
];

const fn entry(path: &'static str, uk: &'static str, en: &'static str, needs: Role) -> Entry {
    Entry { path, uk, en, needs }
}

/// A page for somebody who has signed in: the menu, then the body.
pub(super) fn of(visitor: &Visitor, title: &str, body: &Markup) -> Html<String> {
    let l = visitor.language;
    let shown = MENU.iter().filter(|entry| visitor.may(entry.needs));
    let counts = &visitor.attention;
    let waiting = counts.holds + counts.doubts + counts.alerts;
    let top = html! {
        header.top {
            a.brand href="/" { img src=(*asset::MARK_URL) alt="" width="28" height="28"; span { "Kasyr" } }
            nav.menu #menu data-part="menu" aria-label=(l.say("Головне меню", "Main menu")) {
                @for entry in shown {
                    a href=(entry.path) aria-current=[here(&visitor.path, entry.path)] {
                        (l.say(entry.uk, entry.en))
                        @if entry.path == "/attention" && waiting > 0 { " " span.count { (waiting) } }
                    }
                }
            }
            div.who {
                (language_switch(visitor))
                a href="/account" aria-current=[here(&visitor.path, "/account")] {
                    span.wide { (visitor.user().name) } span.narrow { (l.say("Кабінет", "Account")) }
                }
                form method="post" action="/sign-out" {
                    (token(visitor))
                    button.plain type="submit" { (l.say("Вийти", "Sign out")) }
                }
            }
        }
    };
    frame(l, title, &top, body, visitor.reads)
}

/// A page for somebody who has not.
pub(super) fn bare(language: Language, title: &str, body: &Markup) -> Html<String> {
    let top = html! {
        header.top {
            span.brand { img src=(*asset::MARK_URL) alt="" width="28" height="28"; span { "Kasyr" } }
        }
    };
    frame(language, title, &top, body, false)
}

fn frame(l: Language, title: &str, top: &Markup, body: &Markup, live: bool) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang=(l.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Kasyr" }
                link rel="icon" type="image/svg+xml" href=(*asset::MARK_URL);
                link rel="stylesheet" href=(*asset::STYLE_URL);
                script src=(*asset::SCRIPT_URL) defer {}
            }
            body data-live=[live.then_some("/live")] {
                a.skip href="#content" { (l.say("До змісту", "Skip to the content")) }
                (top)
                main #content tabindex="-1" { (body) }
            }
        }
    };
    Html(page.into_string())
}

fn here(path: &str, entry: &str) -> Option<&'static str> {
    let inside = entry != "/"
        && path
            .strip_prefix(entry)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    (path == entry || inside).then_some("page")
}

fn language_switch(visitor: &Visitor) -> Markup {
    let other = visitor.say(Language::En, Language::Uk);
    html! {
        form method="post" action="/language" {
            (token(visitor))
            input type="hidden" name="to" value=(visitor.path);
            button.plain type="submit" name="language" value=(other.as_str()) lang=(other.as_str()) {
                (other.say("Українською", "English"))
            }
        }
    }
}

/// The hidden field every form of a session must carry.
pub(super) fn token(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(visitor.session.csrf); }
}
