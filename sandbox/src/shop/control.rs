//! The control channel and the page for people, over HTTP on a listener of its own.
//!
//! ```text
//! GET    /                        what the shop was told, for a person
//! GET    /requests                the same as JSON            GET /requests/{n}
//! GET    /requests/{n}/body       the raw body
//! DELETE /requests                all thrown away
//! GET    /faults   POST /faults   DELETE /faults     {"kind":"status","status":503,"retry_after":5,"only":"/fiscal*","times":null}
//! POST   /chaos    DELETE /chaos                     {"seed":1,"rates":[{"kind":"hang","per_mille":50}]}
//! GET    /door     POST /door                        {"open":false}
//! ```

use std::future::Future;
use std::io;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::kept::Shop;
use super::{Chaos, Fault, page};
use view::RequestView;

mod view;

/// Serves the control channel and the page until `shutdown`. Meant for loopback: it has no authentication.
pub async fn serve_control(
    listener: TcpListener,
    shop: Shop,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    crate::page::serve(listener, router(shop), shutdown).await
}

fn router(shop: Shop) -> Router {
    Router::new()
        .route("/", get(page::list))
        .route("/requests", get(requests).delete(clear))
        .route("/requests/{n}", get(request))
        .route("/requests/{n}/body", get(body))
        .route("/faults", get(faults).post(inject).delete(clear_faults))
        .route("/chaos", post(chaos).delete(no_chaos))
        .route("/door", get(door).post(move_door))
        .with_state(shop)
}

async fn requests(State(shop): State<Shop>) -> Json<Vec<RequestView>> {
    Json(shop.requests().iter().map(RequestView::of).collect())
}

async fn request(State(shop): State<Shop>, Path(n): Path<u64>) -> Result<Json<RequestView>, StatusCode> {
    let request = shop.request(n).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(RequestView::of(&request)))
}

/// Always a file to save: what is in it came from outside.
async fn body(State(shop): State<Shop>, Path(n): Path<u64>) -> Result<Response, StatusCode> {
    let request = shop.request(n).ok_or(StatusCode::NOT_FOUND)?;
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=body"),
    ];
    Ok((head, request.body).into_response())
}

async fn clear(State(shop): State<Shop>) -> StatusCode {
    shop.clear();
    StatusCode::NO_CONTENT
}

async fn faults(State(shop): State<Shop>) -> Json<Vec<Fault>> {
    Json(shop.faults())
}

async fn inject(State(shop): State<Shop>, Json(fault): Json<Fault>) -> StatusCode {
    shop.inject(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(shop): State<Shop>) -> StatusCode {
    shop.clear_faults();
    StatusCode::NO_CONTENT
}

async fn chaos(State(shop): State<Shop>, Json(chaos): Json<Chaos>) -> StatusCode {
    shop.set_chaos(Some(chaos));
    StatusCode::NO_CONTENT
}

async fn no_chaos(State(shop): State<Shop>) -> StatusCode {
    shop.set_chaos(None);
    StatusCode::NO_CONTENT
}

#[derive(Serialize, Deserialize)]
struct DoorView {
    open: bool,
}

async fn door(State(shop): State<Shop>) -> Json<DoorView> {
    Json(DoorView { open: !shop.is_shut() })
}

async fn move_door(State(shop): State<Shop>, Json(wanted): Json<DoorView>) -> StatusCode {
    if wanted.open {
        shop.open().await;
    } else {
        shop.shut().await;
    }
    StatusCode::NO_CONTENT
}
