//! The parts of a policy that are edited, compared and merged as one.

use account::policy::Policy;

/// A part; its order is that of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Passkeys,
    Passes,
    Passwords,
    Codes,
    RecoveryCodes,
    Phones,
    Campaign,
    Passwordless,
    Requirements,
    Strengths,
}

impl Part {
    pub(crate) const ALL: [Part; 10] = [
        Part::Passkeys,
        Part::Passes,
        Part::Passwords,
        Part::Codes,
        Part::RecoveryCodes,
        Part::Phones,
        Part::Campaign,
        Part::Passwordless,
        Part::Requirements,
        Part::Strengths,
    ];

    /// Its name in addresses.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Part::Passkeys => "passkeys",
            Part::Passes => "passes",
            Part::Passwords => "passwords",
            Part::Codes => "codes",
            Part::RecoveryCodes => "recovery-codes",
            Part::Phones => "phones",
            Part::Campaign => "campaign",
            Part::Passwordless => "passwordless",
            Part::Requirements => "requirements",
            Part::Strengths => "strengths",
        }
    }

    /// The part of that name.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    /// Where it is edited.
    pub(crate) fn path(self) -> String {
        match self {
            Part::Strengths => "/admin/strengths".to_owned(),
            other => format!("/admin/policy/{}", other.code()),
        }
    }

    /// Whether two policies have the same in this part.
    pub(crate) fn same(self, one: &Policy, other: &Policy) -> bool {
        match self {
            Part::Passkeys => one.passkeys == other.passkeys,
            Part::Passes => one.passes == other.passes && one.second_approver == other.second_approver,
            Part::Passwords => one.passwords == other.passwords,
            Part::Codes => one.codes == other.codes,
            Part::RecoveryCodes => one.recovery_codes == other.recovery_codes,
            Part::Phones => one.phones == other.phones,
            Part::Campaign => one.interrupt == other.interrupt,
            Part::Passwordless => one.passwordless == other.passwordless,
            Part::Requirements => one.require == other.require,
            Part::Strengths => one.strengths == other.strengths,
        }
    }

    /// Puts this part of `from` into `into`.
    pub(crate) fn take(self, from: &Policy, into: &mut Policy) {
        match self {
            Part::Passkeys => into.passkeys = from.passkeys.clone(),
            Part::Passes => {
                into.passes = from.passes.clone();
                into.second_approver = from.second_approver;
            }
            Part::Passwords => into.passwords = from.passwords.clone(),
            Part::Codes => into.codes = from.codes.clone(),
            Part::RecoveryCodes => into.recovery_codes = from.recovery_codes.clone(),
            Part::Phones => into.phones = from.phones.clone(),
            Part::Campaign => into.interrupt = from.interrupt.clone(),
            Part::Passwordless => into.passwordless = from.passwordless.clone(),
            Part::Requirements => into.require = from.require.clone(),
            Part::Strengths => into.strengths = from.strengths.clone(),
        }
    }
}
