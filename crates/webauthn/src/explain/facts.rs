//! What a ceremony says about itself, read for its words only: nothing here decides anything.

use fido::attestation_object::AttestationObject;
use fido::authenticator_data::{AuthenticatorData, Flags};
use fido::client_data::CollectedClientData;
use primitives::cbor::Value;
use primitives::x509::{Certificate, oid};
use primitives::{cose, digest};

use super::shown;

/// Most certificates that are named.
const MOST_CERTIFICATES: usize = 8;

/// As much as can be told of the client's answer.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) credential_id: Vec<u8>,
    /// How long the client data are, in bytes.
    pub(super) client_data_length: usize,
    pub(super) client_data: Option<CollectedClientData>,
    pub(super) data: Option<DataFacts>,
    /// The attestation format.
    pub(super) format: Option<String>,
    /// Subjects of the attestation certificates, leaf first.
    pub(super) subjects: Vec<String>,
    pub(super) user_handle: Option<Vec<u8>>,
    /// How long the signature of an authentication is, in bytes.
    pub(super) signature_length: usize,
}

/// As much as can be told of authenticator data.
pub(super) struct DataFacts {
    pub(super) rp_id_hash: [u8; 32],
    pub(super) flags: Flags,
    pub(super) sign_count: u32,
    pub(super) credential: Option<CredentialFacts>,
}

/// As much as can be told of an attested credential.
pub(super) struct CredentialFacts {
    pub(super) aaguid: [u8; 16],
    pub(super) credential_id: Vec<u8>,
    pub(super) algorithm: Option<i64>,
}

impl Facts {
    pub(super) fn registration(response: &fido::response::RegistrationResponse) -> Self {
        let object = AttestationObject::parse(&response.attestation_object).ok();
        let subjects = object.as_ref().map(|object| subjects(&object.statement)).unwrap_or_default();
        Self {
            credential_id: response.credential_id.clone(),
            client_data_length: response.client_data_json.len(),
            client_data: CollectedClientData::parse(&response.client_data_json).ok(),
            data: object.as_ref().and_then(|object| DataFacts::read(object.authenticator_data)),
            format: object.map(|object| object.format.to_owned()),
            subjects,
            ..Self::default()
        }
    }

    pub(super) fn authentication(response: &fido::response::AuthenticationResponse) -> Self {
        Self {
            credential_id: response.credential_id.clone(),
            client_data_length: response.client_data_json.len(),
            client_data: CollectedClientData::parse(&response.client_data_json).ok(),
            data: DataFacts::read(&response.authenticator_data),
            user_handle: response.user_handle.clone(),
            signature_length: response.signature.len(),
            ..Self::default()
        }
    }

    /// The RP ID that the authenticator data are for, as far as a hash can be told from what was named.
    pub(super) fn rp_id<'c>(&'c self, configured: &'c str) -> Option<&'c str> {
        let data = self.data.as_ref()?;
        let host = self.client_data.as_ref().map_or("", |client_data| host(&client_data.origin));
        let parents = host.char_indices().filter(|(_, character)| *character == '.');
        let parents = parents.filter_map(|(at, _)| host.get(at.saturating_add(1)..));
        [configured, host, "localhost"]
            .into_iter()
            .chain(parents)
            .take(64)
            .find(|candidate| digest::sha256(candidate.as_bytes()) == data.rp_id_hash)
    }
}

impl DataFacts {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (flags, rest) = rest.split_first()?;
        let (sign_count, _) = rest.split_first_chunk::<4>()?;
        let parsed = AuthenticatorData::parse(bytes).ok();
        let credential = parsed.and_then(|data| data.attested_credential).map(|credential| CredentialFacts {
            aaguid: credential.aaguid,
            credential_id: credential.credential_id.to_vec(),
            algorithm: cose::algorithm_id(&credential.public_key_value).ok(),
        });
        let (flags, sign_count) = (Flags::from_bits(*flags), u32::from_be_bytes(*sign_count));
        Some(Self { rp_id_hash: *rp_id_hash, flags, sign_count, credential })
    }

    /// The flags in words.
    pub(super) fn flags_in_words(&self) -> String {
        let flags = self.flags;
        [
            if flags.user_present() { "the person was there (UP)" } else { "nobody was there (no UP)" },
            if flags.user_verified() { "verified (UV)" } else { "not verified (no UV)" },
            if flags.backup_eligible() { "may be backed up (BE)" } else { "bound to its device (no BE)" },
            if flags.backed_up() { "backed up (BS)" } else { "not backed up (no BS)" },
        ]
        .join(", ")
    }
}

/// The host in an origin, for guessing what an RP ID was.
fn host(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    authority.split([':', '/', '?', '#']).next().unwrap_or_default()
}

/// Names of the certificates in a statement, or in the statements of a compound one.
fn subjects(statement: &Value<'_>) -> Vec<String> {
    let inner = statement.as_array().unwrap_or_default().iter().filter_map(|item| item.get("attStmt"));
    let chains =
        std::iter::once(statement).chain(inner).filter_map(|statement| statement.get("x5c")?.as_array());
    chains.flatten().take(MOST_CERTIFICATES).map(subject).collect()
}

fn subject(item: &Value<'_>) -> String {
    match item.as_bytes().map(Certificate::parse) {
        Some(Ok(certificate)) => subject_of(&certificate),
        _ => "one that cannot be read".to_owned(),
    }
}

/// The subject of a certificate: its common name, or what else it has.
pub(super) fn subject_of(certificate: &Certificate) -> String {
    [oid::COMMON_NAME, oid::ORGANIZATIONAL_UNIT, oid::ORGANIZATION]
        .into_iter()
        .find_map(|name| certificate.subject(name).next().map(shown::text))
        .unwrap_or_else(|| "one without a subject".to_owned())
}
