//! The TPM's structures: TPMS_ATTEST and TPMT_PUBLIC, by way of the format that reads them.

use std::sync::OnceLock;

use authenticator::Settings;
use authenticator::attestation::Format;
use fido::attestation_object::AttestationObject;
use primitives::cbor::{Key, Value};
use primitives::cose::Algorithm;
use primitives::encoding::from_base64url;

use crate::ceremony::{authority, register, registered};
use crate::parts::{join, split};

/// The kinds of keys that TPMs have.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Es384, Algorithm::Rs256];

/// The input is a number that picks a valid registration, then the two structures that replace its own.
/// None but its own are acceptable: the signature is over one of them, which names the other.
pub fn tpm(data: &[u8]) {
    let Some((pick, rest)) = data.split_first() else { return };
    let objects = objects();
    let Some(object) = objects.get(usize::from(*pick) % objects.len().max(1)) else { return };
    let parts = split(rest);
    let (cert_info, pub_area) = (parts.first().copied(), parts.get(1).copied());
    let (cert_info, pub_area) = (cert_info.unwrap_or_default(), pub_area.unwrap_or_default());
    let genuine = structures(object) == Some((cert_info, pub_area));
    let accepted = register(&with_structures(object, cert_info, pub_area));
    assert_eq!(accepted, genuine, "structures that the TPM did not sign");
}

/// An input for each kind of key that is accepted, and what is left of it when one byte is missing.
pub fn seeds_of_tpm() -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for (pick, object) in (0_u8..).zip(objects()) {
        let Some((cert_info, pub_area)) = structures(object) else { continue };
        let seed = [vec![pick], join(&[cert_info, pub_area])].concat();
        out.extend(seed.split_last().map(|(_, shorter)| shorter.to_vec()));
        out.push(seed);
    }
    out
}

/// An attestation object for each of [`ALGORITHMS`].
fn objects() -> &'static [Vec<u8>] {
    static OBJECTS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    OBJECTS.get_or_init(|| ALGORITHMS.iter().filter_map(|algorithm| object(*algorithm)).collect())
}

fn object(algorithm: Algorithm) -> Option<Vec<u8>> {
    let settings = Settings { algorithms: vec![algorithm], ..Settings::security_key() };
    let (response, _) = registered(settings.attesting(&[Format::Tpm], authority()));
    from_base64url(response.pointer("/response/attestationObject")?.as_str()?)
}

/// `certInfo` and `pubArea`.
fn structures(object: &[u8]) -> Option<(&[u8], &[u8])> {
    let object = AttestationObject::parse(object).ok()?;
    let member = |name| object.statement.get(name).and_then(Value::as_bytes);
    member("certInfo").zip(member("pubArea"))
}

/// The same object with other structures.
fn with_structures(object: &[u8], cert_info: &[u8], pub_area: &[u8]) -> Vec<u8> {
    let Ok(mut object) = AttestationObject::parse(object) else { return Vec::new() };
    if let Value::Map(members) = &mut object.statement {
        for (key, value) in members {
            match key {
                Key::Text("certInfo") => *value = Value::Bytes(cert_info),
                Key::Text("pubArea") => *value = Value::Bytes(pub_area),
                _ => {}
            }
        }
    }
    object.encode()
}
