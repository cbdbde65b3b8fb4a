use super::*;

#[test]
fn the_parts_are_told_apart() {
    for (text, scheme, host, port, path, query, origin) in [
        ("https://a.example", "https", Some("a.example"), None, "", None, Some("https://a.example")),
        (
            "https://a.example?x=/y",
            "https",
            Some("a.example"),
            None,
            "",
            Some("x=/y"),
            Some("https://a.example"),
        ),
        (
            "https://a.example:443/",
            "https",
            Some("a.example"),
            Some(443),
            "/",
            None,
            Some("https://a.example"),
        ),
        (
            "http://127.0.0.1:80/b?",
            "http",
            Some("127.0.0.1"),
            Some(80),
            "/b",
            Some(""),
            Some("http://127.0.0.1"),
        ),
        ("http://[::1]:8080/", "http", Some("[::1]"), Some(8080), "/", None, Some("http://[::1]:8080")),
        (
            "https://a_b-c.example:1/x?y?z",
            "https",
            Some("a_b-c.example"),
            Some(1),
            "/x",
            Some("y?z"),
            Some("https://a_b-c.example:1"),
        ),
        ("app.immich:///oauth-callback", "app.immich", None, None, "/oauth-callback", None, None),
        ("com.example.app:/cb", "com.example.app", None, None, "/cb", None, None),
        ("com.example.app://cb", "com.example.app", Some("cb"), None, "", None, Some("com.example.app://cb")),
    ] {
        let uri = Uri::parse(text).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"));
        assert_eq!((uri.scheme(), uri.host(), uri.port()), (scheme, host, port), "{text}");
        assert_eq!((uri.path(), uri.query(), uri.origin().as_deref()), (path, query, origin), "{text}");
    }
}

#[test]
fn every_refusal_has_its_code() {
    let long = format!("https://a.example/{}", "x".repeat(LONGEST));
    let label = format!("https://{}.example/", "a".repeat(64));
    let host = format!("https://{}example/", "a.".repeat(130));
    for (text, code) in [
        ("", "uri_length"),
        (long.as_str(), "uri_length"),
        ("https://a.example/ü", "uri_characters"),
        ("https://a.example/ ", "uri_characters"),
        ("https://a.example/\t", "uri_characters"),
        ("https://a.example\\b", "uri_characters"),
        ("https://a.example/\"", "uri_characters"),
        ("https://a.example/<b>", "uri_characters"),
        ("https://a.example/{id}", "uri_characters"),
        ("https://a.example/^|`", "uri_characters"),
        ("https://a.example/[1]", "uri_characters"),
        ("a", "uri_scheme"),
        ("/a", "uri_scheme"),
        ("://a.example", "uri_scheme"),
        ("Https://a.example", "uri_scheme"),
        ("1https://a.example", "uri_scheme"),
        ("ht tps://a", "uri_characters"),
        ("ht_tps://a", "uri_scheme"),
        ("https://u@a.example", "uri_userinfo"),
        ("https://u:p@a.example", "uri_userinfo"),
        ("https://@a.example", "uri_userinfo"),
        ("https:/a.example", "uri_host"),
        ("https:a.example", "uri_host"),
        ("urn:a:b", "uri_host"),
        ("https:///a", "uri_host"),
        ("https://:443/", "uri_host"),
        ("com.example://:1/", "uri_host"),
        ("https://A.example/", "uri_host"),
        ("https://a.example./", "uri_host"),
        ("https://.example/", "uri_host"),
        ("https://a..example/", "uri_host"),
        ("https://-a.example/", "uri_host"),
        ("https://a-.example/", "uri_host"),
        ("https://a%2e.example/", "uri_host"),
        ("https://*.example/", "uri_host"),
        ("https://a;b.example/", "uri_host"),
        (label.as_str(), "uri_host"),
        (host.as_str(), "uri_host"),
        ("https://127.1/", "uri_host"),
        ("https://127.0.0.01/", "uri_host"),
        ("https://1.2.3.4.5/", "uri_host"),
        ("https://256.1.1.1/", "uri_host"),
        ("https://2130706433/", "uri_host"),
        ("https://0x7f000001/", "uri_host"),
        ("https://a.0x1/", "uri_host"),
        ("https://a.0x/", "uri_host"),
        ("https://[::1/", "uri_host"),
        ("https://::1/", "uri_host"),
        ("https://[0:0:0:0:0:0:0:1]/", "uri_host"),
        ("https://[::1%25eth0]/", "uri_host"),
        ("https://[::1]a/", "uri_port"),
        ("https://[]/", "uri_host"),
        ("https://a.example:/", "uri_port"),
        ("https://a.example:0/", "uri_port"),
        ("https://a.example:0443/", "uri_port"),
        ("https://a.example:+1/", "uri_port"),
        ("https://a.example:65536/", "uri_port"),
        ("https://a.example:x/", "uri_port"),
        ("https://a.example/.", "uri_path"),
        ("https://a.example/../b", "uri_path"),
        ("https://a.example/b/..", "uri_path"),
        ("https://a.example/%2e%2E/b", "uri_path"),
        ("https://a.example/.%2e", "uri_path"),
        ("com.example.app:/../b", "uri_path"),
        ("https://a.example/%", "uri_encoding"),
        ("https://a.example/%4", "uri_encoding"),
        ("https://a.example/%zz", "uri_encoding"),
        ("https://a.example/%00", "uri_encoding"),
        ("https://a.example/?%0d%0a", "uri_encoding"),
        ("https://a.example/%7f", "uri_encoding"),
        ("https://a.example/#", "uri_fragment"),
        ("https://a.example#b", "uri_fragment"),
    ] {
        assert_eq!(Uri::parse(text).map_err(UriRefusal::code), Err(code), "{text:.60}");
    }
}

#[test]
fn dots_and_percents_that_mean_nothing_else_are_taken() {
    for text in [
        "https://a.example/...",
        "https://a.example/a.b/..c",
        "https://a.example/?q=../..",
        "https://a.example/%2F%C3%BC",
    ] {
        assert!(Uri::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn loopback_is_the_own_machine_only() {
    for (text, address, loopback, protected) in [
        ("http://127.0.0.1/", true, true, true),
        ("http://127.9.9.9/", true, true, true),
        ("http://[::1]/", true, true, true),
        ("http://localhost/", false, true, true),
        ("https://localhost/", false, true, true),
        ("http://localhost.evil.example/", false, false, false),
        ("http://sub.localhost/", false, false, false),
        ("http://0.0.0.0/", false, false, false),
        ("http://10.0.0.1/", false, false, false),
        ("http://[::]/", false, false, false),
        ("http://[::ffff:127.0.0.1]/", false, false, false),
        ("https://a.example/", false, false, true),
        ("ftp://127.0.0.1/", true, true, false),
        ("com.example.app:/cb", false, false, false),
    ] {
        let uri = Uri::parse(text).unwrap();
        assert_eq!(
            (uri.is_loopback_address(), uri.is_loopback(), uri.is_protected()),
            (address, loopback, protected),
            "{text}"
        );
    }
}
