//! The worker's metrics: name, unit, meaning. Labels come from enums; a register's id is allowed,
//! an order's is not.

/// Counter. Events planned, by `outcome`: `documents`, `ignored`, `postponed`, `repeated`.
pub const EVENTS_PLANNED: &str = "kasyr_events_planned_total";
/// Counter. Documents that reached an outcome, by `kind`, `state`, `provider`.
pub const DOCUMENTS: &str = "kasyr_documents_total";
/// Histogram, seconds from the document's making to its registration, by `kind`.
pub const SECONDS_TO_REGISTER: &str = "kasyr_document_seconds";
/// Histogram, seconds of a provider's request, by `command` and `code`.
pub const PROVIDER_SECONDS: &str = "kasyr_provider_request_seconds";
/// Counter. Messages by `channel` and `outcome`: `done`, `again`, `unclear`, `held`, `failed`, `skipped`.
pub const DELIVERIES: &str = "kasyr_deliveries_total";
/// Histogram, seconds of one message's sending, by `channel`; of those that were taken.
pub const DELIVERY_SECONDS: &str = "kasyr_delivery_seconds";
/// Histogram, seconds from a receipt's registration to its message being taken, by `channel`.
pub const SECONDS_TO_DELIVER: &str = "kasyr_receipt_to_message_seconds";
/// Gauge. Messages that are not taken by `channel` and `state`: `due`, `held`.
pub const DELIVERIES_OPEN: &str = "kasyr_deliveries_open";
/// Gauge, seconds. Age of the oldest message that is due, by `channel`; zero when there is none.
pub const OLDEST_DELIVERY: &str = "kasyr_oldest_due_delivery_seconds";
/// Gauge. Lanes that take no messages now, by `channel`.
pub const LANES_DOWN: &str = "kasyr_delivery_lanes_down";
/// Gauge. Open documents by `state`.
pub const DOCUMENTS_OPEN: &str = "kasyr_documents_open";
/// Gauge, seconds. Age of the oldest unfinished document; zero when there is none.
pub const OLDEST_DOCUMENT: &str = "kasyr_oldest_due_document_seconds";
/// Gauge. Events that are not planned.
pub const EVENTS_WAITING: &str = "kasyr_events_waiting";
/// Gauge, seconds. Age of the oldest unplanned event; zero when there is none.
pub const OLDEST_EVENT: &str = "kasyr_oldest_waiting_event_seconds";
/// Gauge. Consecutive failures by `register`; zero when healthy.
pub const REGISTER_FAILURES: &str = "kasyr_register_failures";
/// Gauge, seconds. Age of a `register`'s open shift; zero when none is open.
pub const SHIFT_AGE: &str = "kasyr_register_shift_age_seconds";
/// Gauge, minutes. The running offline session of a `register`; the law stops at 2160.
pub const OFFLINE_SESSION: &str = "kasyr_register_offline_session_minutes";
/// Gauge, minutes. A `register`'s offline time in the calendar month, the running session included; the
/// law stops at 10080.
pub const OFFLINE_MONTH: &str = "kasyr_register_offline_month_minutes";
/// Gauge. Documents of a `register` that the tax service does not have yet.
pub const OFFLINE_DOCUMENTS: &str = "kasyr_register_offline_documents";
/// Gauge, seconds. Since a `register` last answered a look; absent until it did.
pub const SEEN_AGE: &str = "kasyr_register_seen_age_seconds";
/// Gauge, days. Until the certificate of a `register`'s key ends; absent when unknown.
pub const CERTIFICATE_DAYS: &str = "kasyr_register_certificate_days_left";
/// Gauge, days. Until the provider's licence of a `register` ends; absent when unknown.
pub const LICENCE_DAYS: &str = "kasyr_register_licence_days_left";
/// Gauge. Open alerts by `kind` and `severity`.
pub const ALERTS_OPEN: &str = "kasyr_alerts_open";
/// Gauge. Open findings of reconciliation by `kind`.
pub const FINDINGS_OPEN: &str = "kasyr_findings_open";
/// Gauge, seconds. Since a `source` was last reconciled; absent until it was.
pub const RECONCILED_AGE: &str = "kasyr_reconciliation_age_seconds";
/// Gauge. Bells in the queue by `kind`; absent while the queue is away.
pub const QUEUE_DEPTH: &str = "kasyr_queue_bells";
/// Gauge. 1 while the queue answers.
pub const QUEUE_UP: &str = "kasyr_queue_up";
