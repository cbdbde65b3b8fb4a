use std::collections::BTreeSet;

use samples::{Sample, all};

use crate::pages::Ceremony;
use crate::text::{Language, Text};

pub(crate) mod samples;
mod samples_application;
mod samples_apps;
mod samples_companion;
mod samples_directory;
mod samples_hooks;
mod samples_insight;
mod samples_keys;
mod samples_logout;
mod samples_methods;
mod samples_models;
mod samples_passes;
mod samples_policy;
mod samples_wizard;

fn every_page() -> Vec<(Language, Sample)> {
    Language::ALL
        .into_iter()
        .flat_map(|language| all(Text::new(language)).into_iter().map(move |sample| (language, sample)))
        .collect()
}

/// Elements without an end tag.
const VOID: [&str; 6] = ["meta", "link", "input", "br", "hr", "img"];
/// Shapes of an icon, which close themselves.
const SHAPES: [&str; 3] = ["path", "circle", "rect"];

/// The names of the start tags, and of what is wrong with the nesting.
fn tags(page: &str) -> (Vec<String>, Vec<String>) {
    let (mut started, mut wrong, mut open) = (Vec::new(), Vec::new(), Vec::<String>::new());
    let mut rest = page.trim_start_matches("<!doctype html>");
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap();
        rest = after;
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            match open.pop() {
                Some(opened) if opened == name => {}
                opened => wrong.push(format!("</{name}> closes {opened:?}")),
            }
            continue;
        }
        if name == "script" {
            rest = rest.split_once("</script>").unwrap().1;
        } else if !(VOID.contains(&name.as_str()) || SHAPES.contains(&name.as_str()) && tag.ends_with('/')) {
            open.push(name.clone());
        }
        started.push(name);
    }
    wrong.extend(open.into_iter().map(|name| format!("<{name}> stays open")));
    (started, wrong)
}

#[test]
fn every_screen_is_well_formed_and_has_one_heading() {
    for (language, Sample { name, page }) in every_page() {
        let (started, wrong) = tags(&page);
        assert!(wrong.is_empty(), "{name} {}: {wrong:?}", language.code());
        assert_eq!(started.iter().filter(|tag| *tag == "h1").count(), 1, "{name}");
        assert_eq!(started.iter().filter(|tag| *tag == "main").count(), 1, "{name}");
        assert!(page.contains(&format!("<html lang=\"{}\" dir=\"ltr\">", language.code())), "{name}");
        let heading = page.split_once("tabindex=\"-1\">").map_or("", |(_, rest)| rest);
        assert!(!heading.starts_with("</h1>"), "{name} has an empty heading");
    }
}

#[test]
fn every_screen_obeys_the_content_security_policy() {
    for (_, Sample { name, page }) in every_page() {
        assert!(!page.contains("<style"), "{name}");
        assert!(!page.contains(" style="), "{name}");
        for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            let handler =
                tag.split_whitespace().skip(1).any(|word| word.starts_with("on") && word.contains('='));
            assert!(!handler, "{name}: <{tag}>");
        }
        for script in page.split("<script").skip(1) {
            let external = script.starts_with(" type=\"module\" src=\"/static/");
            let data = script.starts_with(" type=\"application/json\" ");
            assert!(external || data, "{name}: {}", script.chars().take(60).collect::<String>());
        }
    }
}

