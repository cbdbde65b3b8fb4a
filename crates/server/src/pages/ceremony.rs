//! What is said when a passkey ceremony ends otherwise than hoped (experience 6.1), for scripts and JSON answers.

use serde_json::{Map, Value};

use crate::text::{Html, Text, json_block};

/// Which call of the browser a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// `navigator.credentials.get()`.
    Get,
    /// `navigator.credentials.create()`.
    Create,
}

/// Outcomes that the script itself finds out; it carries their texts in the page.
const FOUND_BY_SCRIPT: [&str; 8] =
    ["unsupported", "not_started", "cancelled", "timeout", "duplicate", "config", "network", "unknown"];

/// Codes with a sentence of their own; every other code reads as `unknown`.
const CODES: [&str; 20] = [
    "unsupported",
    "not_started",
    "cancelled",
    "timeout",
    "duplicate",
    "config",
    "network",
    "unknown",
    "unknown_credential",
    "disabled_credential",
    "disabled_user",
    "uv_missing",
    "not_accepted",
    "challenge_expired",
    "wrong_account",
    "wrong_passkey",
    "limit",
    "confirm_needed",
    "session_ended",
    "rate_limited",
];

/// Codes of policy, one for each sentence.
#[cfg(test)]
const OF_POLICY: [&str; 7] = [
    "stronger_evidence_needed",
    "policy_passkeys_off",
    "policy_kind_backed_up",
    "policy_kind_device_bound",
    "policy_attestation_missing",
    "policy_model_not_allowed",
    "policy_model_broken",
];

impl Ceremony {
    fn key(self, code: &str) -> String {
        let operation = match self {
            Ceremony::Get => "get",
            Ceremony::Create => "create",
        };
        let code = match self.of_policy(code) {
            Some(sentence) => sentence,
            None if CODES.contains(&code) => code,
            None => "unknown",
        };
        format!("passkey-{operation}-{}", code.replace('_', "-"))
    }

    /// What stands for a refusal by policy: whoever signs in can only take another passkey, whoever makes one another kind.
    fn of_policy(self, code: &str) -> Option<&'static str> {
        Some(match (self, code) {
            (_, "stronger_evidence_needed") => "stronger",
            (_, "policy_model_broken") => "policy-broken",
            (Ceremony::Get, code) if code.starts_with("policy_") => "policy",
            (_, "policy_passkeys_off") => "policy-off",
            (_, "policy_kind_backed_up") => "policy-backed-up",
            (_, "policy_kind_device_bound") => "policy-device-bound",
            (_, "policy_attestation_missing") => "policy-unproven",
            (_, code) if code.starts_with("policy_") => "policy-model",
            _ => return None,
        })
    }

    /// The sentence for an outcome code of either side; `reference` stands in those that ask for help.
    pub fn message(self, text: Text, code: &str, reference: &str) -> String {
        text.say(&self.key(code)).with("reference", reference).to_string()
    }

    /// The texts that the script needs, for its data block: outcome code to sentence, and what is said meanwhile.
    pub fn block(self, text: Text, reference: &str) -> Html {
        self.block_with(text, reference, &[])
    }

    /// The same, with messages of the page's own for some outcomes.
    pub fn block_with(self, text: Text, reference: &str, own: &[(&str, &str)]) -> Html {
        let mut messages: Map<String, Value> = FOUND_BY_SCRIPT
            .iter()
            .map(|code| ((*code).to_owned(), Value::String(self.message(text, code, reference))))
            .collect();
        for (name, key) in
            [("prompt", "passkey-prompt"), ("checking", "passkey-checking"), ("copied", "passkey-copied")]
        {
            messages.insert(name.to_owned(), Value::String(text.say(key).to_string()));
        }
        for (code, key) in own {
            messages.insert((*code).to_owned(), Value::String(text.say(key).to_string()));
        }
        json_block(&Value::Object(messages))
    }

    /// Every key that a code may lead to, for the test that demands them.
    #[cfg(test)]
    pub(crate) fn keys(self) -> Vec<String> {
        CODES.iter().chain(&OF_POLICY).map(|code| self.key(code)).collect()
    }
}
