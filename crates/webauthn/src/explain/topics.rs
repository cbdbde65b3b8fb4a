//! What a step that held has to tell: the values that were compared.

use fido::options::UserVerification;
use primitives::encoding::base64url;

use super::case::Asked;
use super::facts::subject_of;
use super::judge::View;
use super::shown;
use crate::{Allow, CrossOrigin, StoredCredential};

/// What the detail of a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Nothing,
    Asked,
    CredentialId,
    ClientDataLength,
    Type,
    Challenge,
    Origin,
    CrossOrigin,
    TopOrigin,
    Format,
    RpId,
    Flags,
    NoPolicy,
    KeyAlgorithm,
    Certificates,
    Anchors,
    Trust,
    CredentialIdLength,
    Registered,
    NotStored,
    Allowed,
    Owner,
    Lengths,
    Eligibility,
    StoredKey,
    Counter,
}

/// The values that the step was about, if any are known.
pub(super) fn detail(topic: Topic, view: &View<'_>) -> Option<String> {
    let facts = &view.facts;
    match topic {
        Topic::Nothing => None,
        Topic::Asked => Some(asked(view)),
        Topic::CredentialId => Some(format!("credential {}", shown::bytes(&facts.credential_id))),
        Topic::ClientDataLength => Some(format!("{} bytes", facts.client_data_length)),
        Topic::Type | Topic::Challenge | Topic::Origin | Topic::CrossOrigin | Topic::TopOrigin => {
            client_data(topic, view)
        }
        Topic::Format => facts.format.as_deref().map(|format| format!("format {}", shown::text(format))),
        Topic::RpId => Some(format!("RP ID {}", shown::text(view.relying_party.id()))),
        Topic::Flags => facts.data.as_ref().map(|data| data.flags_in_words()),
        Topic::NoPolicy => Some("no policy depends on it".to_owned()),
        Topic::Trust => match view.asked {
            Asked::Registration { require_trusted: false, .. } => Some("trust is not required".to_owned()),
            _ => None,
        },
        Topic::KeyAlgorithm | Topic::CredentialIdLength => attested(topic, view),
        Topic::Certificates => {
            let subjects = &facts.subjects;
            (!subjects.is_empty()).then(|| format!("certificates of {}", subjects.join(", ")))
        }
        Topic::Anchors => Some(anchors(view)),
        Topic::Registered => Some(registered(view)),
        Topic::NotStored => Some("explaining changes nothing".to_owned()),
        Topic::Lengths => Some(format!("the signature has {} bytes", facts.signature_length)),
        Topic::Allowed | Topic::Owner => allowed(topic, view),
        Topic::Eligibility | Topic::StoredKey | Topic::Counter => stored(topic, view),
    }
}

fn asked(view: &View<'_>) -> String {
    let (challenge, verification) = match view.asked {
        Asked::Registration { state, .. } => (&state.challenge, state.user_verification),
        Asked::Authentication { state, .. } => (&state.challenge, state.user_verification),
    };
    let verification = match verification {
        UserVerification::Required => "required",
        UserVerification::Preferred => "preferred",
        UserVerification::Discouraged => "discouraged",
    };
    let mut out = format!("challenge {}, user verification {verification}", shown::bytes(challenge));
    if let Asked::Registration { state, .. } = view.asked {
        out.push_str(&format!(", algorithms {}", shown::algorithms(&state.algorithms)));
    }
    out
}

fn client_data(topic: Topic, view: &View<'_>) -> Option<String> {
    let found = view.facts.client_data.as_ref()?;
    Some(match topic {
        Topic::Type => shown::text(&found.kind),
        Topic::Challenge => shown::text(&found.challenge),
        Topic::Origin => shown::text(&found.origin),
        Topic::CrossOrigin if found.cross_origin => "in a frame of another site, which is allowed".to_owned(),
        Topic::CrossOrigin => "not in a frame of another site".to_owned(),
        Topic::TopOrigin => shown::text(found.top_origin.as_deref()?),
        _ => return None,
    })
}

