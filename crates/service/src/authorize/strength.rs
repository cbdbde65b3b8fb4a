//! What an application asks for that was not proven, and how the person could prove it (OC-3, OC-3b).

use account::evidence::{Evidence, Proof};
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
    /// What still stands of the session's evidence: a passkey that was removed or disabled since proves nothing.
    standing: Option<Evidence>,
}

impl Ways {
    pub(super) fn read(tx: &mut Tx<'_>, settings: &Settings, who: &Who) -> Result<Self, StoreError> {
        let mut usable = passkeys::of_user(tx, who.user.id)?;
        usable.retain(Passkey::is_enabled);
        let stands = |proof: &Proof| match proof {
            Proof::Passkey { passkey, .. } => usable.iter().any(|held| held.id == *passkey),
            _ => true,
        };
        let evidence = &who.session.evidence;
        let standing = evidence.proofs().iter().filter(|proof| stands(proof)).cloned().collect::<Vec<_>>();
        usable.retain(|passkey| settings.takes(&who.user, passkey).is_ok());
        // Never by less than two factors or a pass: whoever has one factor gets no further by adding a passkey.
        let may_add = settings.reaches(&who.user, Area::SecurityInfo, evidence)
            && settings.satisfies(&Needed::BuiltIn(Strength::Multifactor), evidence);
        Ok(Self { usable, may_add, standing: Evidence::try_from(standing).ok() })
    }

    /// The person with what still stands of their evidence; nobody if nothing does.
    pub(super) fn standing(&self, who: &Who) -> Option<Who> {
        let evidence = self.standing.clone()?;
        let mut who = who.clone();
        who.session.evidence = evidence;
        Some(who)
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
    now: Timestamp,
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
    let recent = evidence_that_counts(pending, now, who);
    if !recent.as_ref().is_some_and(does) {
        let would = ways.usable.iter().any(|passkey| does(&Evidence::from_assertion(passkey, true, now)));
        // What was proven in time may have been too weak.
        let too_old = recent.is_none();
        let needed = recent.and_then(|recent| settings.lacking(user, application, &recent));
        let needed = needed.map(|needed| needed.to_string()).unwrap_or_default();
        return Some(match (request.prompt.none, would) {
            (true, _) => login_required(),
            (false, true) => Decided::Ask(Step::StepUp { needed, too_old, may_skip: false }),
            (false, false) => Decided::Ask(Step::Reauthenticate),
        });
    }
    would_like(settings, now, pending, (who, stored), ways)
}

/// The proofs that an application which wants them recent is told of: a strong one of this morning and a weak one of now
/// are together no strong one of now. What was proven since the request came in is not too old, however long the person
/// then thought about it.
pub(super) fn evidence_that_counts(pending: &Pending, now: Timestamp, who: &Who) -> Option<Evidence> {
    let request = &pending.request;
    let again = request.prompt.login.then_some(pending.received);
    let age = request.max_age.map(|seconds| Span::from_secs(i64::from(seconds)));
    let young = age.map(|age| (now - age).min(pending.received));
    match again.max(young) {
        Some(since) => who.session.evidence.since(since),
        None => Some(who.session.evidence.clone()),
    }
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
