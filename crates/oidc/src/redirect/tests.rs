use super::*;
use crate::samples::{HOSTILE, REDIRECT};

#[test]
fn sixty_hostile_uris_match_nothing() {
    assert!(matches(REDIRECT, REDIRECT));
    for hostile in HOSTILE {
        assert!(!matches(REDIRECT, hostile), "{hostile:?}");
    }
    let distinct: std::collections::BTreeSet<_> = HOSTILE.into_iter().collect();
    assert_eq!(distinct.len(), HOSTILE.len());
}

#[test]
fn the_port_is_free_at_addresses_of_the_own_machine_and_nothing_else_is() {
    for (registered, asked, expected) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true),
        ("http://127.0.0.1:8000/cb", "http://127.0.0.1/cb", true),
        ("http://127.0.0.1:8000/cb", "http://127.0.0.1:65535/cb", true),
        ("http://[::1]/cb", "http://[::1]:51004/cb", true),
        ("http://127.0.0.1/cb?a=b", "http://127.0.0.1:1/cb?a=b", true),
        ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:08/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb", false),
        ("http://127.0.0.1/cb", "http://evil.example:1@127.0.0.1:1/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb/", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb?a", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb#", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/../cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.2:1/cb", false),
        ("http://127.0.0.1/cb", "http://[::1]:1/cb", false),
        ("http://127.0.0.1/cb", "http://localhost:1/cb", false),
        ("http://127.0.0.1/cb", "https://127.0.0.1:1/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example:1/cb", false),
        ("https://127.0.0.1/cb", "https://127.0.0.1:1/cb", false),
        ("http://localhost:8000/cb", "http://localhost:8001/cb", false),
        ("http://localhost:8000/cb", "http://localhost:8000/cb", true),
        ("com.example.app://cb", "com.example.app://cb:1", false),
        ("com.example.app:/cb", "com.example.app:/cb", true),
    ] {
        assert_eq!(matches(registered, asked), expected, "{registered} {asked}");
    }
}

#[test]
fn only_protected_addresses_and_schemes_of_apps_are_registered() {
    for text in [
        REDIRECT,
        "https://app.example.com/callback?dummy1=lorem&dummy2=ipsum",
        "https://app.example.com",
        "https://10.0.0.1:8443/cb",
        "http://localhost:8000/",
        "http://127.0.0.1/cb",
        "http://[::1]:1/cb",
        "com.example.app:/cb",
        "app.immich:///oauth-callback",
        "app.immich:/",
    ] {
        assert_eq!(parse_registered(text).as_deref(), Ok(text));
    }
    for (text, code) in [
        ("http://app.example.com/cb", "redirect_scheme"),
        ("http://10.0.0.1/cb", "redirect_scheme"),
        ("http://localhost.evil.example/cb", "redirect_scheme"),
        ("ftp://a.example/cb", "redirect_scheme"),
        ("myapp://cb", "redirect_scheme"),
        ("myapp:/cb", "redirect_scheme"),
        ("javascript://a.example/%0aalert(1)", "uri_encoding"),
        ("javascript:///alert(1)", "redirect_scheme"),
        ("javascript:alert(1)", "uri_host"),
        ("data:text/html,x", "uri_host"),
        ("https://app.example.com/*", "redirect_wildcard"),
        ("https://app.example.com/cb?x=*", "redirect_wildcard"),
        ("https://*.example.com/cb", "uri_host"),
        ("https://app.example.com/cb?code=1", "redirect_query"),
        ("https://app.example.com/cb?a=b&st%61te", "redirect_query"),
        ("https://app.example.com/cb?iss=https://evil.example", "redirect_query"),
        ("https://app.example.com/cb?error", "redirect_query"),
        ("https://app.example.com/cb?%ff=1", "redirect_query"),
        ("https://app.example.com/cb#f", "uri_fragment"),
    ] {
        assert_eq!(parse_registered(text).map_err(RedirectRefusal::code), Err(code), "{text}");
    }
}

#[test]
fn a_policy_names_origins_or_schemes() {
    for (uri, source) in [
        (REDIRECT, "https://app.example.com"),
        ("https://app.example.com:8443/cb?x", "https://app.example.com:8443"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://127.0.0.1/cb", "http://127.0.0.1"),
        ("http://[::1]:1/cb", "http:"),
        ("com.example.app:/cb", "com.example.app:"),
        ("com.example.app://host/cb", "com.example.app:"),
        ("nonsense; script-src *", ""),
        ("https://a.example; script-src *", ""),
    ] {
        assert_eq!(origin_for_csp(uri), source, "{uri}");
    }
}

#[test]
fn only_the_web_says_who_gets_it() {
    for (uri, owner) in [
        (REDIRECT, true),
        ("http://127.0.0.1/cb", false),
        ("http://localhost:8000/", false),
        ("com.example.app:/cb", false),
        ("nonsense", false),
    ] {
        assert_eq!(has_an_owner(uri), owner, "{uri}");
    }
}
