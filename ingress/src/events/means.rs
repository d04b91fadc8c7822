//! How the buyer paid, as the shop tells it. A whole card number is refused and never kept.

use domain::event::PaymentMeans;

use crate::error::ApiError;
use crate::json::Object;

/// More open digits than a card may show: the first eight and the last four.
const MAX_OPEN_DIGITS: usize = 12;

/// Reads `means`.
pub(super) fn read(body: &Object<'_>) -> Result<PaymentMeans, ApiError> {
    let Some(means) = body.object("means")? else {
        return Ok(PaymentMeans::default());
    };
    means.only(&["system", "masked_card", "auth_code", "transaction_id"])?;
    Ok(PaymentMeans {
        system: means.filled("system", 64)?,
        masked_card: masked_card(&means)?,
        auth_code: means.filled("auth_code", 64)?,
        transaction_id: means.filled("transaction_id", 128)?,
    })
}

fn masked_card(means: &Object<'_>) -> Result<Option<String>, ApiError> {
    let Some(text) = means.filled("masked_card", 64)? else {
        return Ok(None);
    };
    let card: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if card.chars().filter(char::is_ascii_digit).count() > MAX_OPEN_DIGITS {
        return Err(ApiError::field(
            "card_not_masked",
            means.place("masked_card"),
            "the middle of a card number must be hidden, such as 444455XXXXXX1111",
        ));
    }
    let hidden = |c: char| c.is_ascii_digit() || matches!(c, 'X' | 'x' | '*' | '•');
    if card.chars().all(hidden) && (4..=24).contains(&card.chars().count()) {
        Ok(Some(card))
    } else {
        Err(means.wrong("masked_card", "it should have digits and X or * only"))
    }
}
