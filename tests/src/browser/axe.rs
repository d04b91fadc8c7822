//! Accessibility, as axe-core judges it. `./check` puts it under `target/axe` with pip, for it knows its
//! registry itself; nothing of it is in our repository or in what we ship.

use std::fmt;
use std::future::Future;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Page;
use super::look::strings;

/// A rule that a page breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What should be.
    pub help: String,
    /// Where it is not, as selectors.
    pub places: Vec<String>,
}

impl Violation {
    /// Does it shut somebody out?
    pub fn serious(&self) -> bool {
        ["serious", "critical"].contains(&self.impact.as_str())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {} ({})",
            self.impact,
            self.rule,
            self.help,
            self.places.join("; ")
        )
    }
}

impl Page {
    /// Every rule that the page breaks now, as it is shown now.
    #[track_caller]
    pub fn axe(&self) -> impl Future<Output = Vec<Violation>> {
        let axe = axe();
        self.until("ask axe".to_owned(), async move || {
            if self.script("return window.axe === undefined;", Vec::new()).await? == true {
                self.script(axe, Vec::new()).await?;
            }
            let found = self
                .client
                .execute_async(RUN, Vec::new())
                .await
                .map_err(|error| error.to_string())?;
            let list = found.as_array().ok_or_else(|| found.to_string())?;
            Ok(list.iter().map(violation).collect())
        })
    }
}

/// A frame with a provider's rendering is the provider's.
const RUN: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'], iframes: false }).then(
        (all) => done(all.violations.map((one) => ({
            id: one.id, impact: one.impact, help: one.help, places: one.nodes.map((node) => node.target.join(' ')),
        }))),
        (error) => done(String(error)),
    );";

fn violation(found: &Value) -> Violation {
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    Violation {
        rule: text("id"),
        impact: text("impact"),
        help: text("help"),
        places: strings(found["places"].clone()),
    }
}

const FILE: &str = "../target/axe/pytest_playwright_axe/resources/axe.min.js";
/// axe-core 4.14.0.
const SHA_256: &str = "20c09fe157a8a34a30e241aaa1fcdade657734f08ab379ecfbeb7d45cc46e878";
const MISSING: &str = "axe-core is needed to judge pages. `./check` fetches it, or by hand: \
    python3 -m pip install --no-deps --ignore-requires-python --target target/axe pytest-playwright-axe==4.14.0";

/// Its source, the one we know.
fn axe() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        let source =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}. {MISSING}", file.display()));
        let digest: String = Sha256::digest(&source)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digest, SHA_256, "{} is another axe-core. {MISSING}", file.display());
        source
    })
}
