//! The HTTP client for requests that must not be repeated.

use std::time::Duration;

/// An HTTP client fit for fiscal requests. It never repeats a request, never follows a redirect and never takes a proxy
/// from the environment, for keys and passwords are in the body. Idle connections are dropped after five seconds, because
/// a request on a connection the server is just closing has an unknown outcome.
///
/// What is left of repeating lies below reqwest: a request for which no byte was written because its pooled connection
/// was found closed goes to a new connection. It has reached nobody, so it is still sent once.
///
/// The process must have installed a rustls crypto provider.
pub fn http_client() -> reqwest::Result<reqwest::Client> {
    http_builder().build()
}

/// The same, to be set up further.
pub fn http_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_rustls()
        .http1_only()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
}
