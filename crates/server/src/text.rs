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

mod moment;
#[cfg(test)]
mod tests;

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
            include_str!(concat!("../locales/", $directory, "/welcome.ftl")),
            include_str!(concat!("../locales/", $directory, "/security.ftl")),
            include_str!(concat!("../locales/", $directory, "/wizard.ftl")),
            include_str!(concat!("../locales/", $directory, "/confirm.ftl")),
            include_str!(concat!("../locales/", $directory, "/sessions.ftl")),
            include_str!(concat!("../locales/", $directory, "/setup.ftl")),
            include_str!(concat!("../locales/", $directory, "/problem.ftl")),
        ]
    };
}

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("en"), sources!("en")));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("de"), sources!("de")));

/// Stand for the markup of a phrase while Fluent formats it; taken out of every argument that people typed.
const MARKS: std::ops::RangeInclusive<char> = '\u{E000}'..='\u{E0FF}';

/// A language in which every message exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, also the language of last resort.
    English,
    /// German.
    German,
}

impl Language {
    /// All of them, in the order of the language picker.
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The language's name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    /// Writing direction, as in `<html dir>`.
    pub fn direction(self) -> &'static str {
        match self {
            Language::English | Language::German => "ltr",
        }
    }

    /// The language of a BCP 47 tag; regions are ignored. `None` for one that is not shipped.
    pub fn parse(tag: &str) -> Option<Language> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The best language of an `Accept-Language` header (RFC 9110 section 12.5.4), by quality, then by position.
    pub fn accept(header: &str) -> Option<Language> {
        let mut best: Option<(Language, f32)> = None;
        // Bounded: nobody reads forty languages, and the header is the sender's.
        for range in header.split(',').take(40) {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(Language::parse) else { continue };
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |value| value.trim().parse().unwrap_or(0.0));
            if quality > best.map_or(0.0, |(_, quality)| quality) {
                best = Some((language, quality));
            }
        }
        best.map(|(language, _)| language)
    }

    /// The first that names a shipped language: what the account says, the cookie, the browser; else English.
    pub fn negotiate(account: Option<&str>, cookie: Option<&str>, accept: Option<&str>) -> Language {
        account
            .and_then(Language::parse)
            .or_else(|| cookie.and_then(Language::parse))
            .or_else(|| accept.and_then(Language::accept))
            .unwrap_or(Language::English)
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }
}

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
        self.language.bundle().has_message(key)
    }

    /// A point in time by itself, as a `<time>` element.
    pub fn time(self, at: &Timestamp, style: Style) -> Html {
        Html(moment::element(self, *at, style))
    }

    fn format(self, key: &str, arguments: &FluentArgs<'_>) -> String {
        let bundle = self.language.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
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
    // Both languages run left to right: isolation marks would only get into copied text and accessible names.
    bundle.set_use_isolating(false);
    for source in sources {
        // What parses is used even if something else in the file does not; the tests allow no error.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let _ = bundle.add_resource(resource);
    }
    bundle
}
