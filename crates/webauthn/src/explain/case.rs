//! Reads a case: who the relying party is, what it asked for, what it has stored, and what the client answered.

use fido::credential::Base64Url;
use fido::options::{AttestationConveyance, UserVerification};
use primitives::cose::Algorithm;
use primitives::encoding::from_base64url;
use primitives::time::Timestamp;
use primitives::x509::Certificate;
use serde_json::value::RawValue;

use super::members::Members;
use super::{Fault, Kind, shown};
use crate::registration::RegistrationState;
use crate::relying_party::{CrossOrigin, RelyingParty, RelyingPartyRefusal};
use crate::{Allow, AuthenticationState, CHALLENGE_LIFETIME, Mediation, StoredCredential, TrustAnchor};

/// Most anchors: more than all vendors have roots for one purpose.
const MOST_ANCHORS: usize = 64;
/// Most credential ids in a list.
const MOST_IDS: usize = 4096;
/// Most origins in a list.
const MOST_ORIGINS: usize = 256;
/// Most algorithms in a list.
const MOST_ALGORITHMS: usize = 256;
/// Longest challenge, in bytes.
const LONGEST_CHALLENGE: usize = 1024;
/// Longest id of a case that is repeated, in bytes of JSON.
const LONGEST_ID: usize = 1024;

const CASE: &[&str] = &["id", "kind", "rp", "options", "stored", "response"];
const RP: &[&str] = &["rpId", "origins", "allowCrossOrigin", "topOrigins", "now"];
const STORED: &[&str] = &["credentialId", "publicKey", "signCount", "backupEligible", "userHandle"];
const OPTIONS: &[&str] = &[
    "challenge",
    "userVerification",
    "mediation",
    "pubKeyCredParams",
    "attestation",
    "requireTrustedAttestation",
    "trustAnchors",
    "alreadyRegisteredCredentialIds",
    "allowCredentials",
];

/// What can be told of a case whatever else is wrong with it.
pub(super) struct Frame<'a> {
    members: Members<'a>,
    whole: Result<(), Fault>,
    /// The id as JSON, a text or a number.
    pub(super) id: Option<String>,
    /// Which ceremony.
    pub(super) kind: Option<Kind>,
}

/// A case that can be judged.
pub(super) struct Case<'a> {
    pub(super) relying_party: RelyingParty,
    pub(super) now: Timestamp,
    /// The client's answer, unread.
    pub(super) response: &'a str,
    pub(super) asked: Asked,
}

/// What the relying party asked for and knows.
pub(super) enum Asked {
    Registration {
        state: RegistrationState,
        anchors: Vec<TrustAnchor>,
        require_trusted: bool,
        registered: Vec<Base64Url>,
    },
    Authentication {
        state: AuthenticationState,
        stored: Option<StoredCredential>,
    },
}

impl<'a> Frame<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let (members, whole) = Members::read(text, "", CASE);
        let id = members.given("id").and_then(id);
        let kind = members.optional::<String>("kind", "a text").ok().flatten();
        let kind = kind.and_then(|word| Kind::from_word(&word));
        Self { members, whole, id, kind }
    }

    /// Reads the rest; `now` is for a case that does not say when.
    pub(super) fn case(&self, now: Timestamp) -> Result<Case<'a>, Fault> {
        self.whole.clone()?;
        let members = &self.members;
        members.once()?;
        let kind: String = members.required("kind", "a text")?;
        let kind = Kind::from_word(&kind)
            .ok_or_else(|| members.fault("kind", "must be \"registration\" or \"authentication\""))?;
        let rp = object(members, "rp", RP)?.ok_or_else(|| members.fault("rp", "is missing"))?;
        let options =
            object(members, "options", OPTIONS)?.ok_or_else(|| members.fault("options", "is missing"))?;
        let stored = object(members, "stored", STORED)?;
        let response = members.raw("response").ok_or_else(|| members.fault("response", "is missing"))?;
        let relying_party = relying_party(&rp)?;
        let now = match rp.optional::<String>("now", "a text")? {
            None => now,
            Some(text) => Timestamp::parse_rfc3339(&text)
                .map_err(|_| rp.fault("now", "must be an RFC 3339 date and time with its offset"))?,
        };
        let asked = match kind {
            Kind::Registration => registration(&options, now)?,
            Kind::Authentication => authentication(&options, stored.as_ref(), now)?,
        };
        Ok(Case { relying_party, now, response, asked })
    }
}

