use reqwest::{Method, StatusCode};
use sandbox::fondy::SignedCallback;
use serde_json::Value;

use super::{Shop, TestBed};

/// What ingress answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body as it came.
    pub body: String,
}

impl Answer {
    /// The body as JSON; panics with it when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// `200`, or `404 not_found` with a problem's code.
    pub fn verdict(&self) -> String {
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_default();
        match problem["code"].as_str() {
            None => self.status.as_u16().to_string(),
            Some(code) => format!("{} {code}", self.status.as_u16()),
        }
    }
}

impl TestBed {
    /// Posts a callback to a shop's source.
    pub async fn post_callback(&self, shop: &Shop, callback: SignedCallback) -> Answer {
        let path = format!("/callbacks/{}", shop.source);
        let request = self
            .http
            .post(self.ingress_url(&path))
            .header("content-type", callback.content_type)
            .body(callback.body);
        answer(request).await
    }

    /// An API request with the shop's key; `Value::Null` sends no body.
    pub async fn api(&self, shop: &Shop, method: Method, path: &str, body: Value) -> Answer {
        self.api_as(&shop.api_key, method, path, body).await
    }

    /// The same with any key.
    pub async fn api_as(&self, key: &str, method: Method, path: &str, body: Value) -> Answer {
        let request = self.http.request(method, self.ingress_url(path)).bearer_auth(key);
        answer(match body {
            Value::Null => request,
            body => request.json(&body),
        })
        .await
    }

    /// An API request under this idempotency key.
    pub async fn api_with_key(
        &self,
        shop: &Shop,
        method: Method,
        path: &str,
        idempotency_key: &str,
        body: Value,
    ) -> Answer {
        let request = self
            .http
            .request(method, self.ingress_url(path))
            .bearer_auth(&shop.api_key)
            .header("idempotency-key", idempotency_key)
            .json(&body);
        answer(request).await
    }

    /// `POST /v1/events` under this idempotency key.
    pub async fn tell_event(&self, shop: &Shop, idempotency_key: &str, body: Value) -> Answer {
        let request = self
            .http
            .post(self.ingress_url("/v1/events"))
            .bearer_auth(&shop.api_key)
            .header("idempotency-key", idempotency_key)
            .json(&body);
        answer(request).await
    }

    /// An address at ingress; its path begins with a slash.
    pub fn ingress_url(&self, path: &str) -> String {
        let addr = self.ingress_addr.expect("the test starts ingress first");
        format!("http://{addr}{path}")
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("ingress answers");
    Answer {
        status: response.status(),
        body: response.text().await.expect("ingress's answer is text"),
    }
}
