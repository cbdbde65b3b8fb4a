//! A certificate for the authenticator that is about to create a passkey.

use axum::http::StatusCode;
use primitives::encoding;
use serde::Deserialize;
use serde_json::{Value, json};
use service::attest_devices::{AttestError, Certified, Request};
use service::enrol_phone;

use super::body::Body;
use super::program::Program;
use super::refused;
use crate::fields::Path;
use crate::problem::{Answer, Problem};
use crate::routes::companion::scripted::ticket;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Certify {
    pub(super) state: String,
    key: String,
    proof: String,
    #[serde(default)]
    name: Option<String>,
}

impl Certify {
    pub(super) fn request(&self) -> Result<Request, AttestError> {
        request(&self.key, &self.proof, self.name.clone())
    }
}

/// What was sent, out of its base64url.
pub(super) fn request(key: &str, proof: &str, name: Option<String>) -> Result<Request, AttestError> {
    Ok(Request {
        key: encoding::from_base64url(key).ok_or(AttestError::Key)?,
        proof: encoding::from_base64url(proof).ok_or(AttestError::Proof)?,
        name,
    })
}

pub(super) async fn certify(
    mut program: Program,
    Path(text): Path<String>,
    Body(sent): Body<Certify>,
) -> Answer {
    let ticket = ticket(&text)?;
    let request = match sent.request() {
        Ok(request) => request,
        Err(error) => return not_certified(program, error),
    };
    let who = program.visit.who().await?;
    let mut caller = program.visit.caller();
    let certified =
        enrol_phone::certify(program.service(), &mut caller, &ticket, who.as_ref(), &sent.state, &request);
    match certified.await {
        Ok(certified) => program.ok(described(&certified)),
        Err(error) => not_certified(program, error),
    }
}

/// The certificate, leaf first and without the root, which has to be known already.
pub(super) fn described(certified: &Certified) -> Value {
    let device = &certified.device;
    json!({
        "chain": [encoding::base64url(&device.certificate)],
        "device": device.id.to_string(),
        "ends": device.ends.to_string(),
    })
}

pub(super) fn not_certified(mut program: Program, error: AttestError) -> Answer {
    let (status, key) = match &error {
        AttestError::Off => (StatusCode::FORBIDDEN, "ph-attest-off"),
        AttestError::Revoked => (StatusCode::FORBIDDEN, "ph-attest-revoked"),
        AttestError::Errand(error) => return refused(program, error.clone()),
        AttestError::Ceremony(error) => return refused(program, error.clone().into()),
        AttestError::Store(error) => return Err(Problem::from(error.clone()).into()),
        AttestError::Sealed => {
            let broken = "the authority's key cannot be opened with these root keys";
            tracing::error!(reference = program.visit.facts.reference.as_str(), broken);
            (StatusCode::FORBIDDEN, "ph-attest-off")
        }
        AttestError::Key
        | AttestError::Proof
        | AttestError::Name(_)
        | AttestError::TooMany
        | AttestError::Exists
        | AttestError::NotFound => (StatusCode::UNPROCESSABLE_ENTITY, "ph-attest-refused"),
    };
    let message = program.visit.shell().say(key).to_string();
    program.refuse(status, error.code(), &message, json!({}))
}
