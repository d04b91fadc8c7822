//! The pieces pages are made of. Their looks are in `assets/style.css` under the same names.

use axum::http::Uri;
use domain::time::UnixMillis;
use maud::{Markup, Render, html};

use super::language::Language;
use super::notice::Notice;
use super::page;
use super::visitor::Visitor;

/// What a colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Done, well.
    Good,
    /// Under way, passes by itself.
    Busy,
    /// Somebody should look.
    Warn,
    /// Somebody must act.
    Bad,
    /// Nothing to say.
    Quiet,
}

impl Tone {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Busy => "busy",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Quiet => "quiet",
        }
    }
}

/// A word with a colour. The word says it all; the colour only helps.
pub(super) fn badge(tone: Tone, text: impl Render) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (text) } }
}

/// A page's heading with what can be done with the whole of it.
pub(super) fn heading(title: impl Render, actions: Markup) -> Markup {
    html! { div.heading { h1 { (title) } div.actions { (actions) } } }
}

/// A part of a page. `id` makes it a target of links and of live updates: what is in it is replaced when
/// something changed, unless somebody is writing there.
pub(super) fn card(id: &str, title: impl Render, body: Markup) -> Markup {
    html! { section.card id=(id) data-part=(id) aria-labelledby={ (id) "-title" } {
        h2 id={ (id) "-title" } { (title) }
        (body)
    } }
}

/// Names and values.
pub(super) fn facts(rows: impl IntoIterator<Item = (&'static str, Markup)>) -> Markup {
    html! { dl.facts { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

/// A column's head.
#[derive(Clone, Copy)]
pub(super) struct Head(pub &'static str, pub Align);

/// Where a column's cells stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    /// Numbers and sums.
    End,
}

/// A table; on a phone each row becomes a card whose cells carry their column's name.
pub(super) fn table(caption: &str, heads: &[Head], rows: impl IntoIterator<Item = Vec<Markup>>) -> Markup {
    let class = |align: Align| (align == Align::End).then_some("number");
    html! {
        div.scroll tabindex="0" role="group" aria-label=(caption) {
            table {
                caption.hidden { (caption) }
                thead { tr { @for head in heads { th scope="col" class=[class(head.1)] { (head.0) } } } }
                tbody { @for row in rows {
                    tr { @for (head, cell) in heads.iter().zip(row) {
                        td data-label=(head.0) class=[class(head.1)] { div { (cell) } }
                    } }
                } }
            }
        }
    }
}

/// What stands where there is nothing: what it means and what to do next.
pub(super) fn empty(text: impl Render) -> Markup {
    html! { p.empty { (text) } }
}

/// A form of ours: with its token.
pub(super) fn form(visitor: &Visitor, action: &str, body: Markup) -> Markup {
    html! { form.fields method="post" action=(action) { (page::token(visitor)) (body) } }
}

/// The same for files.
pub(super) fn upload_form(visitor: &Visitor, action: &str, body: Markup) -> Markup {
    html! { form.fields method="post" action=(action) enctype="multipart/form-data" { (page::token(visitor)) (body) } }
}

/// One button that does one thing at once.
pub(super) fn button(visitor: &Visitor, action: &str, label: &str) -> Markup {
    html! { form.inline method="post" action=(action) { (page::token(visitor)) button type="submit" { (label) } } }
}

/// A button that first says in words what will happen. `body` may hold further fields.
pub(super) fn ask_first(
    visitor: &Visitor,
    action: &str,
    label: &str,
    what_happens: &str,
    body: Markup,
    confirm: &str,
) -> Markup {
    html! {
        details.ask {
            summary.button { (label) }
            form.fields method="post" action=(action) {
                (page::token(visitor))
                p { (what_happens) }
                (body)
                button.danger type="submit" { (confirm) }
            }
        }
    }
}

/// A text field with its label. `hint` and `problem` may be empty.
pub(super) struct Field<'a> {
    pub label: &'a str,
    pub name: &'a str,
    /// `text`, `password`, `email`, `url`, `time`, `date`, `number`, `file`, `search`.
    pub kind: &'a str,
    pub value: &'a str,
    pub hint: &'a str,
    /// What is wrong with what was sent.
    pub problem: &'a str,
    pub required: bool,
    /// HTML's `autocomplete`.
    pub complete: &'a str,
}

impl<'a> Field<'a> {
    /// An ordinary, optional text.
    pub const fn text(label: &'a str, name: &'a str, value: &'a str) -> Self {
        Self {
            label,
            name,
            kind: "text",
            value,
            hint: "",
            problem: "",
            required: false,
            complete: "off",
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = format!("field-{}", self.name);
        let about = format!("{id}-about");
        let told = !self.hint.is_empty() || !self.problem.is_empty();
        html! {
            div.field {
                label for=(id) { (self.label) }
                input id=(id) name=(self.name) type=(self.kind) value=[(self.kind != "file").then_some(self.value)]
                    required[self.required] aria-invalid=[(!self.problem.is_empty()).then_some("true")]
                    aria-describedby=[told.then_some(&about)] autocomplete=(self.complete);
                @if told { div id=(about) {
                    @if !self.problem.is_empty() { p.problem { (self.problem) } }
                    @if !self.hint.is_empty() { p.hint { (self.hint) } }
                } }
            }
        }
    }
}

/// A choice of few. `options`: value and text.
pub(super) fn select(label: &str, name: &str, chosen: &str, options: &[(&str, &str)]) -> Markup {
    let id = format!("field-{name}");
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for (value, text) in options { option value=(value) selected[*value == chosen] { (text) } }
            }
        }
    }
}

/// A box to tick.
pub(super) fn tick(label: &str, name: &str, ticked: bool, hint: &str) -> Markup {
    html! {
        div.tick {
            label { input type="checkbox" name=(name) value="yes" checked[ticked]; span { (label) } }
            @if !hint.is_empty() { p.hint { (hint) } }
        }
    }
}

/// A text that can be copied with one press.
pub(super) fn copyable(l: Language, text: &str) -> Markup {
    html! { span.copy { code { (text) } button.plain type="button" data-copy=(text) { (l.say("Скопіювати", "Copy")) } } }
}

/// A point in time, with how long ago it was where the mouse rests.
pub(super) fn time(l: Language, at: UnixMillis, now: UnixMillis) -> Markup {
    html! { time title=(l.ago(at, now)) { (l.minute(at)) } }
}

/// What the redirect after a form asks to say.
pub(super) fn notice(visitor: &Visitor, uri: &Uri) -> Markup {
    let said = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "done")
        .and_then(|(_, word)| Notice::parse(&word));
    html! { @if let Some(notice) = said { p.notice role="status" { (notice.text(visitor.language)) } } }
}

/// The way to the next page of a list that pages by key.
pub(super) fn next_page(l: Language, href: Option<&str>) -> Markup {
    html! { @if let Some(href) = href { p.pager { a.button href=(href) { (l.say("Далі", "Next page")) } } } }
}

/// An address with a query; empty values are left out.
pub(super) fn link<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
