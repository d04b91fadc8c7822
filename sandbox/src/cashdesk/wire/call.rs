//! Methods by their paths.

use uuid::Uuid;

use crate::cashdesk::refusal::{Ground, Refusal};

/// A method of the API, or a public page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cashdesk) enum Call {
    Authenticate,
    TaxObjects,
    TaxObject,
    KeyHeartbeat,
    Shift,
    XReport,
    PeriodReport,
    LastCheck,
    Ping,
    Check,
    Service,
    Fetch(CheckForm),
    Page(PageForm),
}

/// What `GET /checks/{uuid}/…` returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cashdesk) enum CheckForm {
    Text,
    Qr,
    Json,
}

/// What the public page `/check/{uuid}/…` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cashdesk) enum PageForm {
    Html,
    Pdf,
    Text,
    Qrcode,
}

impl Call {
    /// The name in transcripts and faults.
    pub(in crate::cashdesk) fn name(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::TaxObjects => "tax_objects",
            Self::TaxObject => "tax_objects/{num_fiscal}",
            Self::KeyHeartbeat => "key-heartbeat",
            Self::Shift => "shift",
            Self::XReport => "shift/xReport",
            Self::PeriodReport => "shift/zReport/period",
            Self::LastCheck => "shift/lastCheck",
            Self::Ping => "shift/ping",
            Self::Check => "check/sale",
            Self::Service => "check/service",
            Self::Fetch(CheckForm::Text) => "checks/{uuid}/text",
            Self::Fetch(CheckForm::Qr) => "checks/{uuid}/qr",
            Self::Fetch(CheckForm::Json) => "checks/{uuid}/json",
            Self::Page(_) => "check/{uuid}",
        }
    }

    /// Whether it is work at one register, of which there may be one at a time.
    pub(in crate::cashdesk) fn is_register_work(self) -> bool {
        match self {
            Self::Shift | Self::XReport | Self::PeriodReport | Self::LastCheck | Self::Check | Self::Service => true,
            // A sign of life and questions about what is there disturb nobody.
            Self::Ping
            | Self::Authenticate
            | Self::TaxObjects
            | Self::TaxObject
            | Self::KeyHeartbeat
            | Self::Fetch(_)
            | Self::Page(_) => false,
        }
    }

    /// Whether it makes fiscal documents.
    pub(in crate::cashdesk) fn makes_documents(self) -> bool {
        match self {
            Self::Shift | Self::Check | Self::Service => true,
            Self::Authenticate
            | Self::TaxObjects
            | Self::TaxObject
            | Self::KeyHeartbeat
            | Self::XReport
            | Self::PeriodReport
            | Self::LastCheck
            | Self::Ping
            | Self::Fetch(_)
            | Self::Page(_) => false,
        }
    }

    fn is_get(self) -> bool {
        match self {
            Self::TaxObject | Self::KeyHeartbeat | Self::Fetch(_) | Self::Page(_) => true,
            Self::Authenticate
            | Self::TaxObjects
            | Self::Shift
            | Self::XReport
            | Self::PeriodReport
            | Self::LastCheck
            | Self::Ping
            | Self::Check
            | Self::Service => false,
        }
    }
}

/// A path understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cashdesk) struct Routed {
    pub call: Call,
    /// The register in the path.
    pub num_fiscal: Option<u64>,
    /// The check in the path.
    pub uuid: Option<Uuid>,
}

pub(in crate::cashdesk) fn route(method: &str, path: &str) -> Result<Routed, Refusal> {
    let routed = find(path).ok_or_else(|| Refusal::new(Ground::NotFound, "Не знайдено"))?;
    let wanted = if routed.call.is_get() { "GET" } else { "POST" };
    if method == wanted {
        Ok(routed)
    } else {
        Err(Refusal::new(Ground::Method, "Цей метод не підтримується"))
    }
}

fn find(path: &str) -> Option<Routed> {
    let pieces: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let plain = |call| Routed {
        call,
        num_fiscal: None,
        uuid: None,
    };
    let of_check = |call, uuid: &str| {
        Some(Routed {
            uuid: Some(uuid.parse().ok()?),
            ..plain(call)
        })
    };
    match *pieces.as_slice() {
        ["check", uuid, form] => of_check(Call::Page(page_form(form)?), uuid),
        ["api", "v2", ref rest @ ..] => match *rest {
            ["authenticate"] => Some(plain(Call::Authenticate)),
            ["tax_objects"] => Some(plain(Call::TaxObjects)),
            ["tax_objects", number] => Some(Routed {
                num_fiscal: Some(number.parse().ok()?),
                ..plain(Call::TaxObject)
            }),
            ["key-heartbeat"] => Some(plain(Call::KeyHeartbeat)),
            ["shift"] => Some(plain(Call::Shift)),
            ["shift", "xReport"] => Some(plain(Call::XReport)),
            ["shift", "zReport", "period"] => Some(plain(Call::PeriodReport)),
            ["shift", "lastCheck"] => Some(plain(Call::LastCheck)),
            ["shift", "ping"] => Some(plain(Call::Ping)),
            ["check", "sale"] => Some(plain(Call::Check)),
            ["check", "service"] => Some(plain(Call::Service)),
            ["checks", uuid, "text"] => of_check(Call::Fetch(CheckForm::Text), uuid),
            ["checks", uuid, "qr"] => of_check(Call::Fetch(CheckForm::Qr), uuid),
            ["checks", uuid, "json"] => of_check(Call::Fetch(CheckForm::Json), uuid),
            _ => None,
        },
        _ => None,
    }
}

fn page_form(name: &str) -> Option<PageForm> {
    match name {
        "html" => Some(PageForm::Html),
        "pdf" => Some(PageForm::Pdf),
        "text" => Some(PageForm::Text),
        "qrcode" | "png" => Some(PageForm::Qrcode),
        _ => None,
    }
}
