//! Registering a passkey for somebody else: on a security key that is then handed over.
//!
//! Only a person with phishing-resistant evidence does so, whose permissions include the owner's (DESIGN 5a.12). What
//! begins it travels inside the challenge itself, sealed to the owner and to whoever began it: a program needs to
//! keep nothing but the options, and sends nothing back but what the authenticator made.

use std::sync::Arc;

use account::action::Action;
use account::audit::EventKind;
use account::methods;
use account::model::Aaguid;
use account::passkey::{self, Attachment, Binding, Passkey, PasskeyId, PasskeyStatus, Place};
use account::policy::judge::{self, PasskeyRefusal};
use account::role::{Permission, Role};
use account::user::{NameRefusal, User, UserId};
use fido::attestation_object::AttestationObject;
use fido::authenticator_data::AuthenticatorData;
use fido::client_data::CollectedClientData;
use fido::credential::{Attachment as FidoAttachment, Base64Url};
use fido::options::{AttestationConveyance, Hint, UserEntity};
use fido::response::RegistrationResponse;
use primitives::cose::Algorithm;
use primitives::digest::{self, Digest};
use primitives::entropy;
use primitives::id::Id;
use primitives::seal;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::spent::{self, SpentKey, Taken};
use store::{Tx, passkeys, users};
use webauthn::{
    RegisteredCredential, RegistrationChecks, RegistrationRequest, RegistrationState, TrustAnchor,
    registration,
};

use crate::administer_passes::needs_second_person;
use crate::administer_users::AdministerError;
use crate::assertion;
use crate::attest_devices;
use crate::authority::{self, Grant};
use crate::ceremony::{self, CeremonyError};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;
use crate::judged;
use crate::register_passkey;

/// What the seal inside the challenge is for.
const PURPOSE: &str = "keyward provision";

/// Shortest and usual time that a security key may take.
pub const SHORTEST: Span = Span::from_minutes(5);

/// Longest time: a box of keys is enrolled over days.
pub const LONGEST: Span = Span::from_days(30);

/// Why no passkey was registered for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvisionError {
    /// Whoever asks may not.
    Administer(AdministerError),
    /// The ceremony did not prove what it should.
    Ceremony(CeremonyError),
    /// Policy does not take this passkey of that person.
    Policy(PasskeyRefusal),
    /// The text is no name of a passkey.
    Name(NameRefusal),
    /// The challenge shall live too short or too long.
    Lifetime,
}

impl<E: Into<AdministerError>> From<E> for ProvisionError {
    fn from(error: E) -> Self {
        ProvisionError::Administer(error.into())
    }
}

impl From<CeremonyError> for ProvisionError {
    fn from(error: CeremonyError) -> Self {
        match error {
            CeremonyError::Store(error) => ProvisionError::Administer(AdministerError::Store(error)),
            other => ProvisionError::Ceremony(other),
        }
    }
}

impl ProvisionError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ProvisionError::Administer(error) => error.code(),
            ProvisionError::Ceremony(error) => error.code(),
            ProvisionError::Policy(refusal) => refusal.code(),
            ProvisionError::Name(refusal) => refusal.code(),
            ProvisionError::Lifetime => "challenge_lifetime",
        }
    }
}

/// What an authenticator is asked for.
#[derive(Clone, Debug)]
pub struct Begun {
    /// PublicKeyCredentialCreationOptionsJSON.
    pub options: serde_json::Value,
    /// First moment at which it is too late.
    pub expires: Timestamp,
}

/// What is sealed into the challenge; the rest follows from who begins and for whom.
#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(rename = "e")]
    expires: i64,
    #[serde(rename = "a")]
    algorithms: Vec<i64>,
    #[serde(rename = "r")]
    random: Base64Url,
}

/// The options for a passkey of `user`. Changes nothing.
pub async fn begin(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    lifetime: Span,
) -> Result<Begun, ProvisionError> {
    if !(SHORTEST..=LONGEST).contains(&lifetime) {
        return Err(ProvisionError::Lifetime);
    }
    let (target, existing) = cx
        .db
        .read(move |tx| -> Result<_, ProvisionError> {
            let target = users::by_id(tx, user)?.ok_or(AdministerError::NotFound)?;
            let existing = passkeys::of_user(tx, target.id)?;
            Ok((target, existing))
        })
        .await?;
    may_have_one(&target, &existing)?;
    let entity = UserEntity {
        id: target.handle.to_vec().into(),
        name: target.login.shown().to_owned(),
        display_name: target.name.clone(),
    };
    let mut request = RegistrationRequest::new(entity, "provision");
    request.algorithms = cx.settings().algorithms.clone();
    request.exclude = assertion::descriptors(&existing);
    request.attachment = Some(FidoAttachment::CrossPlatform);
    request.hints = vec![Hint::SecurityKey];
    request.attestation = AttestationConveyance::Direct;
    let (mut options, _) =
        registration::begin(&cx.relying_party, request, caller.now, caller.entropy.as_mut());
    let expires = caller.now + lifetime;
    let sealed = Sealed {
        expires: expires.micros(),
        algorithms: cx.settings().algorithms.iter().map(|algorithm| algorithm.id()).collect(),
        random: Base64Url(entropy::array::<16>(caller.entropy.as_mut()).to_vec()),
    };
    let plain = serde_json::to_vec(&sealed)
        .unwrap_or_else(|_| unreachable!("a challenge holds only what JSON can say"));
    let binding = binding(cx, authority, user);
    let challenge = seal::seal(&cx.keys, PURPOSE, &binding, &plain, caller.now, caller.entropy.as_mut());
    options.challenge = Base64Url(challenge);
    Ok(Begun { options: ceremony::json(&options), expires })
}

