//! What people read: English and German, as Fluent messages. Sentences are never put together from parts.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("en"), include_str!("../locales/en.ftl")));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("de"), include_str!("../locales/de.ftl")));

fn bundle(language: LanguageIdentifier, source: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Terminals show the marks around arguments as boxes.
    bundle.set_use_isolating(false);
    // A test reads both files; what cannot be read here is left out, and its id is shown instead.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

/// One language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Text {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Text {
    /// The language that the environment's `LANG` means.
    pub fn of(language: Option<&str>) -> Self {
        match language {
            Some(language) if language.to_ascii_lowercase().starts_with("de") => Self::German,
            _ => Self::English,
        }
    }

    /// For `Accept-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The message `id`.
    pub fn say(self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The message `id` with its arguments.
    pub fn with(self, id: &str, arguments: &[(&'static str, &str)]) -> String {
        let mut list = FluentArgs::new();
        for (name, value) in arguments {
            list.set(*name, FluentValue::from(*value));
        }
        self.format(id, &list)
    }

    /// The message `id` with a count.
    pub fn counted(self, id: &str, name: &'static str, count: u64) -> String {
        let mut list = FluentArgs::new();
        list.set(name, FluentValue::from(count));
        self.format(id, &list)
    }

    fn format(self, id: &str, arguments: &FluentArgs<'_>) -> String {
        let bundle = match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        bundle.format_pattern(pattern, Some(arguments), &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests;
