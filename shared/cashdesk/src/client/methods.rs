//! The endpoints as methods (sheet §4). Dropping a future that has begun leaves the outcome unknown, like a time-out.

use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use wire::{Exchange, Personal};

use super::Client;
use crate::answer::{Answer, object};
use crate::call::{Call, KeyIn, Route};
use crate::check::{Check, ServiceDocument};
use crate::credentials::Credentials;
use crate::error::{Error, Flaw};
use crate::last_check::{self, LastCheck};
use crate::login::{LoggedIn, Login};
use crate::refusal::Asks;
use crate::report::{AskPeriod, AskXReport, Report};
use crate::shift::{OpenShift, Ping, ShiftDocument, ZReport};
use crate::tax_object::{self, TaxObject};
use crate::view::{CheckView, Expected, Keep, read};
use crate::{CheckType, printed};

type Told<T> = Exchange<Answer<T>, Error>;

impl Client {
    /// Are the credentials good? A password is shown to `/authenticate` each time, with the login's own time-out; the
    /// token that comes is not kept. A permanent key is shown to the list of registers. Safe to repeat.
    pub async fn check_login(&self) -> Told<Login> {
        match &self.inner.credentials {
            Credentials::Login { email, password, .. } => {
                let call = self.login_call(email, password);
                let patient = self.within(self.inner.login_timeout);
                patient
                    .call(call, |body| LoggedIn::read(body).map(|done| done.login))
                    .await
            }
            Credentials::ApiToken { .. } => {
                let call = self.post(TAX_OBJECTS, &json!({}));
                // The list's shape is likely, not certain; a page of a proxy is no list in any case.
                let content = |body: &[u8]| match serde_json::from_slice::<IgnoredAny>(body) {
                    Ok(_) => Ok(Login::default()),
                    Err(_) => Err(Flaw::NotJson),
                };
                self.call(call, content).await
            }
        }
    }

    /// The registers that the user may use. Safe to repeat.
    pub async fn tax_objects(&self) -> Told<Vec<TaxObject>> {
        self.call(self.post(TAX_OBJECTS, &json!({})), tax_object::read_many)
            .await
    }

    /// One register and its shift. Safe to repeat.
    pub async fn tax_object(&self, num_fiscal: u64) -> Told<TaxObject> {
        let number = num_fiscal.to_string();
        let call = self.get("tax_objects", &["tax_objects", &number], &[]);
        self.call(Ok(call), tax_object::read_one).await
    }

    /// Is the cashier's key alive? `drfo` is the cashier's taxpayer number. What the answer looks like is unknown, so it
    /// is handed over as it is. Safe to repeat.
    pub async fn key_heartbeat(&self, drfo: &Personal) -> Told<Value> {
        let call = self.get("key-heartbeat", &["key-heartbeat"], &[("drfo", drfo.expose())]);
        self.call(Ok(call), |body| object(body)).await
    }

    /// Opens a shift: one fiscal document. Repeated it is refused with
    /// [`Class::ShiftAlreadyOpen`](crate::Class::ShiftAlreadyOpen).
    pub async fn open_shift(&self, request: &OpenShift) -> Told<ShiftDocument> {
        let call = self.post(of_shift("shift", &["shift"], Asks::Opening), request);
        self.call(call, |body| ShiftDocument::read(body, Keep::default())).await
    }

    /// Makes the Z-report and closes the shift: one fiscal document. Repeated it is refused, likely with
    /// [`Class::ShiftClosed`](crate::Class::ShiftClosed), unless a new shift was opened in between.
    pub async fn z_report(&self, request: &ZReport) -> Told<ShiftDocument> {
        let call = self.post(of_shift("shift", &["shift"], Asks::InShift), request);
        self.call(call, |body| ShiftDocument::read(body, request.keep())).await
    }

    /// The totals of the shift, zeroes if none is open. Safe to repeat.
    pub async fn x_report(&self, request: &AskXReport) -> Told<Report> {
        let call = self.post(of_shift("shift/xReport", &["shift", "xReport"], Asks::Reading), request);
        self.call(call, Report::read).await
    }

    /// The totals of closed shifts. Served by the cloud even through SmartConnect. Safe to repeat.
    pub async fn period_report(&self, request: &AskPeriod) -> Told<Report> {
        let path = ["shift", "zReport", "period"];
        let call = self.post(of_shift("shift/zReport/period", &path, Asks::Period), request);
        self.call(call, Report::read).await
    }

    /// The last check of the shift that the tax service has; none if the shift has no operations. Safe to repeat.
    pub async fn last_check(&self, num_fiscal: u64) -> Told<Option<LastCheck>> {
        let route = of_shift("shift/lastCheck", &["shift", "lastCheck"], Asks::Reading);
        self.call(self.post(route, &OfRegister { num_fiscal }), last_check::read)
            .await
    }

