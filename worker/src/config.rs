//! The worker's settings.

use std::time::Duration;

use hooks::PrivateAddresses;
use mailer::{Address, SmtpUrl};
use program::{Problem, Reader};

use crate::backoff::Schedule;
use crate::gateway::when::LookTimes;

/// Registers worked at a time by one worker. A turn on a register waits for its provider most of the
/// time, so this is about receipts a second × seconds a receipt takes. More than that only makes all of
/// them wait for the same cores and connections, the idle register's receipt among them.
const REGISTER_CONCURRENCY: u32 = 32;

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// This process, for leases and logs: unique per start.
    pub name: String,
    /// Registers worked at the same time.
    pub register_concurrency: usize,
    /// Events planned at the same time.
    pub plan_concurrency: usize,
    /// Lanes of messages worked at the same time.
    pub deliver_concurrency: usize,
    /// Looks at payment systems' own registers made at the same time.
    pub look_concurrency: usize,
    /// How messages leave.
    pub delivery: DeliveryConfig,
    /// What is known of payment systems' own registers.
    pub gateway: GatewayConfig,
    /// All the times.
    pub times: WorkerTimes,
}

/// What is known of payment systems' own registers.
#[derive(Clone, Debug, Default)]
pub struct GatewayConfig {
    /// Fondy's endpoint for the link to a receipt's file, below `/api`. No default: the public document does not tell it.
    /// `None`: no files are got.
    pub receipt_path: Option<String>,
}

/// How messages to buyers and shops leave.
#[derive(Clone, Debug)]
pub struct DeliveryConfig {
    /// The mail server and who writes; `None`: no mail is sent, and orders say so.
    pub post: Option<Post>,
    /// Where receipts' pages are, without a slash at the end.
    pub public_url: String,
    /// Whether webhooks, and files that a payment system links to, may be in the operator's own network.
    pub private_webhooks: PrivateAddresses,
}

/// The mail server and the service's own address.
#[derive(Clone, Debug)]
pub struct Post {
    /// Where the mail server is and how to sign in.
    pub server: SmtpUrl,
    /// Who writes, when a merchant says nothing else.
    pub from: Address,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self {
            post: None,
            public_url: "http://127.0.0.1:8080".to_owned(),
            private_webhooks: PrivateAddresses::Refused,
        }
    }
}

impl DeliveryConfig {
    /// Reads `KASYR_SMTP_URL` and `KASYR_MAIL_FROM` (both or neither), `KASYR_PUBLIC_URL` (required with them, default
    /// `http://127.0.0.1:8080`), and `KASYR_PRIVATE_WEBHOOKS` (`allowed` lets webhooks into the operator's own network;
    /// default `refused`). All problems at once.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(env);
        let server = reader.optional("KASYR_SMTP_URL");
        let from = reader.optional("KASYR_MAIL_FROM");
        let parse_server = |text: &str| SmtpUrl::parse(text).map_err(|error| error.to_string());
        let parse_from = |text: &str| Address::parse(text).map_err(|error| error.to_string());
        let post = match (server, from) {
            (None, None) => Some(None),
            (Some(server), Some(from)) => {
                let server = reader.read("KASYR_SMTP_URL", &server, parse_server);
                let from = reader.read("KASYR_MAIL_FROM", &from, parse_from);
                server.zip(from).map(|(server, from)| Some(Post { server, from }))
            }
            (Some(_), None) => {
                let why = "it should be the sender's address, since KASYR_SMTP_URL is set";
                reader.read("KASYR_MAIL_FROM", "", |_: &str| Err(why.to_owned()))
            }
            (None, Some(_)) => {
                let why = "it should be the mail server, since KASYR_MAIL_FROM is set";
                reader.read("KASYR_SMTP_URL", "", |_: &str| Err(why.to_owned()))
            }
        };
        let standard = Self::default();
        let public_url = match reader.optional("KASYR_PUBLIC_URL") {
            None if matches!(post, Some(Some(_))) => {
                let why = "it should be how buyers reach the public address, since letters link to receipts there";
                reader.read("KASYR_PUBLIC_URL", "", |_: &str| Err(why.to_owned()))
            }
            None => Some(standard.public_url),
            Some(text) => reader.read("KASYR_PUBLIC_URL", &text, |text| {
                let known = text.starts_with("https://") || text.starts_with("http://");
                let short = text.trim_end_matches('/').to_owned();
                if known {
                    Ok(short)
                } else {
                    Err("it should begin with https:// or http://".to_owned())
                }
            }),
        };
        let private_webhooks = match reader.optional("KASYR_PRIVATE_WEBHOOKS") {
            None => Some(standard.private_webhooks),
            Some(text) => reader.read("KASYR_PRIVATE_WEBHOOKS", &text, |text| match text {
                "allowed" => Ok(PrivateAddresses::Allowed),
                "refused" => Ok(PrivateAddresses::Refused),
                _ => Err("it should be 'allowed' or 'refused'".to_owned()),
            }),
        };
        reader.finish(
            post.zip(public_url)
                .zip(private_webhooks)
                .map(|((post, public_url), private_webhooks)| Self {
                    post,
                    public_url,
                    private_webhooks,
                }),
        )
    }
}

