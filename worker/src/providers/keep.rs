//! A client's exchange as a result and an attempt.

use std::time::SystemTime;

use domain::time::UnixMillis;
use ledger::tape::NewAttempt;
use serde_json::Value;
use wire::Record;

use super::Failure;
use crate::metrics;

/// The attempt that an exchange leaves, masked once more; also counts it.
pub(crate) fn attempt<T>(record: Record, result: &Result<T, Failure>) -> NewAttempt {
    let code = match result {
        Ok(_) => "Ok".to_owned(),
        Err(failure) => failure.word.clone(),
    };
    ::metrics::histogram!(metrics::PROVIDER_SECONDS, "command" => record.command, "code" => code.clone())
        .record(record.duration);
    let started = record
        .started
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let masked = |value: &Value| telemetry::mask::json(value).to_string();
    NewAttempt {
        command: record.command.to_owned(),
        request: masked(&record.request),
        response: record.response.as_ref().map(masked),
        http_status: record.http_status,
        outcome: result
            .as_ref()
            .map_or_else(|failure| failure.class.as_str(), |_| "done"),
        code: Some(code),
        message: result.as_ref().err().map(|failure| failure.text.en.clone()),
        started_at: UnixMillis::EPOCH.plus(started),
        duration: record.duration,
    }
}
