//! What people do, for the audit log.

use super::Language;

/// Stable word, Ukrainian, English.
const DEEDS: &[(&str, &str, &str)] = &[
    ("signed_in", "вхід", "signed in"),
    ("signed_out", "вихід", "signed out"),
    ("signed_out_everywhere", "кінець інших сеансів", "ended sessions"),
    ("wrong_password", "хибний пароль", "wrong password"),
    ("locked_out", "вхід заблоковано", "locked out"),
    ("too_many_tries", "забагато спроб увійти", "too many tries to sign in"),
    ("invited", "запрошення користувача", "invited a user"),
    ("invited_again", "нове посилання для входу", "made a new link"),
    (
        "invitation_accepted",
        "пароль за посиланням",
        "chose a password by the link",
    ),
    ("user_changed", "зміна користувача", "changed a user"),
    ("password_set", "зміна пароля", "changed the password"),
    (
        "second_step_set",
        "другий крок увімкнено",
        "switched the second step on",
    ),
    (
        "second_step_removed",
        "другий крок вимкнено",
        "switched the second step off",
    ),
    ("asked_close", "прохання закрити зміну", "asked to close the shift"),
    ("asked_z_report", "прохання про Z-звіт", "asked for a Z-report"),
    ("asked_totals", "прохання про підсумки", "asked for totals"),
    ("asked_cleanup", "прохання вирівняти стан", "asked to bring in line"),
    (
        "asked_remove",
        "прохання відкинути офлайн-документи",
        "asked to lose offline documents",
    ),
    ("asked_sync", "прохання перевірити касу", "asked for a look"),
    ("asked_fetch", "завантаження документа", "fetched a document"),
    ("resent", "надсилання ще раз", "resent a document"),
    ("close_hold", "закриття документа без чека", "closed a hold"),
    (
        "expectation_closed",
        "більше не чекати чека платіжної системи",
        "expected a payment system's receipt no more",
    ),
    ("alert_acknowledged", "попередження прочитано", "acknowledged an alert"),
    ("cash_planned", "внесення чи видача готівки", "cash in or out"),
    ("order_edited", "виправлення замовлення", "edited an order"),
    ("asked_settlement", "поділ оплати", "asked to divide a payment"),
    ("refund_told", "повернення вручну", "told of a refund"),
    ("settings_changed", "зміна налаштувань", "changed settings"),
    ("api_key_revoked", "відкликання ключа API", "revoked an API key"),
    (
        "webhook_secret_changed",
        "зміна секрету вебхука",
        "changed a webhook's secret",
    ),
    ("deliveries_sent_again", "повідомлення ще раз", "sent messages again"),
    ("webhook_removed", "видалення вебхука", "removed a webhook"),
    ("master_key_rotated", "зміна головного ключа", "rotated the master key"),
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
