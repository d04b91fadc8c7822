//! What people do, for the audit log.

use super::Language;

/// Stable word, Ukrainian, English.
const DEEDS: &[(&str, &str, &str)] = &[
    ("signed_in", "увійшов(ла)", "signed in"),
    ("signed_out", "вийшов(ла)", "signed out"),
    ("signed_out_everywhere", "закінчив(ла) сеанси", "ended sessions"),
    ("wrong_password", "хибний пароль", "wrong password"),
    ("locked_out", "вхід заблоковано", "locked out"),
    ("invited", "запросив(ла) користувача", "invited a user"),
    ("invited_again", "нове посилання", "made a new link"),
    ("invitation_accepted", "обрав(ла) пароль", "chose a password"),
    ("user_changed", "змінив(ла) користувача", "changed a user"),
    ("password_set", "змінив(ла) пароль", "changed the password"),
    (
        "second_step_set",
        "увімкнув(ла) другий крок",
        "switched the second step on",
    ),
    (
        "second_step_removed",
        "вимкнув(ла) другий крок",
        "switched the second step off",
    ),
    ("asked_close", "попросив(ла) закрити зміну", "asked to close the shift"),
    ("asked_z_report", "попросив(ла) Z-звіт", "asked for a Z-report"),
    ("asked_totals", "попросив(ла) підсумки", "asked for totals"),
    ("asked_cleanup", "попросив(ла) вирівняти стан", "asked to bring in line"),
    (
        "asked_remove",
        "попросив(ла) відкинути офлайн-документи",
        "asked to lose offline documents",
    ),
    ("asked_sync", "попросив(ла) перевірити касу", "asked for a look"),
    ("asked_fetch", "завантажив(ла) документ", "fetched a document"),
    ("resent", "надіслав(ла) ще раз", "resent a document"),
    ("close_hold", "закрив(ла) документ без чека", "closed a hold"),
    (
        "alert_acknowledged",
        "позначив(ла) попередження",
        "acknowledged an alert",
    ),
    ("cash_planned", "внесення чи видача готівки", "cash in or out"),
    ("order_edited", "виправив(ла) замовлення", "edited an order"),
    ("refund_told", "повідомив(ла) про повернення", "told of a refund"),
    ("settings_changed", "змінив(ла) налаштування", "changed settings"),
    ("api_key_revoked", "відкликав(ла) ключ API", "revoked an API key"),
    ("webhook_removed", "видалив(ла) вебхук", "removed a webhook"),
    (
        "master_key_rotated",
        "змінив(ла) головний ключ",
        "rotated the master key",
    ),
];

/// The deed in words; one we do not know as it is.
pub(in super::super) fn deed(l: Language, word: &str) -> &str {
    let known = DEEDS.iter().find(|(known, ..)| *known == word);
    known.map_or(word, |(_, uk, en)| l.say(uk, en))
}

/// All of them, to choose from.
pub(in super::super) fn deeds(l: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    DEEDS.iter().map(move |(word, uk, en)| (*word, l.say(*uk, *en)))
}
