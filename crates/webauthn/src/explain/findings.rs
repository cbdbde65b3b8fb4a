//! What was found, in a sentence, and the remedy where the table's would be too coarse.

use fido::client_data::ClientDataRefusal;
use fido::response::ResponseRefusal;
use primitives::cose::KeyRefusal;
use primitives::encoding::hex;

use super::case::Asked;
use super::judge::{Outcome, View};
use super::{shown, topics};
use crate::context::{AuthenticatorRefusal, ContextRefusal};
use crate::{AttestationKind, AuthenticationRefusal, RegisteredCredential, RegistrationRefusal};

mod attestation;
mod context;
mod encoding;

/// A sentence about what was found, and what to do about it if the reason's own remedy does not fit.
pub(super) struct Words {
    pub(super) finding: String,
    pub(super) remedy: Option<&'static str>,
}

impl Words {
    fn new(finding: impl Into<String>) -> Self {
        Self { finding: finding.into(), remedy: None }
    }

    fn with_remedy(self, remedy: &'static str) -> Self {
        Self { remedy: Some(remedy), ..self }
    }
}

pub(super) fn words(outcome: &Outcome, view: &View<'_>) -> Words {
    match outcome {
        Outcome::Registered(record) => Words::new(registered(record)),
        Outcome::NotRegistered(refusal) => registration(refusal, view),
        Outcome::Authenticated(proven) => {
            let verified = if proven.user_verified { "verified" } else { "not verified" };
            Words::new(format!(
                "The credential {} signed this ceremony, and the person was {verified}.",
                shown::bytes(&proven.credential_id)
            ))
        }
        Outcome::NotAuthenticated(refusal) => authentication(refusal, view),
    }
}

fn registered(record: &RegisteredCredential) -> String {
    let attestation = match (record.attestation.kind, record.attestation.trusted) {
        (AttestationKind::None, _) => "without attestation".to_owned(),
        (AttestationKind::SelfSigned, _) => "attesting itself".to_owned(),
        (_, true) => format!("with trusted {} attestation", record.attestation.format),
        (_, false) => format!("with {} attestation that leads to no given anchor", record.attestation.format),
    };
    format!(
        "The credential {} for {} can be registered, {attestation}, and the person was {}.",
        shown::bytes(&record.credential_id),
        shown::algorithm(record.algorithm.id()),
        if record.user_verified { "verified" } else { "not verified" },
    )
}

fn registration(refusal: &RegistrationRefusal, view: &View<'_>) -> Words {
    match refusal {
        RegistrationRefusal::Response(refusal) => response(*refusal),
        RegistrationRefusal::ChallengeExpired => expired(),
        RegistrationRefusal::ClientData(refusal) => client_data(*refusal),
        RegistrationRefusal::Context(refusal) => about_context(*refusal, view, "webauthn.create"),
        RegistrationRefusal::AttestationObject(refusal) => {
            Words::new(format!("The attestation object {}.", encoding::attestation_object(*refusal)))
        }
        RegistrationRefusal::AuthenticatorData(refusal) => {
            Words::new(format!("The authenticator data {}.", encoding::authenticator_data(*refusal)))
        }
        RegistrationRefusal::AttestedCredentialMissing => {
            Words::new("The authenticator data hold no credential: the flag AT is not set.")
        }
        RegistrationRefusal::CredentialIdMismatch => Words::new(format!(
            "The answer names the credential {}, the authenticator data hold {}.",
            shown::bytes(&view.facts.credential_id),
            attested_id(view)
        )),
        RegistrationRefusal::Authenticator(refusal) => authenticator(*refusal, view),
        RegistrationRefusal::AlgorithmNotOffered => algorithm_not_offered(view),
        RegistrationRefusal::CredentialPublicKey(refusal) => key("The credential public key", *refusal, view),
        RegistrationRefusal::Attestation(refusal) => attestation::refused(*refusal, view),
        RegistrationRefusal::AttestationUntrusted(reason) => attestation::untrusted(*reason, view),
        RegistrationRefusal::AlreadyRegistered => Words::new(format!(
            "The credential {} is among those that are registered already.",
            shown::bytes(&view.facts.credential_id)
        )),
    }
}

