//! CSV for people's spreadsheets: written a page of the ledger at a time, so that the largest list fits in
//! little memory.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::time::UnixMillis;
use futures_util::stream::{self, Stream};
use ledger::people::Reach;
use ledger::search::{OrderFilter, OrderRow};
use ledger::{Ledger, LedgerError};

const PAGE: u32 = 500;

const ORDER: [&str; 9] = [
    "order",
    "merchant",
    "created_at",
    "status",
    "sold",
    "returned",
    "fiscal_number",
    "registers",
    "buyer",
];

/// Where the export of orders stands.
struct Place {
    ledger: Ledger,
    reach: Reach,
    filter: OrderFilter,
    after: Option<String>,
    begun: bool,
    done: bool,
}

/// All orders within reach that fit.
pub(crate) fn orders(ledger: &Ledger, reach: Reach, filter: OrderFilter) -> Response {
    let place = Place {
        ledger: ledger.clone(),
        reach,
        filter,
        after: None,
        begun: false,
        done: false,
    };
    download("kasyr-orders.csv", stream::try_unfold(place, next_orders))
}

async fn next_orders(mut place: Place) -> Result<Option<(Bytes, Place)>, LedgerError> {
    if place.done {
        return Ok(None);
    }
    let found = place
        .ledger
        .search_orders(&place.reach, &place.filter, place.after.as_deref(), PAGE)
        .await?;
    let head = (!place.begun).then_some(&ORDER[..]);
    let text = rows(head, found.rows.iter().map(order));
    place.begun = true;
    place.done = found.next.is_none();
    place.after = found.next;
    Ok(Some((text, place)))
}

fn order(row: &OrderRow) -> [String; 9] {
    [
        row.external_id.clone(),
        row.merchant.clone(),
        time(row.created_at),
        row.status.as_str().to_owned(),
        row.sums.sold.to_string(),
        row.sums.returned.to_string(),
        row.fiscal_number.clone().unwrap_or_default(),
        row.registers.join(" "),
        row.masked_email.clone().unwrap_or_default(),
    ]
}

/// A file to be saved. An error in the middle breaks the answer off: half a list must not look whole.
pub(crate) fn download(
    name: &'static str,
    parts: impl Stream<Item = Result<Bytes, LedgerError>> + Send + 'static,
) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            CONTENT_DISPOSITION,
            HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
                .unwrap_or_else(|_| HeaderValue::from_static("attachment")),
        ),
    ];
    (headers, Body::from_stream(parts)).into_response()
}

/// Rows as CSV, with a head before them.
pub(crate) fn rows<R, C>(head: Option<&[&str]>, rows: impl IntoIterator<Item = R>) -> Bytes
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail, and rows of one kind are equally long.
    if let Some(head) = head {
        let _ = writer.write_record(head);
    }
    for row in rows {
        let _ = writer.write_record(row.into_iter().map(|cell| harmless(cell.as_ref())));
    }
    writer.into_inner().unwrap_or_default().into()
}

/// A spreadsheet takes a cell that begins so for a formula; an apostrophe makes it a text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A point in time as spreadsheets and programs read it.
pub(crate) fn time(at: UnixMillis) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let text = rows(Some(&["a", "b"]), [["=1+1", "x,\"y\""], ["-5", "@z"]]);
        assert_eq!(text, "a,b\n'=1+1,\"x,\"\"y\"\"\"\n'-5,'@z\n");
        assert_eq!(time(UnixMillis(0)), "1970-01-01T00:00:00Z");
    }
}
