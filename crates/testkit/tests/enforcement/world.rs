//! Two models of authenticators, whose authority is trusted, and a policy to change one thing of.

use std::sync::Arc;

use account::model::{Aaguid, Certification, Model, Models};
use account::policy::{AttestationDemand, Audience, Kinds, ModelRule, PasskeyPolicy, Policy, Profile};
use authenticator::Settings;
use authenticator::attestation::Authority;
use primitives::cose::Algorithm;
use primitives::x509::Certificate;
use service::context::Anchors;
use testkit::TestContext;

pub(crate) const ANA: &str = "ana@example.com";
pub(crate) const GOOD: Aaguid = Aaguid(*b"model of the org");

pub(crate) fn authority() -> Authority {
    Authority::from_seed([7; 32])
}

/// A security key of the good model with its attestation.
pub(crate) fn good_key() -> Settings {
    Settings { aaguid: GOOD.0, ..Settings::security_key() }.attested_by(&authority())
}

pub(crate) fn good_model() -> Model {
    Model {
        name: "Key of the organisation".to_owned(),
        certification: Some(Certification::L2),
        biometric: true,
        hardware: true,
        broken: None,
    }
}

/// Metadata that knows the good model and its authority.
pub(crate) fn trust(test: &TestContext) {
    know(test, good_model());
    let anchor = Certificate::parse(authority().root()).unwrap().into();
    test.cx.change_settings(|settings| {
        let of_models = [(GOOD, vec![anchor])].into_iter().collect();
        settings.anchors = Arc::new(Anchors { of_models, ..Anchors::default() });
    });
}

/// What metadata says of the good model.
pub(crate) fn know(test: &TestContext, model: Model) {
    test.cx.change_settings(|settings| settings.models = Arc::new(Models::from_iter([(GOOD, model)])));
}

/// A profile that asks for everything that the good key has.
pub(crate) fn strict() -> Profile {
    Profile {
        name: "strict".to_owned(),
        audience: Audience::everybody(),
        kinds: Kinds { backed_up: false, device_bound: true },
        attestation: AttestationDemand::Required,
        models: ModelRule {
            allow: vec![GOOD],
            block: Vec::new(),
            certified: Some(Certification::L2),
            biometric: true,
            hardware: true,
        },
        algorithms: vec![Algorithm::Es256],
    }
}

pub(crate) fn passkeys(test: &TestContext, change: impl FnOnce(&mut PasskeyPolicy)) {
    set(test, |policy| change(&mut policy.passkeys.terms));
}

pub(crate) fn only(test: &TestContext, profile: Profile) {
    passkeys(test, |passkeys| passkeys.profiles = vec![profile]);
}

pub(crate) fn set(test: &TestContext, change: impl FnOnce(&mut Policy)) {
    test.cx.change_settings(|settings| change(&mut settings.policy));
}
