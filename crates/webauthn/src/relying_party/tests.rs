use super::*;

mod properties;

fn new(id: &str, origin: &str) -> Result<RelyingParty, RelyingPartyRefusal> {
    RelyingParty::new(id, "Example", [origin])
}

#[test]
fn an_origin_lies_at_or_below_the_rp_id() {
    for (id, origin) in [
        ("example.org", "https://example.org"),
        ("example.org", "https://id.example.org"),
        ("example.org", "https://a.b.example.org:8443"),
        ("localhost", "http://localhost:8080"),
        ("localhost", "http://localhost"),
        ("localhost", "https://id.localhost"),
        ("intranet", "https://intranet"),
    ] {
        assert!(new(id, origin).is_ok(), "{id} {origin}");
    }
}

#[test]
fn origins_outside_the_rp_id() {
    for (id, origin) in [
        ("example.org", "https://evil-example.org"),
        ("example.org", "https://example.org.evil.com"),
        ("id.example.org", "https://example.org"),
        ("example.org", "https://example.com"),
    ] {
        assert_eq!(new(id, origin).err(), Some(RelyingPartyRefusal::OriginOutsideId), "{id} {origin}");
    }
}

#[test]
fn origins_in_no_browsers_form() {
    for origin in [
        "",
        "example.org",
        "https:example.org",
        "https://example.org/",
        "https://example.org/path",
        "https://example.org?",
        "https://example.org#",
        "https://user@example.org",
        "https://Example.org",
        "https://example.org.",
        "https://example.org:443",
        "https://example.org:",
        "https://example.org:0",
        "https://example.org:080",
        "https://example.org:65536",
        "https://example.org:8443:1",
        "ftp://example.org",
        "https://exämple.org",
        "https:// example.org",
        "null",
    ] {
        assert_eq!(new("example.org", origin).err(), Some(RelyingPartyRefusal::OriginForm), "{origin}");
    }
    assert_eq!(new("example.org", "http://example.org").err(), Some(RelyingPartyRefusal::OriginInsecure));
}

#[test]
fn rp_ids_that_are_no_domains() {
    let long = "a".repeat(64);
    for id in
        ["", ".", "example.org.", "Example.org", "127.0.0.1", "[::1]", "https://example.org", "a..b", "-a.b"]
            .into_iter()
            .chain([long.as_str()])
    {
        assert_eq!(new(id, "https://example.org").err(), Some(RelyingPartyRefusal::Id), "{id}");
    }
}

#[test]
fn there_is_at_least_one_origin_and_related_ones_are_extra() {
    let none: [&str; 0] = [];
    assert_eq!(RelyingParty::new("example.org", "", none).err(), Some(RelyingPartyRefusal::NoOrigin));
    let own = new("example.org", "https://example.org").unwrap();
    let with = own.clone().with_related_origins(["https://example.com"]).unwrap();
    assert_eq!(with.origins(), ["https://example.org", "https://example.com"]);
    let refused = |origin: &str| own.clone().with_related_origins([origin]).err();
    assert_eq!(refused("https://example.com/"), Some(RelyingPartyRefusal::OriginForm));
    assert_eq!(refused("http://localhost:8080"), Some(RelyingPartyRefusal::OriginInsecure));
    assert_eq!(refused(&app(32)), Some(RelyingPartyRefusal::OriginForm));
}

#[test]
fn related_origins_have_five_names_at_most() {
    let check = |names: &[&str]| {
        let origins: Vec<String> = names.iter().map(|name| format!("https://{name}")).collect();
        check_related_origins(origins.iter().map(String::as_str))
    };
    let five = ["a.com", "b.com", "c.com", "d.com", "intranet"];
    assert_eq!(check(&five), Ok(()));
    // The same names under other suffixes, at other ports and further down count once.
    let more = [five.as_slice(), &["a.org", "www.b.com", "c.com:8443", "x.y.d.net"]].concat();
    assert_eq!(check(&more), Ok(()));
    let six = [five.as_slice(), &["f.com"]].concat();
    assert_eq!(check(&six), Err(RelyingPartyRefusal::TooManyRelated));
    assert_eq!(check(&[]), Ok(()));
}

/// An Android app whose certificate's hash has so many bytes.
fn app(length: usize) -> String {
    format!("android:apk-key-hash:{}", encoding::base64url(&vec![0xfb; length]))
}

#[test]
fn apps_have_the_hash_of_their_certificate_as_origin() {
    assert!(new("example.org", &app(32)).is_ok());
    let valid = app(32);
    for origin in [
        app(0),
        app(20),
        app(31),
        app(33),
        valid.replace("android", "Android"),
        valid.replace("apk-key-hash", "apk-key-hash-sha256"),
        valid.replace("android:", "android://"),
        valid.replace("android:", "ios:"),
        format!("{valid}="),
        format!("{valid} "),
        valid.replace("_", "/"),
    ] {
        assert_ne!(origin, valid);
        assert_eq!(new("example.org", &origin).err(), Some(RelyingPartyRefusal::OriginForm), "{origin}");
    }
}

#[test]
fn a_refusal_says_what_would_be_taken() {
    for (refusal, words) in [
        (RelyingPartyRefusal::Id, "id.example.com"),
        (RelyingPartyRefusal::NoOrigin, "at least one origin"),
        (RelyingPartyRefusal::OriginForm, "https://id.example.com:8443"),
        (RelyingPartyRefusal::OriginInsecure, "https origins only"),
        (RelyingPartyRefusal::OriginOutsideId, "a name below it"),
        (RelyingPartyRefusal::TooManyRelated, "five different names"),
    ] {
        assert!(refusal.to_string().contains(words), "{refusal}");
    }
}