fn authentication(refusal: &AuthenticationRefusal, view: &View<'_>) -> Words {
    let id = || shown::bytes(&view.facts.credential_id);
    match refusal {
        AuthenticationRefusal::Response(refusal) => response(*refusal),
        AuthenticationRefusal::ChallengeExpired => expired(),
        AuthenticationRefusal::ClientData(refusal) => client_data(*refusal),
        AuthenticationRefusal::Context(refusal) => about_context(*refusal, view, "webauthn.get"),
        AuthenticationRefusal::AuthenticatorData(refusal) => {
            Words::new(format!("The authenticator data {}.", encoding::authenticator_data(*refusal)))
        }
        AuthenticationRefusal::AttestedCredentialPresent => {
            Words::new("The authenticator data hold a credential, as only those of a registration do.")
        }
        AuthenticationRefusal::Authenticator(refusal) => authenticator(*refusal, view),
        AuthenticationRefusal::CredentialNotAllowed => {
            Words::new(format!("The credential {} is not one of those that were named to the browser.", id()))
        }
        AuthenticationRefusal::UnknownCredential => Words::new(match topics::stored_credential(view) {
            None => format!("The credential {} is not registered: there is no stored record.", id()),
            Some(stored) => format!(
                "The credential {} is not registered: the stored record is that of {}.",
                id(),
                shown::bytes(&stored.credential_id)
            ),
        }),
        AuthenticationRefusal::CredentialIdMismatch => {
            Words::new(format!("The stored record is not that of the credential {}.", id()))
        }
        AuthenticationRefusal::CredentialOfAnotherUser => {
            Words::new(format!("The credential {} belongs to somebody else than who was identified.", id()))
        }
        AuthenticationRefusal::UserHandleMismatch => Words::new(user_handle(view)),
        AuthenticationRefusal::UserHandleMissing => {
            Words::new("The answer has no user handle, and nobody was identified before, so it is nobody's.")
                .with_remedy(
                    "Let the person give their email address first: the passkey is not discoverable.",
                )
        }
        AuthenticationRefusal::BackupEligibilityChanged => Words::new(eligibility(view)),
        AuthenticationRefusal::CredentialPublicKey(refusal) => key("The stored public key", *refusal, view)
            .with_remedy("The record is damaged: restore it from a backup, or register the passkey anew."),
        AuthenticationRefusal::Signature => signature(view),
        AuthenticationRefusal::SignCount => Words::new(format!(
            "The signature counter did not advance: {}.",
            topics::counters(view).unwrap_or_default()
        )),
    }
}

fn expired() -> Words {
    Words::new("The challenge had expired.").with_remedy("Start the ceremony again.")
}

fn response(refusal: ResponseRefusal) -> Words {
    Words::new(format!("The client's answer {}.", encoding::response(refusal)))
}

fn client_data(refusal: ClientDataRefusal) -> Words {
    Words::new(format!("The client data {}.", encoding::client_data(refusal)))
}

fn about_context(refusal: ContextRefusal, view: &View<'_>, kind: &str) -> Words {
    match &view.facts.client_data {
        // A context is refused only of client data that could be read.
        None => Words::new(format!("The client data are of another context ({}).", refusal.code())),
        Some(found) => context::words(refusal, found, view, kind),
    }
}

fn authenticator(refusal: AuthenticatorRefusal, view: &View<'_>) -> Words {
    let flags = view.facts.data.as_ref().map(|data| data.flags_in_words()).unwrap_or_default();
    match refusal {
        AuthenticatorRefusal::RpIdHash => rp_id_hash(view),
        AuthenticatorRefusal::UserPresent => Words::new(format!(
            "The authenticator says that nobody was there, and this ceremony needs somebody: {flags}."
        )),
        AuthenticatorRefusal::UserVerified => {
            Words::new(format!("The person had to be verified and was not: {flags}."))
        }
        AuthenticatorRefusal::BackedUpNotEligible => {
            Words::new(format!("The credential is backed up although it may not be: {flags}."))
        }
    }
}

