//! The languages, and which of them a reader gets.

use std::sync::LazyLock;

/// A language in which every message exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, also the language of last resort.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Italian.
    Italian,
    /// English with accents and a third longer: shows what clips, and what never went through Fluent. For tests.
    Accented,
    /// English from right to left: shows what does not mirror. For tests.
    Mirrored,
}

/// Whether the two languages for tests may be asked for: in builds for development alone, and there only when the
/// variable is set.
static PSEUDO: LazyLock<bool> =
    LazyLock::new(|| cfg!(debug_assertions) && std::env::var_os("KEYWARD_TEST_PSEUDO").is_some());

impl Language {
    /// All that people read, in the order of the language picker.
    pub const ALL: [Language; 4] = [Language::English, Language::German, Language::French, Language::Italian];

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
            Language::French => "fr",
            Language::Italian => "it",
            Language::Accented => "en-XA",
            Language::Mirrored => "ar-XB",
        }
    }

    /// The language's name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
            Language::French => "Français",
            Language::Italian => "Italiano",
            Language::Accented => "Àççéñţš",
            Language::Mirrored => "Mirrored",
        }
    }

    /// Writing direction, as in `<html dir>`.
    pub fn direction(self) -> &'static str {
        match self {
            Language::Mirrored => "rtl",
            _ => "ltr",
        }
    }

    /// The language of a BCP 47 tag; regions are ignored. `None` for one that is not shipped.
    pub fn parse(tag: &str) -> Option<Language> {
        let tag = tag.trim();
        if *PSEUDO {
            let pseudo = [Language::Accented, Language::Mirrored];
            if let Some(found) = pseudo.into_iter().find(|language| language.code() == tag) {
                return Some(found);
            }
        }
        let primary = tag.split(['-', '_']).next()?;
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language that the query of an address asks for, as in `/signin?lang=de`.
    pub fn of_query(query: &str) -> Option<Language> {
        query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Language::parse)
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
}
