use axum::http::{HeaderValue, StatusCode, header};

use super::{ASSETS, hash, respond, url};

#[test]
fn a_file_of_this_build_may_be_kept_for_ever() {
    let response = respond(hash(), "keyward.css", None);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert_eq!(url("keyward.css"), format!("/static/{}/keyward.css", hash()));
}

#[test]
fn a_file_of_an_earlier_build_is_asked_for_again() {
    let response = respond("0123456789abcdef", "page.js", None);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let tag = HeaderValue::from_str(&format!("W/\"{}\"", hash())).unwrap();
    assert_eq!(respond(hash(), "page.js", Some(&tag)).status(), StatusCode::NOT_MODIFIED);
    let other = HeaderValue::from_static("\"other\"");
    assert_eq!(respond(hash(), "page.js", Some(&other)).status(), StatusCode::OK);
}

#[test]
fn an_unknown_name_is_not_found() {
    assert_eq!(respond(hash(), "../Cargo.toml", None).status(), StatusCode::NOT_FOUND);
    assert_eq!(respond(hash(), "", None).status(), StatusCode::NOT_FOUND);
}

#[test]
fn every_file_of_the_folder_is_embedded_and_no_script_names_a_foreign_address() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let asset = ASSETS.iter().find(|asset| asset.name == name);
        let asset = asset.unwrap_or_else(|| panic!("{name} is not embedded"));
        // Pictures are embedded, and that is all.
        let Ok(body) = std::str::from_utf8(asset.body) else { continue };
        assert!(!body.contains("https://") && !body.contains("innerHTML"), "{name}");
        for import in body.lines().filter_map(|line| line.split_once("from \"./")) {
            let imported = import.1.split('"').next().unwrap();
            assert!(ASSETS.iter().any(|asset| asset.name == imported), "{name} imports {imported}");
        }
    }
}

/// The two values of each colour of the style sheet: light and dark.
fn colours() -> std::collections::BTreeMap<String, [f64; 2]> {
    let sheet = ASSETS.iter().find(|asset| asset.name == "keyward.css").unwrap();
    let mut colours = std::collections::BTreeMap::new();
    for line in std::str::from_utf8(sheet.body).unwrap().lines().filter(|line| line.trim().starts_with("--"))
    {
        let Some((name, value)) = line.trim().split_once(": light-dark(#") else { continue };
        let (light, dark) = value.split_once(", #").unwrap();
        colours.insert(name.to_owned(), [luminance(light), luminance(dark.trim_end_matches(");"))]);
    }
    colours
}

/// Relative luminance (WCAG 2.2) of `rrggbb`.
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

#[test]
fn text_and_controls_have_their_contrast_in_light_and_dark() {
    let colours = colours();
    let check = |front: &str, back: &str, least: f64| {
        for (mode, (a, b)) in colours[front].into_iter().zip(colours[back]).enumerate() {
            let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(ratio >= least, "{front} on {back}, mode {mode}: {ratio:.2}");
        }
    };
    for ground in ["--ground", "--surface", "--sunken"] {
        for text in ["--ink", "--soft", "--accent"] {
            check(text, ground, 4.5);
        }
    }
    for ground in ["--ground", "--surface"] {
        check("--edge", ground, 3.0);
        check("--focus", ground, 3.0);
    }
    check("--danger", "--surface", 4.5);
    check("--on-accent", "--accent", 4.5);
    check("--on-accent", "--accent-strong", 4.5);
    check("--on-danger", "--danger", 4.5);
    for tone in ["ok", "info", "warn", "danger"] {
        check(&format!("--{tone}"), &format!("--{tone}-soft"), 4.5);
        check("--ink", &format!("--{tone}-soft"), 4.5);
    }
    check("--soft", "--accent-soft", 4.5);
    check("--accent", "--accent-soft", 4.5);
}
