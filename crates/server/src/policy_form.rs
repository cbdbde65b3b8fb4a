//! Policy as forms: what each part of a [`Policy`] looks like as named fields, and what fields mean.
//!
//! A form is shown from fields and read from fields, so that what somebody typed comes back as it was typed. What only
//! the whole document can tell, such as two profiles of one name, is refused by the document.

mod audience;
mod fields;
mod merge;
mod methods;
mod models;
mod part;
mod passkeys;
mod places;
mod profile;
mod strength;
#[cfg(test)]
mod tests;

pub(crate) use audience::Groups;
pub(crate) use fields::{Fields, Wrong, day, parse_day};
pub(crate) use merge::{Choice, Merge};
pub(crate) use models::known as known_models;
pub(crate) use part::Part;
pub(crate) use profile::ProfileForm;
pub(crate) use strength::{StrengthForm, combination_key, used_at};

use account::policy::Policy;

use crate::pages::console::form::Control;
use crate::text::Text;

/// What a form refers to.
pub(crate) struct Around<'a> {
    /// The reader's language.
    pub text: Text,
    /// The groups that there are.
    pub groups: &'a Groups,
    /// The policy that the form belongs to.
    pub policy: &'a Policy,
}

/// The fields of a part.
pub(crate) fn fill(part: Part, policy: &Policy, groups: &Groups) -> Fields {
    let mut fields = Fields::default();
    match part {
        Part::Passkeys => passkeys::fill(policy, groups, &mut fields),
        Part::Passes => methods::fill_passes(policy, groups, &mut fields),
        Part::Passwords => methods::fill_passwords(policy, groups, &mut fields),
        Part::Codes => audience::fill(&policy.codes, groups, &mut fields),
        Part::RecoveryCodes => audience::fill(&policy.recovery_codes, groups, &mut fields),
        Part::Phones => places::fill_phones(policy, &mut fields),
        Part::Campaign => places::fill_campaign(policy, groups, &mut fields),
        Part::Passwordless => places::fill_passwordless(policy, &mut fields),
        Part::Requirements => places::fill_requirements(policy, &mut fields),
        Part::Strengths => {}
    }
    fields
}

/// The form of a part, as its fields stand.
pub(crate) fn controls(part: Part, around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    match part {
        Part::Passkeys => passkeys::controls(around, fields, wrong),
        Part::Passes => methods::passes(around, fields, wrong),
        Part::Passwords => methods::passwords(around, fields, wrong),
        Part::Codes | Part::RecoveryCodes => audience::controls(around, fields, wrong),
        Part::Phones => places::phones(around, fields, wrong),
        Part::Campaign => places::campaign(around, fields, wrong),
        Part::Passwordless => places::passwordless(around, fields, wrong),
        Part::Requirements => places::requirements(around, fields),
        Part::Strengths => Vec::new(),
    }
}

/// `policy` with that part as the fields say, or everything that is wrong with them.
pub(crate) fn read(
    part: Part,
    policy: &Policy,
    groups: &Groups,
    fields: &Fields,
) -> Result<Policy, Vec<Wrong>> {
    let (mut next, mut wrong) = (policy.clone(), Vec::new());
    match part {
        Part::Passkeys => passkeys::read(&mut next, groups, fields, &mut wrong),
        Part::Passes => methods::read_passes(&mut next, groups, fields, &mut wrong),
        Part::Passwords => methods::read_passwords(&mut next, groups, fields, &mut wrong),
        Part::Codes => next.codes = audience::read(groups, fields, &mut wrong),
        Part::RecoveryCodes => next.recovery_codes = audience::read(groups, fields, &mut wrong),
        Part::Phones => places::read_phones(&mut next, fields, &mut wrong),
        Part::Campaign => places::read_campaign(&mut next, groups, fields, &mut wrong),
        Part::Passwordless => places::read_passwordless(&mut next, fields, &mut wrong),
        Part::Requirements => places::read_requirements(&mut next, fields),
        Part::Strengths => {}
    }
    if wrong.is_empty() { Ok(next) } else { Err(wrong) }
}
