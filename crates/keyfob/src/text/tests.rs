use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// The ids of a file, and for each the names of its arguments.
fn messages(source: &str) -> BTreeSet<(String, Vec<String>)> {
    assert!(FluentResource::try_new(source.to_owned()).is_ok());
    let mut found: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, _)) = line.split_once(" = ").filter(|(id, _)| !id.starts_with(' ')) {
            found.push((id.to_owned(), BTreeSet::new()));
        }
        for part in line.split('$').skip(1) {
            let name = part.split(|c: char| !c.is_ascii_lowercase()).next().unwrap();
            found.last_mut().unwrap().1.insert(name.to_owned());
        }
    }
    found.into_iter().map(|(id, names)| (id, names.into_iter().collect())).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let (english, german) =
        (messages(include_str!("../../locales/en.ftl")), messages(include_str!("../../locales/de.ftl")));
    assert_eq!(english, german);
    for text in [Text::English, Text::German] {
        let keys = text.say("errand-choose-keys");
        assert_eq!(keys.chars().collect::<BTreeSet<_>>().len(), 3, "{keys}");
        let asked = text.say("errand-choose");
        assert!(keys.chars().all(|key| asked.contains(&format!("[{key}]"))), "{asked}");
        assert_ne!(text.say("yes-keys"), text.say("no-keys"));
    }
}

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_message_is_used() {
    let mut code = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
    for (id, _) in messages(include_str!("../../locales/en.ftl")) {
        assert!(code.contains(&format!("\"{id}\"")), "nobody says {id}");
    }
}

#[test]
fn the_environment_chooses() {
    for (lang, text) in [
        (None, Text::English),
        (Some("C.UTF-8"), Text::English),
        (Some("de_CH.UTF-8"), Text::German),
        (Some("de"), Text::German),
        (Some("fr_CH.UTF-8"), Text::English),
    ] {
        assert_eq!(Text::of(lang), text, "{lang:?}");
    }
}

#[test]
fn arguments_stand_where_they_belong() {
    let said = Text::English.with("renamed", &[("name", "Laptop")]);
    assert_eq!(said, "Renamed to \"Laptop\".");
    assert_eq!(
        Text::English.counted("sign-in-wrong-left", "left", 1),
        "That was not right. One try is left."
    );
    assert_eq!(
        Text::German.counted("sign-in-wrong-left", "left", 3),
        "Das war nicht richtig. Noch 3 Versuche."
    );
    assert_eq!(Text::German.say("no-such-message"), "no-such-message");
}
