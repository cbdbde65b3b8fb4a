//! Where a ceremony ran.

use super::*;

/// Sets a member of the client data of a registration that is valid but for it.
fn with(member: &str, value: Value) -> Value {
    let mut ceremony = Registration::new(Settings::security_key());
    ceremony.client_data(|data| data[member] = value);
    registration(&ceremony)
}

pub(super) fn all(said: &mut Said) {
    for origin in [
        "android:apk-key-hash:AAAA",
        "https://id.example.org/",
        "https://id.example.org/path",
        "https://id.example.org?q",
        "https://id.example.org#f",
        "https://id.example.org ",
        "https://ID.example.org",
        "HTTPS://id.example.org",
        "http://id.example.org",
        "http://id.example.org:8443",
        "https://id.example.org:8443",
        "https://id.example.org:443",
        "https://id.ехample.org",
        "https://www.id.example.org",
        "https://www.id.example.org:8443",
        "https://sub.id.example.org",
        "https://xid.example.org",
        "https://example.org",
        "id.example.org",
        "https://id.example.orgs",
        "null",
        "",
    ] {
        said.add(&format!("origin {origin}"), &with("origin", origin.into()));
    }
    // Hints look at every expected origin.
    let mut several = with("origin", "https://www.example.org".into());
    several["rp"]["origins"] =
        json!(["https://a.example.org", "https://example.org", "https://www.id.example.org"]);
    said.add("without www, one of several", &several);
    let mut several = with("origin", "https://id.example.org".into());
    several["rp"]["origins"] = json!(["https://www.id.example.org:8443"]);
    said.add("with www and a port", &several);
    several["rp"]["origins"] = json!(["https://www.id.example.org"]);
    said.add("with www", &several);
    frames(said);
    related(said);
}

fn frames(said: &mut Said) {
    let frame = with("crossOrigin", true.into());
    said.add("a frame", &frame);
    let mut ceremony = Registration::new(Settings::security_key());
    ceremony.client_data(|data| {
        data["crossOrigin"] = true.into();
        data["topOrigin"] = "https://top.example".into();
    });
    let mut framed = registration(&ceremony);
    said.add("a frame in a named page", &framed);
    framed["rp"]["allowCrossOrigin"] = true.into();
    said.add("a frame in a page that is not expected", &framed);
    framed["rp"]["topOrigins"] = json!(["https://a.example", "https://b.example"]);
    said.add("a frame in neither page that is expected", &framed);
    framed["rp"]["topOrigins"] = json!(["https://top.example"]);
    said.add_in_full("a frame that is allowed", &framed);
    said.add("a framing page without a frame", &with("topOrigin", "https://top.example".into()));
    said.add("a frame that is a text", &with("crossOrigin", "true".into()));
    said.add("a framing page that is a number", &with("topOrigin", 1.into()));
}

fn related(said: &mut Said) {
    let mut case = with("origin", "https://example.com".into());
    case["rp"]["origins"] = json!([testing::ORIGIN, "https://example.com"]);
    said.add("a related origin", &case);
    case["rp"]["origins"] = json!(["https://example.com"]);
    said.add("only a related origin", &case);
    case["rp"]["origins"] = json!([]);
    said.add("no origin", &case);
    let names = ["a", "b", "c", "d", "e", "f"].map(|name| format!("https://{name}.com"));
    case["rp"]["origins"] = json!(names);
    said.add("six related origins", &case);
}
