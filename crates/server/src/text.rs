//! What people read: languages, Fluent messages and phrases about time.
//!
//! A [`Text`] is a small copyable handle on one language. [`Text::say`] starts a [`Phrase`], which prints as plain text
//! or, through [`Phrase::html`], as markup in which points in time are `<time>` elements that a script turns into
//! the reader's own zone. Sentences are never put together from parts: a phrase is one message with arguments.

use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use primitives::time::Timestamp;
use unic_langid::{LanguageIdentifier, langid};

mod language;
mod moment;
mod pseudo;
#[cfg(test)]
mod tests;

pub use language::Language;
pub use moment::Style;

type Bundle = FluentBundle<FluentResource>;

/// The files of one language, in the same tree as the templates.
macro_rules! sources {
    ($directory:literal) => {
        &[
            include_str!(concat!("../locales/", $directory, "/common.ftl")),
            include_str!(concat!("../locales/", $directory, "/time.ftl")),
            include_str!(concat!("../locales/", $directory, "/passkey.ftl")),
            include_str!(concat!("../locales/", $directory, "/sign_in.ftl")),
            include_str!(concat!("../locales/", $directory, "/signin_password.ftl")),
            include_str!(concat!("../locales/", $directory, "/methods.ftl")),
            include_str!(concat!("../locales/", $directory, "/passwordless.ftl")),
            include_str!(concat!("../locales/", $directory, "/welcome.ftl")),
            include_str!(concat!("../locales/", $directory, "/security.ftl")),
            include_str!(concat!("../locales/", $directory, "/wizard.ftl")),
            include_str!(concat!("../locales/", $directory, "/phone.ftl")),
            include_str!(concat!("../locales/", $directory, "/companion.ftl")),
            include_str!(concat!("../locales/", $directory, "/confirm.ftl")),
            include_str!(concat!("../locales/", $directory, "/enforcement.ftl")),
            include_str!(concat!("../locales/", $directory, "/sessions.ftl")),
            include_str!(concat!("../locales/", $directory, "/history.ftl")),
            include_str!(concat!("../locales/", $directory, "/setup.ftl")),
            include_str!(concat!("../locales/", $directory, "/notices.ftl")),
            include_str!(concat!("../locales/", $directory, "/mail.ftl")),
            include_str!(concat!("../locales/", $directory, "/lost.ftl")),
            include_str!(concat!("../locales/", $directory, "/console.ftl")),
            include_str!(concat!("../locales/", $directory, "/people.ftl")),
            include_str!(concat!("../locales/", $directory, "/policy.ftl")),
            include_str!(concat!("../locales/", $directory, "/insight.ftl")),
            include_str!(concat!("../locales/", $directory, "/requests.ftl")),
            include_str!(concat!("../locales/", $directory, "/passes.ftl")),
            include_str!(concat!("../locales/", $directory, "/problem.ftl")),
            include_str!(concat!("../locales/", $directory, "/topics.ftl")),
            include_str!(concat!("../locales/", $directory, "/guide.ftl")),
            include_str!(concat!("../locales/", $directory, "/letter.ftl")),
            include_str!(concat!("../locales/", $directory, "/models.ftl")),
            include_str!(concat!("../locales/", $directory, "/keys.ftl")),
            include_str!(concat!("../locales/", $directory, "/hooks.ftl")),
            include_str!(concat!("../locales/", $directory, "/apps.ftl")),
            include_str!(concat!("../locales/", $directory, "/logout.ftl")),
            include_str!(concat!("../locales/", $directory, "/device.ftl")),
            include_str!(concat!("../locales/", $directory, "/application.ftl")),
        ]
    };
}

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("en"), sources!("en")));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("de"), sources!("de")));
static FRENCH: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("fr"), sources!("fr")));
static ITALIAN: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("it"), sources!("it")));
static ACCENTED: LazyLock<Bundle> = LazyLock::new(|| {
    let mut bundle = bundle(langid!("en"), sources!("en"));
    bundle.set_transform(Some(pseudo::accented));
    bundle
});
static MIRRORED: LazyLock<Bundle> = LazyLock::new(|| {
    let mut bundle = bundle(langid!("en"), sources!("en"));
    bundle.set_transform(Some(pseudo::mirrored));
    bundle
});

fn bundle_of(language: Language) -> &'static Bundle {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::French => &FRENCH,
        Language::Italian => &ITALIAN,
        Language::Accented => &ACCENTED,
        Language::Mirrored => &MIRRORED,
    }
}

/// Stand for the markup of a phrase while Fluent formats it; taken out of every argument that people typed.
const MARKS: std::ops::RangeInclusive<char> = '\u{E000}'..='\u{E0FF}';

/// A handle on the messages of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The language spoken.
    pub language: Language,
}

