//! LiqPay's wire: signatures, callbacks, answers.

mod api;
mod callbacks;

use serde_json::{Value, json};

use super::*;
use crate::acquirer::tests::{Door, Got, Shop, config, liqpay_form, liqpay_signature};

fn simulator() -> Simulator {
    Simulator::new(config())
}

/// The sheet's two goods, 267.50 UAH.
fn order(url: &str) -> NewPayment {
    NewPayment::new("shop-1001", 26_750).callback_url(url)
}

/// Both are printed in the documentation; the first `data` is signed with the line break that `base64` made.
#[test]
fn the_published_signatures_fit() {
    let broken = "eyAidmVyc2lvbiIgOiAzLCAicHVibGljX2tleSIgOiAieW91cl9wdWJsaWNfa2V5IiwgImFjdGlv\n\
                  biIgOiAicGF5IiwgImFtb3VudCIgOiAxLCAiY3VycmVuY3kiIDogIlVTRCIsICJkZXNjcmlwdGlv\n\
                  biIgOiAiZGVzY3JpcHRpb24gdGV4dCIsICJvcmRlcl9pZCIgOiAib3JkZXJfaWRfMSIgfQ==";
    let table = [
        (broken, "QvJD5u9Fg55PCx/Hdz6lzWtYwcI="),
        ("base64_post_string", "tp+ZLmKm1/E83dIzUpx5ljcttP4="),
    ];
    for (data, signature) in table {
        assert_eq!(signature::sign("your_private_key", data), signature);
    }
}