/// How long things may take and when they are tried again. The defaults suit the real services;
/// tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct WorkerTimes {
    /// A provider's call is cut after this.
    pub call_timeout: Duration,
    /// The same of a provider whose honest answers may take half a minute ([`WorkerTimes::slow`]).
    pub slow_call_timeout: Duration,
    /// A lease lasts this long; it must exceed the call's time-out by a half at least.
    pub lease: Duration,
    /// How long a request that was cut may go on at the provider. Only after this is "not there"
    /// believed (the provider's own time-out is unknown).
    pub settle: Duration,
    /// The first question after an answer was lost.
    pub first_ask: Duration,
    /// Two looks that find nothing must be at least this far apart.
    pub look_apart: Duration,
    /// After this long a doubt becomes a hold.
    pub doubt_limit: Duration,
    /// Waits between questions for a result that comes later.
    pub result_ask: Schedule,
    /// Such questions on one register begin at least so far apart.
    pub result_pace: Duration,
    /// A result may be awaited this long before somebody is told.
    pub result_patience: Duration,
    /// After this long without a result its document becomes a hold: no provider keeps results longer.
    pub result_limit: Duration,
    /// Waits of a register in trouble.
    pub register_backoff: Schedule,
    /// Waits of a register whose settings are wrong: trying often helps nobody.
    pub misconfigured_backoff: Schedule,
    /// Waits of an event whose payment is not confirmed.
    pub event_backoff: Schedule,
    /// After this long an unconfirmed payment becomes a hold.
    pub confirm_limit: Duration,
    /// A payment may wait so long for its receivers before somebody is told.
    pub split_limit: Duration,
    /// A refund may wait so long for its sale before somebody is told.
    pub orphan_patience: Duration,
    /// Pause of a provider's address after a failed connection.
    pub breaker: Duration,
    /// A handler gives the register's lane back after this long …
    pub quantum: Duration,
    /// … or after this many documents, so that busy registers do not starve idle ones.
    pub quantum_documents: u32,
    /// Waits of a lane that takes no messages, and of a message that is refused.
    pub delivery_backoff: Schedule,
    /// After this long a message that is not taken waits for a person.
    pub delivery_limit: Duration,
    /// A lane may be down this long before somebody is told.
    pub lane_patience: Duration,
    /// A message's sending is cut after about this long.
    pub deliver_timeout: Duration,
    /// When payment systems' own registers are looked at.
    pub gateway: LookTimes,
    /// How often the sweep looks.
    pub sweep: Duration,
    /// What is younger than this is left to its own bell.
    pub sweep_grace: Duration,
    /// How often a register is looked at that has nothing under way.
    pub watch: Duration,
    /// The same while offline documents or a report's comparison are under way.
    pub watch_soon: Duration,
    /// So long after midnight in Kyiv the day before is reconciled.
    pub reconcile_at: Duration,
    /// What came onto its way less than this ago is not missing yet.
    pub reconcile_patience: Duration,
    /// A reconciliation waits so long for the registers to read their tapes.
    pub tape_patience: Duration,
    /// Questions to a payment system about single orders begin at least so far apart.
    pub gateway_pace: Duration,
    /// Waits between looks at an open finding, until the next night has it.
    pub look_backoff: Schedule,
    /// How often the gauges are read.
    pub gauges: Duration,
    /// Settings read from the ledger are used for this long.
    pub settings_ttl: Duration,
}

