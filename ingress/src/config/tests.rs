use std::collections::BTreeMap;

use super::*;

fn read(variables: &[(&str, &str)]) -> Result<ProgramConfig, Vec<String>> {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    ProgramConfig::from_env(|name| variables.get(name).cloned())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

const ENOUGH: [(&str, &str); 3] = [
    ("KASYR_DATABASE_URL", "sqlite://k.sqlite"),
    ("KASYR_MASTER_KEY_FILE", "kasyr.key"),
    ("KASYR_QUEUE_URL", "memory:"),
];

#[test]
fn the_ledger_its_key_and_the_queue_are_enough() {
    let config = read(&ENOUGH).unwrap();
    assert_eq!(config.ingress.public_addr.to_string(), "127.0.0.1:8080");
    assert_eq!(config.ingress.limits, Limits::default());
    assert!(!config.ingress.production && config.ingress.trusted_proxies.is_empty());
    assert_eq!(config.queue.prefix, "kasyr");
    assert_eq!(config.metrics.addr, None);
    assert!(config.log.filter.starts_with("info"), "{}", config.log.filter);
}

#[test]
fn all_problems_are_named_at_once_and_no_value_is_shown() {
    let problems = read(&[
        ("KASYR_DATABASE_URL", "mysql://root:canary@db/"),
        ("KASYR_MASTER_KEY", "canary"),
        ("KASYR_QUEUE_URL", "  "),
        ("KASYR_QUEUE_PREFIX", "a{b}"),
        ("KASYR_PUBLIC_ADDR", "canary"),
        ("KASYR_METRICS_ADDR", "9464"),
        ("KASYR_LOG_FORMAT", "xml"),
        ("KASYR_PRODUCTION", "yes"),
        ("KASYR_TRUSTED_PROXIES", "10.0.0.0/8, canary"),
        ("KASYR_MAX_BODY_BYTES", "0"),
        ("KASYR_BODY_TIMEOUT_MS", "10s"),
        ("KASYR_RATE_PER_SOURCE", "-1"),
    ])
    .unwrap_err();
    let names: Vec<&str> = problems
        .iter()
        .filter_map(|problem| problem.split(':').next())
        .collect();
    assert_eq!(
        names,
        [
            "KASYR_DATABASE_URL",
            "KASYR_MASTER_KEY",
            "KASYR_QUEUE_URL",
            "KASYR_QUEUE_PREFIX",
            "KASYR_PUBLIC_ADDR",
            "KASYR_MAX_BODY_BYTES",
            "KASYR_BODY_TIMEOUT_MS",
            "KASYR_RATE_PER_SOURCE",
            "KASYR_PRODUCTION",
            "KASYR_TRUSTED_PROXIES",
            "KASYR_METRICS_ADDR",
            "KASYR_LOG_FORMAT",
        ]
    );
    assert!(!problems.concat().contains("canary"), "{problems:?}");
}

#[test]
fn a_higher_rate_takes_its_burst_along() {
    let mut variables = ENOUGH.to_vec();
    variables.push(("KASYR_RATE_PER_SOURCE", "5000"));
    variables.push(("KASYR_RATE_PER_ADDRESS", "0"));
    let limits = read(&variables).unwrap().ingress.limits;
    assert_eq!((limits.per_source.per_second, limits.per_source.burst), (5000, 5000));
    assert_eq!(limits.per_address.per_second, 0);
}
