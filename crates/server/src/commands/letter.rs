//! The letter that `keyward pass issue --letter` writes.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use account::temporary_pass::Pass;
use account::user::User;
use askama::Template;

use super::Failure;
use crate::cli::Common;
use crate::config::Config;
use crate::context::system_now;
use crate::pages::letter::Letter;
use crate::pages::passes::percent_encoded;
use crate::qr;
use crate::text::{Language, Text};

/// A new file that nobody else may read: the letter holds a pass.
pub(super) fn open(path: &Path) -> Result<File, Failure> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| {
        Failure::refused(format!(
            "No pass was issued: the letter {} cannot be made: {error}.",
            path.display()
        ))
    })
}

/// Writes the letter in the language of whoever it is for.
pub(super) fn write(
    common: &Common,
    mut paper: File,
    user: &User,
    pass: &Pass,
    value: &str,
) -> Result<(), Failure> {
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let origin = config.origin_at(config.listen);
    let asked = user.language.as_deref().unwrap_or(&config.organisation.language);
    let text = Text::new(Language::parse(asked).unwrap_or(Language::English));
    let login = user.login.shown().to_owned();
    let address = format!("{origin}/signin");
    // In the fragment: no server and no log ever sees it.
    let code = qr::svg(&format!("{address}#u={}", percent_encoded(&login)));
    let letter = Letter {
        text,
        organisation: config.organisation.name.clone(),
        contact: Some(config.organisation.help.clone()).filter(|help| !help.is_empty()),
        written: system_now(),
        name: user.name.clone(),
        login,
        pass: value.to_owned(),
        starts: pass.starts,
        ends: pass.ends,
        one_time: pass.one_time,
        address,
        code,
    };
    let page = letter.render().map_err(not_written)?;
    paper.write_all(page.as_bytes()).and_then(|()| paper.sync_all()).map_err(not_written)
}

fn not_written(error: impl std::fmt::Display) -> Failure {
    Failure::refused(format!(
        "The pass was issued, but the letter was not written: {error}. Issue another pass; this one stops working then."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use primitives::time::{Span, Timestamp};

    fn letter(language: Language) -> String {
        let now = Timestamp::parse_rfc3339("2026-11-24T14:40:00Z").unwrap();
        let letter = Letter {
            text: Text::new(language),
            organisation: "Example AG".into(),
            contact: Some("+41 44 000 00 00".into()),
            written: now,
            name: "Ana <Meier>".into(),
            login: "ana.meier@example.com".into(),
            pass: "K7QX-MM4P-29TD".into(),
            starts: now,
            ends: now + Span::from_hours(8),
            one_time: false,
            address: "https://id.example.com/signin".into(),
            code: qr::svg("https://id.example.com/signin#u=ana.meier@example.com"),
        };
        letter.render().unwrap()
    }

    #[test]
    fn a_letter_says_all_in_the_readers_language_and_loads_nothing() {
        for language in Language::ALL {
            let page = letter(language);
            assert!(!page.contains('⟦') && !page.contains("{$"), "{}", language.code());
            assert!(page.contains("K7QX-MM4P-29TD") && page.contains("<svg"));
            assert!(page.contains("Ana &#60;Meier&#62;"));
            assert!(!page.contains("src=") && !page.contains("<script") && !page.contains("<link"));
        }
        assert!(letter(Language::German).contains("24. Nov. 2026"));
    }
}
