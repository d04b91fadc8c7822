//! Log lines: readable text or JSON, ids as fields, every line masked before it is written.

use std::io::{self, Write};

use tracing::Dispatch;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::mask;

/// How log lines are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// Which events to write, such as `info` or `warn,worker=debug`.
    pub filter: String,
    /// Text for people, JSON for machines.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One readable line, without colours: their codes would come between a name and its value and
    /// hide a secret from the mask.
    Text,
    /// One JSON object per line, the event's fields at its top level.
    Json,
}

impl LogFormat {
    /// Reads `text` or `json`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The filter is malformed.
    #[error("the log filter {filter:?} is malformed")]
    BadFilter {
        /// The filter as given.
        filter: String,
        /// What is wrong with it.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// This process already has a global subscriber; it stays.
    #[error("logging is already set up")]
    AlreadyInitialized(#[source] tracing::subscriber::SetGlobalDefaultError),
}

/// Sets up logging for the whole process, to standard output. A second call fails and changes
/// nothing.
pub fn init(config: &LogConfig) -> Result<(), InitError> {
    let dispatch = subscriber_with_writer(config, io::stdout)?;
    tracing::dispatcher::set_global_default(dispatch).map_err(InitError::AlreadyInitialized)
}

/// The same subscriber over another writer, for tests that read what was written; install it with
/// `tracing::dispatcher::set_default`.
pub fn subscriber_with_writer<W>(config: &LogConfig, writer: W) -> Result<Dispatch, InitError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&config.filter).map_err(|source| InitError::BadFilter {
        filter: config.filter.clone(),
        source,
    })?;
    let writer = Masking(writer);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match config.format {
        LogFormat::Text => fmt::layer()
            .with_ansi(false)
            .with_writer(writer)
            .with_filter(filter)
            .boxed(),
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(writer)
            .with_filter(filter)
            .boxed(),
    };
    Ok(Dispatch::new(tracing_subscriber::registry().with(lines)))
}

/// Hands out writers that mask.
struct Masking<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Masking<W> {
    type Writer = MaskedLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        MaskedLine::new(self.0.make_writer())
    }

    fn make_writer_for(&'a self, meta: &tracing::Metadata<'_>) -> Self::Writer {
        MaskedLine::new(self.0.make_writer_for(meta))
    }
}

/// Gathers one event's text and writes it masked when dropped, in one piece: a secret split over
/// two writes would slip through.
struct MaskedLine<W: Write> {
    inner: W,
    gathered: Vec<u8>,
}

impl<W: Write> MaskedLine<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            gathered: Vec::new(),
        }
    }
}

impl<W: Write> Write for MaskedLine<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Nothing goes out before the line is whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for MaskedLine<W> {
    fn drop(&mut self) {
        let line = String::from_utf8_lossy(&self.gathered);
        // There is nowhere left to report a log that cannot be written.
        let _ = self.inner.write_all(mask::text(&line).as_bytes());
        let _ = self.inner.flush();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat, filter: &str, log: impl FnOnce()) -> String {
        let captured = Captured::default();
        let writer = captured.clone();
        let config = LogConfig {
            filter: filter.into(),
            format,
        };
        let dispatch = subscriber_with_writer(&config, move || writer.clone()).unwrap();
        tracing::dispatcher::with_default(&dispatch, log);
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn log_secrets() {
        let span = tracing::info_span!("job", order.email = "buyer@shop.example");
        let _inside = span.enter();
        tracing::info!(
            document.id = 7,
            password = "canary-1",
            answer = r#"{"Password":"canary-2","n":1}"#,
            header = "Authorization: Bearer canary-3",
            "Called +380501234567 with card 4444555566661111 for 4000999001"
        );
    }

    #[test]
    fn every_line_is_masked_in_both_formats() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let line = written(format, "info", log_secrets);
            for secret in ["canary", "buyer@", "380501234567", "4444555566661111"] {
                assert!(!line.contains(secret), "{secret} in {line}");
            }
            assert!(line.contains("4000999001"), "{line}");
            assert!(line.contains("b***@shop.example"), "{line}");
            assert!(line.ends_with('\n') && line.lines().count() == 1, "{line:?}");
        }
    }

    #[test]
    fn a_masked_json_line_is_still_json_with_fields_on_top() {
        let line = written(LogFormat::Json, "info", log_secrets);
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["document.id"], 7);
        assert_eq!(line["password"], "***");
        assert_eq!(line["answer"], r#"{"Password":"***","n":1}"#);
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn the_filter_is_kept_and_a_bad_one_is_named() {
        let line = written(LogFormat::Text, "warn", || {
            tracing::info!("quiet");
            tracing::warn!("loud");
        });
        assert!(line.contains("loud") && !line.contains("quiet"), "{line}");

        let config = LogConfig {
            filter: "worker=loudly".into(),
            format: LogFormat::Text,
        };
        let error = subscriber_with_writer(&config, io::sink).unwrap_err();
        assert!(error.to_string().contains("worker=loudly"), "{error}");
    }

    #[test]
    fn formats_are_read_by_name() {
        assert_eq!(LogFormat::parse("text"), Some(LogFormat::Text));
        assert_eq!(LogFormat::parse("json"), Some(LogFormat::Json));
        assert_eq!(LogFormat::parse("JSON "), None);
    }
}
