//! Whose document a notice is about, and what follows from it without asking anybody.

use domain::document::Kind;
use domain::ids::RegisterId;
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};

use super::{Told, WHAT, words};
use crate::settings::SourceKind;
use crate::{LedgerError, alerts, plan, sql};

/// What follows from a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// Nothing more.
    Taken,
    /// Nothing more; a document of the register is due now.
    Rung,
    /// Its document is on its way: look again after the outcome.
    Later,
    /// It is about nobody's document of ours: the provider must be asked.
    Ask,
}

/// What a notice is known by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    pub provider_id: Option<&'a str>,
    pub number: Option<&'a str>,
    pub told: &'a Told,
}

/// A document that a notice may be about.
struct Candidate {
    id: String,
    kind: Kind,
    state: String,
    provider_id: Option<String>,
    fiscal_number: Option<String>,
    /// As it was sent last.
    sent: Option<String>,
}

/// Sorts a notice that is new; the row is written.
pub(super) async fn sort(
    tx: &DatabaseTransaction,
    notice: &str,
    kind: SourceKind,
    register: &RegisterId,
    look: &Look<'_>,
    now: UnixMillis,
) -> Result<Sorted, LedgerError> {
    let (ours, foreign) = match kind {
        // The poll is the truth; whose it may be else is no matter.
        SourceKind::AtolOnline => (by_token(tx, register, look).await?, Err("not a document of ours")),
        SourceKind::CashDesk => (by_number(tx, register, look).await?, foreign(look)),
        SourceKind::Fondy | SourceKind::LiqPay | SourceKind::WayForPay | SourceKind::Monobank => {
            (None, Err("not a provider"))
        }
    };
    let Some(document) = ours else {
        return match foreign {
            Ok(()) => {
                about(tx, notice, None).await?;
                Ok(Sorted::Ask)
            }
            Err(why) => {
                take(tx, notice, None, why, now).await?;
                Ok(Sorted::Taken)
            }
        };
    };
    let (sorted, why) = match document.state.as_str() {
        "pending" | "in_doubt" if ring(tx, &document, look, now).await? => (Sorted::Rung, "its question is due"),
        // It moved on in this moment, or it is on its way.
        "pending" | "in_doubt" | "sending" | "ready" | "waiting" => {
            about(tx, notice, Some(&document.id)).await?;
            return Ok(Sorted::Later);
        }
        "held" if is_made(kind, look.told) => {
            alerts::raise(tx, &words::held(register, &document.id, look.told), now).await?;
            (Sorted::Taken, "its document is held")
        }
        _ => (Sorted::Taken, "its document is settled"),
    };
    take(tx, notice, Some(&document.id), why, now).await?;
    Ok(sorted)
}

/// Its question is due now. What the provider calls it is kept if nobody knew it and the notice is about what was sent
/// last, not about an earlier attempt. False: the document moved on.
async fn ring(
    tx: &DatabaseTransaction,
    document: &Candidate,
    look: &Look<'_>,
    now: UnixMillis,
) -> Result<bool, LedgerError> {
    let is_last = || {
        let (number, sent) = look.number.zip(document.sent.as_deref())?;
        names(sent, number).then_some(look.provider_id?.to_owned())
    };
    let changed = sql::execute(
        tx,
        WHAT,
        "UPDATE documents SET not_before = CASE WHEN not_before > $2 THEN $2 ELSE not_before END,
             provider_id = coalesce(provider_id, $3)
         WHERE id = $1 AND state IN ('pending', 'in_doubt')",
        [document.id.as_str().into(), now.0.into(), is_last().into()],
    )
    .await?;
    Ok(changed == 1)
}

/// Does the text that was sent name this number of ours, as a whole?
fn names(sent: &str, number: &str) -> bool {
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    !number.is_empty()
        && sent.match_indices(number).any(|(at, _)| {
            let (before, after) = (&sent[..at], &sent[at + number.len()..]);
            !part(before.chars().next_back()) && !part(after.chars().next())
        })
}

/// Does the provider say that the document exists?
fn is_made(kind: SourceKind, told: &Told) -> bool {
    match kind {
        SourceKind::CashDesk => true,
        SourceKind::AtolOnline => told.word == "done",
        SourceKind::Fondy | SourceKind::LiqPay | SourceKind::WayForPay | SourceKind::Monobank => false,
    }
}