fn attested(topic: Topic, view: &View<'_>) -> Option<String> {
    let credential = view.facts.data.as_ref()?.credential.as_ref()?;
    match topic {
        Topic::KeyAlgorithm => credential.algorithm.map(shown::algorithm),
        _ => Some(format!("{} bytes", credential.credential_id.len())),
    }
}

/// The anchors of a registration by their subjects.
pub(super) fn anchors(view: &View<'_>) -> String {
    let Asked::Registration { anchors, .. } = view.asked else { return "no anchors".to_owned() };
    let names: Vec<String> = anchors.iter().take(4).map(|anchor| subject_of(anchor.as_ref())).collect();
    match anchors.len() {
        0 => "no anchors are configured".to_owned(),
        1 => format!("the anchor {}", names.join("")),
        count if count > names.len() => format!("{count} anchors, among them {}", names.join(", ")),
        _ => format!("the anchors {}", names.join(", ")),
    }
}

fn registered(view: &View<'_>) -> String {
    match view.asked {
        Asked::Registration { registered, .. } if !registered.is_empty() => {
            format!("none of the {} registered ids", registered.len())
        }
        _ => "no registered ids were given".to_owned(),
    }
}

fn allowed(topic: Topic, view: &View<'_>) -> Option<String> {
    let Asked::Authentication { state, .. } = view.asked else { return None };
    let allow = match &state.allow {
        Allow::AnyOfUser => "any credential of the person who was identified before".to_owned(),
        Allow::Discoverable => "any discoverable credential".to_owned(),
        Allow::Listed(ids) => format!("one of {} that were named", ids.len()),
    };
    match topic {
        Topic::Allowed => Some(allow),
        _ => view.facts.user_handle.as_deref().map(|handle| format!("user handle {}", shown::bytes(handle))),
    }
}

/// The record that the case has, if it is that of the answer.
pub(super) fn stored_credential<'a>(view: &View<'a>) -> Option<&'a StoredCredential> {
    let Asked::Authentication { stored, .. } = view.asked else { return None };
    stored.as_ref()
}

fn stored(topic: Topic, view: &View<'_>) -> Option<String> {
    let stored = stored_credential(view)?;
    match topic {
        Topic::Eligibility if stored.backup_eligible => Some("may be backed up".to_owned()),
        Topic::Eligibility => Some("bound to its device".to_owned()),
        Topic::Counter => counters(view),
        _ => stored_algorithm(stored).map(|id| format!("{} key", shown::algorithm(id))),
    }
}

/// The counters, stored and new.
pub(super) fn counters(view: &View<'_>) -> Option<String> {
    let (stored, new) = (stored_credential(view)?.sign_count, view.facts.data.as_ref()?.sign_count);
    Some(match (stored, new) {
        (0, 0) => "the authenticator does not count".to_owned(),
        _ => format!("{stored} was stored, {new} came"),
    })
}

/// The algorithm of a stored key, for words.
pub(super) fn stored_algorithm(stored: &StoredCredential) -> Option<i64> {
    let value = primitives::cbor::parse(&stored.public_key, primitives::cbor::CTAP2_DEPTH).ok()?;
    primitives::cose::algorithm_id(&value).ok()
}

/// The expected challenge as clients write it.
pub(super) fn expected_challenge(view: &View<'_>) -> String {
    match view.asked {
        Asked::Registration { state, .. } => base64url(&state.challenge),
        Asked::Authentication { state, .. } => base64url(&state.challenge),
    }
}

/// The origins of frames' pages that are expected.
pub(super) fn top_origins<'a>(view: &View<'a>) -> &'a [String] {
    match view.relying_party.cross_origin() {
        CrossOrigin::Refuse => &[],
        CrossOrigin::Allow { top_origins } => top_origins,
    }
}
