//! Prometheus metrics: one recorder per process, or one per test.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

/// Upper bounds for every histogram whose name ends in `_seconds`: from a quick ledger commit to a
/// receipt that waited out an outage.
const SECONDS_BUCKETS: [f64; 16] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0,
];

/// How often samples are folded into histograms when nobody scrapes. Without it they pile up.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// The process has one recorder (a rule of the `metrics` crate), so its handle is one as well.
static INSTALLED: Mutex<Option<MetricsHandle>> = Mutex::new(None);

/// Why metrics could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The recorder could not be built, or another one is installed already.
    #[error("the metrics recorder could not be installed")]
    Recorder(#[source] BuildError),
}

/// Reads what was recorded. Cheap to clone.
#[derive(Clone)]
pub struct MetricsHandle(PrometheusHandle);

impl MetricsHandle {
    /// Everything recorded so far in Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds samples into histograms once. Repeating is safe.
    pub fn run_upkeep(&self) {
        self.0.run_upkeep();
    }

    /// Does the upkeep on a timer and never returns; drop it to stop. `health::serve` runs it, so
    /// only a program without a metrics address has to.
    pub async fn keep_up(&self) {
        let mut timer = tokio::time::interval(UPKEEP_EVERY);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            self.run_upkeep();
        }
    }
}

/// Installs the process's recorder. Calling it again returns the same handle, so two programs
/// started in one process share their metrics.
pub fn install() -> Result<MetricsHandle, InstallError> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = installed.as_ref() {
        return Ok(handle.clone());
    }
    let handle = builder()
        .and_then(PrometheusBuilder::install_recorder)
        .map(MetricsHandle)
        .map_err(InstallError::Recorder)?;
    *installed = Some(handle.clone());
    Ok(handle)
}

/// A recorder of one's own, for tests: several can live in one process without seeing each other's
/// numbers.
pub struct LocalMetrics {
    recorder: PrometheusRecorder,
}

impl LocalMetrics {
    /// A new, empty recorder.
    pub fn new() -> Result<Self, InstallError> {
        let recorder = builder().map_err(InstallError::Recorder)?.build_recorder();
        Ok(Self { recorder })
    }

    /// Reads what was recorded here.
    pub fn handle(&self) -> MetricsHandle {
        MetricsHandle(self.recorder.handle())
    }

    /// Everything `work` records on this thread comes here.
    pub fn record<T>(&self, work: impl FnOnce() -> T) -> T {
        metrics::with_local_recorder(&self.recorder, work)
    }

    /// Until the guard is dropped, everything recorded on this thread comes here: in a test on a
    /// single-threaded runtime, that is every task of the test.
    pub fn enter(&self) -> impl Drop + '_ {
        metrics::set_default_local_recorder(&self.recorder)
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installing_twice_gives_the_same_metrics() {
        let first = install().unwrap();
        let second = install().unwrap();
        metrics::counter!("installed_twice_total").increment(3);
        assert!(first.render().contains("installed_twice_total 3"));
        assert!(second.render().contains("installed_twice_total 3"));
    }

    #[test]
    fn local_recorders_do_not_see_each_other() {
        let one = LocalMetrics::new().unwrap();
        let other = LocalMetrics::new().unwrap();
        one.record(|| metrics::counter!("events_total").increment(1));
        {
            let _guard = other.enter();
            metrics::counter!("events_total").increment(5);
        }
        assert!(one.handle().render().contains("events_total 1"));
        assert!(other.handle().render().contains("events_total 5"));
    }

    #[test]
    fn seconds_become_histograms_with_buckets() {
        let local = LocalMetrics::new().unwrap();
        local.record(|| metrics::histogram!("callback_seconds").record(0.003));
        local.handle().run_upkeep();
        let text = local.handle().render();
        assert!(text.contains("callback_seconds_bucket{le=\"0.0025\"} 0"), "{text}");
        assert!(text.contains("callback_seconds_bucket{le=\"0.005\"} 1"), "{text}");
        assert!(text.contains("callback_seconds_count 1"), "{text}");
    }
}
