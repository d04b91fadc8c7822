//! A form as it was sent: texts and files by name, read once by the guard.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use bytes::Bytes;
use domain::money::Kopecks;
use futures_util::stream;
use secrecy::SecretString;

use super::error::PageError;
use crate::config::Limits;
use crate::{AppState, body};

/// What a form sent. Its `Debug` shows names only: there are passwords among the values.
#[derive(Clone, Default)]
pub(crate) struct Form {
    texts: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Upload>,
}

/// A file that was sent.
#[derive(Clone)]
pub(crate) struct Upload {
    /// As the sender's machine calls it.
    pub name: String,
    pub bytes: Bytes,
}

impl Form {
    /// Reads a body of either encoding of forms, within the limits of any body.
    pub(super) async fn read(kind: Option<&HeaderValue>, body: Body, limits: &Limits) -> Result<Self, PageError> {
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let bytes = body::read(body, limits).await?;
        let form = match multer::parse_boundary(kind) {
            Ok(boundary) => Self::parts(bytes, boundary).await?,
            Err(_) => Self::encoded(&bytes),
        };
        if form.has_nul() {
            Err(PageError::BadForm)
        } else {
            Ok(form)
        }
    }

    /// Nobody types a NUL, and PostgreSQL takes none.
    fn has_nul(&self) -> bool {
        self.texts.values().flatten().any(|text| text.contains('\0'))
    }

    fn encoded(bytes: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            form.texts
                .entry(name.into_owned())
                .or_default()
                .push(value.into_owned());
        }
        form
    }

    async fn parts(bytes: Bytes, boundary: String) -> Result<Self, PageError> {
        let body = stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
        let mut parts = multer::Multipart::new(body, boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| PageError::BadForm)? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|_| PageError::BadForm)?;
            match file {
                // A browser sends a file field that was left empty as a file without name.
                Some(file) if file.is_empty() && bytes.is_empty() => {}
                Some(file) => {
                    form.files.insert(name, Upload { name: file, bytes });
                }
                None => {
                    let text = String::from_utf8(bytes.to_vec()).map_err(|_| PageError::BadForm)?;
                    form.texts.entry(name).or_default().push(text);
                }
            }
        }
        Ok(form)
    }

    /// A field without the white space around it; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        let last = self.texts.get(name).and_then(|values| values.last());
        last.map_or("", |value| value.trim())
    }

    /// A field, if something was written into it.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// A sum as people type one: `1 234,50` or `1234.5`.
    pub fn amount(&self, name: &str) -> Option<Kopecks> {
        let plain = self.text(name).replace(',', ".").replace([' ', '\u{a0}'], "");
        Kopecks::parse_major(&plain).ok()
    }

    /// A secret exactly as it was typed; `None` if nothing was.
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        let last = self.texts.get(name).and_then(|values| values.last());
        last.filter(|value| !value.is_empty()).map(|value| value.clone().into())
    }

    /// Every value of a field that may be sent several times, such as ticked boxes.
    pub fn all(&self, name: &str) -> &[String] {
        self.texts.get(name).map_or(&[], Vec::as_slice)
    }

    /// Was the box ticked?
    pub fn ticked(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// A file, if one was chosen.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.get(name)
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set()
            .entries(self.texts.keys())
            .entries(self.files.keys())
            .finish()
    }
}

impl FromRequestParts<AppState> for Form {
    type Rejection = PageError;

    /// Only the guard makes forms, after it has looked at their token.
    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, PageError> {
        parts.extensions.remove::<Self>().ok_or(PageError::BadForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_send_them() {
        let form = Form::encoded("name=+%D0%9C%D0%B0%D0%BA+&pick=1&pick=2&box=on&empty=".as_bytes());
        assert_eq!(form.text("name"), "Мак");
        assert_eq!(form.all("pick"), ["1", "2"]);
        assert!(form.ticked("box") && !form.ticked("other"));
        assert_eq!((form.filled("empty"), form.text("absent")), (None, ""));
        assert_eq!(format!("{form:?}"), r#"{"box", "empty", "name", "pick"}"#);
    }

    #[test]
    fn sums_are_read_as_people_type_them() {
        let read = |typed: &str| {
            let typed = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
            let form = Form::encoded(format!("amount={typed}").as_bytes());
            form.amount("amount").map(Kopecks::minor)
        };
        for typed in ["1234.50", "1234,5", " 1 234,50 ", "1\u{a0}234.5"] {
            assert_eq!(read(typed), Some(123_450), "{typed:?}");
        }
        for typed in ["", "-5", "1.234,50", "п'ять"] {
            assert_eq!(read(typed), None, "{typed:?}");
        }
    }

    #[tokio::test]
    async fn files_and_texts_come_in_parts() {
        let body = "--b\r\ncontent-disposition: form-data; name=\"t\"\r\n\r\nтекст\r\n--b\r\ncontent-disposition: \
                    form-data; name=\"f\"; filename=\"key.dat\"\r\n\r\n\u{1}\u{2}\r\n--b\r\ncontent-disposition: \
                    form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--b--\r\n";
        let form = Form::parts(Bytes::from(body), "b".to_owned()).await.unwrap();
        assert_eq!(form.text("t"), "текст");
        let file = form.file("f").unwrap();
        assert_eq!((file.name.as_str(), &file.bytes[..]), ("key.dat", &[1, 2][..]));
        assert!(form.file("none").is_none());
        assert!(Form::parts(Bytes::from("--b\r\n"), "b".to_owned()).await.is_err());
    }
}
