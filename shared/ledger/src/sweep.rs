//! What is due and may have no bell ringing. No input; may be asked at any time by any number of
//! workers.

use std::time::Duration;

use domain::ids::{EventId, RegisterId};
use domain::time::UnixMillis;

use crate::{Ledger, LedgerError, events, plan, sql};

/// A provider took documents and has told no result for too long. Closes with the last of them.
pub const RESULT_LATE: &str = "result_late";

impl Ledger {
    /// Events that wait to be planned, longest due first. Those younger than `grace` are left to
    /// their own bell.
    pub async fn due_events(&self, now: UnixMillis, grace: Duration, limit: u32) -> Result<Vec<EventId>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "sweep events",
            "SELECT id FROM events WHERE state = 'new' AND not_before <= $1 AND received_at <= $2
             ORDER BY not_before, id LIMIT $3",
            [now.0.into(), now.minus(grace).0.into(), i64::from(limit).into()],
        )
        .await?;
        rows.iter()
            .map(|row| events::parse_id(&sql::get::<String>(row, "id")?))
            .collect()
    }

    /// Registers with due documents, or a due look, not resting and not worked on right now, after `after` in the
    /// order of ids. A loose index scan: the cost is one look-up per *busy* register, whatever the
    /// backlog and however many registers are idle.
    pub async fn due_registers(
        &self,
        now: UnixMillis,
        after: Option<&RegisterId>,
        limit: u32,
    ) -> Result<Vec<RegisterId>, LedgerError> {
        let clock = sql::clock(self.backend());
        let statement = format!(
            "WITH RECURSIVE busy (register_id) AS (
                 SELECT min(register_id) FROM documents
                 WHERE state IN ('ready', 'sending', 'in_doubt') AND register_id > $2
                 UNION ALL
                 SELECT (SELECT min(documents.register_id) FROM documents
                     WHERE state IN ('ready', 'sending', 'in_doubt') AND documents.register_id > busy.register_id)
                 FROM busy WHERE busy.register_id IS NOT NULL
             )
             SELECT registers.id AS id FROM (
                 SELECT register_id FROM busy
                 UNION SELECT register_id FROM documents
                     WHERE state = 'pending' AND not_before <= $1 AND register_id > $2
                 UNION SELECT register_id FROM register_days WHERE look_at <= $1 AND register_id > $2
             ) AS due
             JOIN registers ON registers.id = due.register_id
             LEFT JOIN leases ON leases.register_id = registers.id
             WHERE registers.not_before <= $1
               AND (leases.owner IS NULL OR leases.until < {clock})
             ORDER BY registers.id LIMIT $3"
        );
        let after = after.map_or("", RegisterId::as_str);
        let values = [now.0.into(), after.into(), i64::from(limit).into()];
        let rows = sql::query(&self.db, "sweep registers", &statement, values).await?;
        rows.iter()
            .map(|row| {
                RegisterId::parse(&sql::get::<String>(row, "id")?)
                    .map_err(|_| LedgerError::UnknownValue { column: "registers.id" })
            })
            .collect()
    }

    /// Opens an alert for each refund that has waited longer than `patience` for a sale nobody told us
    /// of. It closes when the sale comes. Safe to repeat: one alert per refund.
    pub async fn watch_orphans(&self, now: UnixMillis, patience: Duration) -> Result<u64, LedgerError> {
        sql::execute(
            &self.db,
            "watch refunds without a sale",
            "INSERT INTO alerts (id, kind, subject, severity, merchant_id, register_id, detail, detail_uk, next_step,
                 next_step_uk, seen, opened_at, seen_at)
             SELECT 'orphan:' || id, $1, id, 'warning', merchant_id, register_id,
                 'A refund waits for its sale, which no payment event has told of.',
                 'Повернення чекає на свій продаж, про який не повідомила жодна подія оплати.',
                 'Look for the payment at the payment system and have its message sent again.',
                 'Знайдіть оплату в платіжній системі й надішліть її повідомлення ще раз.', 1, $2, $2
             FROM documents WHERE state = 'waiting' AND parent_id IS NULL AND created_at <= $3
             ON CONFLICT DO NOTHING",
            [
                plan::REFUND_WITHOUT_SALE.into(),
                now.0.into(),
                now.minus(patience).0.into(),
            ],
        )
        .await
    }

    /// Is anything due on this register that may be worked on now? Each part is one look-up in an
    /// index; a single condition over all of them makes PostgreSQL read the register's whole tape.
    pub async fn has_due(&self, register: &RegisterId, now: UnixMillis) -> Result<bool, LedgerError> {
        self.has_due_paced(register, now, now).await
    }

    /// The same where only results whose time came until `results` may be asked for
    /// ([`Ledger::next_due_paced`]).
    pub async fn has_due_paced(
        &self,
        register: &RegisterId,
        now: UnixMillis,
        results: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "look whether anything is due",
            "SELECT 1 AS due WHERE EXISTS (SELECT 1 FROM documents WHERE register_id = $1 AND state = 'ready')
               OR EXISTS (SELECT 1 FROM documents
                    WHERE register_id = $1 AND state IN ('sending', 'in_doubt') AND not_before <= $2)
               OR EXISTS (SELECT 1 FROM documents
                    WHERE register_id = $1 AND state = 'pending' AND not_before <= $3)
               OR EXISTS (SELECT 1 FROM register_days WHERE register_id = $1 AND look_at <= $2)",
            [register.as_str().into(), now.0.into(), results.0.into()],
        )
        .await?;
        Ok(row.is_some())
    }

    /// When a result of this register is to be asked for next; `None`: none is awaited.
    pub async fn next_result(&self, register: &RegisterId) -> Result<Option<UnixMillis>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "look when a result is due",
            "SELECT min(not_before) AS due FROM documents WHERE register_id = $1 AND state = 'pending'",
            [register.as_str().into()],
        )
        .await?;
        let due: Option<i64> = row.map(|row| sql::get(&row, "due")).transpose()?.flatten();
        Ok(due.map(UnixMillis))
    }

    /// Opens an alert about each register whose provider has told no result of a document for longer than
    /// `patience`, and closes those about registers where every such result came. Safe to repeat.
    pub async fn watch_results(&self, now: UnixMillis, patience: Duration) -> Result<(), LedgerError> {
        const WHAT: &str = "watch late results";
        let since = now.minus(patience).0;
        sql::execute(
            &self.db,
            WHAT,
            "UPDATE alerts SET resolved_at = $1 WHERE kind = $2 AND resolved_at IS NULL AND NOT EXISTS (
                 SELECT 1 FROM documents WHERE documents.register_id = alerts.subject AND state = 'pending'
                     AND sent_at <= $3)",
            [now.0.into(), RESULT_LATE.into(), since.into()],
        )
        .await?;
        sql::execute(
            &self.db,
            WHAT,
            "INSERT INTO alerts (id, kind, subject, severity, merchant_id, register_id, detail, detail_uk, next_step,
                 next_step_uk, seen, opened_at, seen_at)
             SELECT 'result_late:' || register_id || ':' || $4, $1, register_id, 'critical', merchant_id, register_id,
                 'The provider of register ' || register_id || ' took documents and tells no result of them.',
                 'Провайдер каси ' || register_id || ' прийняв документи, але не каже, що з ними.',
                 'Look at the cash registers in the provider''s cabinet: are they on and connected? Nothing is sent '
                     || 'twice; Kasyr goes on asking.',
                 'Перегляньте каси в кабінеті провайдера: чи вони ввімкнені й на зв’язку? Двічі нічого не надсилається; '
                     || 'Kasyr питає далі.', 1, $2, $2
             FROM documents WHERE state = 'pending' AND sent_at <= $3
             GROUP BY register_id, merchant_id
             ON CONFLICT DO NOTHING",
            [
                RESULT_LATE.into(),
                now.0.into(),
                since.into(),
                sql::id_at(now).into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Is the place of any of this register's documents not known?
    pub async fn has_unsettled(&self, register: &RegisterId) -> Result<bool, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "look for unsettled documents",
            "SELECT 1 AS found FROM documents WHERE register_id = $1 AND state IN ('sending', 'in_doubt') LIMIT 1",
            [register.as_str().into()],
        )
        .await?;
        Ok(row.is_some())
    }

    /// Does more than one document wait on this register?
    pub async fn has_backlog(&self, register: &RegisterId) -> Result<bool, LedgerError> {
        plan::has_other_due(&self.db, register).await
    }
}
