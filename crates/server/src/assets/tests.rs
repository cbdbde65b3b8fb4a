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
        let body = std::str::from_utf8(asset.body).unwrap();
        assert!(!body.contains("https://") && !body.contains("innerHTML"), "{name}");
        for import in body.lines().filter_map(|line| line.split_once("from \"./")) {
            let imported = import.1.split('"').next().unwrap();
            assert!(ASSETS.iter().any(|asset| asset.name == imported), "{name} imports {imported}");
        }
    }
}
