//! Alerts about notices.

use domain::ids::RegisterId;

use super::Told;
use crate::alerts::{NewAlert, Severity, Words};
use crate::settings::Source;

/// The same document was told of twice, with another content.
pub const NOTICE_CONFLICT: &str = "notice_conflict";
/// A notice and the provider's API tell different sums.
pub const NOTICE_DIFFERS: &str = "notice_differs";
/// The provider tells of a check and its API does not know it, or cannot be asked about it.
pub const NOTICE_UNCONFIRMED: &str = "notice_unconfirmed";
/// The provider tells that it made a document which waits for a person here.
pub const NOTICE_OF_HELD: &str = "notice_of_held";

pub(super) fn conflict(source: &Source, provider_id: &str) -> NewAlert {
    NewAlert {
        kind: NOTICE_CONFLICT,
        subject: format!("{}/{provider_id}", source.id),
        severity: Severity::Warning,
        merchant: Some(source.merchant.clone()),
        register: Some(source.register.clone()),
        text: Words::new(
            format!(
                "A repeated notice of {} about document {provider_id} came with another content. The first one counts; the \
                 other is kept.",
                source.id
            ),
            format!(
                "Повторне сповіщення {} про документ {provider_id} прийшло з іншим вмістом. Діє перше; друге збережено.",
                source.id
            ),
        ),
        next_step: Words::new(
            "Look at the document in the provider's cabinet, then acknowledge this alert. If somebody else may know the \
             secret of the address, change it.",
            "Перегляньте документ у кабінеті провайдера, а тоді позначте попередження прочитаним. Якщо секрет адреси міг \
             дізнатися хтось чужий, змініть його.",
        ),
    }
}

/// A resend would make a second receipt.
pub(super) fn held(register: &RegisterId, document: &str, told: &Told) -> NewAlert {
    let number = told.fiscal_number.as_deref().unwrap_or("?");
    NewAlert {
        kind: NOTICE_OF_HELD,
        subject: document.to_owned(),
        severity: Severity::Critical,
        merchant: None,
        register: Some(register.clone()),
        text: Words::new(
            format!(
                "Register {register}: the provider says that it made document {document}, which waits for a person here; its \
                 number there is {number}."
            ),
            format!(
                "Каса {register}: провайдер повідомляє, що створив документ {document}, який тут чекає на людину; його номер \
                 там — {number}."
            ),
        ),
        next_step: Words::new(
            "Look for it in the provider's cabinet before you send it again: a second sending may make a second receipt.",
            "Знайдіть його в кабінеті провайдера, перш ніж надсилати ще раз: повторне надсилання може створити другий чек.",
        ),
    }
}
