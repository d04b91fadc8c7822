//! What a person does with a page.

use std::future::Future;
use std::path::Path;

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use serde_json::json;

use super::Page;

/// Fields whose text depends on the machine's habits get their value as it is.
const SET: &str = "const [node, value] = arguments;
    node.value = value;
    node.dispatchEvent(new Event('input', { bubbles: true }));
    node.dispatchEvent(new Event('change', { bubbles: true }));";

impl Page {
    /// Presses a button or a link, or opens what stands folded behind such a text.
    #[track_caller]
    pub fn press<'a>(&'a self, name: &'a str) -> impl Future<Output = ()> + 'a {
        self.until(format!("press “{name}”"), async move || {
            let target = self.find("press", name, "").await?;
            target.click().await.map_err(words)
        })
    }

    /// Writes into the field with this label what shall stand there.
    #[track_caller]
    pub fn fill<'a>(&'a self, label: &'a str, value: &'a str) -> impl Future<Output = ()> + 'a {
        self.until(format!("fill “{label}”"), async move || {
            let field = self.find("field", label, "").await?;
            let kind = field.attr("type").await.map_err(words)?.unwrap_or_default();
            if ["date", "time", "month", "datetime-local"].contains(&kind.as_str()) {
                self.script(SET, vec![json!(field), json!(value)]).await?;
                return Ok(());
            }
            field.clear().await.map_err(words)?;
            field.send_keys(value).await.map_err(words)?;
            let stands = field.prop("value").await.map_err(words)?.unwrap_or_default();
            if stands == value {
                Ok(())
            } else {
                Err(format!(
                    "another text stands there, {} characters long",
                    stands.chars().count()
                ))
            }
        })
    }

    /// Chooses from the list with this label.
    #[track_caller]
    pub fn choose<'a>(&'a self, label: &'a str, option: &'a str) -> impl Future<Output = ()> + 'a {
        self.until(format!("choose “{option}” as “{label}”"), async move || {
            let choice = self.find("option", label, option).await?;
            choice.click().await.map_err(words)
        })
    }

    /// Sees to it that the box, or one of several round ones, is ticked.
    #[track_caller]
    pub fn tick<'a>(&'a self, label: &'a str) -> impl Future<Output = ()> + 'a {
        self.set_box(label, true)
    }

    /// Sees to it that the box is not ticked.
    #[track_caller]
    pub fn untick<'a>(&'a self, label: &'a str) -> impl Future<Output = ()> + 'a {
        self.set_box(label, false)
    }

    #[track_caller]
    fn set_box<'a>(&'a self, label: &'a str, ticked: bool) -> impl Future<Output = ()> + 'a {
        self.until(format!("tick “{label}”"), async move || {
            let target = self.find("box", label, "").await?;
            if target.is_selected().await.map_err(words)? != ticked {
                target.click().await.map_err(words)?;
            }
            Ok(())
        })
    }

    /// Gives a file to the field with this label.
    #[track_caller]
    pub fn upload<'a>(&'a self, label: &'a str, file: &'a Path) -> impl Future<Output = ()> + 'a {
        self.until(format!("upload {} as “{label}”", file.display()), async move || {
            let file = file.canonicalize().map_err(|error| error.to_string())?;
            let field = self.find("file", label, "").await?;
            field.send_keys(&file.display().to_string()).await.map_err(words)
        })
    }

    /// Signs in, as the form asks for it.
    pub async fn sign_in(&self, login: &str, password: &str) {
        self.goto("/sign-in").await;
        self.fill("Логін", login).await;
        self.fill("Пароль", password).await;
        self.press("Увійти").await;
        self.see("Вийти").await;
    }

    /// Types on the keyboard, wherever the focus is: `"Tab Tab Enter"`, `"Shift+Tab"`, `"/"`, `"K-1001 Enter"`.
    #[track_caller]
    pub fn keyboard<'a>(&'a self, keys: &'a str) -> impl Future<Output = ()> + 'a {
        self.until(format!("type {keys}"), async move || {
            let mut actions = KeyActions::new("keyboard".to_owned());
            for word in keys.split_whitespace() {
                actions = strike(actions, word);
            }
            self.client.perform_actions(actions).await.map_err(words)
        })
    }
}

fn strike(mut actions: KeyActions, word: &str) -> KeyActions {
    if let Some((held, rest)) = word.split_once('+')
        && let Some(held) = special(held)
    {
        actions = actions.then(KeyAction::Down { value: held });
        return strike(actions, rest).then(KeyAction::Up { value: held });
    }
    let values: Vec<char> = special(word).map_or_else(|| word.chars().collect(), |key| vec![key]);
    for value in values {
        actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    }
    actions
}

fn special(word: &str) -> Option<char> {
    let key = match word {
        "Tab" => Key::Tab,
        "Enter" => Key::Enter,
        "Space" => Key::Space,
        "Escape" => Key::Escape,
        "Backspace" => Key::Backspace,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Home" => Key::Home,
        "End" => Key::End,
        "Shift" => Key::Shift,
        "Control" => Key::Control,
        "Alt" => Key::Alt,
        _ => return None,
    };
    Some(key.into())
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
fn words(error: CmdError) -> String {
    error.to_string()
}
