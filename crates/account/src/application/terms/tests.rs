use primitives::id::Id;

use super::*;
use crate::application::{Consent, Provenance};

fn application() -> Application {
    Application {
        name: "Payroll".to_owned(),
        home: Some("https://payroll.example.com/".to_owned()),
        origin: Provenance::Organisation,
        template: None,
        groups: Vec::new(),
        needed: Needed::Anything,
        prefers: false,
        consent: Consent::PreApproved,
        lifetimes: Lifetimes::default(),
        claims: Vec::new(),
        profile_in_id_token: false,
        guards: vec!["https://wiki.example.com".to_owned()],
    }
}

fn refused(change: impl FnOnce(&mut Application)) -> Option<ApplicationRefusal> {
    let mut changed = application();
    change(&mut changed);
    changed.judged().err()
}

fn claim(name: &str) -> Mapping {
    Mapping { claim: name.to_owned(), source: Source::Email, in_id_token: false }
}

#[test]
fn a_plain_application_stands_as_it_was_written() {
    assert_eq!(application().judged(), Ok(application()));
    let trimmed = Application { name: "  Payroll ".to_owned(), ..application() };
    assert_eq!(trimmed.judged().unwrap().name, "Payroll");
}

#[test]
fn names_that_deceive_are_none() {
    let long = "a".repeat(LONGEST_NAME + 1);
    for name in ["", "  ", "Pay\nroll", "Pay\u{202e}llor", "\u{2066}Payroll", "a\u{0}", &long] {
        assert_eq!(refused(|app| app.name = name.to_owned()), Some(ApplicationRefusal::Name), "{name:?}");
    }
}

#[test]
fn homes_are_of_the_web() {
    for home in ["http://localhost:3000/", "http://127.0.0.1", "http://[::1]:8/x", "https://a.example/?q#f"] {
        assert_eq!(refused(|app| app.home = Some(home.to_owned())), None, "{home}");
    }
    let hostile = [
        "",
        "javascript:alert(1)",
        "http://payroll.example.com",
        "https://",
        "https://user@payroll.example.com",
        "https://a.example:0",
        "https://a.example:99999",
        "https://a\\.example",
        "https://a .example",
        "data:text/html,x",
        "https://a.example/\"onclick",
        "https://.example",
        "HTTPS//a",
        "http://localhost.evil.example",
        "https://[::1",
    ];
    for home in hostile {
        assert_eq!(refused(|app| app.home = Some(home.to_owned())), Some(ApplicationRefusal::Home), "{home}");
    }
}

#[test]
fn guards_are_origins_in_one_spelling() {
    let hostile = [
        "http://wiki.example.com",
        "https://wiki.example.com/",
        "https://Wiki.example.com",
        "https://wiki.example.com:443",
        "https://user@wiki.example.com",
        "https://wiki.example.com?x",
        "https://*.example.com",
        "https://wiki.example.com.",
    ];
    for guard in hostile {
        assert_eq!(
            refused(|app| app.guards = vec![guard.to_owned()]),
            Some(ApplicationRefusal::Guards),
            "{guard}"
        );
    }
    let many = (0..=MOST_GUARDS).map(|number| format!("https://a{number}.example")).collect();
    assert_eq!(refused(|app| app.guards = many), Some(ApplicationRefusal::Guards));
    assert_eq!(refused(|app| app.guards = vec!["https://wiki.example.com:8443".to_owned()]), None);
}

#[test]
fn no_mapping_redefines_a_claim_of_a_standard() {
    for name in ["sub", "ACR", "amr", "id", "groups", "name", "email", "Email", "__proto__", "exp"] {
        assert_eq!(
            refused(|app| app.claims = vec![claim(name)]),
            Some(ApplicationRefusal::ClaimReserved),
            "{name}"
        );
    }
    for name in ["", "with space", "ünlaut", "a\"b", &"a".repeat(LONGEST_CLAIM + 1)] {
        assert_eq!(
            refused(|app| app.claims = vec![claim(name)]),
            Some(ApplicationRefusal::ClaimName),
            "{name}"
        );
    }
    let twice = vec![claim("role"), claim("role")];
    assert_eq!(refused(|app| app.claims = twice), Some(ApplicationRefusal::ClaimName));
    assert_eq!(refused(|app| app.claims = vec![claim("https://example.com/role")]), None);
    let many = (0..=MOST_CLAIMS).map(|number| claim(&format!("c{number}"))).collect();
    assert_eq!(refused(|app| app.claims = many), Some(ApplicationRefusal::Claims));
}

#[test]
fn what_claims_say_is_bounded() {
    let says = |text: &str| {
        let source = Source::Constant(text.to_owned());
        vec![Mapping { claim: "role".to_owned(), source, in_id_token: true }]
    };
    for text in ["", "a\u{202e}b", &"a".repeat(LONGEST_TEXT + 1)] {
        assert_eq!(refused(|app| app.claims = says(text)), Some(ApplicationRefusal::ClaimText), "{text:?}");
    }
    let source =
        Source::InGroup { group: Id::from_bytes([1; 16]), member: "admin".to_owned(), other: String::new() };
    let mapping = Mapping { claim: "role".to_owned(), source, in_id_token: true };
    assert_eq!(refused(|app| app.claims = vec![mapping]), None);
}

#[test]
fn tokens_live_neither_too_briefly_nor_too_long() {
    let life = |access, idle, all| Lifetimes { access, refresh_idle: idle, refresh: all };
    let day = Span::from_days(1);
    for (lifetimes, fits) in [
        (life(Span::from_minutes(1), day, day), true),
        (life(Span::from_hours(1), day, Span::from_days(365)), true),
        (life(Span::from_secs(59), day, day), false),
        (life(Span::from_minutes(61), day, day), false),
        (life(Span::from_minutes(5), Span::from_days(2), day), false),
        (life(Span::from_minutes(5), Span::from_secs(10), day), false),
        (life(Span::from_minutes(5), day, Span::from_days(366)), false),
    ] {
        let expected = (!fits).then_some(ApplicationRefusal::Lifetimes);
        assert_eq!(refused(|app| app.lifetimes = lifetimes), expected, "{lifetimes:?}");
    }
}

#[test]
fn strengths_have_names_and_groups_a_bound() {
    assert_eq!(
        refused(|app| app.needed = Needed::Custom(" a".to_owned())),
        Some(ApplicationRefusal::Strength)
    );
    assert_eq!(refused(|app| app.needed = Needed::Custom("our-keys".to_owned())), None);
    let group = |number: usize| Id::from_bytes([u8::try_from(number).unwrap(); 16]);
    let many = (0..=MOST_GROUPS).map(group).collect();
    assert_eq!(refused(|app| app.groups = many), Some(ApplicationRefusal::Groups));
    let twice = Application { groups: vec![group(2), group(1), group(2)], ..application() };
    assert_eq!(twice.judged().unwrap().groups, [group(1), group(2)]);
}

#[test]
fn codes_are_stable() {
    let codes: Vec<&str> = ApplicationRefusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(
        codes,
        [
            "client_name",
            "client_uri",
            "client_groups",
            "client_strength",
            "client_lifetimes",
            "client_claim_name",
            "client_claim_reserved",
            "client_claim_text",
            "client_claims",
            "client_guards",
        ]
    );
}