impl WorkerTimes {
    /// The times of a register whose provider is slow: a longer call, and a lease that is longer in proportion.
    #[must_use]
    pub(crate) fn slow(self) -> Self {
        let call_timeout = self.call_timeout.max(self.slow_call_timeout);
        Self {
            call_timeout,
            lease: self.lease.max(call_timeout * 3 / 2),
            ..self
        }
    }

    /// For how long a lane is taken: no message's sending outlives it.
    pub(crate) fn lane_lease(&self) -> Duration {
        self.deliver_timeout * 2 + Duration::from_secs(2)
    }
}

impl Default for WorkerTimes {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            call_timeout: seconds(20),
            slow_call_timeout: seconds(50),
            lease: seconds(45),
            settle: seconds(60),
            first_ask: seconds(2),
            look_apart: seconds(5),
            doubt_limit: seconds(24 * 3600),
            result_ask: Schedule {
                first: seconds(5),
                cap: seconds(300),
            },
            result_pace: seconds(1),
            result_patience: seconds(15 * 60),
            result_limit: seconds(32 * 24 * 3600),
            register_backoff: Schedule {
                first: seconds(1),
                cap: seconds(300),
            },
            misconfigured_backoff: Schedule {
                first: seconds(30),
                cap: seconds(900),
            },
            event_backoff: Schedule {
                first: seconds(2),
                cap: seconds(600),
            },
            confirm_limit: seconds(24 * 3600),
            orphan_patience: seconds(3600),
            breaker: seconds(1),
            quantum: seconds(2),
            quantum_documents: 8,
            delivery_backoff: Schedule {
                first: seconds(5),
                cap: seconds(600),
            },
            // Longer than the day that is promised, so that a shop that was away for a day still gets everything.
            split_limit: seconds(3600),
            delivery_limit: seconds(25 * 3600),
            lane_patience: seconds(3600),
            deliver_timeout: seconds(20),
            gateway: LookTimes::default(),
            sweep: seconds(5),
            sweep_grace: seconds(3),
            watch: seconds(300),
            watch_soon: seconds(60),
            reconcile_at: seconds(4 * 3600 + 1800),
            reconcile_patience: seconds(600),
            tape_patience: seconds(1800),
            gateway_pace: Duration::from_millis(50),
            look_backoff: Schedule {
                first: seconds(3),
                cap: seconds(1800),
            },
            gauges: seconds(15),
            settings_ttl: seconds(2),
        }
    }
}

impl WorkerConfig {
    /// A worker's settings with a fresh name.
    pub fn new(times: WorkerTimes) -> Self {
        Self {
            name: format!("worker-{}", uuid::Uuid::now_v7()),
            register_concurrency: REGISTER_CONCURRENCY as usize,
            plan_concurrency: 16,
            deliver_concurrency: 16,
            look_concurrency: 8,
            delivery: DeliveryConfig::default(),
            gateway: GatewayConfig::default(),
            times,
        }
    }

