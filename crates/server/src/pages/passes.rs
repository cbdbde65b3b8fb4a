//! A pass on paper and on the screen, once (AT-3), and the words about passes that several pages share.

use account::audit::Actor;
use account::pass_mail::Delivery;
use account::pass_order::LetterCode;
use account::temporary_pass::{Pass, Stated, Usability, grouped};
use account::user::User;
use askama::Template;
use primitives::secret::SecretText;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Shell;
use crate::app::Site;
use crate::qr::{self, Markup};
use crate::text::{Language, Style, Text};

/// What became of something about passes, told on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PassNews {
    /// The pass goes out by mail.
    Mailed,
    /// The pass no longer works.
    Revoked,
    /// There was none to take back.
    NothingToRevoke,
    /// A second person must approve.
    Waits,
    /// The manager may pick it up.
    ForManager,
    /// The order was taken.
    Ordered,
    /// The order was approved.
    Approved,
    /// The order was declined.
    Declined,
    /// The order was taken back.
    Withdrawn,
}

impl PassNews {
    /// The sentence's key.
    pub fn key(self) -> &'static str {
        match self {
            PassNews::Mailed => "pass-news-mailed",
            PassNews::Revoked => "pass-news-revoked",
            PassNews::NothingToRevoke => "pass-news-nothing",
            PassNews::Waits => "pass-news-waits",
            PassNews::ForManager => "pass-news-manager",
            PassNews::Ordered => "pass-news-ordered",
            PassNews::Approved => "pass-news-approved",
            PassNews::Declined => "pass-news-declined",
            PassNews::Withdrawn => "pass-news-withdrawn",
        }
    }
}

/// The key of what a pass is worth.
pub fn state_key(usability: Usability) -> &'static str {
    match usability {
        Usability::Usable => "pass-state-usable",
        Usability::NotYetValid { .. } => "pass-state-not-yet",
        Usability::Expired { .. } => "pass-state-expired",
        Usability::Used { .. } => "pass-state-used",
        Usability::Revoked => "pass-state-revoked",
        Usability::Locked => "pass-state-locked",
        Usability::BlockedByPolicy => "pass-state-blocked",
    }
}

/// The key of how far a mail is.
pub fn delivery_key(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting | Delivery::Sending => "pass-mail-waiting",
        Delivery::Sent => "pass-mail-sent",
        Delivery::Failed => "pass-mail-failed",
    }
}

/// The reason of a pass in the reader's language, as far as it was chosen and not typed.
pub fn reason(text: Text, reason: &str) -> String {
    let Some(stated) = Stated::of(reason) else { return reason.to_owned() };
    let mut parts = vec![text.say(&format!("pass-why-{}", stated.why)).to_string()];
    parts.extend(stated.check.map(|check| text.say(&format!("pass-check-{check}")).to_string()));
    parts.extend(Some(stated.note).filter(|note| !note.is_empty()));
    parts.join(" · ")
}

/// Who issued a pass: by name, or what stands for those who have none.
pub fn issuer(text: Text, issuer: Actor, name: Option<String>) -> String {
    name.unwrap_or_else(|| match issuer {
        Actor::Operator => text.say("pass-issuer-operator").to_string(),
        Actor::Key(_) => text.say("pass-issuer-key").to_string(),
        Actor::System | Actor::User(_) => text.say("unknown").to_string(),
    })
}

/// The sentence of a refusal about passes and orders; one for all that needs none of its own.
pub fn problem_key(code: &str) -> &'static str {
    match code {
        "reason_missing" => "pass-problem-why",
        "identity_check_missing" => "pass-problem-check",
        "note_missing" => "pass-problem-note",
        "note_too_long"
        | "note_control_character"
        | "reason_too_long"
        | "reason_control_character"
        | "order_note" => "pass-problem-note-form",
        "lifetime_too_short" | "lifetime_too_long" => "pass-problem-lifetime",
        "start_too_late" => "pass-problem-late",
        "start_in_the_past" | "ends_in_the_past" => "pass-problem-past",
        "time_form" => "pass-problem-time",
        "confirm_needed" => "pass-problem-confirm",
        "stronger_evidence_needed" => "pass-problem-weak",
        "role_too_low" => "pass-problem-role",
        "not_for_oneself" => "pass-problem-oneself",
        "disabled_user" => "pass-problem-disabled",
        "deleted_user" => "pass-problem-deleted",
        "passes_off" => "pass-problem-off",
        "pass_out_of_audience" => "pass-problem-audience",
        "pass_without_passkeys" => "pass-problem-passkeys",
        "needs_approval" => "pass-problem-approval",
        "private_address_missing" => "pass-problem-address",
        "mail_off" => "pass-problem-mail-off",
        "manager_missing" => "pass-problem-manager",
        "order_for_role" => "pass-problem-for-role",
        "order_not_allowed" => "pass-problem-not-yours",
        "order_own" => "pass-problem-own",
        "order_expired" => "pass-problem-expired",
        "order_answered" => "pass-problem-answered",
        "order_not_approved" => "pass-problem-not-approved",
        "order_picked_up" => "pass-problem-picked-up",
        "approval_void" => "pass-problem-void",
        "too_many_orders" => "pass-problem-too-many",
        "list_empty" => "pass-problem-list-empty",
        "list_too_many" | "list_too_long" => "pass-problem-list-long",
        "duplicate" => "pass-problem-duplicate",
        "user_unknown" => "pass-problem-unknown",
        "privileged_skipped" => "pass-problem-privileged",
        "busy" => "pass-problem-busy",
        _ => "pass-problem-other",
    }
}

