//! The settings of the admin pages.

use std::net::{Ipv4Addr, SocketAddr};

use program::{Problem, Reader, socket_addr};

/// Where the admin pages are.
#[derive(Clone, Debug)]
pub struct AdminConfig {
    /// `KASYR_ADMIN_ADDR`: where they are served, default `127.0.0.1:8081`, which only this machine reaches.
    pub addr: SocketAddr,
    /// `KASYR_ADMIN_URL`: how people reach them, default `http://` and that address. With `https://` the
    /// cookies are sent over TLS only.
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
    /// Reads them, or says what is wrong.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(env);
        let default = Self::default();
        let addr = match reader.optional("KASYR_ADMIN_ADDR") {
            None => Some(default.addr),
            Some(text) => reader.read("KASYR_ADMIN_ADDR", &text, socket_addr),
        };
        let url = match reader.optional("KASYR_ADMIN_URL") {
            None => Some(None),
            Some(text) => reader.read("KASYR_ADMIN_URL", &text, web_address).map(Some),
        };
        reader.finish(addr.zip(url).map(|(addr, url)| Self { addr, url }))
    }

    /// The address of a page, which begins with a slash.
    pub fn link(&self, path: &str) -> String {
        match &self.url {
            Some(url) => format!("{url}{path}"),
            None => format!("http://{}{path}", self.addr),
        }
    }
}

/// An address of a web server without a slash at its end.
pub(super) fn web_address(text: &str) -> Result<String, String> {
    let begins = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
    if begins && url::Url::parse(text).is_ok() {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("it should be an address such as https://kasyr.example.com".to_owned())
    }
}
