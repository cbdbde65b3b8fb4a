//! Accounts that have from the start what a test needs: written to the store at once, as use cases would have in many
//! steps.

use account::authenticator_code::{self, AuthenticatorCodes};
use account::passkey::{Attachment, AttestationKind, Binding, Passkey, PasskeyStatus, Place};
use account::password::Password;
use account::policy::{PasswordPolicy, Policy};
use account::recovery_code::{self, RecoveryCode};
use account::role::Role;
use account::user::User;
use authenticator::{Authenticator, Settings, client};
use fido::options::UserEntity;
use fido::response::RegistrationResponse;
use primitives::id::Id;
use primitives::seal;
use primitives::secret::{SecretBytes, SecretText};
use primitives::slow_hash::{self, SetSalt};
use primitives::time::Timestamp;
use store::{StoreError, authenticator_codes, passkeys, passwords, recovery_codes};
use webauthn::{RegistrationChecks, RegistrationRequest, registration};

use crate::deployment::{ORIGIN, TestContext};

/// The password of everybody who has one.
pub const PASSWORD: &str = "correct horse battery";

/// What an account shall have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arms {
    /// A passkey, bound so.
    pub passkey: Option<Binding>,
    /// That it is disabled.
    pub disabled: bool,
    /// A password.
    pub password: bool,
    /// That it must be changed.
    pub must_change: bool,
    /// An authenticator app.
    pub codes: bool,
    /// That so many wrong codes came that the app's are locked.
    pub locked: bool,
    /// Recovery codes.
    pub recovery: bool,
}

/// An account with all that opens it.
pub struct Armed {
    /// The account.
    pub user: User,
    /// What holds its passkey.
    pub authenticator: Authenticator,
    /// Its passkey.
    pub passkey: Option<Passkey>,
    /// The secret of its authenticator app.
    pub secret: SecretBytes,
    /// Its recovery codes.
    pub recovery: Vec<SecretText>,
}

impl Armed {
    /// What the app shows at `now`.
    pub fn code(&self, now: Timestamp) -> String {
        authenticator_code::code(&self.secret, now)
    }
}

/// A policy under which passwords may be used.
pub fn with_passwords() -> Policy {
    Policy {
        passwords: PasswordPolicy { enabled: true, ..PasswordPolicy::default() }.into(),
        ..Policy::default()
    }
}

impl TestContext {
    /// Adds an account called `login` that has all of this.
    pub async fn arm(&self, login: &str, arms: Arms) -> Armed {
        let user = self.add_user(login, Role::User).await;
        let mut caller = self.operator();
        let (entropy, cx, now) = (caller.entropy.as_mut(), &self.cx, self.now());
        let mut authenticator = Authenticator::new(Settings::platform());
        let passkey = arms.passkey.map(|binding| {
            let mut passkey = self.passkey_in(&mut authenticator, &user, binding);
            if arms.disabled {
                passkey.status = PasskeyStatus::Disabled;
            }
            passkey
        });
        let password = arms.password.then(|| Password {
            user: user.id,
            hash: Some(slow_hash::hash(&cx.keys, cx.settings().cost, PASSWORD, entropy)),
            since: now,
            must_change: arms.must_change,
        });
        let secret = authenticator_code::generate(entropy);
        let label = "keyward authenticator secret";
        let codes = arms.codes.then(|| AuthenticatorCodes {
            user: user.id,
            sealed: seal::seal(&cx.keys, label, user.id.as_bytes(), secret.reveal(), now, entropy),
            created: now,
            last_step: 0,
            last_used: None,
            failures: if arms.locked { authenticator_code::MOST_FAILURES } else { 0 },
        });
        let (mut recovery, mut rows) = (Vec::new(), Vec::new());
        let (salt, set) = (SetSalt::generate(&cx.keys, cx.settings().cost, entropy), Id::new(now, entropy));
        for number in (1..=recovery_code::COUNT).filter(|_| arms.recovery) {
            let value = recovery_code::generate(entropy);
            rows.push(RecoveryCode {
                id: Id::new(now, entropy),
                user: user.id,
                number,
                set,
                salt: salt.to_bytes(),
                hash: salt.hash(&cx.keys, value.reveal()).unwrap_or_else(|| panic!("no key")),
                created: now,
                used: None,
            });
            recovery.push(value);
        }
        let (id, stored) = (user.id, passkey.clone());
        let written = cx.db.write(move |tx| -> Result<(), StoreError> {
            stored.iter().try_for_each(|passkey| passkeys::insert(tx, passkey).map(|_| ()))?;
            password.iter().try_for_each(|password| passwords::put(tx, password))?;
            codes.iter().try_for_each(|codes| authenticator_codes::put(tx, codes))?;
            if rows.is_empty() { Ok(()) } else { recovery_codes::replace(tx, id, &rows) }
        });
        written.await.unwrap_or_else(|error| panic!("{error}"));
        Armed { user, authenticator, passkey, secret, recovery }
    }

    /// A passkey of the account, made in `authenticator` and not stored yet.
    fn passkey_in(&self, authenticator: &mut Authenticator, user: &User, binding: Binding) -> Passkey {
        let (mut caller, now) = (self.operator(), self.now());
        let entity = UserEntity {
            id: user.handle.to_vec().into(),
            name: user.login.shown().to_owned(),
            display_name: user.name.clone(),
        };
        let request = RegistrationRequest::new(entity, "register");
        let (options, state) =
            registration::begin(&self.cx.relying_party, request, now, caller.entropy.as_mut());
        let options = serde_json::to_value(&options).unwrap_or_else(|error| panic!("{error}"));
        let made = client::create(authenticator, ORIGIN, &options, caller.entropy.as_mut());
        let made = made.unwrap_or_else(|error| panic!("{error}")).to_string();
        let response = RegistrationResponse::parse(&made).unwrap_or_else(|error| panic!("{error:?}"));
        let checks = RegistrationChecks::default();
        let credential = registration::finish(&self.cx.relying_party, &state, &response, checks, now)
            .unwrap_or_else(|error| panic!("{error:?}"));
        Passkey {
            id: Id::new(now, caller.entropy.as_mut()),
            user: user.id,
            credential_id: credential.credential_id,
            public_key: credential.public_key,
            sign_count: credential.sign_count,
            aaguid: credential.aaguid,
            transports: credential.transports,
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backed_up,
            attestation: AttestationKind::None,
            attestation_trusted: false,
            attachment: Some(Attachment::Platform),
            place: Place::ThisComputer,
            binding,
            name: "Passkey".to_owned(),
            status: PasskeyStatus::Enabled,
            created: now,
            created_on: "Chrome on Linux".to_owned(),
            last_used: None,
            last_used_on: None,
            tried: true,
            counter_anomaly: false,
            vouched: None,
        }
    }
}
