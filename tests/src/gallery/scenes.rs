//! What is done on a page before one looks.

use futures_util::future::{FutureExt as _, LocalBoxFuture};

use super::Gallery;
use crate::browser::Page;
use crate::unique;

pub(super) type Scene = for<'a> fn(&'a Gallery, &'a Page) -> LocalBoxFuture<'a, ()>;

macro_rules! scenes {
    ($($(#[$doc:meta])* $name:ident($gallery:ident, $page:ident) $body:block)+) => {$(
        $(#[$doc])*
        pub(super) fn $name<'a>($gallery: &'a Gallery, $page: &'a Page) -> LocalBoxFuture<'a, ()> {
            async move { $body }.boxed_local()
        }
    )+};
}

scenes! {
    as_it_is(_gallery, _page) {}

    sign_in_wrongly(_gallery, page) {
        page.fill("Логін", "olena").await;
        page.fill("Пароль", "не той пароль").await;
        page.press("Увійти").await;
        page.see("не підходять").await;
    }

    choose_a_short_password(_gallery, page) {
        page.fill("Новий пароль", "коротко").await;
        page.fill("Ще раз", "коротко").await;
        page.press("Зберегти й увійти").await;
        page.see("щонайменше 12 знаків завдовжки").await;
    }

    correct_the_basket(_gallery, page) {
        page.press("Виправити кошик").await;
        page.see("Рядок без назви не рахується").await;
    }

    correct_the_basket_wrongly(_gallery, page) {
        page.press("Виправити кошик").await;
        page.fill("Ціна, рядок 1", "сто гривень").await;
        page.press("Зберегти кошик").await;
        page.see("сума пишеться цифрами").await;
    }

    ask_for_a_refund(_gallery, page) {
        page.press("Зробити чек повернення").await;
        page.see("Скасувати його не можна").await;
    }

    refund_too_much(_gallery, page) {
        page.press("Зробити чек повернення").await;
        page.fill("Сума, ₴", "999999").await;
        page.press("Так, зробити чек повернення").await;
        page.see("не більше за").await;
    }

    ask_to_send_to_the_phone(_gallery, page) {
        page.press("Надіслати на телефон").await;
        page.see("може коштувати грошей").await;
    }

    ask_for_everything_again(_gallery, page) {
        page.press("Надіслати все за час…").await;
        page.see("Так, надіслати все").await;
    }

    write_a_wrong_sender(_gallery, page) {
        page.fill("Відправник", "квіти").await;
        page.press("Зберегти").await;
        page.see("Це не адреса").await;
    }

    read_how_to_verify(_gallery, page) {
        page.press("Як магазинові перевірити підпис").await;
        page.see("webhook-signature").await;
    }

    change_a_webhook_s_secret(_gallery, page) {
        page.press("Змінити секрет").await;
        page.press("Так, змінити секрет").await;
        page.see("whsec_").await;
    }

    give_up_a_hold(_gallery, page) {
        page.press("Закрити без чека").await;
        page.see("Причину буде записано").await;
    }

    unfold_requests(_gallery, page) {
        page.run("for (const one of document.querySelectorAll('.document details')) one.open = true", Vec::new()).await;
        page.see("RegisterCheck").await;
    }

    ask_to_close_the_shift(_gallery, page) {
        page.press("Закрити зміну").await;
        page.see("Так, закрити зміну").await;
    }

    ask_for_cash(_gallery, page) {
        page.press("Внести готівку").await;
        page.see("Сума, ₴").await;
    }

    read_the_totals(_gallery, page) {
        page.press("Прочитати підсумки").await;
        page.see("збігаються").await;
    }

    save_an_empty_merchant(_gallery, page) {
        page.fill("Назва", "ФОП Приклад").await;
        page.fill("Ідентифікатор", "Квіти та подарунки").await;
        page.press("Зберегти").await;
        page.see("Ідентифікатор").await;
    }

    /// The tax service is back for so long.
    check_a_register(gallery, page) {
        gallery.bed.cashalot.set_fsko(true);
        page.press("Перевірити").await;
        page.see("Касу можна зберегти").await;
        gallery.bed.cashalot.set_fsko(false);
    }

    check_a_wrong_pin(_gallery, page) {
        page.fill("KeyPin", "00000000").await;
        page.press("Перевірити").await;
        page.see("Не перевірено").await;
    }

    check_where_nobody_is(_gallery, page) {
        page.press("Перевірити").await;
        page.see("Зберегти без перевірки").await;
    }

    check_while_the_tax_service_is_away(gallery, page) {
        page.tick("KeyPin: ключ у кабінеті Cashälot").await;
        page.fill("KeyPin", sandbox::cashalot::DEFAULT_KEY_PIN).await;
        page.fill("Адреса сервісу", &format!("http://{}/", gallery.bed.cashalot_addr)).await;
        page.press("Перевірити").await;
        page.see("а податкова — ні").await;
    }

    pay_vat(_gallery, page) {
        page.tick("Файли ключа з паролем").await;
        page.tick("Платник ПДВ: літери й ставки").await;
        page.see("Звичайна літера").await;
    }

    save_a_source_wrongly(_gallery, page) {
        page.fill("Обліковий запис у платіжній системі", "мій магазин").await;
        page.fill("Секретний ключ", "a key of the gallery").await;
        page.press("Зберегти").await;
        page.see("лише цифри").await;
    }

    send_a_test(_gallery, page) {
        page.press("Надіслати пробне сповіщення").await;
        page.see("Дійшло").await;
    }

    make_an_api_key(_gallery, page) {
        page.fill("Назва", &unique("shop")).await;
        page.press("Створити ключ").await;
        page.see("Скопійовано, далі").await;
    }

    invite_somebody_known(_gallery, page) {
        page.fill("Логін", "solomiia").await;
        page.fill("Ім'я", "Соломія Друга").await;
        page.tick("Усіх продавців, також майбутніх").await;
        page.press("Запросити").await;
        page.see("Такий логін уже є").await;
    }

    invite_somebody(_gallery, page) {
        page.fill("Логін", &unique("taras")).await;
        page.fill("Ім'я", "Тарас Оператор").await;
        page.tick("Усіх продавців, також майбутніх").await;
        page.press("Запросити").await;
        page.see("Одноразове посилання").await;
    }

    begin_the_second_step(_gallery, page) {
        page.press("Увімкнути").await;
        page.see("Код із застосунку").await;
    }
}