/// The id as JSON that says the same in ASCII.
fn id(text: &str) -> Option<String> {
    let value: &RawValue = serde_json::from_str(text).ok()?;
    let text = value.get();
    if text.len() > LONGEST_ID {
        return None;
    }
    if text.starts_with('"') {
        // Read and written again: an escape of half a surrogate pair is no text that a reader could take.
        let id: String = serde_json::from_str(text).ok()?;
        return serde_json::to_string(&id).ok().map(|json| shown::ascii_json(&json));
    }
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then(|| text.to_owned())
}

fn object<'a>(
    members: &Members<'a>,
    name: &'static str,
    known: &'static [&'static str],
) -> Result<Option<Members<'a>>, Fault> {
    let Some(text) = members.given(name) else { return Ok(None) };
    let (object, whole) = Members::read(text, name, known);
    whole?;
    object.once()?;
    Ok(Some(object))
}

fn relying_party(rp: &Members<'_>) -> Result<RelyingParty, Fault> {
    let id: String = rp.required("rpId", "a text")?;
    let origins: Vec<String> =
        rp.list("origins", MOST_ORIGINS, "texts")?.ok_or_else(|| rp.fault("origins", "is missing"))?;
    let refused = |refusal: RelyingPartyRefusal| {
        Fault::malformed(format!("The member rp describes no relying party: {refusal}."))
    };
    let (mut own, mut related) = (Vec::new(), Vec::new());
    for origin in origins {
        match RelyingParty::new(id.as_str(), "", [origin.as_str()]) {
            Ok(_) => own.push(origin),
            Err(RelyingPartyRefusal::OriginOutsideId) => related.push(origin),
            Err(refusal) => return Err(refused(refusal)),
        }
    }
    let made = if own.is_empty() && !related.is_empty() {
        RelyingParty::at_no_origin(id, "")
    } else {
        RelyingParty::new(id, "", own)
    };
    let relying_party =
        made.and_then(|relying_party| relying_party.with_related_origins(related)).map_err(refused)?;
    let allowed = rp.optional("allowCrossOrigin", "true or false")?.unwrap_or(false);
    let top_origins: Vec<String> = rp.list("topOrigins", MOST_ORIGINS, "texts")?.unwrap_or_default();
    let policy = if allowed { CrossOrigin::Allow { top_origins } } else { CrossOrigin::Refuse };
    Ok(relying_party.with_cross_origin(policy))
}

fn registration(options: &Members<'_>, now: Timestamp) -> Result<Asked, Fault> {
    options.optional::<AttestationConveyance>("attestation", "none, indirect, direct or enterprise")?;
    let algorithms = options.list("pubKeyCredParams", MOST_ALGORITHMS, "numbers")?;
    let state = RegistrationState {
        challenge: challenge(options)?,
        purpose: String::new(),
        user_handle: Base64Url::default(),
        algorithms: algorithms.unwrap_or_else(offered),
        user_verification: user_verification(options)?,
        mediation: mediation(options)?,
        expires: now + CHALLENGE_LIFETIME,
        binding: [0; 32],
    };
    let require_trusted = options.optional("requireTrustedAttestation", "true or false")?.unwrap_or(false);
    let registered = ids(options, "alreadyRegisteredCredentialIds")?;
    Ok(Asked::Registration { state, anchors: anchors(options)?, require_trusted, registered })
}

/// The algorithms that a registration offers unless it is told otherwise.
fn offered() -> Vec<i64> {
    [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256].map(Algorithm::id).to_vec()
}

