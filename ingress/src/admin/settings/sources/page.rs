//! The page of a source.

use axum::response::Html;
use domain::ids::SourceId;
use domain::receipt::MismatchPolicy;
use domain::time::UnixMillis;
use ledger::settings::{ReceiptMaker, SecretInfo, Source, SourceKind};
use ledger::settings_lists::RegisterSetting;
use maud::{Markup, html};
use secrecy::ExposeSecret as _;

use super::super::super::page;
use super::super::super::parts::{self, Field, Tone, badge};
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;
use super::super::secret::secret_line;
use super::form::Typed;
use super::kind::{self, is_public_test};
use crate::AppState;

/// What the page shows.
pub(super) struct Page<'a> {
    pub visitor: &'a Visitor,
    pub registers: &'a [RegisterSetting],
    pub known: Option<&'a Source>,
    /// What is told of its key.
    pub secret: Option<SecretInfo>,
    pub typed: &'a Typed,
    pub problems: &'a Problems,
    /// What was just done, said above the rest.
    pub said: Markup,
    pub now: UnixMillis,
}

impl Page<'_> {
    pub fn show(&self, app: &AppState) -> Html<String> {
        let l = self.visitor.language;
        let title = match self.known {
            Some(source) => format!("{} {}", l.say("Джерело платежів", "Payment source"), source.id),
            None => l.say("Нове джерело платежів", "New payment source").to_owned(),
        };
        let back = html! { a.button href="/settings" { (l.say("До налаштувань", "To the settings")) } };
        let body = html! {
            (parts::heading(&title, back))
            (self.said)
            @if let Some(source) = self.known { (self.callback(app, source)) }
            section.card {
                @if self.registers.is_empty() {
                    (parts::empty(html! {
                        (l.say("Спершу додайте касу: на ній робитимуться чеки. ", "Add a register first: receipts are made on it. "))
                        a href="/settings/registers/new" { (l.say("Додати касу", "Add a register")) }
                    }))
                } @else { (self.form()) }
            }
        };
        page::of(self.visitor, &title, &body)
    }

    fn callback(&self, app: &AppState, source: &Source) -> Markup {
        let l = self.visitor.language;
        html! {
            section.card aria-labelledby="callback-title" {
                h2 #callback-title { (l.say("Адреса для сповіщень", "Callback address")) }
                p { (parts::copyable(l, &callback_url(app, &source.id, source.kind))) }
                p.soft { (kind::tell_it(l, source.kind)) }
                @if is_public_test(source) {
                    p { (badge(Tone::Warn, l.say("Тестовий продавець", "Test merchant"))) " " (l.say(
                        "Його ключ відомий усім: сповіщення може підробити будь-хто.",
                        "Everybody knows its key: anybody can forge its callbacks.",
                    )) }
                }
                (parts::button(
                    self.visitor,
                    &format!("/settings/sources/{}/test", source.id),
                    l.say("Надіслати пробне сповіщення", "Send a test"),
                ))
                p.hint { (kind::test_hint(l, source.kind)) }
            }
        }
    }

    fn form(&self) -> Markup {
        let l = self.visitor.language;
        let action = match self.known {
            Some(source) => format!("/settings/sources/{}/edit", source.id),
            None => "/settings/sources/new".to_owned(),
        };
        let registers: Vec<(&str, String)> = self
            .registers
            .iter()
            .map(|register| {
                (
                    register.id.as_str(),
                    format!("{} ({})", register.id, register.fiscal_number),
                )
            })
            .collect();
        let registers: Vec<(&str, &str)> = registers.iter().map(|(id, text)| (*id, text.as_str())).collect();
        let kinds: Vec<(&str, &str)> = SourceKind::ALL
            .iter()
            .map(|kind| (kind.as_str(), kind::name(*kind)))
            .collect();
        let policies = [
            (
                MismatchPolicy::Hold.as_str(),
                l.say("Чекати на людину", "Wait for a person"),
            ),
            (
                MismatchPolicy::Adjust.as_str(),
                l.say("Підігнати кошик під суму", "Adjust the basket to the sum"),
            ),
        ];
        parts::form(
            self.visitor,
            &action,
            html! {
                @if self.known.is_none() {
                    (Field {
                        hint: l.say(
                            "Стане частиною адреси для сповіщень. Потім не змінюється.",
                            "Becomes a part of the callback address. It cannot be changed later.",
                        ),
                        problem: self.problems.at("id"),
                        required: true,
                        ..Field::text(l.say("Ідентифікатор", "Id"), "id", &self.typed.id)
                    })
                }
                (parts::select(l.say("Платіжна система або провайдер", "Payment system or provider"), "kind", &self.typed.kind, &kinds))
                (self.problem("kind"))
                (parts::select(l.say("Хто робить чеки", "Who makes the receipts"), "mode", &self.typed.mode, &[
                    (ReceiptMaker::Kasyr.as_str(), l.say("Kasyr на касі нижче", "Kasyr, on the register below")),
                    (ReceiptMaker::Gateway.as_str(), l.say("Сама платіжна система; Kasyr перевіряє", "The payment system itself; Kasyr checks")),
                ]))
                (self.problem("mode"))
                p.hint { (l.say(
                    "Чек має робити хтось один. Якщо в кабінеті платіжної системи ввімкнено її касу, оберіть «сама платіжна система», інакше кожна оплата отримає два чеки.",
                    "Only one of the two may make a receipt. If the payment system's own cash register is on in its portal, choose the payment system itself: otherwise each payment gets two receipts.",
                )) }
                (parts::select(l.say("Каса для чеків", "Register of its receipts"), "register", &self.typed.register, &registers))
                (self.problem("register"))
                (Field {
                    hint: l.say(
                        "Fondy: Merchant ID. LiqPay: публічний ключ. WayForPay: merchantAccount. monobank, CashDesk, ATOL Online: не потрібен.",
                        "Fondy: the merchant ID. LiqPay: the public key. WayForPay: merchantAccount. monobank, CashDesk, ATOL Online: not needed.",
                    ),
                    problem: self.problems.at("account"),
                    ..Field::text(l.say("Обліковий запис у платіжній системі", "Account at the payment system"), "account",
                        &self.typed.account)
                })
                (Field {
                    kind: "password",
                    hint: l.say(
                        "Fondy: ключ платежів, не ключ виплат. LiqPay: приватний ключ. WayForPay: SecretKey. monobank: токен (X-Token). CashDesk, ATOL Online: секрет в адресі, від 16 латинських літер і цифр; порожнє поле — Kasyr створить його сам.",
                        "Fondy: the payment key, not the one of payouts. LiqPay: the private key. WayForPay: SecretKey. monobank: the token (X-Token). CashDesk, ATOL Online: the secret in the address, 16 or more latin letters and digits; left empty, Kasyr makes one.",
                    ),
                    problem: self.problems.at("secret"),
                    ..Field::text(l.say("Секретний ключ", "Secret key"), "secret", "")
                })
                @if let Some(info) = &self.secret { (secret_line(l, l.say("Ключ", "Key"), info)) }
                @if let Some(old) = self.old_until() {
                    p.hint { (l.say("Сповіщення з попереднім ключем приймаються до ", "Callbacks signed with the key before are believed until ")) (l.minute(old)) "." }
                }
                @if self.known.is_some() {
                    (Field {
                        kind: "number",
                        hint: l.say(
                            "Стільки годин після зміни ключа приймаються й сповіщення, підписані попереднім. 0 — попередній не діє одразу: так роблять, коли його дізнались чужі.",
                            "For so many hours after the key changed, callbacks signed with the one before are believed, too. 0: not for a moment, for strangers learnt it.",
                        ),
                        problem: self.problems.at("old_secret_hours"),
                        ..Field::text(l.say("Попередній ключ діє ще, годин", "The key before stays good for, hours"), "old_secret_hours",
                            &self.typed.old_secret_hours)
                    })
                }
                (Field {
                    kind: "url",
                    problem: self.problems.at("api_url"),
                    ..Field::text(l.say("Адреса API", "API address"), "api_url", &self.typed.api_url)
                })
                (parts::tick(
                    l.say("Перепитувати платіжну систему перед чеком", "Ask the payment system before a receipt is made"), "confirm",
                    self.typed.confirm,
                    l.say("Захищає навіть тоді, коли хтось дізнався ключ.", "Protects even when somebody has learnt the key."),
                ))
                (parts::select(
                    l.say("Якщо кошик не дорівнює сплаченому", "When the basket is not worth what was paid"),
                    "on_mismatch", &self.typed.on_mismatch, &policies,
                ))
                (self.problem("on_mismatch"))
                (Field {
                    hint: l.say(
                        "IP-адреси або мережі через пробіл; порожньо — звідки завгодно. Fondy називає 54.154.216.60 і 3.75.125.89.",
                        "IP addresses or networks with spaces between them; empty: from anywhere. Fondy names 54.154.216.60 and 3.75.125.89.",
                    ),
                    problem: self.problems.at("allowed_addresses"),
                    ..Field::text(l.say("Сповіщення лише з адрес", "Callbacks only from"), "allowed_addresses",
                        &self.typed.allowed_addresses)
                })
                @if let Some(source) = self.known && !source.receivers.is_empty() {
                    p.hint {
                        (l.say("Розподіл на каси (змінюється файлом налаштувань): ", "Splits to registers (changed with a settings file): "))
                        @for (gateway, register) in &source.receivers { (gateway) " → " (register) " " }
                    }
                }
                button.main type="submit" { (l.say("Зберегти", "Save")) }
            },
        )
    }

    /// Until when the key before the present one is believed, if it still is.
    fn old_until(&self) -> Option<UnixMillis> {
        let old = self.known?.secret_before.as_ref()?;
        Some(old.until).filter(|until| *until > self.now)
    }

    fn problem(&self, field: &str) -> Markup {
        let text = self.problems.at(field);
        html! { @if !text.is_empty() { p.problem { (text) } } }
    }
}

/// Where the payment system or provider is to call, as anybody may see it: without a secret.
pub(in super::super) fn callback_url(app: &AppState, source: &SourceId, kind: SourceKind) -> String {
    let rest = if kind.is_payment() { "" } else { "/SECRET" };
    format!("{}/callbacks/{source}{rest}", app.public_url)
}

/// The same with its secret, if one stands in it. Not to be shown twice, nor logged.
pub(super) fn full_url(app: &AppState, source: &Source) -> String {
    if source.kind.is_payment() {
        return callback_url(app, &source.id, source.kind);
    }
    format!(
        "{}/callbacks/{}/{}",
        app.public_url,
        source.id,
        source.secret.expose_secret()
    )
}
