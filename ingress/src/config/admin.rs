//! Where the admin pages are.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use program::{Problem, Reader, socket_addr};
use url::Url;

/// Where the admin pages are served, and how people reach them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminConfig {
    /// `KASYR_ADMIN_ADDR`, default `127.0.0.1:8081`: only this machine.
    pub addr: SocketAddr,
    /// `KASYR_ADMIN_URL`: how browsers reach them when that is another address, e.g. behind a proxy.
    pub url: Option<String>,
}

impl Default for AdminConfig {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 8081)),
            url: None,
        }
    }
}

impl AdminConfig {
    /// Both have a default; a malformed one is a problem.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(env);
        let addr = match reader.optional("KASYR_ADMIN_ADDR") {
            None => Some(Self::default().addr),
            Some(text) => reader.read("KASYR_ADMIN_ADDR", &text, socket_addr),
        };
        let url = match reader.optional("KASYR_ADMIN_URL") {
            None => Some(None),
            Some(text) => reader.read("KASYR_ADMIN_URL", &text, base).map(Some),
        };
        reader.finish(addr.zip(url).map(|(addr, url)| Self { addr, url }))
    }

    /// The address of a page as a browser needs it; `path` begins with a slash.
    pub fn link(&self, path: &str) -> String {
        match &self.url {
            Some(url) => format!("{url}{path}"),
            None => format!("http://{}{path}", reachable(self.addr)),
        }
    }
}

/// Without the slash at its end: paths begin with one. No path: the pages link to each other from the root.
pub(super) fn base(text: &str) -> Result<String, String> {
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    match Url::parse(text) {
        Ok(url) if plain(&url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        Ok(_) | Err(_) => Err("it should be a web address such as https://kasyr.example".to_owned()),
    }
}

/// A server that listens everywhere is reached on its own machine at least.
fn reachable(addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), addr.port())
    } else {
        addr
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(addr: Option<&str>, url: Option<&str>) -> Result<AdminConfig, Vec<Problem>> {
        AdminConfig::from_env(|name| {
            match name {
                "KASYR_ADMIN_ADDR" => addr,
                "KASYR_ADMIN_URL" => url,
                _ => None,
            }
            .map(str::to_owned)
        })
    }

    #[test]
    fn a_link_leads_to_where_browsers_find_the_pages() {
        for (addr, url, link) in [
            (None, None, "http://127.0.0.1:8081/welcome/t"),
            (Some("0.0.0.0:9000"), None, "http://127.0.0.1:9000/welcome/t"),
            (Some("[::1]:9000"), None, "http://[::1]:9000/welcome/t"),
            (None, Some("https://kasyr.example/"), "https://kasyr.example/welcome/t"),
        ] {
            assert_eq!(read(addr, url).unwrap().link("/welcome/t"), link);
        }
    }

    #[test]
    fn an_address_that_cannot_be_one_is_a_problem_and_is_not_shown() {
        let problems = read(Some("canary"), Some("https://root:canary@kasyr.example/")).unwrap_err();
        let names: Vec<&str> = problems.iter().map(|problem| problem.variable).collect();
        assert_eq!(names, ["KASYR_ADMIN_ADDR", "KASYR_ADMIN_URL"]);
        assert!(!format!("{problems:?}").contains("canary"));
        for url in [
            "kasyr.example",
            "ftp://kasyr.example",
            "https://kasyr.example/?a=b",
            "https://kasyr.example/kasyr",
        ] {
            assert!(read(None, Some(url)).is_err(), "{url}");
        }
    }
}
