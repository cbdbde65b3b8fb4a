//! The guide's pictures: taken from the real pages by `node e2e/pictures.mjs`, embedded in the program.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::text::Language;

/// A picture as a page shows it.
pub(crate) struct Shown {
    /// Its address.
    pub address: String,
    /// Its width in pixels of the page.
    pub width: u32,
    /// Its height in pixels of the page.
    pub height: u32,
}

macro_rules! pictures {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../docs/user/pictures/", $name)))),*]
    };
}

/// Every picture, by the name of its file.
static PICTURES: &[(&str, &[u8])] = pictures![
    "add.de.png",
    "add.en.png",
    "code.de.png",
    "code.en.png",
    "how.de.png",
    "how.en.png",
    "name.de.png",
    "name.en.png",
    "need.de.png",
    "need.en.png",
    "pass.de.png",
    "pass.en.png",
    "password.de.png",
    "password.en.png",
    "phone-create-android.de.png",
    "phone-create-android.en.png",
    "phone-create-ios.de.png",
    "phone-create-ios.en.png",
    "phone-made-android.de.png",
    "phone-made-android.en.png",
    "phone-made-ios.de.png",
    "phone-made-ios.en.png",
    "phone-open-android.de.png",
    "phone-open-android.en.png",
    "phone-open-ios.de.png",
    "phone-open-ios.en.png",
    "phone-sign-in-android.de.png",
    "phone-sign-in-android.en.png",
    "phone-sign-in-ios.de.png",
    "phone-sign-in-ios.en.png",
    "security.de.png",
    "security.en.png",
    "sign-in.de.png",
    "sign-in.en.png",
    "step.de.png",
    "step.en.png",
    "welcome.de.png",
    "welcome.en.png",
    "which.de.png",
    "which.en.png",
];

/// The picture of that name in that language, else in English.
pub(crate) fn find(name: &str, language: Language) -> Option<Shown> {
    [language, Language::English].into_iter().find_map(|language| {
        let file = format!("{name}.{}.png", language.code());
        let (_, body) = PICTURES.iter().find(|(known, _)| *known == file)?;
        let (width, height) = size(body)?;
        Some(Shown { address: format!("/help/pictures/{file}"), width, height })
    })
}

/// Width and height from the header of a PNG.
fn size(body: &[u8]) -> Option<(u32, u32)> {
    let number = |from: usize| {
        body.get(from..from.checked_add(4)?).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes)
    };
    Some((number(16)?, number(20)?))
}

/// Answers `GET /help/pictures/{file}`.
pub(crate) fn respond(file: &str) -> Response {
    match PICTURES.iter().find(|(name, _)| *name == file) {
        Some((_, body)) => {
            let headers =
                [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=3600")];
            (headers, *body).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_of_the_folder_is_embedded_and_small() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/user/pictures");
        let mut found = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let picture = PICTURES.iter().find(|(known, _)| *known == name);
            let (_, body) = picture.unwrap_or_else(|| panic!("{name} is not embedded"));
            assert!(body.len() <= 60_000, "{name} has {} bytes", body.len());
            assert!(size(body).is_some_and(|(width, height)| width > 0 && height > 0), "{name}");
            found += 1;
        }
        assert!(found <= 40, "{found} pictures");
        assert_eq!(found, PICTURES.len());
    }

    #[test]
    fn a_language_without_pictures_shows_the_english_ones() {
        if PICTURES.iter().any(|(name, _)| *name == "sign-in.en.png") {
            let shown = find("sign-in", Language::French).unwrap();
            assert_eq!(shown.address, "/help/pictures/sign-in.en.png");
        }
        assert!(find("nothing", Language::English).is_none());
        assert_eq!(respond("../Cargo.toml").status(), StatusCode::NOT_FOUND);
    }
}
