//! Statements as authenticators of FIDO U2F make them (WebAuthn Level 3 section 8.6).

use fido::authenticator_data::AuthenticatorData;
use primitives::cbor::Value;

use super::{Batch, Member, Statement};

/// What a statement is signed over: 0x00 || rpIdHash || clientDataHash || credentialId || publicKeyU2F, from
/// authenticatorData || clientDataHash. Nothing if the credential has no EC key.
pub fn verification_data(message: &[u8]) -> Option<Vec<u8>> {
    let (authenticator_data, client_data_hash) = message.split_last_chunk::<32>()?;
    let data = AuthenticatorData::parse(authenticator_data).ok()?;
    let credential = data.attested_credential?;
    let coordinate = |label| credential.public_key_value.at(label).and_then(Value::as_bytes);
    let (x, y) = (coordinate(-2)?, coordinate(-3)?);
    Some([&[0][..], &data.rp_id_hash, client_data_hash, credential.credential_id, &[4], x, y].concat())
}

pub(super) fn statement(batch: &Batch, message: &[u8]) -> Option<Statement> {
    let signature = batch.key().sign(&verification_data(message)?);
    let members =
        vec![("sig", Member::Bytes(signature)), ("x5c", Member::Certificates(batch.chain().to_vec()))];
    Some(Statement::Map { format: "fido-u2f", members })
}
