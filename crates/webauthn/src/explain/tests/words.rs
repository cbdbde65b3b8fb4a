//! What explanations say, word for word: ceremonies with one thing changed, and beside each in `words.txt` the
//! verdict, the state of every step, the finding and the remedy.
//!
//! After a change of words the failing test shows what the file should say; read the difference.

use std::collections::BTreeSet;
use std::fmt::Write;

use authenticator::Settings;
use authenticator::attestation::Format;
use fido::credential::Base64Url;
use primitives::cbor::Value as Cbor;
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::encoding::base64url;
use primitives::x509::Certificate;
use serde_json::{Value, json};

use super::super::*;
use crate::testing::{self, Authentication, Registration};

/// A name, and the one thing that is changed in a ceremony or a case.
type Change<T> = (&'static str, fn(&mut T));

use crate::{Allow, AuthenticationRequest};

mod authentications;
mod origins;
mod registrations;

const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BE: u8 = 0x08;
const BS: u8 = 0x10;
const AT: u8 = 0x40;
const ED: u8 = 0x80;

/// What was said so far.
#[derive(Default)]
struct Said {
    text: String,
    /// What steps had to tell; each stands only where it occurs first.
    details: BTreeSet<String>,
}

impl Said {
    /// Adds a case: verdict, reason and place, a mark for every step, and the explanation.
    fn add(&mut self, name: &str, case: &Value) -> Explained {
        let explained = super::super::case(&case.to_string(), testing::now());
        let mark = |step: &Step| match step.state {
            StepState::Held => '+',
            StepState::Refused => '!',
            StepState::NotReached => '.',
            StepState::NotApplicable => '-',
        };
        let marks: String = explained.steps.iter().map(mark).collect();
        let place = explained.place().unwrap_or_default();
        writeln!(self.text, "# {name}\n{} {} {place} {marks}", explained.verdict(), explained.reason)
            .unwrap();
        writeln!(self.text, "{}", explained.explanation()).unwrap();
        explained
    }

    /// The same, and what the steps have to tell.
    fn add_in_full(&mut self, name: &str, case: &Value) {
        for step in self.add(name, case).steps {
            let Some(detail) = step.detail else { continue };
            let detail = format!("  {} {}: {detail}\n", step.number, step.title);
            if self.details.insert(detail.clone()) {
                self.text.push_str(&detail);
            }
        }
    }
}

/// The case of a registration.
fn registration(ceremony: &Registration) -> Value {
    let id = base64url(&ceremony.response_id);
    let anchors = ceremony.anchors.iter().map(|anchor| base64url(anchor.certificate.der()));
    json!({
        "kind": "registration",
        "rp": { "rpId": "example.org", "origins": [testing::ORIGIN] },
        "options": {
            "challenge": ceremony.state.challenge,
            "userVerification": ceremony.state.user_verification,
            "mediation": ceremony.state.mediation,
            "pubKeyCredParams": ceremony.state.algorithms,
            "requireTrustedAttestation": ceremony.require_trust,
            "trustAnchors": anchors.collect::<Vec<_>>(),
        },
        "response": {
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&ceremony.client_data),
                "attestationObject": base64url(&ceremony.attestation_object()),
            },
        },
    })
}

/// The case of an authentication, signed over whatever the parts are by now.
fn authentication(ceremony: &Authentication) -> Value {
    let id = base64url(&ceremony.response_id);
    let data = ceremony.authenticator_data();
    let message = [data.clone(), digest::sha256(&ceremony.client_data).to_vec()].concat();
    let signed = || ceremony.authenticator.vault.all()[0].key.sign(&message);
    let allow = match &ceremony.state.allow {
        Allow::AnyOfUser => Value::Null,
        Allow::Discoverable => json!([]),
        Allow::Listed(ids) => json!(ids),
    };
    let stored = ceremony.stored.as_ref().map(|stored| {
        json!({
            "credentialId": base64url(&stored.credential_id),
            "publicKey": base64url(&stored.public_key),
            "signCount": stored.sign_count,
            "backupEligible": stored.backup_eligible,
            "userHandle": base64url(&stored.user_handle),
        })
    });
    let signature = ceremony.signature.clone().unwrap_or_else(signed);
    json!({
        "kind": "authentication",
        "rp": { "rpId": "example.org", "origins": [testing::ORIGIN] },
        "options": {
            "challenge": ceremony.state.challenge,
            "userVerification": ceremony.state.user_verification,
            "mediation": ceremony.state.mediation,
            "allowCredentials": allow,
        },
        "stored": stored,
        "response": {
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&ceremony.client_data),
                "authenticatorData": base64url(&data),
                "signature": base64url(&signature),
                "userHandle": ceremony.user_handle.as_deref().map(base64url),
            },
        },
    })
}

#[test]
fn explanations_say_what_they_said() {
    let mut said = Said::default();
    registrations::all(&mut said);
    origins::all(&mut said);
    authentications::all(&mut said);
    // Shown when the test fails: what words.txt should say, if the words are meant to have changed.
    println!("{}", said.text);
    let mut name = "";
    for (line, expected) in said.text.lines().zip(include_str!("words.txt").lines()) {
        name = if expected.starts_with('#') { expected } else { name };
        assert_eq!(line, expected, "{name}");
    }
    assert_eq!(said.text.lines().count(), include_str!("words.txt").lines().count());
}
