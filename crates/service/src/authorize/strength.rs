//! What an application asks for that was not proven, and how the person could prove it (OC-3, OC-3b).

use account::evidence::Evidence;
use account::passkey::Passkey;
use account::policy::{Area, Needed};
use account::strength::Strength;
use oidc::error::OAuthError;
use primitives::time::{Span, Timestamp};
use store::clients::Stored;
use store::{StoreError, Tx, passkeys};

use super::{Decided, Pending, Step};
use crate::context::{Settings, Who};

/// How a person could prove more than they have.
#[derive(Default)]
pub(super) struct Ways {
    /// Passkeys that policy takes now.
    usable: Vec<Passkey>,
    /// Whether the session may add one.
    may_add: bool,
}

impl Ways {
    pub(super) fn read(tx: &mut Tx<'_>, settings: &Settings, who: &Who) -> Result<Self, StoreError> {
        let mut usable = passkeys::of_user(tx, who.user.id)?;
        usable.retain(|passkey| passkey.is_enabled() && settings.takes(&who.user, passkey).is_ok());
        let evidence = &who.session.evidence;
        // Never by less than two factors or a pass: whoever has one factor gets no further by adding a passkey.
        let may_add = settings.reaches(&who.user, Area::SecurityInfo, evidence)
            && settings.satisfies(&Needed::BuiltIn(Strength::Multifactor), evidence);
        Ok(Self { usable, may_add })
    }

    /// How somebody gets on whose session reaches no application at all.
    pub(super) fn beyond_limits(&self) -> Step {
        if self.usable.is_empty() {
            Step::AddPasskey { may: self.may_add, needed: String::new(), may_skip: false }
        } else {
            Step::Reauthenticate
        }
    }

    /// Whether one of the passkeys would do.
    fn would(&self, who: &Who, now: Timestamp, does: impl Fn(&Evidence) -> bool) -> bool {
        let with = |passkey: &Passkey| {
            who.session.evidence.clone().and(Evidence::from_assertion(passkey, true, now))
        };
        self.usable.iter().any(|passkey| does(&with(passkey)))
    }

    fn step(&self, would: bool, needed: String, may_skip: bool) -> Step {
        if would {
            Step::StepUp { needed, too_old: false, may_skip }
        } else {
            Step::AddPasskey { may: self.may_add, needed, may_skip }
        }
    }
}

/// What is to be done about what was not proven, or was proven too long ago; nothing if all is well.
pub(super) fn lacking(
    settings: &Settings,
    (now, anew): (Timestamp, bool),
    pending: &Pending,
    (who, stored): (&Who, &Stored),
    ways: &Ways,
) -> Option<Decided> {
    let request = &pending.request;
    let essential: Vec<&str> = request.claims.essential_acr().collect();
    let known: Vec<Needed> = essential.iter().filter_map(|acr| settings.needed_for_acr(acr)).collect();
    if !essential.is_empty() && known.is_empty() {
        return Some(unmet());
    }
    let essentially = |evidence: &Evidence| {
        known.is_empty() || known.iter().any(|needed| settings.satisfies(needed, evidence))
    };
    let (user, application, evidence) = (&who.user, &stored.application, &who.session.evidence);
    let does = |evidence: &Evidence| settings.opens(user, application, evidence) && essentially(evidence);
    if !does(evidence) {
        let needed = settings.lacking(user, application, evidence).or_else(|| known.first().cloned());
        let needed = needed.map(|needed| needed.to_string()).unwrap_or_default();
        let step = ways.step(ways.would(who, now, does), needed, false);
        return Some(if request.prompt.none { login_required() } else { Decided::Ask(step) });
    }
    let age = request.max_age.map(|seconds| Span::from_secs(i64::from(seconds)));
    // What was proven since the request came in is not too old, however long the person then thought about it.
    if !anew && age.is_some_and(|age| now.since(who.session.authenticated_at) > age) {
        return Some(match (request.prompt.none, ways.usable.is_empty()) {
            (true, _) => login_required(),
            (false, true) => Decided::Ask(Step::Reauthenticate),
            (false, false) => {
                Decided::Ask(Step::StepUp { needed: String::new(), too_old: true, may_skip: false })
            }
        });
    }
    would_like(settings, now, pending, (who, stored), ways)
}

/// What the application would like (`acr_values`). What nobody here knows asks for nothing.
fn would_like(
    settings: &Settings,
    now: Timestamp,
    pending: &Pending,
    (who, stored): (&Who, &Stored),
    ways: &Ways,
) -> Option<Decided> {
    let request = &pending.request;
    let wished = voluntary(pending);
    let known: Vec<Needed> = wished.iter().filter_map(|acr| settings.needed_for_acr(acr)).collect();
    let does = |evidence: &Evidence| known.iter().any(|needed| settings.satisfies(needed, evidence));
    if known.is_empty() || does(&who.session.evidence) {
        return None;
    }
    let may_skip = stored.application.prefers;
    match (may_skip, request.prompt.none || pending.without) {
        (true, true) => None,
        (false, true) => Some(unmet()),
        (_, false) => {
            let needed = known.first().map(|needed| needed.to_string()).unwrap_or_default();
            Some(Decided::Ask(ways.step(ways.would(who, now, does), needed, may_skip)))
        }
    }
}

/// The strengths that the request would like: `acr_values`, and `acr` among its claims where it is not essential.
fn voluntary(pending: &Pending) -> Vec<&str> {
    let request = &pending.request;
    let claimed = request.claims.acr().filter(|acr| !acr.essential);
    let claimed = claimed.into_iter().flat_map(|acr| acr.texts());
    request.acr_values.iter().map(String::as_str).chain(claimed).collect()
}

/// All strengths that the request names, in the order in which one of them becomes the `acr`.
pub(super) fn wished(pending: &Pending) -> Vec<&str> {
    pending.request.claims.essential_acr().chain(voluntary(pending)).collect()
}

fn unmet() -> Decided {
    Decided::Refuse(
        OAuthError::UnmetAuthenticationRequirements,
        "The person has not signed in as strongly as asked",
    )
}

fn login_required() -> Decided {
    Decided::Refuse(OAuthError::LoginRequired, "The person has to sign in again, or more strongly")
}
