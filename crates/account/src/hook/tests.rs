//! Terms are bounded, pauses grow, and patience ends.

use super::*;
use crate::samples::id;

#[test]
fn terms_are_judged() {
    let terms = Terms::new(" https://siem.example/in ", ["user_added", "signed_in", "user_added"], false);
    let terms = terms.unwrap();
    assert_eq!(
        (terms.url.as_str(), terms.spell_kinds().as_str()),
        ("https://siem.example/in", "signed_in user_added")
    );
    assert!(terms.wants("signed_in") && !terms.wants("signed_out"));
    assert!(Terms::new("https://siem.example", [], false).unwrap().wants("signed_out"));
    let long = format!("https://siem.example/{}", "x".repeat(LONGEST_URL));
    for url in
        ["", "http://siem.example", "ftp://x", "https://siem.example/\r\nx", "https://ä.example", &long]
    {
        assert_eq!(Terms::new(url, [], false).unwrap_err().code(), "hook_url", "{url}");
    }
    assert_eq!(Terms::new("https://siem.example", ["sign_in"], false).unwrap_err().code(), "hook_kind");
}

#[test]
fn no_two_terms_share_a_digest() {
    let new = |url: &str, kinds: &[&'static str], personal| {
        Terms::new(url, kinds.iter().copied(), personal).unwrap()
    };
    let terms = [
        new("https://a.example/", &[], false),
        new("https://a.example/", &[], true),
        new("https://b.example/", &[], false),
        new("https://a.example/", &["signed_in"], false),
    ];
    let mut digests: Vec<Digest> = terms.iter().map(Terms::digest).collect();
    for terms in &terms {
        for (hook, enabled) in [(id(1), true), (id(1), false), (id(2), true)] {
            digests.push(terms.digest_for(hook, enabled));
        }
    }
    let all = digests.len();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), all);
}

#[test]
fn every_kind_of_event_can_be_chosen() {
    let source = include_str!("../audit.rs");
    let names = source.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    assert_eq!(names, KINDS);
}

#[test]
fn pauses_grow_and_patience_ends() {
    let since = Timestamp::from_secs(1_800_000_000);
    let (mut now, mut attempts, mut last) = (since, 1, Span::ZERO);
    while let Some(next) = next_try(attempts, since, now) {
        let wait = next.since(now);
        assert!(wait >= last || next == since + PATIENCE, "{attempts}");
        (now, last, attempts) = (next, wait, attempts + 1);
    }
    assert_eq!(now, since + PATIENCE);
    assert!((8..20).contains(&attempts), "{attempts}");
}