#[test]
fn every_id_is_there_once_and_every_reference_leads_to_one() {
    for (_, Sample { name, page }) in every_page() {
        let values = |attribute: &str| -> Vec<String> {
            let marker = format!(" {attribute}=\"");
            page.split(&marker).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        let ids = values("id");
        let set: BTreeSet<&String> = ids.iter().collect();
        // The samples reuse one passkey; its ids repeat with it.
        let repeated = ids.iter().filter(|id| !id.contains("0198f1")).count();
        assert_eq!(repeated, set.iter().filter(|id| !id.contains("0198f1")).count(), "{name}: {ids:?}");
        for attribute in ["for", "aria-describedby", "aria-labelledby"] {
            for reference in values(attribute).iter().flat_map(|value| value.split_whitespace()) {
                assert!(set.contains(&reference.to_owned()), "{name}: {attribute}={reference}");
            }
        }
        for target in values("href").iter().filter_map(|href| href.strip_prefix('#')) {
            assert!(set.contains(&target.to_owned()), "{name}: #{target}");
        }
    }
}

#[test]
fn no_message_or_argument_is_missing_on_any_screen() {
    for (language, Sample { name, page }) in every_page() {
        assert!(!page.contains('⟦'), "{name} {}: {}", language.code(), page.split('⟦').nth(1).unwrap());
        assert!(!page.contains("{$"), "{name} {}", language.code());
        assert!(!page.chars().any(|c| ('\u{E000}'..='\u{E0FF}').contains(&c)), "{name}");
    }
}

#[test]
fn a_failed_screen_says_so_in_its_title_and_a_signed_in_one_can_be_left() {
    for (language, Sample { name, page }) in every_page() {
        let prefix = match language {
            Language::German => "<title>Fehler: ",
            Language::French => "<title>Erreur : ",
            Language::Italian => "<title>Errore: ",
            _ => "<title>Error: ",
        };
        let failed = page.contains("id=\"problem\"") || page.contains("class=\"sign danger\"");
        assert_eq!(page.contains(prefix), failed, "{name}");
        let signed_in = page.contains("class=\"who\"");
        assert_eq!(page.contains("action=\"/signout\""), signed_in, "{name}");
        assert!(page.contains("href=\"/help"), "{name}");
    }
}

#[test]
fn what_people_typed_is_escaped_everywhere() {
    let pages = all(Text::new(Language::English));
    let page = &pages.iter().find(|sample| sample.name == "sec-1").unwrap().page;
    assert!(page.contains("<h3>YubiKey &#60;5&#62;</h3>"));
    assert!(!page.contains("<5>"));
    assert!(page.contains("Ana \\u003c/script\\u003e Meier"));
}

#[test]
fn the_accessible_names_that_others_rely_on_stand() {
    let pages = all(Text::new(Language::English));
    let page = |name: &str| pages.iter().find(|sample| sample.name == name).unwrap().page.clone();
    let contains = |name: &str, words: &str| assert!(page(name).contains(words), "{name}: {words}");
    contains("si-1", "<label for=\"identifier\">Email or username</label>");
    contains("si-1", ">Next</button>");
    contains("si-1", "</svg>Sign in with a passkey</button>");
    contains("si-1", "<a href=\"/signin/tap\">I have a temporary access pass</a>");
    contains("si-1", "<a href=\"/help\">Can&#39;t sign in?</a>");
    contains("si-3", "<label for=\"identifier\">Email or username</label>");
    contains("si-3", "<label for=\"pass\">Temporary access pass</label>");
    contains("si-3", ">Sign in</button>");
    contains("sec-1", ">Security info</h1>");
    contains("sec-1", "</svg>Add sign-in method</a>");
    contains("sec-1", ">Rename</button>");
    contains("sec-1", ">Remove</button>");
    contains("sec-1", ">Sign out</button>");
    contains("w-1", "<label for=\"place-this-computer\">Passkey on this computer</label>");
    contains("w-1", "<label for=\"place-security-key\">Security key</label>");
    contains("w-1", ">Next</button>");
    contains("w-5a", "</svg>Create passkey</button>");
    contains("w-6", "<label for=\"name\">Name</label>");
    contains("w-8", ">Try it now</button>");
    contains("w-8", ">Skip</button>");
}

#[test]
fn every_outcome_has_a_sentence_in_every_language() {
    for language in Language::ALL {
        let text = Text::new(language);
        for ceremony in [Ceremony::Get, Ceremony::Create] {
            for key in ceremony.keys() {
                assert!(text.has(&key), "{key} in {}", language.code());
            }
            assert_eq!(
                ceremony.message(text, "no_such_code", "R"),
                ceremony.message(text, "unknown", "R"),
                "an unknown code reads as unknown"
            );
        }
    }
}
