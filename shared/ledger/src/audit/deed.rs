//! The stable words for what people do.

/// Signed in.
pub const SIGNED_IN: &str = "signed_in";
/// Ended one of their sessions.
pub const SIGNED_OUT: &str = "signed_out";
/// Ended all their sessions, or all but one.
pub const SIGNED_OUT_EVERYWHERE: &str = "signed_out_everywhere";
/// Somebody gave a wrong password or code.
pub const WRONG_PASSWORD: &str = "wrong_password";
/// Too many wrong ones in a row: the user is locked out for a while.
pub const LOCKED_OUT: &str = "locked_out";
/// An address tried to sign in more often than it may.
pub const TOO_MANY_TRIES: &str = "too_many_tries";
/// Made a user and a one-time link.
pub const INVITED: &str = "invited";
/// Made another link for a user.
pub const INVITED_AGAIN: &str = "invited_again";
/// Chose a password by a link.
pub const INVITATION_ACCEPTED: &str = "invitation_accepted";
/// Changed a user's name, role, reach, or whether they may sign in.
pub const USER_CHANGED: &str = "user_changed";
/// Chose another password.
pub const PASSWORD_SET: &str = "password_set";
/// A second step is asked at sign-in from then on.
pub const SECOND_STEP_SET: &str = "second_step_set";
/// It is no longer asked.
pub const SECOND_STEP_REMOVED: &str = "second_step_removed";
/// Asked that a shift be closed.
pub const ASKED_CLOSE: &str = "asked_close";
/// Asked for a Z-report.
pub const ASKED_Z_REPORT: &str = "asked_z_report";
/// Asked for totals.
pub const ASKED_TOTALS: &str = "asked_totals";
/// Asked for a clean-up.
pub const ASKED_CLEANUP: &str = "asked_cleanup";
/// Asked for a clean-up that may lose documents.
pub const ASKED_REMOVE: &str = "asked_remove";
/// Asked for a look.
pub const ASKED_SYNC: &str = "asked_sync";
/// Asked for a document's rendering.
pub const ASKED_FETCH: &str = "asked_fetch";
/// Let a held document be sent again.
pub const RESENT: &str = "resent";
/// Said that they know of an alert.
pub const ALERT_ACKNOWLEDGED: &str = "alert_acknowledged";
/// Planned cash in or out.
pub const CASH_PLANNED: &str = "cash_planned";
/// Edited an order.
pub const ORDER_EDITED: &str = "order_edited";
/// Added or changed a merchant, register, source, API key or webhook.
pub const SETTINGS_CHANGED: &str = "settings_changed";
/// Changed the master key that secrets are sealed under.
pub const MASTER_KEY_ROTATED: &str = "master_key_rotated";
/// Settled a held document another way.
pub const CLOSE_HOLD: &str = "close_hold";
/// Settled a receipt that a payment system did not make another way.
pub const EXPECTATION_CLOSED: &str = "expectation_closed";
/// Told of money that went back to a buyer.
pub const REFUND_TOLD: &str = "refund_told";
/// Had a payment divided between its receivers.
pub const ASKED_SETTLEMENT: &str = "asked_settlement";
/// Revoked an API key.
pub const API_KEY_REVOKED: &str = "api_key_revoked";
/// Removed a shop webhook.
pub const WEBHOOK_REMOVED: &str = "webhook_removed";
/// Messages to a buyer or a shop are sent again.
pub const DELIVERIES_SENT_AGAIN: &str = "deliveries_sent_again";
/// A webhook is signed with a new secret, for a while with the old one, too.
pub const WEBHOOK_SECRET_CHANGED: &str = "webhook_secret_changed";
/// Asked that a day's money and receipts be compared.
pub const RECONCILIATION_ASKED: &str = "reconciliation_asked";
/// Asked for the repair of a finding.
pub const FINDING_REPAIRED: &str = "finding_repaired";
/// Settled a finding another way.
pub const FINDING_CLOSED: &str = "finding_closed";
/// Said which order a document belongs to that Kasyr did not make.
pub const DOCUMENT_LINKED: &str = "document_linked";
/// Asked the payment system to give money back.
pub const REFUND_ASKED: &str = "refund_asked";
