use serde_json::json;

use crate::credentials::Credentials;
use crate::signature::sign;

const ACCEPT: &str = "accept";

/// The JSON that tells WayForPay that a callback was taken; without it the callback comes again. Say
/// it only after the callback is safe. `now` in seconds since 1970.
pub fn accept(order_reference: &str, now: i64, credentials: &Credentials) -> String {
    let signature = sign(&credentials.key, &[order_reference, ACCEPT, &now.to_string()]);
    json!({
        "orderReference": order_reference,
        "status": ACCEPT,
        "time": now,
        "signature": signature,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_signed_over_order_status_and_time() {
        let credentials = Credentials {
            account: "test_merch_n1".to_owned(),
            key: "flk3409refn54t54t*FNJRET".into(),
        };
        let answer: serde_json::Value = serde_json::from_str(&accept("DH783023", 1_415_379_863, &credentials)).unwrap();
        // Computed with Python: hmac.new(key, b"DH783023;accept;1415379863", "md5").
        let expected = json!({
            "orderReference": "DH783023",
            "status": "accept",
            "time": 1_415_379_863,
            "signature": "bd8d3443f99fb2c7a8b610ac600c80b0",
        });
        assert_eq!(answer, expected);
    }
}
