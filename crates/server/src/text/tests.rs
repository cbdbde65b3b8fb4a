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

/// A template without its expressions, comments and the blocks that hold the name of a style.
fn words_of(template: &str) -> (String, Vec<String>) {
    let mut rest = template.to_owned();
    for (from, to) in [
        ("{#", "#}"),
        ("{% block frame %}", "{% endblock %}"),
        ("{% block surface %}", "{% endblock %}"),
        ("{%", "%}"),
        ("{{", "}}"),
        ("<style>", "</style>"),
    ] {
        while let Some((before, after)) = rest.split_once(from) {
            // The words of a block tag go with it; an expression stays as something that is there.
            let after = after.split_once(to).map_or("", |(_, after)| after);
            let sign = if from == "{{" { "\u{1}" } else { "" };
            rest = format!("{before}{sign}{after}");
        }
    }
    let (mut text, mut attributes) = (String::new(), Vec::new());
    for part in rest.split('<') {
        let (tag, after) = part.split_once('>').unwrap_or(("", part));
        text.push_str(after);
        for name in ["alt", "aria-label", "title", "placeholder", "label"] {
            let value = tag.split(&format!(" {name}=\"")).nth(1).and_then(|value| value.split('"').next());
            attributes.extend(value.map(str::to_owned));
        }
    }
    (text, attributes)
}

fn has_word(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 1)
}

#[test]
fn no_text_stands_in_a_template() {
    let mut templates = BTreeMap::new();
    files(&Path::new(ROOT).join("templates"), ".html", &mut templates);
    assert!(templates.len() > 20);
    for (file, template) in templates {
        let (text, attributes) = words_of(&template);
        for line in text.lines() {
            assert!(!has_word(line), "{file} says {line:?}: words belong into locales/");
        }
        for value in attributes {
            assert!(!has_word(&value), "{file} has an attribute that says {value:?}");
        }
    }
}

#[test]
fn no_text_stands_in_a_page_or_a_script() {
    let mut sources = BTreeMap::new();
    files(&Path::new(ROOT).join("src/pages"), ".rs", &mut sources);
    files(&Path::new(ROOT).join("static"), ".js", &mut sources);
    sources.retain(|file, _| !file.contains("/tests"));
    for (file, source) in sources {
        let code = source.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().map(str::trim_start) {
            if ["//", "*", "/*", "#["].iter().any(|comment| line.starts_with(comment)) {
                continue;
            }
            // Every second part stands between quotes; two words with a blank between them are a sentence.
            for said in line.split('"').skip(1).step_by(2) {
                let words: Vec<&str> = said.split(' ').collect();
                let begins = said.chars().next().is_some_and(char::is_uppercase);
                let sentence =
                    begins && words.windows(2).any(|pair| pair.iter().all(|word| reads_like_a_word(word)));
                assert!(!sentence, "{file}: {line}");
            }
        }
    }
}

fn reads_like_a_word(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', ':', '!', '?']);
    word.chars().count() > 2 && word.chars().all(char::is_alphabetic)
}

#[test]
fn a_language_for_tests_is_english_made_strange() {
    let accented = Text::new(Language::Accented).say("problem-too-many").to_string();
    assert_eq!(accented, "Tóóóó mááñy tríééš");
    let mirrored = Text::new(Language::Mirrored).say("next").to_string();
    assert_eq!(mirrored, "\u{202E}Next\u{202C}");
    assert_eq!(Language::Mirrored.direction(), "rtl");
    // Without the variable nobody reaches them.
    assert_eq!(Language::parse("ar-XB"), None);
    assert_eq!(Language::parse("en-XA"), Some(Language::English));
}

#[test]
fn an_address_may_ask_for_a_language() {
    assert_eq!(Language::of_query("lang=de"), Some(Language::German));
    assert_eq!(Language::of_query("x=1&lang=fr-CH"), Some(Language::French));
    assert_eq!(Language::of_query("lang=xx"), None);
    assert_eq!(Language::of_query("slang=de"), None);
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
    // Keys that end in a code, such as "notice-kind-{kind}"; tests of their pages ask for each.
    let made_of_a_code: BTreeSet<String> = quoted
        .iter()
        .filter_map(|text| text.split_once('{').map(|(beginning, _)| beginning))
        .filter(|beginning| beginning.len() > 5 && beginning.ends_with('-') && !beginning.contains(' '))
        .map(str::to_owned)
        .chain(["passkey-get-".to_owned(), "passkey-create-".to_owned()])
        .collect();
    for key in english.keys() {
        let made = made_of_a_code.iter().any(|beginning| key.starts_with(beginning));
        assert!(made || quoted.contains(key), "{key} is never said");
    }
}

#[test]
fn the_language_follows_account_then_cookie_then_browser() {
    use Language::{English, French, German};
    assert_eq!(Language::negotiate(Some("de-CH"), Some("en"), Some("en")), German);
    assert_eq!(Language::negotiate(Some("rm"), Some("de"), Some("en")), German);
    assert_eq!(Language::negotiate(None, None, Some("fr-CH, fr;q=0.9, de;q=0.8, en;q=0.7")), French);
    assert_eq!(Language::negotiate(None, None, Some("rm, es;q=0.9, de;q=0.8, en;q=0.7")), German);
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