impl Text {
    /// The messages of `language`.
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// Starts the phrase of the message `key`. A key without a message prints as `⟦key⟧`; the tests allow none.
    pub fn say<'a>(self, key: &'a str) -> Phrase<'a> {
        Phrase { text: self, key, arguments: Vec::new() }
    }

    /// Whether there is a message `key`.
    pub fn has(self, key: &str) -> bool {
        bundle_of(self.language).has_message(key)
    }

    /// A point in time by itself, as a `<time>` element.
    pub fn time(self, at: &Timestamp, style: Style) -> Html {
        Html(moment::element(self, *at, style))
    }

    /// A point in time in words.
    pub fn moment(self, at: &Timestamp, style: Style) -> String {
        moment::plain(self, *at, style)
    }

    /// A day in words.
    pub fn day(self, at: &Timestamp) -> String {
        moment::plain(self, *at, Style::Date)
    }

    fn format(self, key: &str, arguments: &FluentArgs<'_>) -> String {
        // A message that a language lacks is said in English rather than not at all; the tests allow none.
        let languages = [bundle_of(self.language), &*ENGLISH];
        let found = languages
            .into_iter()
            .find_map(|bundle| Some((bundle, bundle.get_message(key).and_then(|message| message.value())?)));
        let Some((bundle, pattern)) = found else {
            return format!("⟦{key}⟧");
        };
        // A missing argument prints as its name; it must not take the page down.
        bundle.format_pattern(pattern, Some(arguments), &mut Vec::new()).into_owned()
    }
}

enum Argument {
    Words(String),
    Strong(String),
    Number(i64),
    Moment(Timestamp, Style),
}

/// One message with its arguments; prints as plain text.
pub struct Phrase<'a> {
    text: Text,
    key: &'a str,
    arguments: Vec<(&'static str, Argument)>,
}

impl Phrase<'_> {
    fn push(mut self, name: &'static str, argument: Argument) -> Self {
        self.arguments.push((name, argument));
        self
    }

    /// Words for `{ $name }`.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl fmt::Display) -> Self {
        let words = value.to_string().replace(|c| MARKS.contains(&c), "");
        self.push(name, Argument::Words(words))
    }

    /// Words that stand out in markup, such as an account or a typed number.
    #[must_use]
    pub fn strong(self, name: &'static str, value: impl fmt::Display) -> Self {
        let words = value.to_string().replace(|c| MARKS.contains(&c), "");
        self.push(name, Argument::Strong(words))
    }

    /// A number for `{ $name }`, which plural rules see.
    #[must_use]
    pub fn count(self, name: &'static str, value: &i64) -> Self {
        self.push(name, Argument::Number(*value))
    }

    /// A date and time for `{ $name }`.
    #[must_use]
    pub fn at(self, name: &'static str, value: &Timestamp) -> Self {
        self.push(name, Argument::Moment(*value, Style::DateTime))
    }

    /// A date without its time for `{ $name }`.
    #[must_use]
    pub fn on(self, name: &'static str, value: &Timestamp) -> Self {
        self.push(name, Argument::Moment(*value, Style::Date))
    }

    /// The phrase as markup: points in time become `<time>`, strong words `<strong>`, all else is escaped.
    pub fn html(&self) -> Html {
        let mut arguments = FluentArgs::new();
        let mut marks = Vec::new();
        for (name, argument) in &self.arguments {
            let element = match argument {
                Argument::Words(words) => {
                    arguments.set(*name, FluentValue::from(words.as_str()));
                    continue;
                }
                Argument::Number(number) => {
                    arguments.set(*name, FluentValue::from(*number));
                    continue;
                }
                Argument::Strong(words) => format!("<strong>{}</strong>", escape(words)),
                Argument::Moment(at, style) => moment::element(self.text, *at, *style),
            };
            let mark = mark(marks.len());
            arguments.set(*name, FluentValue::from(mark.to_string()));
            marks.push((mark, element));
        }
        let mut markup = escape(&self.text.format(self.key, &arguments));
        for (mark, element) in marks {
            markup = markup.replace(mark, &element);
        }
        Html(markup)
    }
}

impl fmt::Display for Phrase<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arguments = FluentArgs::new();
        for (name, argument) in &self.arguments {
            let value = match argument {
                Argument::Words(words) | Argument::Strong(words) => FluentValue::from(words.as_str()),
                Argument::Number(number) => FluentValue::from(*number),
                Argument::Moment(at, style) => FluentValue::from(moment::plain(self.text, *at, *style)),
            };
            arguments.set(*name, value);
        }
        f.write_str(&self.text.format(self.key, &arguments))
    }
}

/// Markup made here, of escaped words: templates print it as it is.
pub struct Html(String);

impl Html {
    /// Markup that holds nothing that anybody typed.
    pub(crate) fn made(markup: String) -> Self {
        Self(markup)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

fn mark(index: usize) -> char {
    let index = u32::try_from(index).unwrap_or(0).min(0xFF);
    char::from_u32(u32::from(*MARKS.start()).saturating_add(index)).unwrap_or(*MARKS.end())
}

/// `text` with the five characters replaced that mean something in HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// `value` as JSON for a `<script type="application/json">` block: nothing in it can close the block.
pub(crate) fn json_block(value: &serde_json::Value) -> Html {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Html(out)
}

fn bundle(language: LanguageIdentifier, sources: &[&str]) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // All languages run left to right: isolation marks would only get into copied text and accessible names.
    bundle.set_use_isolating(false);
    for source in sources {
        // What parses is used even if something else in the file does not; the tests allow no error.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let _ = bundle.add_resource(resource);
    }
    bundle
}
