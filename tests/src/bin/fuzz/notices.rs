//! The decoders of what providers tell by themselves.

use crate::decoders::Decoder;

const CASHDESK: &str = r#"{"num_fiscal":"4000000017","check_type":"Z_SALE","ORDERNUM":"TST_a1","ORDERDATE":"2026-11-21","ORDERTIME":"10:15:41","is_offline":false,"check_data":{"total_sum":124.10,"payments":[{"code":0,"name":"CASH","sum":124.10}],"products":[{"name":"Notebook","amount":3,"price":41.37,"cost":124.11}],"offline_id":null,"local_number":90017,"round_sum":-0.01},"qr":"QUJD","link":"https://till.example/check/1/html","uuid":"6f0c5a3e-0000-4000-8000-0000000000aa","local_number":90017,"cash_in_box":624.1}"#;
const ATOL: &str = r#"{"uuid":"5e1f0000-0000-4000-8000-000000000001","external_id":"0123456789ABC-1","group_code":"demo_group_1","status":"done","error":null,"warnings":null,"timestamp":"21.11.2026 10:15:46","payload":{"total":300.00,"fn_number":"9999000000000001","fiscal_document_number":133,"fiscal_document_attribute":3000000007}}"#;
const ATOL_FAILED: &str = r#"{"uuid":"5e1f0000-0000-4000-8000-000000000002","external_id":"0123456789ABC-2","status":"fail","payload":null,"error":{"code":2009,"text":"INN differs","type":"agent"}}"#;

pub fn all() -> Vec<Decoder> {
    vec![
        Decoder {
            name: "cashdesk webhook",
            corpus: || vec![CASHDESK.into()],
            dress: |input| vec![input.to_vec()],
            read: |body| {
                let Ok(view) = cashdesk::read_webhook(body) else {
                    return Ok(());
                };
                let ids = [view.uuid.as_deref(), view.order_num.as_deref()];
                storable(ids.into_iter().chain([Some(view.identity().as_str())]))
            },
        },
        Decoder {
            name: "atol online callback",
            corpus: || vec![ATOL.into(), ATOL_FAILED.into()],
            dress: |input| vec![input.to_vec()],
            read: |body| {
                let Ok(report) = atol_online::read_callback(body) else {
                    return Ok(());
                };
                storable([report.uuid.as_deref(), report.external_id.as_deref()])
            },
        },
    ]
}

/// Keys of the ledger: PostgreSQL takes no NUL, and an index no text of any length.
fn storable<'a>(ids: impl IntoIterator<Item = Option<&'a str>>) -> Result<(), String> {
    for id in ids.into_iter().flatten() {
        if id.chars().any(char::is_control) {
            return Err("an id has a control character".to_owned());
        }
        if id.is_empty() || id.chars().count() > 300 {
            return Err("an id is empty or too long".to_owned());
        }
    }
    Ok(())
}
