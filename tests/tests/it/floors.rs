//! The floors of ARCHITECTURE.md: who may use whom.

use std::process::Command;

use serde_json::Value;

/// Lowest first. A crate may use only crates named on an earlier line.
const FLOORS: &[&[&str]] = &[
    &["domain", "migrations", "vault", "wire"],
    &["receipts"],
    &[
        "ledger",
        "telemetry",
        "atol-online",
        "cashalot",
        "cashdesk",
        "fondy",
        "hooks",
        "liqpay",
        "mailer",
        "monobank",
        "wayforpay",
    ],
    &["queue", "payments"],
    &["program"],
    &["ingress", "worker"],
    &["kasyr", "tests"],
];

/// One per outside protocol: each knows its wire and nothing of us.
const CLIENTS: &[&str] = &[
    "atol-online",
    "cashalot",
    "cashdesk",
    "fondy",
    "hooks",
    "liqpay",
    "mailer",
    "monobank",
    "wayforpay",
];

/// What the clients' wires have in common. It uses none of our crates.
const WIRE: &str = "wire";

/// Turns what a receipt says into what a buyer reads: no secrets, no schema, no I/O.
const RECEIPTS: &str = "receipts";

/// The simulators stand beside the stairs. They share no wire types with the clients, so that one
/// mistake cannot hide in both.
const SANDBOX: &str = "sandbox";

/// Every edge between two of our crates; development edges too, for a test must not need what its
/// crate may not know.
fn edges() -> Vec<(String, String)> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    let ours: Vec<String> = packages.iter().map(name).collect();
    let mut edges = Vec::new();
    for package in packages {
        let used = package["dependencies"].as_array().unwrap().iter().map(name);
        edges.extend(
            used.filter(|used| ours.contains(used))
                .map(|used| (name(package), used)),
        );
    }
    for crate_name in &ours {
        let known = crate_name == SANDBOX || floor(crate_name).is_some();
        assert!(known, "give {crate_name} a floor in this test and in ARCHITECTURE.md");
    }
    edges
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|names| names.contains(&name))
}

/// Why an edge must not be, if it must not.
fn wrong(user: &str, used: &str) -> Option<String> {
    let why = |text: &str| Some(format!("{user} must not depend on {used}: {text}"));
    if user == SANDBOX {
        return why("the simulators share nothing with what they test");
    }
    if used == SANDBOX {
        let may = ["kasyr", "tests"].contains(&user);
        return (!may)
            .then(|| why("simulators are for the demo and the tests"))
            .flatten();
    }
    if used == "migrations" && !["ledger", "kasyr"].contains(&user) {
        return why("the schema is the ledger's own matter");
    }
    if user == WIRE || CLIENTS.contains(&user) && used != WIRE {
        return why("a protocol client knows its wire and nothing of us");
    }
    if user == RECEIPTS && used != "domain" {
        return why("how a receipt looks is pure");
    }
    match (floor(user), floor(used)) {
        (Some(upper), Some(lower)) if lower < upper => None,
        _ => why("it is not on a lower floor"),
    }
}

#[test]
fn no_crate_depends_upward() {
    let edges = edges();
    assert!(edges.contains(&("ledger".to_owned(), "domain".to_owned())), "{edges:?}");
    let wrong: Vec<String> = edges.iter().filter_map(|(user, used)| wrong(user, used)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rules_refuse_what_they_are_there_for() {
    for (user, used, allowed) in [
        ("ledger", "domain", true),
        ("queue", "telemetry", true),
        ("kasyr", "worker", true),
        ("kasyr", "sandbox", true),
        ("ledger", "migrations", true),
        ("receipts", "domain", true),
        ("worker", "receipts", true),
        ("receipts", "vault", false),
        ("receipts", "ledger", false),
        ("domain", "ledger", false),
        ("ledger", "telemetry", false),
        ("ingress", "worker", false),
        ("kasyr", "tests", false),
        ("cashalot", "domain", false),
        ("liqpay", "wire", true),
        ("liqpay", "fondy", false),
        ("wire", "domain", false),
        ("worker", "sandbox", false),
        ("worker", "migrations", false),
        ("sandbox", "fondy", false),
    ] {
        assert_eq!(wrong(user, used).is_none(), allowed, "{user} -> {used}");
    }
}

/// What providers are called in code.
const PROVIDERS: &[&str] = &["cashalot", "cashälot", "cashdesk", "atol"];

/// Where a provider may be called by its name.
const KNOWS_PROVIDERS: &[&str] = &[
    "worker/src/providers/",
    "ingress/src/admin/settings/",
    "ingress/src/callbacks/",
];

#[test]
fn only_adapters_callbacks_and_the_settings_page_know_which_provider_it_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = Vec::new();
    let mut seen = 0;
    let mut folders = vec![root.join("worker/src"), root.join("ingress/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            if path.extension().is_none_or(|kind| kind != "rs")
                || KNOWS_PROVIDERS.iter().any(|may| name.starts_with(may))
            {
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
            named.extend(
                PROVIDERS
                    .iter()
                    .filter(|word| text.contains(**word))
                    .map(|word| format!("{name} names {word}")),
            );
        }
    }
    assert!(seen > 100, "{seen} files were looked at");
    assert!(named.is_empty(), "{}", named.join("\n"));
}
