//! How a page is looked at.

use std::future::Future;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Page, wire};

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 1280 points.
    Wide,
    /// 390 points, two dots each.
    Phone,
}

/// What the room is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Bright.
    Light,
    /// Dark.
    Dark,
}

impl Size {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Wide, Self::Phone];

    /// For file names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Phone => "phone",
        }
    }

    fn metrics(self) -> Value {
        match self {
            Self::Wide => json!({ "width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": false }),
            Self::Phone => json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true }),
        }
    }
}

impl Scheme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// The word of `prefers-color-scheme`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Page {
    /// Shows the page on such a screen from now on.
    #[track_caller]
    pub fn size(&self, size: Size) -> impl Future<Output = ()> {
        self.chromium("Emulation.setDeviceMetricsOverride", size.metrics())
    }

    /// Tells the page what its reader prefers from now on; nothing moves, so that pictures are alike.
    #[track_caller]
    pub fn scheme(&self, scheme: Scheme) -> impl Future<Output = ()> {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme.as_str() },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.chromium("Emulation.setEmulatedMedia", json!({ "features": features }))
    }

    /// Writes a picture of the whole page, also of what is below the screen's edge.
    #[track_caller]
    pub fn screenshot<'a>(&'a self, file: &'a Path) -> impl Future<Output = ()> + 'a {
        self.until(format!("write {}", file.display()), async move || {
            let png = self.picture().await?;
            std::fs::write(file, png).map_err(|error| error.to_string())
        })
    }

    pub(super) async fn picture(&self) -> Result<Vec<u8>, String> {
        let metrics = wire::chromium(&self.client, "Page.getLayoutMetrics", json!({})).await?;
        let (width, height) = (
            &metrics["cssContentSize"]["width"],
            &metrics["cssContentSize"]["height"],
        );
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let params = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = wire::chromium(&self.client, "Page.captureScreenshot", params).await?;
        let data = shot["data"].as_str().unwrap_or_default();
        STANDARD.decode(data).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn chromium(&self, command: &'static str, params: Value) -> impl Future<Output = ()> {
        self.until(command.to_owned(), async move || {
            wire::chromium(&self.client, command, params.clone()).await.map(drop)
        })
    }
}
