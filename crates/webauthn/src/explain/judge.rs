//! Hands a case to the production functions and puts their verdict into words.

use fido::response::{AuthenticationResponse, RegistrationResponse};
use primitives::time::Timestamp;

use super::case::{Asked, Case};
use super::facts::Facts;
use super::findings::{self, Words};
use super::steps::{self, Ending};
use super::{Explained, Kind, authentication, reasons, registration};
use crate::{
    AuthenticationRefusal, RegisteredCredential, RegistrationChecks, RegistrationRefusal, RelyingParty,
    VerifiedAssertion,
};

/// A case beside what its answer says.
pub(super) struct View<'a> {
    pub(super) relying_party: &'a RelyingParty,
    pub(super) asked: &'a Asked,
    pub(super) now: Timestamp,
    pub(super) facts: Facts,
}

/// What the production functions said.
pub(super) enum Outcome {
    Registered(Box<RegisteredCredential>),
    NotRegistered(RegistrationRefusal),
    Authenticated(Box<VerifiedAssertion>),
    NotAuthenticated(AuthenticationRefusal),
}

impl From<Result<RegisteredCredential, RegistrationRefusal>> for Outcome {
    fn from(outcome: Result<RegisteredCredential, RegistrationRefusal>) -> Self {
        outcome.map_or_else(Outcome::NotRegistered, |record| Outcome::Registered(Box::new(record)))
    }
}

impl From<Result<VerifiedAssertion, AuthenticationRefusal>> for Outcome {
    fn from(outcome: Result<VerifiedAssertion, AuthenticationRefusal>) -> Self {
        outcome.map_or_else(Outcome::NotAuthenticated, |proven| Outcome::Authenticated(Box::new(proven)))
    }
}

pub(super) fn explain(case: &Case<'_>) -> Explained {
    let (outcome, facts) = judge(case);
    let view = View { relying_party: &case.relying_party, asked: &case.asked, now: case.now, facts };
    let (code, ending) = match &outcome {
        Outcome::Registered(_) | Outcome::Authenticated(_) => ("ok", Ending::Accepted),
        Outcome::NotRegistered(refusal) => (refusal.code(), steps::registration_ending(refusal)),
        Outcome::NotAuthenticated(refusal) => (refusal.code(), steps::authentication_ending(refusal)),
    };
    let kind = match &case.asked {
        Asked::Registration { .. } => Kind::Registration,
        Asked::Authentication { .. } => Kind::Authentication,
    };
    let reason = reasons::of(code);
    let Words { finding, remedy } = findings::words(&outcome, &view);
    let step = ending.step();
    Explained {
        id: None,
        kind: Some(kind),
        accepted: step.is_none(),
        reason: reason.code,
        step,
        remedy: if step.is_none() { "" } else { remedy.unwrap_or(reason.remedy) },
        steps: steps::steps(kind, ending, &view, &finding),
        finding,
    }
}

/// The verdict, and what the answer says as far as it could be read.
fn judge(case: &Case<'_>) -> (Outcome, Facts) {
    match &case.asked {
        Asked::Registration { state, anchors, require_trusted, registered } => {
            let response = match RegistrationResponse::parse(case.response) {
                Ok(response) => response,
                Err(refusal) => return (Outcome::NotRegistered(refusal.into()), Facts::default()),
            };
            let checks = RegistrationChecks {
                trust_anchors: anchors,
                require_trusted_attestation: *require_trusted,
                is_registered: &|id| registered.iter().any(|other| **other == *id),
            };
            let outcome = registration::finish(&case.relying_party, state, &response, checks, case.now);
            (outcome.into(), Facts::registration(&response))
        }
        Asked::Authentication { state, stored } => {
            let response = match AuthenticationResponse::parse(case.response) {
                Ok(response) => response,
                Err(refusal) => return (Outcome::NotAuthenticated(refusal.into()), Facts::default()),
            };
            // A store that is asked for the answer's id gives the record of that id or none.
            let found = stored.as_ref().filter(|stored| stored.credential_id == response.credential_id);
            let outcome = authentication::finish(&case.relying_party, state, &response, found, case.now);
            (outcome.into(), Facts::authentication(&response))
        }
    }
}
