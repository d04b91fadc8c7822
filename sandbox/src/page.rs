//! The frame of the pages that show a person what the simulators got, and of the controls beside them.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Browsers keep connections open that they may need; a simulator that is told to stop does not wait for them longer
/// than this.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// Serves pages and controls until `shutdown`.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let signal = async move {
        shutdown.await;
        let _ = stopping.send(());
    };
    let server = axum::serve(listener, router).with_graceful_shutdown(signal);
    let out_of_patience = async {
        // The sender goes with the server, and then that has ended by itself.
        let _ = stopped.await;
        tokio::time::sleep(STOP_PATIENCE).await;
    };
    tokio::select! {
        served = server.into_future() => served,
        () = out_of_patience => Ok(()),
    }
}

/// 409 for what cannot come about now: it is about something unknown, or its state is in the way.
pub(crate) fn done(done: bool) -> StatusCode {
    if done {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::CONFLICT
    }
}

/// A page of the sandbox; with `look_again` the browser fetches it anew after so many seconds.
pub(crate) fn shown(title: &str, look_again: Option<u32>, body: &Markup) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'";
    answer(policy, framed(title, look_again, body))
}

/// A page with buttons that post to where it came from.
pub(crate) fn acting(title: &str, body: &Markup) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
    answer(policy, framed(title, None, body))
}

fn framed(title: &str, look_again: Option<u32>, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if let Some(seconds) = look_again { meta http-equiv="refresh" content=(seconds); }
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    page.into_string()
}

/// HTML that may do only what `policy` allows.
pub(crate) fn answer(policy: &'static str, page: String) -> Response {
    let head = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (head, page).into_response()
}

const STYLE: &str = include_str!("page/style.css");
