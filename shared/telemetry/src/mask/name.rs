//! Names of fields that hold secrets or personal data, in any spelling: `KeyPin`, `key_pin`,
//! `KEY-PIN` are one name.

/// A secret wherever these letters occur in the name.
const SECRET_INSIDE: [&str; 11] = [
    "authorization",
    "keypin",
    "offlineseed",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "rectoken",
    "secret",
    "signaturestring",
    "reservationdata", // base64 that carries the buyer's contacts beside the goods
];
/// A secret when the name ends so. `idempotency_key`, `token_count` and `certificate_days` are not.
const SECRET_AT_END: [&str; 12] = [
    "accesskey",
    "apikey",
    "certificate",
    "cookie",
    "masterkey",
    "paymentkey",
    "sessionid",
    "signature",
    "signingkey",
    "token",
    "smartid",
    "csrf",
];
const SECRET_WHOLE: [&str; 6] = ["bearer", "key", "pin", "pwd", "seed", "credentials"];

const PERSONAL_INSIDE: [&str; 3] = ["phone", "cardholder", "ipaddress"];
const PERSONAL_AT_END: [&str; 8] = [
    "email",
    "firstname",
    "fullname",
    "lastname",
    "surname",
    "patronymic",
    "clientip",
    "remoteip",
];
const PERSONAL_WHOLE: [&str; 10] = [
    "customername",
    "customeraddress",
    "customercity",
    "customerstate",
    "customerzip",
    "senderaccount",
    "mobile",
    "buyer",
    "contact",
    "recipient",
];

/// True when a value of that name is never shown.
pub(super) fn is_secret(name: &str) -> bool {
    is_among(name, &SECRET_INSIDE, &SECRET_AT_END, &SECRET_WHOLE)
}

/// True when a value of that name is about a person.
pub(super) fn is_personal(name: &str) -> bool {
    is_among(name, &PERSONAL_INSIDE, &PERSONAL_AT_END, &PERSONAL_WHOLE)
}

fn is_among(name: &str, inside: &[&str], at_end: &[&str], whole: &[&str]) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    inside.iter().any(|part| plain.contains(part))
        || at_end.iter().any(|part| plain.ends_with(part))
        || whole.contains(&plain.as_str())
}