/// Whom the challenge is for and who began it, in this deployment's present epoch.
fn binding(cx: &Context, authority: Authority<'_>, user: UserId) -> Digest {
    let epoch = cx.settings().deployment_epoch.to_be_bytes();
    let actor = authority.actor().to_string();
    let party = cx.relying_party.id();
    digest::sha256_parts(&[party.as_bytes(), &epoch, user.as_bytes(), actor.as_bytes()])
}

fn may_have_one(target: &User, existing: &[Passkey]) -> Result<(), ProvisionError> {
    if target.deleted.is_some() {
        return Err(AdministerError::NotFound.into());
    }
    if !target.is_enabled() {
        return Err(AdministerError::DisabledUser.into());
    }
    if methods::may_add(existing) { Ok(()) } else { Err(CeremonyError::TooManyPasskeys.into()) }
}

/// Registers what the authenticator made. `name` is what its owner will know it by; without one `suggested_name` names
/// it by its model.
///
/// The same answer sent again gets the same passkey.
pub async fn finish(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    made: MadeElsewhere<'_>,
) -> Result<Passkey, ProvisionError> {
    let name = made.name.map(passkey::parse_passkey_name).transpose().map_err(ProvisionError::Name)?;
    let response = RegistrationResponse::parse(made.response).map_err(CeremonyError::Response)?;
    let target = cx
        .db
        .read(move |tx| -> Result<_, ProvisionError> {
            Ok(users::by_id(tx, user)?.ok_or(AdministerError::NotFound)?)
        })
        .await?;
    let state = open(cx, authority, &target, &response)?;
    let settings = cx.settings();
    let anchors = anchors_of(&settings, &response);
    let checks = RegistrationChecks { trust_anchors: &anchors, ..RegistrationChecks::default() };
    // Whether it is too late the commit decides, where an answer that came before is known.
    let then = caller.now.min(state.expires - Span::from_micros(1));
    let credential = registration::finish(&cx.relying_party, &state, &response, checks, then)
        .map_err(CeremonyError::Registration)?;
    let storing = Storing {
        id: Id::new(caller.now, caller.entropy.as_mut()),
        pen: Pen::new(caller, authority.actor()),
        grant: authority.into(),
        name: name.unwrap_or_else(|| (made.suggested_name)(credential.aaguid)),
        answer: digest::sha256_parts(&[&response.client_data_json, &response.attestation_object]),
        attested_by: attest_devices::attested_key(&settings, &credential),
        settings,
        user,
        state,
        credential,
    };
    cx.db.write(move |tx| storing.clone().run(tx)).await
}

/// What was made on a security key for somebody.
pub struct MadeElsewhere<'a> {
    /// The authenticator's answer as JSON.
    pub response: &'a str,
    /// What its owner will know it by.
    pub name: Option<&'a str>,
    /// Names a passkey by its AAGUID.
    pub suggested_name: &'a (dyn Fn([u8; 16]) -> String + Sync),
}

/// What was begun, out of the challenge that the authenticator signed.
fn open(
    cx: &Context,
    authority: Authority<'_>,
    target: &User,
    response: &RegistrationResponse,
) -> Result<RegistrationState, ProvisionError> {
    let data = CollectedClientData::parse(&response.client_data_json).map_err(|_| CeremonyError::Seal)?;
    let challenge = primitives::encoding::from_base64url(&data.challenge).ok_or(CeremonyError::Seal)?;
    let binding = binding(cx, authority, target.id);
    let plain = seal::open(&cx.keys, PURPOSE, &binding, &challenge).map_err(|_| CeremonyError::Seal)?;
    let sealed: Sealed = serde_json::from_slice(&plain).map_err(|_| CeremonyError::Seal)?;
    let mut request = RegistrationRequest::new(
        UserEntity { id: target.handle.to_vec().into(), name: String::new(), display_name: String::new() },
        "provision",
    );
    request.algorithms = sealed.algorithms.iter().filter_map(|id| Algorithm::from_id(*id)).collect();
    Ok(RegistrationState {
        challenge: Base64Url(challenge),
        purpose: request.purpose,
        user_handle: request.user.id,
        algorithms: sealed.algorithms,
        user_verification: request.user_verification,
        mediation: request.mediation,
        expires: Timestamp::from_micros(sealed.expires),
        binding: request.binding,
    })
}

