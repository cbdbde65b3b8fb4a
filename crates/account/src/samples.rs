//! Valid things for tests to change one rule of.

use primitives::entropy::Entropy;
use primitives::id::Id;
use primitives::time::{Span, Timestamp};

use crate::audit::Actor;
use crate::passkey::{AttestationKind, Binding, Passkey, PasskeyStatus, Place};
use crate::role::Role;
use crate::temporary_pass::{Pass, PassState};
use crate::user::{Directory, Login, User, UserStatus};

/// Bytes that count up.
pub(crate) struct Counting(pub(crate) u8);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.0;
            self.0 = self.0.wrapping_add(37);
        }
    }
}

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) fn id<T>(number: u8) -> Id<T> {
    Id::from_bytes([number; 16])
}

pub(crate) fn user() -> User {
    User {
        id: id(1),
        handle: [9; 32],
        login: Login::parse("ana@example.com").unwrap(),
        name: "Ana".to_owned(),
        email: None,
        role: Role::User,
        status: UserStatus::Enabled,
        security_epoch: 3,
        language: None,
        created: NOW,
        groups: Vec::new(),
        break_glass: false,
        disabled_by_program: false,
        deleted_by_program: false,
        role_ended: None,
        deleted: None,
        directory: Directory::default(),
    }
}

pub(crate) fn passkey(number: u8) -> Passkey {
    Passkey {
        id: id(number),
        user: id(1),
        credential_id: vec![number; 16],
        public_key: vec![],
        sign_count: 0,
        aaguid: [0; 16],
        transports: vec![],
        backup_eligible: false,
        backed_up: false,
        attestation: AttestationKind::None,
        attestation_trusted: false,
        attachment: None,
        place: Place::ThisComputer,
        binding: Binding::TemporaryPass,
        name: "Passkey".to_owned(),
        status: PasskeyStatus::Enabled,
        created: NOW,
        created_on: "Chrome on Linux".to_owned(),
        last_used: None,
        last_used_on: None,
        tried: false,
        counter_anomaly: false,
        vouched: None,
    }
}

pub(crate) fn pass() -> Pass {
    Pass {
        id: id(40),
        user: id(1),
        hash: String::new(),
        starts: NOW,
        ends: NOW + Span::from_minutes(60),
        one_time: true,
        reason: "new colleague".to_owned(),
        issuer: Actor::Operator,
        created: NOW,
        tries: 0,
        state: PassState::Issued,
    }
}