/// May a check that is not ours be asked about?
const fn foreign(look: &Look<'_>) -> Result<(), &'static str> {
    match (look.told.kind.is_some(), look.provider_id.is_some()) {
        (false, _) => Err("not a receipt"),
        // The register's tape is compared with ours anyway.
        (true, false) => Err("it names no uuid to ask about"),
        (true, true) => Ok(()),
    }
}

/// ATOL: `external_id` is our reference and the attempt, so that a lost uuid is no loss.
async fn by_token(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    look: &Look<'_>,
) -> Result<Option<Candidate>, LedgerError> {
    if let Some(number) = look.number {
        let token = number.rsplit_once('-').map_or(number, |(token, _)| token);
        if let Some(found) = first(tx, register, "token", token.into()).await? {
            return Ok(Some(found));
        }
    }
    match look.provider_id {
        Some(uuid) => first(tx, register, "provider_id", uuid.into()).await,
        None => Ok(None),
    }
}

/// CashDesk: by its own id, by the tax service's number, or by the number that we gave. A number is ours only where
/// nothing else is against it: the cabinet and other programs number as they like.
async fn by_number(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    look: &Look<'_>,
) -> Result<Option<Candidate>, LedgerError> {
    if let Some(uuid) = look.provider_id
        && let Some(found) = first(tx, register, "provider_id", uuid.into()).await?
    {
        return Ok(Some(found));
    }
    if let Some(number) = &look.told.fiscal_number
        && let Some(found) = first(tx, register, "fiscal_number", number.as_str().into()).await?
    {
        return Ok(Some(found));
    }
    let Some(number) = look.number.and_then(|number| number.parse::<i64>().ok()) else {
        return Ok(None);
    };
    let found = first(tx, register, "number", number.into()).await?;
    Ok(found.filter(|document| {
        fits(look.told.kind(), document.kind)
            && agree(document.provider_id.as_deref(), look.provider_id)
            && agree(document.fiscal_number.as_deref(), look.told.fiscal_number.as_deref())
    }))
}

/// A return may have its sale's number, so the kind decides, too.
pub(super) const fn fits(told: Option<Kind>, ours: Kind) -> bool {
    match (told, ours) {
        (Some(Kind::Sale), Kind::Sale)
        | (Some(Kind::Return | Kind::Storno), Kind::Return | Kind::Storno)
        | (Some(Kind::CashIn), Kind::CashIn)
        | (Some(Kind::CashOut), Kind::CashOut) => true,
        (
            None
            | Some(
                Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut | Kind::ZReport | Kind::Closing,
            ),
            Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut | Kind::ZReport | Kind::Closing,
        ) => false,
    }
}

fn agree(ours: Option<&str>, theirs: Option<&str>) -> bool {
    ours.zip(theirs).is_none_or(|(ours, theirs)| ours == theirs)
}

/// The column is ours and has an index.
async fn first(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    column: &'static str,
    value: sea_orm::Value,
) -> Result<Option<Candidate>, LedgerError> {
    let statement = format!(
        "SELECT id, kind, state, provider_id, fiscal_number, sent FROM documents
         WHERE register_id = $1 AND {column} = $2 LIMIT 1"
    );
    let row = sql::query_one(tx, WHAT, &statement, [register.as_str().into(), value]).await?;
    row.as_ref().map(candidate).transpose()
}

fn candidate(row: &QueryResult) -> Result<Candidate, LedgerError> {
    Ok(Candidate {
        id: sql::get(row, "id")?,
        kind: plan::kind(&sql::get::<String>(row, "kind")?)?,
        state: sql::get(row, "state")?,
        provider_id: sql::get(row, "provider_id")?,
        fiscal_number: sql::get(row, "fiscal_number")?,
        sent: sql::get(row, "sent")?,
    })
}

/// Which document's outcome it waits for.
async fn about(tx: &DatabaseTransaction, notice: &str, document: Option<&str>) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        WHAT,
        "UPDATE provider_notices SET document_id = $2 WHERE id = $1 AND state = 'new'",
        [notice.into(), document.map(str::to_owned).into()],
    )
    .await?;
    Ok(())
}

/// It is done with.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    notice: &str,
    document: Option<&str>,
    why: &str,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        WHAT,
        "UPDATE provider_notices SET state = 'taken', note = $2, document_id = $3, taken_at = $4
         WHERE id = $1 AND state = 'new'",
        [
            notice.into(),
            why.into(),
            document.map(str::to_owned).into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_attempt_that_was_sent_last_gives_its_uuid() {
        for (sent, number, named) in [
            (r#"{"external_id":"ABC-2"}"#, "ABC-2", true),
            (r#"{"external_id":"ABC-21"}"#, "ABC-2", false),
            (r#"{"external_id":"ABC-2"}"#, "ABC-1", false),
            (r#"{"external_id":"XABC-2"}"#, "ABC-2", false),
            (r#"{"local_number":90017}"#, "90017", true),
            (r#"{"local_number":90017}"#, "9001", false),
            (r#"{"local_number":90017}"#, "", false),
        ] {
            assert_eq!(names(sent, number), named, "{sent} {number}");
        }
    }

    #[test]
    fn a_return_with_its_sales_number_is_not_the_sale() {
        assert!(fits(Some(Kind::Sale), Kind::Sale));
        assert!(fits(Some(Kind::Return), Kind::Storno));
        assert!(!fits(Some(Kind::Return), Kind::Sale));
        assert!(!fits(None, Kind::Sale));
    }
}
