//! Requests in the other side's words, and its messages as bytes.

use ciborium::Value;
use passkey_crypto::iana;
use passkey_types::ctap2::{get_assertion, make_credential};
use passkey_types::webauthn::{
    PublicKeyCredentialDescriptor, PublicKeyCredentialParameters, PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
};
use primitives::cose::Algorithm;

use crate::Checked;

pub(crate) const SITE: &str = "example.org";

pub(crate) fn hash(round: u8) -> [u8; 32] {
    [round ^ 0x5a; 32]
}

/// A passkey of that algorithm; one that nobody can do is wanted more.
pub(crate) fn creation(algorithm: Algorithm, round: u8) -> Checked<make_credential::Request> {
    let alg = match algorithm {
        Algorithm::Es256 => iana::Algorithm::ES256,
        Algorithm::EdDsa => iana::Algorithm::EdDSA,
        Algorithm::MlDsa44 => iana::Algorithm::ML_DSA_44,
        other => return Err(format!("no name for {other:?}")),
    };
    let wanted = [iana::Algorithm::RS1, alg];
    let parameters =
        wanted.map(|alg| PublicKeyCredentialParameters { ty: PublicKeyCredentialType::PublicKey, alg });
    Ok(make_credential::Request {
        client_data_hash: hash(round).to_vec().into(),
        rp: make_credential::PublicKeyCredentialRpEntity {
            id: SITE.to_owned(),
            name: Some("Example".to_owned()),
        },
        user: PublicKeyCredentialUserEntity {
            id: vec![round; 1 + usize::from(round)].into(),
            name: format!("user {round}"),
            display_name: "Jürgen Größe 😀".to_owned(),
        },
        pub_key_cred_params: parameters.to_vec(),
        exclude_list: None,
        extensions: None,
        options: make_credential::Options { rk: true, up: true, uv: true },
        pin_auth: None,
        pin_protocol: None,
    })
}

/// A sign-in with that credential.
pub(crate) fn assertion(round: u8, id: &[u8]) -> get_assertion::Request {
    let named = PublicKeyCredentialDescriptor {
        ty: PublicKeyCredentialType::PublicKey,
        id: id.to_vec().into(),
        transports: None,
    };
    get_assertion::Request {
        rp_id: SITE.to_owned(),
        client_data_hash: hash(round).to_vec().into(),
        allow_list: Some(vec![named]),
        extensions: None,
        options: get_assertion::Options { up: true, uv: true },
        pin_auth: None,
        pin_protocol: None,
    }
}

/// The message in canonical CBOR. The other side writes members in the order in which it declares them, which CTAP2
/// does not allow and ours refuses; here they are put in order, and nothing else is changed.
pub(crate) fn canonical(message: &impl Message) -> Checked<Vec<u8>> {
    let mut bytes = Vec::new();
    message.write(&mut bytes)?;
    let mut value: Value = read(&bytes)?;
    sort(&mut value);
    let mut sorted = Vec::new();
    ciborium::into_writer(&value, &mut sorted).map_err(|error| error.to_string())?;
    Ok(sorted)
}

/// The message with `up` false: the other side leaves out what is false when it writes, though absent means true.
pub(crate) fn without_presence(message: &[u8]) -> Checked<Vec<u8>> {
    let mut value: Value = read(message)?;
    let members = value.as_map_mut().ok_or("no message")?;
    for (key, member) in members {
        if let (Some(7), Value::Map(options)) =
            (key.as_integer().and_then(|key| u8::try_from(key).ok()), member)
        {
            options.push((Value::Text("up".to_owned()), Value::Bool(false)));
        }
    }
    canonical(&value)
}

/// What the other side can write.
pub(crate) trait Message {
    fn write(&self, out: &mut Vec<u8>) -> Checked<()>;
}

impl<T: serde::Serialize> Message for T {
    fn write(&self, out: &mut Vec<u8>) -> Checked<()> {
        ciborium::into_writer(self, out).map_err(|error| error.to_string())
    }
}

/// What the other side reads of a message.
pub(crate) fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Checked<T> {
    ciborium::from_reader(bytes).map_err(|error| format!("the other cannot read it: {error}"))
}

fn sort(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(sort),
        Value::Map(members) => {
            members.iter_mut().for_each(|(_, member)| sort(member));
            members.sort_by_cached_key(|(key, _)| {
                let mut bytes = Vec::new();
                // Writing to memory does not fail.
                let _ = ciborium::into_writer(key, &mut bytes);
                (bytes.first().map(|byte| byte >> 5), bytes.len(), bytes)
            });
        }
        _ => {}
    }
}
