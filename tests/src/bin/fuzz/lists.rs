//! The decoders of what Fondy lists: what its own cash register made, and the movements of an order's money.

use crate::decoders::Decoder;

const LOGS: &str = r#"{"response":{"1499968937":{"type":"purchase","request":{"CHECKHEAD":{"DOCTYPE":0,"DOCSUBTYPE":0,"UID":"0e9b042d-0000-4000-8000-000000000001","TIN":"1234567890","ORGNM":"ФОП Приклад","ORDERNUM":1203,"ORDERDATE":"05032025","ORDERTIME":"140410","CASHREGISTERNUM":"4000999001","CASHIER":"Каса","VER":1,"OFFLINE":"false"},"CHECKTOTAL":{"SUM":267.5,"RNDSUM":"0.00"},"CHECKPAY":[{"PAYFORMCD":1,"PAYFORMNM":"КАРТКА","SUM":"267.50","PAYSYS":[{"NAME":"VISA","AUTHCD":"012345","EPZDETAILS":"444455XXXXXX1111","ACQUIRETRANSID":"1"}]}],"CHECKBODY":[{"CODE":1,"NAME":"Мигдаль","DESCRIPTION":"смажений","AMOUNT":0.2,"PRICE":"700.00","COST":"140.00","UNITNM":"од.","VALCD":"980"},{"CODE":2,"NAME":"Кеш’ю","AMOUNT":"0.15","PRICE":850,"COST":127.5}]},"response":{"ORDERTAXNUM":"9000000120","ERRORCODE":"0","ORDERNUM":"1203","ORDERDATE":"05032025","ORDERTIME":"140412","VER":"1"}},"response_status":"success"}}"#;
const TRANSACTIONS: &str = r#"{"response":[{"id":1499968937,"parent_tran_id":null,"order_id":"shop-1001","tran_type":"purchase","transaction_status":"approved","amount":267.5,"actual_amount":267.5,"reversal_amount":0.0,"capture_amount":null,"currency":"UAH","actual_currency":"UAH","preauth":false,"timeend":"05.03.2025 14:04:09"},{"id":"1499968938","parent_tran_id":1499968937,"tran_type":"reverse","transaction_status":"approved","amount":"127.50","preauth":"Y","capture_status":"captured"}]}"#;

pub fn all() -> Vec<Decoder> {
    vec![
        Decoder {
            name: "fondy get_kkt_logs",
            corpus: || vec![LOGS.into()],
            dress: |input| vec![input.to_vec()],
            read: |body| {
                if let Ok(text) = std::str::from_utf8(body)
                    && let Ok(logs) = fondy::read_kkt_logs(text)
                {
                    let _ = payments::kkt::found(&logs);
                }
                Ok(())
            },
        },
        Decoder {
            name: "fondy transaction_list",
            corpus: || vec![TRANSACTIONS.into()],
            dress: |input| vec![input.to_vec()],
            read: |body| {
                if let Ok(text) = std::str::from_utf8(body) {
                    let _ = fondy::read_transactions(text);
                }
                Ok(())
            },
        },
    ]
}