fn anchors(options: &Members<'_>) -> Result<Vec<TrustAnchor>, Fault> {
    let texts: Vec<String> = options.list("trustAnchors", MOST_ANCHORS, "texts")?.unwrap_or_default();
    let read = |(number, text): (usize, &String)| {
        let wrong = |what: &str| options.fault("trustAnchors", &format!("has at position {number} {what}"));
        let der = from_base64url(text).ok_or_else(|| wrong("what is not base64url without padding"))?;
        let certificate = Certificate::parse(&der)
            .map_err(|refusal| wrong(&format!("what is no certificate that can be read ({refusal:?})")))?;
        Ok(TrustAnchor::from(certificate))
    };
    texts.iter().enumerate().map(read).collect()
}

fn authentication(
    options: &Members<'_>,
    stored: Option<&Members<'_>>,
    now: Timestamp,
) -> Result<Asked, Fault> {
    let stored = stored.map(stored_credential).transpose()?;
    let allow = match options.raw("allowCredentials") {
        Some("null") => Allow::AnyOfUser,
        _ => match ids(options, "allowCredentials")? {
            ids if ids.is_empty() => Allow::Discoverable,
            ids => Allow::Listed(ids),
        },
    };
    // Only "any of theirs" presupposes that somebody was identified; a list alone says nothing about whose.
    let identified = stored.as_ref().filter(|_| allow == Allow::AnyOfUser);
    let user_handle = identified.map(|stored| Base64Url(stored.user_handle.clone()));
    let state = AuthenticationState {
        challenge: challenge(options)?,
        purpose: String::new(),
        user_handle,
        allow,
        user_verification: user_verification(options)?,
        mediation: mediation(options)?,
        expires: now + CHALLENGE_LIFETIME,
        binding: [0; 32],
    };
    Ok(Asked::Authentication { state, stored })
}

fn stored_credential(stored: &Members<'_>) -> Result<StoredCredential, Fault> {
    Ok(StoredCredential {
        credential_id: bytes(stored, "credentialId")?,
        public_key: bytes(stored, "publicKey")?,
        sign_count: stored.optional("signCount", "a whole number of 32 bits")?.unwrap_or(0),
        backup_eligible: stored.optional("backupEligible", "true or false")?.unwrap_or(false),
        // Of a record without a user handle nobody can say that it is theirs.
        user_handle: match stored.given("userHandle") {
            None => Vec::new(),
            Some(_) => bytes(stored, "userHandle")?,
        },
    })
}

fn challenge(options: &Members<'_>) -> Result<Base64Url, Fault> {
    let challenge = bytes(options, "challenge")?;
    if challenge.is_empty() {
        return Err(options.fault("challenge", "is empty"));
    }
    if challenge.len() > LONGEST_CHALLENGE {
        return Err(Fault {
            reason: "resource_limit",
            finding: format!("The member options.challenge is longer than {LONGEST_CHALLENGE} bytes."),
        });
    }
    Ok(Base64Url(challenge))
}

fn user_verification(options: &Members<'_>) -> Result<UserVerification, Fault> {
    let word = options.optional("userVerification", "\"required\", \"preferred\" or \"discouraged\"")?;
    Ok(word.unwrap_or(UserVerification::Required))
}

fn mediation(options: &Members<'_>) -> Result<Mediation, Fault> {
    match options.optional::<String>("mediation", "a text")?.as_deref() {
        None | Some("optional" | "silent" | "required" | "immediate") => Ok(Mediation::Optional),
        Some("conditional") => Ok(Mediation::Conditional),
        Some(_) => Err(options.fault("mediation", "must be null or \"conditional\"")),
    }
}

fn ids(options: &Members<'_>, name: &str) -> Result<Vec<Base64Url>, Fault> {
    let ids = options.list(name, MOST_IDS, "credential ids in base64url without padding")?;
    Ok(ids.unwrap_or_default())
}

fn bytes(members: &Members<'_>, name: &str) -> Result<Vec<u8>, Fault> {
    members.required::<Base64Url>(name, "base64url without padding").map(|bytes| bytes.0)
}