/// The certificates to which an attestation of the model may lead that the authenticator claims to be.
fn anchors_of(settings: &Settings, response: &RegistrationResponse) -> Vec<TrustAnchor> {
    let claimed = AttestationObject::parse(&response.attestation_object).ok().and_then(|object| {
        let data = AuthenticatorData::parse(object.authenticator_data).ok()?;
        Some(data.attested_credential?.aaguid)
    });
    claimed.map(|aaguid| settings.anchors.of(Aaguid(aaguid))).unwrap_or_default()
}

/// Everything that storing needs, made before the writer is entered.
#[derive(Clone)]
struct Storing {
    settings: Arc<Settings>,
    grant: Grant,
    user: UserId,
    id: PasskeyId,
    name: String,
    pen: Pen,
    state: RegistrationState,
    answer: Digest,
    /// The key of the device that attested it, if that is one of the organisation's own authority.
    attested_by: Option<Vec<u8>>,
    credential: RegisteredCredential,
}

impl Storing {
    fn run(mut self, tx: &mut Tx<'_>) -> Result<Passkey, ProvisionError> {
        let now = tx.now()?;
        let action = Action::ProvisionPasskey(self.user);
        let issuer = authority::authorise(tx, now, &self.settings, &self.grant, action)?;
        let target = users::lock(tx, self.user)?.ok_or(AdministerError::NotFound)?;
        if issuer.is(target.id) {
            return Err(AdministerError::Oneself.into());
        }
        if !issuer.may_to(Permission::ManageMethods, target.role) {
            return Err(AdministerError::Role.into());
        }
        // It is worth more than a pass, and no way around the second person that a pass needs.
        if needs_second_person(&self.settings, now, issuer, &target) {
            return Err(AdministerError::NeedsApproval.into());
        }
        if let Some(passkey) = self.spend(tx, now, target.id)? {
            return Ok(passkey);
        }
        let existing = passkeys::of_user(tx, target.id)?;
        may_have_one(&target, &existing)?;
        let device = attest_devices::settle(tx, self.attested_by.as_deref(), &mut self.credential)?;
        let policy = self.settings.of(&target);
        judge::may_register(&policy.passkeys, &judged::facts(&self.credential), &self.settings.models)
            .map_err(ProvisionError::Policy)?;
        let vouched = judged::vouched_by(&self.settings, issuer, &target);
        let passkey = self.passkey(now, &target, &existing, vouched);
        if !passkeys::insert(tx, &passkey)? {
            return Err(CeremonyError::Duplicate.into());
        }
        if let Some(device) = device {
            attest_devices::note(tx, &device, &passkey)?;
        }
        let kind = EventKind::PasskeyAdded { passkey: passkey.id, binding: passkey.binding, pass: None };
        self.pen.write(tx, now, Some(target.id), kind)?;
        let settings = &self.settings;
        register_passkey::end_weaker(tx, now, settings, (&target, &existing), &[], &mut self.pen)?;
        Ok(passkey)
    }

    /// Spends the challenge, or gives the passkey that this very answer stored before.
    fn spend(
        &self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        user: UserId,
    ) -> Result<Option<Passkey>, ProvisionError> {
        let key = SpentKey::new(self.state.expires, &digest::sha256(&self.state.challenge));
        let outcome = [self.id.as_bytes().as_slice(), &self.answer].concat();
        let earlier = if now < self.state.expires {
            match spent::take(tx, &key, &outcome)? {
                Taken::First => return Ok(None),
                Taken::Already(earlier) => earlier,
            }
        } else {
            spent::outcome_of(tx, &key)?.ok_or(CeremonyError::Expired)?
        };
        Ok(Some(register_passkey::replayed(tx, user, &earlier, &self.answer)?))
    }

    fn passkey(&self, now: Timestamp, target: &User, existing: &[Passkey], vouched: Option<Role>) -> Passkey {
        let credential = &self.credential;
        Passkey {
            id: self.id,
            user: target.id,
            credential_id: credential.credential_id.clone(),
            public_key: credential.public_key.clone(),
            sign_count: credential.sign_count,
            aaguid: credential.aaguid,
            transports: credential.transports.clone(),
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backed_up,
            attestation: judged::attestation_kind(credential.attestation.kind),
            attestation_trusted: credential.attestation.trusted,
            attachment: credential.attachment.map(|attachment| match attachment {
                FidoAttachment::Platform => Attachment::Platform,
                FidoAttachment::CrossPlatform => Attachment::CrossPlatform,
            }),
            place: Place::SecurityKey,
            binding: Binding::Provisioned,
            name: passkey::free_name(&self.name, existing),
            status: PasskeyStatus::Enabled,
            created: now,
            created_on: String::new(),
            last_used: None,
            last_used_on: None,
            tried: false,
            counter_anomaly: false,
            vouched,
        }
    }
}
