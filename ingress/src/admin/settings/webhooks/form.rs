//! Which webhook a form is about, and what may be typed for one.

use hooks::{Endpoint, EndpointError, SecretError, SignError};
use ledger::people::Reach;
use ledger::settings_lists::WebhookView;
use maud::{Markup, html};
use secrecy::SecretString;

use super::super::super::error::PageError;
use super::super::super::form::Form;
use super::super::super::language::Language;
use super::super::super::visitor::Visitor;
use super::super::{problems, reach};
use crate::AppState;

/// The fields that say which webhook it is.
pub(super) fn fields(view: &WebhookView) -> Markup {
    html! {
        input type="hidden" name="merchant" value=(view.merchant);
        input type="hidden" name="url" value=(view.url);
    }
}

/// The webhook that such a form is about.
pub(super) async fn named(app: &AppState, visitor: &Visitor, form: &Form) -> Result<WebhookView, PageError> {
    let merchant = reach::merchant(app, visitor, form.text("merchant")).await?;
    let known = app.ledger.shop_webhooks(&Reach::Merchants(vec![merchant.id])).await?;
    let url = form.text("url");
    known
        .into_iter()
        .find(|view| view.url == url)
        .ok_or(PageError::NoSuchPage)
}

/// An address messages can be sent to, as it was written.
pub(super) fn address(l: Language, text: &str) -> Result<String, String> {
    let why = match Endpoint::parse(text) {
        Ok(_) => return Ok(text.to_owned()),
        Err(EndpointError::NotAUrl | EndpointError::Scheme) => l.say(
            "Адреса має починатися з https:// (або http://).",
            "The address must begin with https:// (or http://).",
        ),
        Err(EndpointError::UserInfo) => l.say(
            "Імені й пароля в адресі бути не може: повідомлення захищає підпис.",
            "There may be no user and password in the address: messages are protected by their signature.",
        ),
        Err(EndpointError::Fragment) => l.say("Приберіть # і все після нього.", "Leave out the # and what follows it."),
        Err(EndpointError::TooLong) => l.say("Задовга адреса.", "The address is too long."),
    };
    Err(why.to_owned())
}

/// A secret that can sign.
pub(super) fn secret(l: Language, text: &SecretString) -> Result<(), String> {
    let why = match hooks::sign(std::slice::from_ref(text), "check", 0, b"") {
        Ok(_) => return Ok(()),
        Err(SignError::Secret { source, .. }) => source,
        // There is one, and the id is ours.
        Err(SignError::NoSecret | SignError::BadId) => return Err(problems::empty(l)),
    };
    let why = match why {
        SecretError::NotBase64 => l.say("Після whsec_ має йти Base64.", "Base64 must follow whsec_."),
        SecretError::TooShort => l.say(
            "Закороткий: потрібно щонайменше 16 символів, а після whsec_ — 24 байти в Base64.",
            "Too short: 16 characters at least, or 24 bytes in Base64 after whsec_.",
        ),
        SecretError::TooLong => l.say(
            "Задовгий: щонайбільше 256 символів, а після whsec_ — 64 байти в Base64.",
            "Too long: 256 characters at most, or 64 bytes in Base64 after whsec_.",
        ),
        SecretError::Asymmetric => l.say(
            "Ключі whsk_ і whpk_ не підходять; потрібен секрет whsec_.",
            "Keys whsk_ and whpk_ cannot be used; take a whsec_ secret.",
        ),
    };
    Err(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_could_not_sign_is_refused_with_the_reason() {
        for good in ["0123456789abcdef", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(secret(Language::En, &good.into()), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("tiny", "16 characters"),
            ("whsec_!!!!", "Base64"),
            ("whsk_0123456789abcdef", "whsec_"),
        ] {
            let told = secret(Language::En, &bad.into()).unwrap_err();
            assert!(told.contains(why) && !told.contains(bad), "{told}");
        }
    }

    #[test]
    fn an_address_with_a_password_is_refused() {
        assert!(address(Language::En, "https://shop.example/hook?key=1").is_ok());
        for bad in [
            "shop.example",
            "https://a:b@shop.example/",
            "https://shop.example/#x",
            "ftp://a/",
        ] {
            assert!(address(Language::En, bad).is_err(), "{bad}");
        }
    }
}