/// A letter with a pass in it, in the language of whoever it is for.
pub struct PassLetter {
    /// The language.
    pub text: Text,
    /// Who writes.
    pub organisation: String,
    /// How to reach the people who can help.
    pub contact: Option<String>,
    /// When it was written.
    pub written: Timestamp,
    /// For whom.
    pub name: String,
    /// What they type.
    pub login: String,
    value: SecretText,
    /// From when it works.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// For one use only.
    pub one_time: bool,
    /// Where people reach this deployment.
    pub origin: String,
    /// A code for a phone's camera.
    pub code: Markup,
    holds: LetterCode,
    /// Who issued it.
    pub issuer: String,
    /// What the list of passes calls it.
    pub serial: String,
}

impl PassLetter {
    /// The letter of a pass that was just made. Where `holds` says so its code carries the value in the fragment, which no
    /// server and no log ever sees.
    pub fn new(
        site: &Site,
        user: &User,
        (pass, value): (&Pass, &SecretText),
        holds: LetterCode,
        (issuer, written): (String, Timestamp),
    ) -> Self {
        let language = user.language.as_deref().and_then(Language::parse).unwrap_or(site.language);
        let (login, origin) = (user.login.shown().to_owned(), site.origin.to_string());
        Self {
            text: Text::new(language),
            organisation: site.organisation.name.clone(),
            contact: Some(site.organisation.help.clone()).filter(|help| !help.is_empty()),
            written,
            name: user.name.clone(),
            value: grouped(value),
            starts: pass.starts,
            ends: pass.ends,
            one_time: pass.one_time,
            // Revealed for the letter, whose code may hold it.
            code: qr::svg(&address(&origin, &login, value.reveal(), holds)),
            holds,
            issuer,
            serial: pass.serial(),
            login,
            origin,
        }
    }

    pub(in crate::pages) fn shown(&self) -> &str {
        self.value.reveal()
    }

    pub(in crate::pages) fn scan_key(&self) -> &'static str {
        match self.holds {
            LetterCode::Address => "pass-letter-scan-address",
            LetterCode::Login => "pass-letter-scan-login",
            LetterCode::Pass => "pass-letter-scan-pass",
        }
    }

    pub(in crate::pages) fn uses_key(&self) -> &'static str {
        if self.one_time { "issued-one-time" } else { "issued-many" }
    }
}

/// What a letter's code leads to.
pub fn address(origin: &str, login: &str, value: &str, holds: LetterCode) -> String {
    let address = format!("{origin}/signin/tap");
    match holds {
        LetterCode::Address => address,
        LetterCode::Login => format!("{address}#u={}", percent_encoded(login)),
        LetterCode::Pass => format!("{address}#u={}&t={value}", percent_encoded(login)),
    }
}

/// What a fragment may hold as it is stays; every other byte becomes `%XX`.
pub fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// AT-3: a pass, once.
#[derive(Template)]
#[template(path = "passes/shown.html")]
pub struct ShownPass {
    /// The frame.
    pub shell: Shell,
    /// The letter, with everything that the screen says too.
    pub letter: PassLetter,
    /// Where to go on.
    pub back: String,
}

impl ShownPass {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("issued-heading").with("name", &self.letter.name).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    /// Each character as it is read out.
    fn spelling(&self) -> Vec<String> {
        let characters = self.letter.shown().chars().filter(|character| character.is_ascii_alphanumeric());
        characters.map(|character| spelled(self.shell.text, character)).collect()
    }
}

fn spelled(text: Text, character: char) -> String {
    if character.is_ascii_digit() {
        text.say("spell-digit").with("digit", character).to_string()
    } else {
        text.say(&format!("spell-{character}")).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_pass_can_be_read_out() {
        for language in Language::ALL {
            for character in account::temporary_pass::ALPHABET {
                let said = spelled(Text::new(language), char::from(*character));
                assert!(said.contains(char::from(*character)) && !said.contains('⟦'), "{said}");
            }
        }
    }

    #[test]
    fn a_code_holds_what_was_chosen_and_secrets_in_the_fragment_only() {
        let code = |holds| address("https://id.example.com", "ana+1@example.com", "K7QXMM4P29TD", holds);
        assert_eq!(code(LetterCode::Address), "https://id.example.com/signin/tap");
        assert_eq!(code(LetterCode::Login), "https://id.example.com/signin/tap#u=ana%2B1@example.com");
        let all = code(LetterCode::Pass);
        assert_eq!(all, "https://id.example.com/signin/tap#u=ana%2B1@example.com&t=K7QXMM4P29TD");
        assert_eq!(percent_encoded("ä&t=x"), "%C3%A4%26t%3Dx");
    }

    #[test]
    fn a_reason_is_said_in_the_readers_language() {
        let text = Text::new(Language::English);
        assert_eq!(reason(text, "new-starter, id-card: seen"), "New starter · Identity card · seen");
        assert_eq!(reason(text, "demonstration"), "demonstration");
    }
}