    /// Reads `KASYR_REGISTER_CONCURRENCY` (registers worked at a time, default 32),
    /// `KASYR_PLAN_CONCURRENCY` (default 16), `KASYR_DELIVER_CONCURRENCY` (lanes of messages at a time,
    /// default 16), `KASYR_DELIVERY_BACKOFF_CAP_MS` (default 600000), `KASYR_DELIVER_TIMEOUT_MS` (default 20000), `KASYR_CALL_TIMEOUT_MS` (default 20000),
    /// `KASYR_SLOW_CALL_TIMEOUT_MS` (default 50000: providers that take their time; their registers' leases are half as
    /// long again), `KASYR_LEASE_MS` (default 45000), `KASYR_SETTLE_MS` (default 60000),
    /// `KASYR_LOOK_APART_MS` (default 5000), `KASYR_BACKOFF_CAP_MS` (default 300000), `KASYR_RESULT_ASK_MS` (default 5000)
    /// and `KASYR_RESULT_PACE_MS` (default 1000): the first question for a result that comes later, and how far apart
    /// such questions on one register begin at least,
    /// `KASYR_RECONCILE_AFTER_MIDNIGHT_MS` (default 16200000: 04:30 in Kyiv), `KASYR_GATEWAY_PACE_MS` (default 50),
    /// `KASYR_SWEEP_MS` (default 5000), `KASYR_WATCH_MS` (default 300000) and `KASYR_WATCH_SOON_MS`
    /// (default 60000), `KASYR_GATEWAY_WARN_MS` (default 3600000) and `KASYR_GATEWAY_MISSED_MS` (default 86400000): how
    /// late a payment system's own receipt may be before it is a warning, and before it is critical; and
    /// `KASYR_FONDY_RECEIPT_PATH`. All problems at once.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(&env);
        let mut number = |name: &'static str, default: u64| {
            let Some(text) = reader.optional(name) else {
                return default;
            };
            let read = |text: &str| match text.parse::<u64>() {
                Ok(number) if number > 0 => Ok(number),
                Ok(_) | Err(_) => Err("it should be a whole number above zero".to_owned()),
            };
            reader.read(name, &text, read).unwrap_or(default)
        };
        let standard = WorkerTimes::default();
        let mut millis = |name, default: Duration| {
            Duration::from_millis(number(name, u64::try_from(default.as_millis()).unwrap_or(u64::MAX)))
        };
        let times = WorkerTimes {
            call_timeout: millis("KASYR_CALL_TIMEOUT_MS", standard.call_timeout),
            slow_call_timeout: millis("KASYR_SLOW_CALL_TIMEOUT_MS", standard.slow_call_timeout),
            lease: millis("KASYR_LEASE_MS", standard.lease),
            settle: millis("KASYR_SETTLE_MS", standard.settle),
            look_apart: millis("KASYR_LOOK_APART_MS", standard.look_apart),
            first_ask: millis("KASYR_FIRST_ASK_MS", standard.first_ask),
            register_backoff: Schedule {
                cap: millis("KASYR_BACKOFF_CAP_MS", standard.register_backoff.cap),
                ..standard.register_backoff
            },
            event_backoff: Schedule {
                cap: millis("KASYR_BACKOFF_CAP_MS", standard.event_backoff.cap),
                ..standard.event_backoff
            },
            delivery_backoff: standard
                .delivery_backoff
                .up_to(millis("KASYR_DELIVERY_BACKOFF_CAP_MS", standard.delivery_backoff.cap)),
            deliver_timeout: millis("KASYR_DELIVER_TIMEOUT_MS", standard.deliver_timeout),
            result_ask: Schedule {
                first: millis("KASYR_RESULT_ASK_MS", standard.result_ask.first),
                cap: millis("KASYR_BACKOFF_CAP_MS", standard.result_ask.cap),
            },
            result_pace: millis("KASYR_RESULT_PACE_MS", standard.result_pace),
            gateway: LookTimes {
                warn: millis("KASYR_GATEWAY_WARN_MS", standard.gateway.warn),
                missed: millis("KASYR_GATEWAY_MISSED_MS", standard.gateway.missed),
                ..standard.gateway
            },
            sweep: millis("KASYR_SWEEP_MS", standard.sweep),
            watch: millis("KASYR_WATCH_MS", standard.watch),
            watch_soon: millis("KASYR_WATCH_SOON_MS", standard.watch_soon),
            reconcile_at: millis("KASYR_RECONCILE_AFTER_MIDNIGHT_MS", standard.reconcile_at),
            gateway_pace: millis("KASYR_GATEWAY_PACE_MS", standard.gateway_pace),
            ..standard
        };
        let concurrency = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(4096);
        let config = Self {
            register_concurrency: concurrency(number("KASYR_REGISTER_CONCURRENCY", REGISTER_CONCURRENCY.into())),
            plan_concurrency: concurrency(number("KASYR_PLAN_CONCURRENCY", 16)),
            deliver_concurrency: concurrency(number("KASYR_DELIVER_CONCURRENCY", 16)),
            ..Self::new(times)
        };
        let config = Self {
            gateway: GatewayConfig {
                receipt_path: reader.optional("KASYR_FONDY_RECEIPT_PATH"),
            },
            ..config
        };
        if times.lease < times.call_timeout * 3 / 2 {
            let why = "it should be at least one and a half times KASYR_CALL_TIMEOUT_MS: \
                       a call must never outlive its lease";
            let refuse = |_: &str| Err::<(), _>(why.to_owned());
            reader.read("KASYR_LEASE_MS", "", refuse);
        }
        let mut problems = Vec::new();
        let config = program::keep(reader.finish(Some(config)), &mut problems);
        let delivery = program::keep(DeliveryConfig::from_env(env), &mut problems);
        match (config, delivery) {
            (Some(config), Some(delivery)) => Ok(Self { delivery, ..config }),
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_told_at_once() {
        let env = |name: &str| match name {
            "KASYR_LEASE_MS" => Some("1000".to_owned()),
            "KASYR_SWEEP_MS" => Some("soon".to_owned()),
            _ => None,
        };
        let problems = WorkerConfig::from_env(env).unwrap_err();
        let names: Vec<_> = problems.iter().map(|problem| problem.variable).collect();
        assert_eq!(names, ["KASYR_SWEEP_MS", "KASYR_LEASE_MS"]);
    }

    #[test]
    fn mail_needs_a_sender_and_an_address_for_its_links_and_no_problem_shows_a_password() {
        let read = |set: &'static [(&'static str, &'static str)]| {
            let env = move |name: &str| {
                set.iter()
                    .find(|(set, _)| *set == name)
                    .map(|(_, text)| (*text).to_owned())
            };
            DeliveryConfig::from_env(env)
        };
        let names = |problems: Vec<Problem>| problems.into_iter().map(|problem| problem.variable).collect::<Vec<_>>();
        assert!(read(&[]).unwrap().post.is_none());
        let alone = read(&[("KASYR_SMTP_URL", "smtps://kasyr:geheim@mail.example")]).unwrap_err();
        assert_eq!(names(alone), ["KASYR_MAIL_FROM"]);
        let nowhere = read(&[
            ("KASYR_SMTP_URL", "smtps://kasyr:geheim@mail.example"),
            ("KASYR_MAIL_FROM", "receipts@shop.example"),
        ]);
        assert_eq!(names(nowhere.unwrap_err()), ["KASYR_PUBLIC_URL"]);
        let wrong = read(&[
            ("KASYR_SMTP_URL", "http://kasyr:geheim@mail.example"),
            ("KASYR_MAIL_FROM", "nobody"),
            ("KASYR_PUBLIC_URL", "kasyr.example"),
            ("KASYR_PRIVATE_WEBHOOKS", "yes"),
        ])
        .unwrap_err();
        assert!(wrong.iter().all(|problem| !format!("{problem:?}").contains("geheim")));
        assert_eq!(
            names(wrong),
            [
                "KASYR_SMTP_URL",
                "KASYR_MAIL_FROM",
                "KASYR_PUBLIC_URL",
                "KASYR_PRIVATE_WEBHOOKS"
            ]
        );
        let good = read(&[
            ("KASYR_SMTP_URL", "smtps://kasyr:geheim@mail.example"),
            ("KASYR_MAIL_FROM", "Квіти <receipts@shop.example>"),
            ("KASYR_PUBLIC_URL", "https://kasyr.example/"),
        ])
        .unwrap();
        assert_eq!(good.public_url, "https://kasyr.example");
        assert!(!format!("{good:?}").contains("geheim"));
    }

    #[test]
    fn the_defaults_keep_a_call_inside_its_lease() {
        assert!(WorkerConfig::from_env(|_| None).is_ok());
    }

    #[test]
    fn a_slow_call_stays_inside_its_lease_however_the_times_are_set() {
        for (call, slow, lease) in [("20000", "50000", "45000"), ("1", "1", "2"), ("60000", "1000", "90000")] {
            let env = move |name: &str| {
                let value = match name {
                    "KASYR_CALL_TIMEOUT_MS" => call,
                    "KASYR_SLOW_CALL_TIMEOUT_MS" => slow,
                    "KASYR_LEASE_MS" => lease,
                    _ => return None,
                };
                Some(value.to_owned())
            };
            let times = WorkerConfig::from_env(env).unwrap().times;
            let slow = times.slow();
            assert!(slow.lease >= slow.call_timeout * 3 / 2, "{slow:?}");
            assert!(slow.call_timeout >= times.slow_call_timeout && slow.lease >= times.lease);
        }
    }

    #[test]
    fn a_message_is_never_longer_under_way_than_its_lanes_lease() {
        for timeout in ["1", "1500", "600000"] {
            let env = move |name: &str| (name == "KASYR_DELIVER_TIMEOUT_MS").then(|| timeout.to_owned());
            let times = WorkerConfig::from_env(env).unwrap().times;
            let longest = crate::state::mail_times(times.deliver_timeout).all();
            assert!(longest < times.lane_lease(), "{timeout}: {longest:?}");
        }
    }
}
