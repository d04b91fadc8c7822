//! Buyer, company and cashier.

use wire::Personal;

use super::Findings;
use crate::document::{Buyer, Company, Receipt};
use crate::operation::Version;

/// How v5 says that there is none.
const NONE: &str = "none";

impl Findings {
    pub(super) fn client(&mut self, client: &Buyer) {
        let reachable = client.email.is_some() || client.phone.is_some();
        self.need(
            reachable || self.operation.is_correction(),
            "client",
            "an e-mail or a phone, or both",
        );
        if let Some(email) = &client.email {
            self.email("client.email", email.expose());
        }
        if let Some(phone) = &client.phone {
            self.phone(phone.expose());
        }
        self.optional_length("client.name", client.name.as_ref().map(Personal::expose), 256);
        if let Some(inn) = &client.inn {
            self.inn("client.inn", inn.expose());
        }
    }

    pub(super) fn company(&mut self, company: &Company) {
        if !self.is_short() {
            self.email("company.email", &company.email);
        }
        self.need(
            company.sno.is_some() || self.version == Version::V4,
            "company.sno",
            "v5 needs the system of taxation",
        );
        self.inn("company.inn", &company.inn);
        self.length("company.payment_address", &company.payment_address, 1, 256);
        self.optional_length("company.location", company.location.as_deref(), 256);
    }

    pub(super) fn cashier(&mut self, receipt: &Receipt) {
        self.optional_length("cashier", receipt.cashier.as_ref().map(Personal::expose), 64);
        if let Some(inn) = &receipt.cashier_inn
            && self.version == Version::V5
        {
            self.need(is_digits(inn.expose(), &[12]), "cashier_inn", "12 digits");
        }
    }

    fn inn(&mut self, place: &str, inn: &str) {
        self.need(is_digits(inn, &[10, 12]), place, "10 or 12 digits");
    }

    fn email(&mut self, place: &str, email: &str) {
        if self.version == Version::V5 && email == NONE {
            return;
        }
        self.length(place, email, 1, 64);
        let parts = email.split_once('@');
        let holds = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        self.need(holds, place, "an e-mail address");
    }

    fn phone(&mut self, phone: &str) {
        let (holds, allowed) = match (self.version, phone.strip_prefix('+')) {
            (Version::V5, None) if phone == NONE => return,
            (Version::V5, None) => (false, "a plus sign and 1 to 18 digits"),
            (Version::V5, Some(digits)) => (is_number(digits, 18), "a plus sign and 1 to 18 digits"),
            (Version::V4, Some(digits)) => (is_number(digits, 18), "a plus sign and 1 to 18 digits"),
            (Version::V4, None) => (is_number(phone, 17), "1 to 17 digits, or a plus sign and up to 18"),
        };
        self.need(holds, "client.phone", allowed);
    }
}

fn is_number(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_digits(text: &str, lengths: &[usize]) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
