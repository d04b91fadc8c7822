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
/// Gauge. Open alerts by `kind`.
pub const ALERTS_OPEN: &str = "kasyr_alerts_open";
/// Gauge. Bells in the queue by `kind`; absent while the queue is away.
pub const QUEUE_DEPTH: &str = "kasyr_queue_bells";
/// Gauge. 1 while the queue answers.
pub const QUEUE_UP: &str = "kasyr_queue_up";
