//! A request and what it asks for (sheet §2).

use bytes::Bytes;
use hyper::Method;
use url::form_urlencoded;

use super::config::Version;

/// A request as it came.
pub(super) struct Call {
    pub method: Method,
    pub query: String,
    pub content_type: Option<String>,
    /// The header; the query may have one too.
    pub token: Option<String>,
    pub body: Bytes,
}

impl Call {
    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    }

    /// Whether the head says JSON; the charset may be left out.
    pub(super) fn is_json(&self) -> bool {
        let whole = self.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let mut parts = whole.split(';').map(str::trim);
        let essence = parts.next() == Some("application/json");
        essence && parts.all(|part| !part.starts_with("charset=") || part == "charset=utf-8")
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub version: Version,
    pub target: Target,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Token,
    /// The operation as it was named, known or not.
    Registration {
        group: String,
        operation: String,
    },
    Report {
        group: String,
        uuid: String,
    },
}

impl Route {
    /// None for what the service does not have.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let mut segments = path.strip_prefix("/possystem/")?.split('/');
        let version = match segments.next()? {
            "v4" => Version::V4,
            "v5" => Version::V5,
            _ => return None,
        };
        let segments: Vec<&str> = segments.collect();
        let target = match (method, segments.as_slice()) {
            (&Method::GET | &Method::POST, ["getToken"]) => Target::Token,
            (&Method::POST, [group, operation]) => Target::Registration {
                group: (*group).to_owned(),
                operation: (*operation).to_owned(),
            },
            (&Method::GET, [group, "report", uuid]) => Target::Report {
                group: (*group).to_owned(),
                uuid: (*uuid).to_owned(),
            },
            _ => return None,
        };
        Some(Self { version, target })
    }

    /// As faults and the transcript name it.
    pub(super) fn what(&self) -> &str {
        match &self.target {
            Target::Token => "getToken",
            Target::Registration { operation, .. } => operation,
            Target::Report { .. } => "report",
        }
    }

    pub(super) fn group(&self) -> Option<&str> {
        match &self.target {
            Target::Token => None,
            Target::Registration { group, .. } | Target::Report { group, .. } => Some(group),
        }
    }

    pub(super) fn uuid(&self) -> Option<&str> {
        match &self.target {
            Target::Token | Target::Registration { .. } => None,
            Target::Report { uuid, .. } => Some(uuid),
        }
    }
}
