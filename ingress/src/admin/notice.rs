//! What a page says after a form was done: the redirect carries a word, the page says it in the reader's
//! language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::language::Language;

macro_rules! notices {
    ($($variant:ident $word:literal $uk:literal $en:literal)+) => {
        /// Something that was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Notice { $($variant),+ }

        impl Notice {
            const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads a redirect's word; anything else says nothing.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// What it says.
            pub fn text(self, language: Language) -> &'static str {
                match self { $(Self::$variant => language.say($uk, $en)),+ }
            }
        }
    };
}

notices! {
    Saved "saved" "Збережено." "Saved."
    Asked "asked" "Прохання записано; каса виконає його, щойно звільниться." "Asked; the register does it as soon as it is free."
    Resent "resent" "Документ піде ще раз." "The document goes out again."
    SentAgain "sent-again" "Піде ще раз за кілька секунд." "It goes out again in some seconds."
    NothingToSend "nothing-to-send" "Надсилати нема чого." "There is nothing to send."
    HoldClosed "hold-closed" "Документ закрито без чека; причину записано в журнал." "Closed without a receipt; the reason is in the audit log."
    Refunded "refunded" "Повернення прийнято; чек повернення робиться." "The refund was taken in; its receipt is being made."
    ComparisonAsked "comparison-asked" "Звірку поставлено; її рядок з'явиться нижче." "The comparison was asked for; its row appears below."
    RepairAsked "repair-asked" "Записано; Kasyr виконає це за кілька секунд." "Asked; Kasyr does it in some seconds."
    FindingClosed "finding-closed" "Розбіжність закрито; пояснення записано в журнал." "Closed; the reason is in the audit log."
    DocumentLinked "document-linked" "Документ прив'язано; він рахується в замовленні." "Linked; the document counts for the order."
    GiveBackAsked "give-back-asked" "Записано; Kasyr просить платіжну систему повернути гроші." "Asked; Kasyr has the payment system give the money back."
    Acknowledged "acknowledged" "Позначено прочитаним." "Acknowledged."
    AlertOver "alert-over" "Це попередження вже закрито." "This alert is closed already."
    LooksNow "looks-now" "Питаємо платіжну систему; за хвилину оновіть сторінку." "The payment system is asked; look again in a minute."
    ExpectsNoMore "expects-no-more" "Цього чека більше не чекаємо; причину записано в журнал." "It is expected no more; the reason is in the audit log."
    Removed "removed" "Видалено." "Removed."
    SignedOut "signed-out" "Ви вийшли." "You have signed out."
    SignedOutEverywhere "signed-out-everywhere" "Усі інші сеанси закінчено." "All other sessions have ended."
}

impl Notice {
    /// 303 to a page of ours that will say it.
    pub fn at(self, path: &str) -> Response {
        let mark = if path.contains('?') { '&' } else { '?' };
        let (path, fragment) = path.split_once('#').map_or((path, ""), |(path, part)| (path, part));
        let hash = if fragment.is_empty() { "" } else { "#" };
        let target = format!("{path}{mark}done={}{hash}{fragment}", self.word());
        let location = HeaderValue::from_str(&target).unwrap_or_else(|_| HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }
}
