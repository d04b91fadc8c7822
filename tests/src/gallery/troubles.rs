//! Merchants whose registers need a person.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::tax::VatScheme;
use jiff::{Timestamp, ToSpan as _};
use ledger::actions::Ask;
use ledger::settings::Credentials;
use sandbox::cashalot::{self, Fault, FaultKind, ForeignEffect};

use super::goods::order;
use super::{name, until_alert, until_compared};
use crate::bed::{PATIENCE, Placed, Shop, TestBed};
use crate::{eventually, free_port};

/// Nobody listens where its provider should be.
pub(super) async fn bakery(bed: &TestBed) -> (Shop, Placed) {
    let nowhere = format!("http://127.0.0.1:{}/", free_port());
    let shop = bed
        .open_shop("bakery", 4_000_999_003, |settings| {
            name(
                settings,
                "Товариство з обмеженою відповідальністю «Пекарня Паляниця та сини»",
            );
            settings.registers[0].base_url = nowhere;
        })
        .await;
    let placed = bed.place_with(&shop, order("B-51", 4_500, &[("Паляниця", "45.00", "1", "45.00")]));
    bed.fondy.pay(&placed.at_gateway).expect("the order can be paid");
    until_alert(bed, &shop, "register_trouble").await;
    bed.until(&placed, &["sale ready"]).await;
    (shop, placed)
}

/// The answer to its last receipt was lost, and its documents cannot be listed.
pub(super) async fn pharmacy(bed: &TestBed) -> (Shop, Placed) {
    let shop = bed
        .open_shop("pharmacy", 4_000_999_004, |settings| {
            name(settings, "Аптека «Подорожник»");
            settings.registers[0].vat = VatScheme::NotAPayer;
        })
        .await;
    for command in ["Shifts", "Documents"] {
        bed.cashalot.inject(Fault {
            times: u32::MAX,
            ..Fault::once(FaultKind::CloseBefore)
                .on_command(command)
                .on_register(shop.number)
        });
    }
    let lost = Fault::once(FaultKind::RegisterThenClose).on_command("RegisterCheck");
    bed.cashalot.inject(lost.on_register(shop.number));
    let placed = bed.place_with(&shop, order("P-77", 18_340, &[("Вітамін D3", "183.40", "1", "183.40")]));
    bed.fondy.pay(&placed.at_gateway).expect("the order can be paid");
    bed.until(&placed, &["sale in_doubt"]).await;
    (shop, placed)
}

/// Its certificate ends in some days; somebody else wrote a document on its tape.
pub(super) async fn workshop(bed: &TestBed) -> Shop {
    let number = 4_000_999_005;
    let coded = |text: &str| STANDARD.encode(text);
    bed.cashalot.add_register(cashalot::RegisterSetup {
        credentials: Some(cashalot::Credentials::Keys {
            certificate: coded("a certificate of the gallery"),
            private_key: coded("a key of the gallery"),
            password: "gallery".to_owned(),
        }),
        ..cashalot::RegisterSetup::new(number)
    });
    let now = Timestamp::from_millisecond(bed.now().0).expect("a point in time");
    let ends = now + (11 * 24).hours();
    assert!(bed.cashalot.set_certificate_end(number, Some(ends)));
    let shop = bed
        .open_shop("workshop", number, |settings| {
            name(settings, "Майстерня «Дерево»");
            settings.registers[0].credentials = Credentials::Keys {
                certificate: coded("a certificate of the gallery").into(),
                private_key: coded("a key of the gallery").into(),
                password: "gallery".to_owned().into(),
            };
        })
        .await;
    until_alert(bed, &shop, "certificate_expiry").await;
    bed.sell(&shop, "W-1", 120_000).await;
    let silent = FaultKind::ForeignDocument {
        effect: ForeignEffect::Silent,
    };
    assert!(bed.cashalot.apply(&silent, Some(number)));
    bed.sell(&shop, "W-2", 35_000).await;
    let action = bed
        .ledger
        .ask(&shop.register, Ask::Close, "", "support", bed.now())
        .await;
    let action = action.expect("the ledger takes it");
    eventually(PATIENCE, async || {
        bed.ledger.action(&action.id).await.expect("the ledger answers")?.end
    })
    .await;
    until_compared(bed, &shop).await;
    until_alert(bed, &shop, "z_difference").await;
    shop
}
