//! Who makes a source's receipts, and that nobody else does.

use std::time::Duration;

use fondy::TranType;
use ledger::Ledger;
use ledger::settings::{ReceiptMaker, Source};
use url::Url;

use super::report::Line;

const PATIENCE: Duration = Duration::from_secs(15);

/// One of the source's first payments is asked about; `None`: there was none, or it cannot be asked about (which is told
/// elsewhere).
pub(super) async fn checked(source: &Source, ledger: &Ledger, http: &reqwest::Client) -> anyhow::Result<Option<Line>> {
    match source.makes_receipts {
        ReceiptMaker::Gateway => {
            return Ok(Some(Line::good(
                "the payment system makes its receipts by itself; Kasyr looks that it does",
            )));
        }
        ReceiptMaker::Kasyr => {}
    }
    let order = ledger.probed_order(&source.id).await?;
    let (Some(order), Ok(api_url), Some(merchant_id)) =
        (order, Url::parse(&source.api_url), source.gateway_merchant_id())
    else {
        return Ok(None);
    };
    let credentials = fondy::Credentials {
        merchant_id,
        key: source.secret.clone(),
    };
    let client = fondy::Client::new(http.clone(), api_url, credentials, PATIENCE);
    let Ok(logs) = client.kkt_logs(order.as_str()).await else {
        return Ok(None);
    };
    let is_sale = |kind: &TranType| matches!(kind, TranType::Purchase | TranType::Capture);
    let doubled = logs
        .entries
        .iter()
        .any(|entry| is_sale(&entry.kind) && entry.registered().is_some());
    Ok(Some(if doubled {
        Line::person(
            format!("the payment system made a receipt for order {order}, and so did Kasyr"),
            "switch its cash register off in its portal, or set mode = \"gateway-fiscalizes\" for this source",
        )
    } else {
        Line::good("the payment system makes no receipts of its own")
    }))
}
