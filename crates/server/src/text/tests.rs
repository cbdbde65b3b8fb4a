use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use primitives::time::{Span, Timestamp};

use super::{Language, Style, Text, json_block};
use crate::pages::shell::span;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn files(folder: &Path, ending: &str, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_str().unwrap().ends_with(ending) {
            found.insert(path.to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Key to the names of its arguments, for every message of a language.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    files(&Path::new(ROOT).join("locales").join(language.code()), ".ftl", &mut found);
    let mut messages = BTreeMap::new();
    for (file, source) in found {
        let resource = fluent_bundle::FluentResource::try_new(source.clone());
        assert!(resource.is_ok(), "{file} does not parse");
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '}'])) {
                key = name.to_owned();
                assert!(messages.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            }
            for argument in line.split('$').skip(1) {
                let name = argument.split([' ', '}']).next().unwrap();
                messages.get_mut(&key).unwrap().insert(name.to_owned());
            }
        }
    }
    messages
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let english = messages(Language::English);
    assert!(english.len() > 250);
    for language in Language::ALL {
        assert_eq!(messages(language), english, "{}", language.code());
    }
}

#[test]
fn every_key_in_templates_and_sources_is_a_message_and_every_message_is_used() {
    let english = messages(Language::English);
    let mut sources = BTreeMap::new();
    files(&Path::new(ROOT).join("templates"), ".html", &mut sources);
    files(&Path::new(ROOT).join("src"), ".rs", &mut sources);
    sources.retain(|file, _| !file.contains("tests"));
    let mut quoted = BTreeSet::new();
    for (file, source) in &sources {
        for said in source.split("say(\"").skip(1) {
            let key = said.split('"').next().unwrap();
            assert!(english.contains_key(key), "{file} says {key}");
        }
        quoted.extend(source.split('"').map(str::to_owned));
    }
    for key in english.keys() {
        // These are made of an operation and an outcome code; a test of the pages asks for each.
        let outcome = key.starts_with("passkey-get-") || key.starts_with("passkey-create-");
        assert!(outcome || quoted.contains(key), "{key} is never said");
    }
}

#[test]
fn the_language_follows_account_then_cookie_then_browser() {
    use Language::{English, German};
    assert_eq!(Language::negotiate(Some("de-CH"), Some("en"), Some("en")), German);
    assert_eq!(Language::negotiate(Some("fr"), Some("de"), Some("en")), German);
    assert_eq!(Language::negotiate(None, None, Some("fr-CH, fr;q=0.9, de;q=0.8, en;q=0.7")), German);
    assert_eq!(Language::negotiate(None, None, Some("de;q=0, en;q=0.1")), English);
    assert_eq!(Language::negotiate(None, None, Some("de;q=x, *")), English);
    assert_eq!(Language::negotiate(None, None, None), English);
    assert_eq!(Language::parse("DE_at"), Some(German));
    assert_eq!(Language::parse(""), None);
}

#[test]
fn a_phrase_escapes_what_people_typed_and_marks_up_what_it_knows() {
    let text = Text::new(Language::English);
    let at = Timestamp::parse_rfc3339("2026-11-24T08:00:00Z").unwrap();
    let markup = text.say("tap-not-yet-valid").at("from", &at).html().to_string();
    assert_eq!(
        markup,
        "This pass works from <time datetime=\"2026-11-24T08:00:00Z\" data-style=\"date-time\">24 Nov 2026, 08:00 UTC\
         </time>. Come back then."
    );
    let name = "<b>\u{E000}&";
    let markup = text.say("flash-passkey-added").strong("name", name).html().to_string();
    assert_eq!(markup, "The passkey <strong>&lt;b&gt;&amp;</strong> is ready to use.");
    assert_eq!(
        text.say("flash-passkey-added").strong("name", name).to_string(),
        "The passkey <b>& is ready to use.",
        "plain text is escaped where it is printed"
    );
}

#[test]
fn dates_read_as_people_of_the_language_write_them() {
    let at = Timestamp::parse_rfc3339("2026-03-04T05:06:00Z").unwrap();
    let say = |language, style| Text::new(language).time(&at, style).to_string();
    assert!(say(Language::English, Style::Date).contains(">4 Mar 2026<"));
    assert!(say(Language::German, Style::DateTime).contains(">4. März 2026, 05:06 UTC<"));
}

#[test]
fn numbers_choose_their_plural() {
    let text = Text::new(Language::German);
    assert_eq!(
        text.say("tap-wrong-left").count("count", &1).to_string().split(". ").last(),
        Some("Noch 1 Versuch.")
    );
    assert_eq!(
        text.say("tap-wrong-left").count("count", &7).to_string().split(". ").last(),
        Some("Noch 7 Versuche.")
    );
    let english = Text::new(Language::English);
    assert_eq!(span(english, Span::from_secs(20)), "1 minute");
    assert_eq!(span(english, Span::from_minutes(42)), "42 minutes");
    assert_eq!(span(english, Span::from_minutes(121)), "2 hours");
    assert_eq!(span(english, Span::from_days(30)), "30 days");
}

#[test]
fn a_data_block_cannot_be_closed_from_inside() {
    let block = json_block(&serde_json::json!({ "name": "</script><!--&\u{2028}" })).to_string();
    assert_eq!(block, r#"{"name":"\u003c/script\u003e\u003c!--\u0026\u2028"}"#);
}

#[test]
fn an_unknown_key_is_visible() {
    assert_eq!(Text::new(Language::English).say("no-such-key").to_string(), "⟦no-such-key⟧");
}