fn rp_id_hash(view: &View<'_>) -> Words {
    let configured = view.relying_party.id();
    let expected = shown::text(configured);
    match (view.facts.rp_id(configured), &view.facts.data) {
        (Some(found), _) => Words::new(format!(
            "The authenticator made this for the RP ID {}, and {expected} was expected.",
            shown::text(found)
        )),
        (None, Some(data)) => Words::new(format!(
            "The authenticator made this for an RP ID whose SHA-256 is {}, and {expected} was expected.",
            hex(&data.rp_id_hash)
        ))
        .with_remedy("Check `rp_id` in the configuration; this one is no domain above the page's origin."),
        (None, None) => Words::new(format!("The authenticator made this for another RP ID than {expected}.")),
    }
}

fn attested_id(view: &View<'_>) -> String {
    let credential = view.facts.data.as_ref().and_then(|data| data.credential.as_ref());
    credential.map_or_else(|| "another one".to_owned(), |credential| shown::bytes(&credential.credential_id))
}

/// The algorithm of the attested key, in words.
fn attested_algorithm(view: &View<'_>) -> Option<String> {
    let credential = view.facts.data.as_ref()?.credential.as_ref()?;
    credential.algorithm.map(shown::algorithm)
}

fn algorithm_not_offered(view: &View<'_>) -> Words {
    let offered = match view.asked {
        Asked::Registration { state, .. } => shown::algorithms(&state.algorithms),
        Asked::Authentication { .. } => "none".to_owned(),
    };
    let found = attested_algorithm(view).unwrap_or_else(|| "another algorithm".to_owned());
    Words::new(format!("The key is one for {found}, and what was offered is {offered}."))
}

fn key(which: &str, refusal: KeyRefusal, view: &View<'_>) -> Words {
    let algorithm = match view.asked {
        Asked::Registration { .. } => attested_algorithm(view),
        Asked::Authentication { .. } => {
            topics::stored_credential(view).and_then(topics::stored_algorithm).map(shown::algorithm)
        }
    };
    let algorithm = algorithm.map_or_else(String::new, |name| format!(", one for {name},"));
    let words = Words::new(format!("{which}{algorithm} {}.", encoding::key(refusal)));
    match refusal {
        KeyRefusal::AlgorithmUnknown => words.with_remedy(
            "Offer only algorithms that can be verified here, or use an authenticator that knows one of them.",
        ),
        KeyRefusal::RsaModulusSize => {
            words.with_remedy("Use an authenticator with RSA keys of 2048 to 4096 bits, or better with ES256.")
        }
        _ => words,
    }
}

fn user_handle(view: &View<'_>) -> String {
    let stored = topics::stored_credential(view).map(|stored| shown::bytes(&stored.user_handle));
    format!(
        "The answer is for the user handle {}, and the credential belongs to {}.",
        view.facts.user_handle.as_deref().map(shown::bytes).unwrap_or_default(),
        stored.unwrap_or_else(|| "another".to_owned()),
    )
}

fn eligibility(view: &View<'_>) -> String {
    match topics::stored_credential(view) {
        Some(stored) if stored.backup_eligible => {
            "The credential could be backed up when it was registered, and now says that it cannot (no BE)."
        }
        _ => "The credential was bound to its device when it was registered, and now says that it may be backed up (BE).",
    }
    .to_owned()
}

fn signature(view: &View<'_>) -> Words {
    let length = view.facts.signature_length;
    let algorithm = topics::stored_credential(view).and_then(topics::stored_algorithm);
    let key = algorithm
        .map_or_else(|| "registered".to_owned(), |id| format!("registered {}", shown::algorithm(id)));
    let words = Words::new(format!(
        "The signature of {length} bytes is not that of the {key} key over this ceremony."
    ));
    match (algorithm, length) {
        // Two bare integers in place of the ASN.1 that section 6.5.5 demands.
        (Some(-7 | -9), 64) | (Some(-35 | -51), 96) | (Some(-36 | -52), 132) => words.with_remedy(
            "The length is that of a raw ECDSA signature: the authenticator must send it as ASN.1 DER.",
        ),
        _ => words,
    }
}