    /// Tells the tax service that the register is alive; needed regularly without SmartConnect. Safe to repeat.
    pub async fn ping(&self, num_fiscal: u64) -> Told<Ping> {
        let route = of_shift("shift/ping", &["shift", "ping"], Asks::Reading);
        self.call(self.post(route, &OfRegister { num_fiscal }), Ping::read)
            .await
    }

    /// Registers a sale or a return: one fiscal document, two if it opens the shift. **Never repeat it after
    /// [`Class::Unknown`](crate::Class::Unknown)** without asking: nothing is known to keep a repeat from becoming a
    /// second check.
    pub async fn register_check(&self, request: &Check) -> Told<CheckView> {
        let route = Route {
            command: "check/sale",
            path: &["check", "sale"],
            asks: match request.open_shift {
                true => Asks::OpeningItself,
                false => Asks::InShift,
            },
            key: KeyIn::Query,
        };
        let expected = Expected {
            num_fiscal: request.num_fiscal,
            check_type: request.action_type.into(),
            local_number: Some(request.local_number),
        };
        let keep = Keep {
            qr: !request.no_qr,
            pdf: !request.no_pdf,
            text: !request.no_text_print,
        };
        let content = |body: &[u8]| document(body, &expected, keep);
        self.call(self.post(route, request), content).await
    }

    /// Moves cash without a sale: one fiscal document. Not safe to repeat on
    /// [`Class::Unknown`](crate::Class::Unknown).
    pub async fn service(&self, request: &ServiceDocument) -> Told<CheckView> {
        let route = Route {
            command: "check/service",
            path: &["check", "service"],
            asks: Asks::InShift,
            key: KeyIn::Query,
        };
        let expected = Expected {
            num_fiscal: request.num_fiscal,
            check_type: request.action_type.into(),
            local_number: request.local_number,
        };
        let keep = Keep {
            pdf: !request.no_pdf,
            ..Keep::default()
        };
        let content = |body: &[u8]| document(body, &expected, keep);
        self.call(self.post(route, request), content).await
    }

    /// A check's text by its `uuid`, lines of so many characters. Safe to repeat.
    pub async fn check_text(&self, uuid: &str, print_width: u32) -> Told<String> {
        let width = print_width.to_string();
        let call = self.get("checks/text", &["checks", uuid, "text"], &[("print_width", &width)]);
        self.call(Ok(call), printed::read_text).await
    }

    /// A check's QR picture by its `uuid`. Safe to repeat.
    pub async fn check_qr(&self, uuid: &str) -> Told<Vec<u8>> {
        let call = self.get("checks/qr", &["checks", uuid, "qr"], &[]);
        self.call(Ok(call), printed::read_qr).await
    }

    /// A check's representation by its `uuid`. The path is a guess (sheet §13, 6): without the page of it a
    /// [`Class::NotFound`](crate::Class::NotFound) proves nothing. Safe to repeat.
    pub async fn check_json(&self, uuid: &str) -> Told<CheckView> {
        let call = self.get("checks/json", &["checks", uuid, "json"], &[]);
        let content = |body: &[u8]| read(body, None, Keep::default()).map_err(Flaw::from);
        self.call(Ok(call), content).await
    }

    fn post<R: Serialize>(&self, route: Route<'_>, request: &R) -> serde_json::Result<Call> {
        Call::post(&self.inner.base_url, &self.inner.credentials, route, request)
    }

    fn get(&self, command: &'static str, path: &[&str], query: &[(&str, &str)]) -> Call {
        let route = Route {
            command,
            path,
            asks: Asks::One,
            key: KeyIn::Query,
        };
        Call::get(&self.inner.base_url, &self.inner.credentials, route, query)
    }
}

const TAX_OBJECTS: Route<'static> = Route {
    command: "tax_objects",
    path: &["tax_objects"],
    asks: Asks::Reading,
    key: KeyIn::Query,
};

const fn of_shift<'a>(command: &'static str, path: &'a [&'a str], asks: Asks) -> Route<'a> {
    Route {
        command,
        path,
        asks,
        key: KeyIn::Body,
    }
}

#[derive(Serialize)]
struct OfRegister {
    num_fiscal: u64,
}

/// A document's answer. One that names another register or number than we sent is not the answer to it.
fn document(body: &[u8], expected: &Expected, keep: Keep) -> Result<CheckView, Flaw> {
    let view = read(body, Some(expected), keep)?;
    let other_number =
        expected.local_number.is_some() && view.local_number.is_some() && view.local_number != expected.local_number;
    // The word for the kind need not be the request's, so one that we do not know is let pass.
    let other_kind = match (&view.check_type, &expected.check_type) {
        (CheckType::Other(_), _) => false,
        (is, should) => is != should,
    };
    if view.num_fiscal != expected.num_fiscal || other_number || other_kind {
        return Err(Flaw::OtherDocument);
    }
    Ok(view)
}
