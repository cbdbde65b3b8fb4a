//! The reasons: each with what it means and what an administrator does about it. `docs/admin/explain.md` shows
//! the same table, and a test holds the two together.

/// One reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The stable word.
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it; empty for `ok`. An explanation may have a finer one.
    pub remedy: &'static str,
}

const fn reason(code: &'static str, meaning: &'static str, remedy: &'static str) -> Reason {
    Reason { code, meaning, remedy }
}

const MALFORMED: Reason = reason(
    "malformed",
    "The case, or the client's answer in it, is not the JSON that it must be.",
    "Record the ceremony again with `PublicKeyCredential.toJSON()` and send it on unchanged.",
);

/// Every reason that an explanation can give, in the order in which the rules are checked.
pub const REASONS: [Reason; 32] = [
    reason("ok", "Every rule held.", ""),
    MALFORMED,
    reason(
        "resource_limit",
        "Something is longer, deeper or more numerous than any real ceremony has it.",
        "Treat it as hostile unless it comes from a known authenticator; if it does, report it with this case.",
    ),
    reason(
        "extension",
        "An extension's output is not what its definition says.",
        "Update the browser and the authenticator's firmware; without the extension the ceremony works.",
    ),
    reason(
        "credential_id",
        "The credential id is empty or longer than 1023 bytes.",
        "Use another authenticator; no conforming one makes such an id.",
    ),
    reason(
        "credential_id_mismatch",
        "Two places that must name the same credential name different ones.",
        "Look for a script or proxy that rewrites the answer between browser and server.",
    ),
    reason(
        "credential_not_allowed",
        "The credential is not one of those that this sign-in asked for.",
        "Let the person choose a passkey of the account that they are signing in to.",
    ),
    reason(
        "unknown_credential",
        "No credential with this id is registered.",
        "Delete the passkey on the device, where it is a leftover, and register a new one with a pass.",
    ),
    reason(
        "user_handle",
        "The answer does not say whose credential it is, or names somebody else than its owner.",
        "Register the passkey anew; until then let the person give their email address first.",
    ),
    reason(
        "client_data_json",
        "The client data are not UTF-8 JSON with the members that they must have.",
        "Update the browser; if an extension or script of the page handles passkeys, switch it off.",
    ),
    reason(
        "client_data_type",
        "The client data are of the other ceremony.",
        "Start the ceremony again; if it comes back, the page sends answers to the wrong address.",
    ),
    reason(
        "challenge",
        "The answer is to another challenge than the one given out.",
        "Start the ceremony again in one tab; if it comes back, an old answer is being replayed.",
    ),
    reason(
        "origin",
        "The ceremony ran on a page whose origin is not one of the relying party's.",
        "If the page is yours, add its origin to the configuration; if not, it may be phishing.",
    ),
    reason(
        "cross_origin",
        "The ceremony ran in a frame inside a page of another origin, or `crossOrigin` is no boolean.",
        "Open the sign-in page in its own window, or allow cross-origin use if the framing page is yours.",
    ),
    reason(
        "top_origin",
        "The page around the frame has an origin that is not expected.",
        "Add the framing page's origin to the expected top origins if it is yours.",
    ),
    reason(
        "auth_data",
        "The authenticator data end early, go on after their end, or hold what they must not.",
        "Update the authenticator's firmware or use another one.",
    ),
    reason(
        "attestation_object",
        "The attestation object is not canonical CBOR with its three members.",
        "Update the browser and the authenticator's firmware.",
    ),
    reason(
        "rp_id_hash",
        "The authenticator made this for another RP ID.",
        "Check `rp_id` in the configuration; passkeys stay with the RP ID for which they were made.",
    ),
    reason(
        "user_present",
        "Nobody touched the authenticator.",
        "Start the ceremony again and confirm on the device; only conditional creation goes without.",
    ),
    reason(
        "user_verified",
        "The authenticator did not verify the person by PIN or biometrics, which was required.",
        "Set up a PIN, fingerprint or face on the device, then start the ceremony again.",
    ),
    reason(
        "backup_flags",
        "The flags about backup contradict each other or what was registered.",
        "Update the authenticator; if a registered passkey changed its eligibility, register it anew.",
    ),
    reason(
        "algorithm",
        "The key's algorithm was not offered, or is none that can be verified here.",
        "Offer the algorithm if your policy allows it, or use another authenticator.",
    ),
    reason(
        "credential_public_key",
        "The public key breaks a rule about shape, curve or size.",
        "Update the authenticator's firmware or use another one; such a key is unsafe or broken.",
    ),
    reason(
        "attestation_format",
        "The attestation statement has a format that is not known here.",
        "Use another authenticator, or register without asking for attestation.",
    ),
    reason(
        "attestation_statement",
        "The attestation statement's members are wrong or disagree with the ceremony.",
        "Update the authenticator's firmware, or register without asking for attestation.",
    ),
    reason(
        "attestation_signature",
        "The attestation statement's signature is not that of its key over this ceremony.",
        "Register again; if it comes back, something changed the answer or the authenticator is forged.",
    ),
    reason(
        "attestation_certificate",
        "An attestation certificate cannot be read or breaks the rules of its format.",
        "Use an authenticator of a vendor with conforming certificates, or do not ask for attestation.",
    ),
    reason(
        "attestation_untrusted",
        "No valid path leads from the attestation to a trust anchor, and trust was required.",
        "Add the vendor's attestation root to the trust anchors if you want this model, or use an approved one.",
    ),
    reason(
        "aaguid",
        "The authenticator's model is another in the certificate than in the signed data.",
        "Use another authenticator: this one says two things about what it is.",
    ),
    reason(
        "already_registered",
        "A credential with this id is registered already.",
        "Sign in with the passkey that is there, or remove it before it is registered again.",
    ),
    reason(
        "signature",
        "The signature is not that of the registered key over this ceremony.",
        "Start the sign-in again; if it comes back, the answer was changed or the passkey is not the one registered.",
    ),
    reason(
        "sign_count",
        "The signature counter did not advance: there may be a copy of the authenticator.",
        "Ask the person about copies, remove the passkey and register a new one.",
    ),
];

/// The entry of a code. A challenge that expired, which a case cannot have, is a challenge that does not count.
pub(super) fn of(code: &str) -> Reason {
    let code = if code == "challenge_expired" { "challenge" } else { code };
    REASONS.into_iter().find(|reason| reason.code == code).unwrap_or(MALFORMED)
}
