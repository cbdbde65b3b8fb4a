use super::*;

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
    assert_eq!(
        own.with_related_origins(["https://example.com/"]).err(),
        Some(RelyingPartyRefusal::OriginForm)
    );
}
