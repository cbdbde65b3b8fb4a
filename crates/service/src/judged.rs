//! What policy makes of a person's passkeys and of what they proved: the rules of `account`, by the settings in force.

use account::evidence::Evidence;
use account::model::Aaguid;
use account::passkey::{AttestationKind, Passkey, PasskeyStatus};
use account::policy::judge::{self, Facts, PasskeyRefusal};
use account::policy::{Area, Needed};
use account::role::Role;
use account::sign_in_step::{self, Methods, Next, SecondMethod};
use account::user::User;
use fido::attestation_object::AttestationObject;
use fido::authenticator_data::AuthenticatorData;
use fido::response::RegistrationResponse;
use primitives::time::Timestamp;
use webauthn::{RegisteredCredential, TrustAnchor};

use crate::authority::Issuer;
use crate::context::{Settings, Who};

/// The certificates to which an attestation may lead, of the model that the authenticator says it is.
pub(crate) fn anchors_of(settings: &Settings, response: &RegistrationResponse) -> Vec<TrustAnchor> {
    let claimed = AttestationObject::parse(&response.attestation_object).ok().and_then(|object| {
        let data = AuthenticatorData::parse(object.authenticator_data).ok()?;
        Some(Aaguid(data.attested_credential?.aaguid))
    });
    claimed.map(|aaguid| settings.anchors.of(aaguid)).unwrap_or_default()
}

/// What policy judges of a new passkey.
pub(crate) fn facts(credential: &RegisteredCredential) -> Facts {
    Facts {
        backup_eligible: credential.backup_eligible,
        claimed: Aaguid(credential.aaguid),
        attested: credential.attestation.trusted,
        algorithm: credential.algorithm,
    }
}

/// What kind of attestation a ceremony found, in our own words.
pub(crate) fn attestation_kind(kind: webauthn::AttestationKind) -> AttestationKind {
    match kind {
        webauthn::AttestationKind::None => AttestationKind::None,
        webauthn::AttestationKind::SelfSigned => AttestationKind::SelfSigned,
        webauthn::AttestationKind::Basic => AttestationKind::Basic,
        webauthn::AttestationKind::AttCa => AttestationKind::AttCa,
        webauthn::AttestationKind::AnonCa => AttestationKind::AnonCa,
    }
}

/// The role up to which that issuer answers for a passkey of `owner`: for the one that the owner has now, as it was
/// issued for that, and for those that the issuer's own includes. Where passes for a role take two people, the word of one
/// opens none.
pub(crate) fn vouched_by(settings: &Settings, issuer: Issuer, owner: &User) -> Option<Role> {
    match issuer {
        Issuer::Operator => None,
        Issuer::Person(_, role) if !settings.policy.second_approver && role.includes(owner.role) => {
            Some(role)
        }
        Issuer::Person(..) | Issuer::Key(_) => Some(owner.role),
    }
}

impl Settings {
    /// Whether that person's passkey may be used now; else why not.
    pub fn takes(&self, user: &User, passkey: &Passkey) -> Result<(), PasskeyRefusal> {
        judge::may_use(&self.of(user).passkeys, passkey, &self.models)
    }

    /// The same passkeys with those turned off that policy does not take.
    pub fn as_taken(&self, user: &User, passkeys: &[Passkey]) -> Vec<Passkey> {
        let policy = self.of(user).passkeys;
        let taken = |passkey: &Passkey| match judge::may_use(&policy, passkey, &self.models) {
            Ok(()) => passkey.clone(),
            Err(_) => Passkey { status: PasskeyStatus::Disabled, ..passkey.clone() },
        };
        passkeys.iter().map(taken).collect()
    }

    /// How many passkeys that person lacks of those that everybody must have.
    pub fn lacks(&self, user: &User, passkeys: &[Passkey]) -> usize {
        let usable = self.as_taken(user, passkeys).iter().filter(|passkey| passkey.is_enabled()).count();
        usize::from(self.of(user).passkeys.at_least).saturating_sub(usable)
    }

    /// Whether one of these signs that person in.
    pub fn has_usable(&self, user: &User, passkeys: &[Passkey]) -> bool {
        let policy = self.of(user).passkeys;
        passkeys
            .iter()
            .any(|passkey| passkey.is_enabled() && judge::may_use(&policy, passkey, &self.models).is_ok())
    }

    /// Whether what a session rests on is what a place asks of its person.
    pub fn lets_into(&self, who: &Who, place: Area) -> bool {
        self.reaches(&who.user, place, &who.session.evidence)
    }

    /// Whether that evidence is what a place asks of that person.
    pub fn reaches(&self, user: &User, place: Area, evidence: &Evidence) -> bool {
        judge::reaches(&self.policy, user, place, evidence, &self.models)
    }

    /// Whether the page for passwords has a purpose: the same for whatever name was typed.
    pub fn password_leads_on(&self) -> bool {
        judge::password_leads_on(&self.policy, &self.models)
    }

    /// What the event of a sign-in says was asked for: signing in leads to the portal first.
    pub(crate) fn needed(&self, user: &User) -> Option<String> {
        match judge::needed_of(&self.policy, user, Area::Portal) {
            Needed::Anything => None,
            needed => Some(format!("{} {needed}", Area::Portal)),
        }
    }

    /// What follows a right password of `user`. Every edge from a password to a session goes through here.
    ///
    /// What the second step would open is judged before it is asked for: where neither the portal nor the first passkey
    /// can be had with it, it would only be given away.
    pub(crate) fn after_password(
        &self,
        user: &User,
        methods: Methods,
        must_change: bool,
        now: Timestamp,
    ) -> Next {
        let mut policy = self.of(user);
        if policy.passwordless.forced_from.is_some_and(|from| from <= now) {
            policy.passwords.beside_passkeys = false;
        }
        let next = sign_in_step::after_password(&policy, methods, must_change);
        let opens = |place: Area, second: SecondMethod| {
            let second = match second {
                SecondMethod::AuthenticatorCode => Evidence::from_authenticator_code(now),
                SecondMethod::RecoveryCode => Evidence::from_recovery_code(now),
            };
            self.reaches(user, place, &Evidence::from_password(now).and(second))
        };
        let any = |place: Area| methods.second().into_iter().any(|second| opens(place, second));
        match next {
            Next::SecondStep if any(Area::Portal) => Next::SecondStep,
            Next::SecondStep if methods.passkey => Next::UsePasskey,
            Next::SecondStep if !any(Area::SecurityInfo) => Next::NothingSecond,
            Next::Restricted if !self.reaches(user, Area::SecurityInfo, &Evidence::from_password(now)) => {
                Next::NothingSecond
            }
            next => next,
        }
    }
}
