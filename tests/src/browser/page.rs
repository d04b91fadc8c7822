use std::future::Future;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use serde_json::{Value, json};

use crate::bed::PATIENCE;
use crate::eventually::wait;
use crate::unique;

/// A window with one page in it. Clones are the same window.
#[derive(Clone, Debug)]
pub struct Page {
    pub(super) client: Client,
    home: String,
    scope: Option<String>,
    patience: Duration,
}

/// Finds what a person would point at.
const FIND: &str = include_str!("find.js");

impl Page {
    pub(super) fn new(client: Client, home: &str) -> Self {
        Self {
            client,
            home: home.trim_end_matches('/').to_owned(),
            scope: None,
            patience: PATIENCE,
        }
    }

    /// Goes to a path of the site; it begins with a slash.
    #[track_caller]
    pub fn goto<'a>(&'a self, path: &'a str) -> impl Future<Output = ()> + 'a {
        let url = format!("{}{path}", self.home);
        self.until(format!("go to {path}"), async move || {
            self.client.goto(&url).await.map_err(|error| error.to_string())
        })
    }

    /// The same page, where verbs mean only what is in the smallest row, card or form with this text.
    pub fn inside(&self, text: &str) -> Self {
        Self {
            scope: Some(text.to_owned()),
            ..self.clone()
        }
    }

    /// The same page, where verbs wait at most so long.
    pub fn patient(&self, patience: Duration) -> Self {
        Self {
            patience,
            ..self.clone()
        }
    }

    /// Runs a script in the page: a function's body; what it returns comes back.
    #[track_caller]
    pub fn run<'a>(&'a self, script: &'a str, args: Vec<Value>) -> impl Future<Output = Value> + 'a {
        self.until("run a script".to_owned(), async move || {
            self.script(script, args.clone()).await
        })
    }

    /// Tries until it can be done; then fails the test in the caller's name.
    #[track_caller]
    pub(super) fn until<T>(
        &self,
        what: String,
        ask: impl AsyncFnMut() -> Result<T, String>,
    ) -> impl Future<Output = T> {
        let caller = Location::caller();
        async move {
            match wait(self.patience, ask).await {
                Ok(value) => value,
                Err(last) => self.fail(caller, &what, &last).await,
            }
        }
    }

    pub(super) async fn script(&self, script: &str, args: Vec<Value>) -> Result<Value, String> {
        self.client
            .execute(script, args)
            .await
            .map_err(|error| error.to_string())
    }

    /// One thing of a kind ([`FIND`] knows the kinds), by its name.
    pub(super) async fn find(&self, kind: &str, name: &str, option: &str) -> Result<Element, String> {
        let found = self
            .script(FIND, vec![json!(kind), json!(name), json!(self.scope), json!(option)])
            .await?;
        if let Some(problem) = found["problem"].as_str() {
            return Err(problem.to_owned());
        }
        let id = found["found"]
            .as_object()
            .and_then(|object| object.values().next()?.as_str());
        let id = id.ok_or_else(|| format!("no element in {found}"))?;
        Ok(Element::from_element_id(
            self.client.clone(),
            ElementRef::from(id.to_owned()),
        ))
    }

    /// What can be read in the page, or where [`Page::inside`] says; one space between words.
    pub(super) async fn text(&self) -> Result<String, String> {
        let found = self
            .script(FIND, vec![json!("text"), json!(""), json!(self.scope)])
            .await?;
        match (found["found"].as_str(), found["problem"].as_str()) {
            (Some(text), _) => Ok(text.to_owned()),
            (None, problem) => Err(problem.unwrap_or("no text").to_owned()),
        }
    }

    async fn fail<T>(&self, caller: &Location<'_>, what: &str, last: &str) -> T {
        let file = picture_of_failure();
        let picture = match self.picture().await {
            Ok(png) => {
                std::fs::write(&file, png).map_or_else(|error| error.to_string(), |()| file.display().to_string())
            }
            Err(error) => format!("none: {error}"),
        };
        let place = self
            .client
            .current_url()
            .await
            .map_or_else(|_| "?".to_owned(), |url| url.to_string());
        panic!("{caller}: cannot {what}: {last}\n  at {place}\n  picture: {picture}");
    }
}

/// Named after the test.
fn picture_of_failure() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/browser-failures");
    // Where it cannot be made, writing the picture fails and says why.
    let _ = std::fs::create_dir_all(&folder);
    let folder = folder.canonicalize().unwrap_or(folder);
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("page").replace("::", "-");
    folder.join(format!("{}.png", unique(&test)))
}
