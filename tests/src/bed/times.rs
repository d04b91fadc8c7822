use std::time::Duration;

use worker::WorkerTimes;
use worker::backoff::Schedule;
use worker::gateway::when::LookTimes;

/// Times for simulators that answer at once. The order between them is that of the real ones: a
/// call is shorter than its lease, and a request that was cut ends well before it is believed gone.
pub fn short_times() -> WorkerTimes {
    let millis = Duration::from_millis;
    WorkerTimes {
        call_timeout: millis(1_500),
        slow_call_timeout: millis(1_500),
        lease: millis(3_000),
        settle: millis(600),
        first_ask: millis(30),
        look_apart: millis(60),
        register_backoff: Schedule {
            first: millis(40),
            cap: millis(300),
        },
        misconfigured_backoff: Schedule {
            first: millis(60),
            cap: millis(300),
        },
        event_backoff: Schedule {
            first: millis(30),
            cap: millis(200),
        },
        result_ask: Schedule {
            first: millis(30),
            cap: millis(300),
        },
        result_pace: millis(5),
        confirm_limit: Duration::from_secs(60),
        delivery_backoff: Schedule {
            first: millis(40),
            cap: millis(300),
        },
        look_backoff: Schedule {
            first: millis(100),
            cap: millis(1_000),
        },
        gateway_pace: millis(1),
        // No night comes by itself; tests ask.
        reconcile_at: Duration::from_secs(1_000 * 24 * 3600),
        deliver_timeout: millis(2_000),
        breaker: millis(50),
        gateway: LookTimes {
            first: [30, 80, 160, 320, 640].map(millis),
            then: millis(500),
            ..LookTimes::default()
        },
        sweep: millis(100),
        sweep_grace: millis(50),
        gauges: millis(200),
        settings_ttl: millis(100),
        ..WorkerTimes::default()
    }
}
