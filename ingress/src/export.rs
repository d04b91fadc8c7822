//! Lists for spreadsheets, written while they are read: memory holds one page of them at a time.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::money::Kopecks;
use futures_util::stream::{self, StreamExt};
use ledger::people::Reach;
use ledger::search::{OrderFilter, OrderRow};
use ledger::{Ledger, LedgerError};

use crate::documents::view::time;
use crate::error::ApiError;

const HEAD: [&str; 10] = [
    "order_id",
    "merchant",
    "created_at",
    "status",
    "sold",
    "returned",
    "fiscal_number",
    "registers",
    "email",
    "made_by",
];
/// Read at a time.
const PAGE: u32 = 500;
/// Spreadsheets take a file for UTF-8 only when it begins so.
pub(crate) const UTF8: &str = "\u{feff}";

/// Orders that fit, newest first. What fails before the first rows is an answer like any other; later
/// the file breaks off, which no program takes for its end.
pub(crate) async fn orders_csv(ledger: Ledger, reach: Reach, filter: OrderFilter) -> Result<Response, ApiError> {
    let first = ledger.search_orders(&reach, &filter, None, PAGE).await?;
    let mut head = vec![HEAD.map(str::to_owned)];
    head.extend(first.rows.iter().map(cells));
    let beginning = [UTF8.as_bytes(), &rows(&head)].concat();
    let reading = Reading { ledger, reach, filter };
    let further = stream::try_unfold((reading, first.next), |(reading, next)| async move {
        let Some(next) = next else {
            return Ok::<_, LedgerError>(None);
        };
        let page = reading
            .ledger
            .search_orders(&reading.reach, &reading.filter, Some(&next), PAGE)
            .await
            .inspect_err(|error| {
                tracing::warn!(error = error as &dyn std::error::Error, "An export broke off");
            })?;
        let page_rows: Vec<_> = page.rows.iter().map(cells).collect();
        Ok(Some((Bytes::from(rows(&page_rows)), (reading, page.next))))
    });
    let body = stream::iter([Ok(Bytes::from(beginning))]).chain(further);
    Ok(file("kasyr-orders.csv", Body::from_stream(body)))
}

/// A file to be saved.
pub(crate) fn file(name: &str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
}

struct Reading {
    ledger: Ledger,
    reach: Reach,
    filter: OrderFilter,
}

fn cells(row: &OrderRow) -> [String; 10] {
    let sum = |amount: Kopecks| amount.to_string();
    let makers: Vec<&str> = row.made_by.iter().map(|maker| maker.as_str()).collect();
    [
        row.external_id.clone(),
        row.merchant.clone(),
        time(row.created_at).unwrap_or_default(),
        row.status.as_str().to_owned(),
        sum(row.sums.sold),
        sum(row.sums.returned),
        row.fiscal_number.clone().unwrap_or_default(),
        row.registers.join(" "),
        row.masked_email.clone().unwrap_or_default(),
        makers.join(" "),
    ]
}

/// Lines of CSV. Writing into memory cannot fail.
pub(crate) fn rows<const N: usize>(rows: &[[String; N]]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        let _ = writer.write_record(row.iter().map(|cell| plain(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// A spreadsheet runs a cell that begins like a formula; an apostrophe before it makes it a text.
fn plain(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_breaks_a_line() {
        for (cell, expected) in [
            ("A-1", "A-1"),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+380", "'+380"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("\t=1", "'\t=1"),
            ("a,b", "\"a,b\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("замовлення 🌷", "замовлення 🌷"),
        ] {
            let written = rows(&[[cell.to_owned(), "1".to_owned()]]);
            assert_eq!(
                String::from_utf8(written).unwrap(),
                format!("{expected},1\r\n"),
                "{cell:?}"
            );
        }
    }
}
