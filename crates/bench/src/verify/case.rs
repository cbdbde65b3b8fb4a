//! Assertions by our authenticator, as a page sends them, and what the relying party knows when they arrive.

use authenticator::{Authenticator, Settings, client};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{self, KeySize};
use fido::ctap::make_credential::Request;
use fido::options::{RelyingPartyEntity, UserEntity};
use fido::response::AuthenticationResponse;
use primitives::cose::{Algorithm, SigningKey};
use primitives::digest;
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use webauthn::{AuthenticationRequest, AuthenticationState, RelyingParty, StoredCredential, authentication};

use super::bare::Bare;
use crate::failure::Failure;

const RP_ID: &str = "localhost";
const ORIGIN: &str = "http://localhost:8080";

/// One assertion.
pub(crate) struct Case {
    /// What the page sends.
    pub(crate) json: String,
    /// What was begun.
    pub(crate) state: AuthenticationState,
    /// The credential's row.
    pub(crate) stored: StoredCredential,
    /// What was signed: authenticator data and the hash of the client data.
    pub(crate) message: Vec<u8>,
    /// The signature.
    pub(crate) signature: Vec<u8>,
}

/// Assertions of one credential.
pub(crate) struct Bench {
    /// Of its key.
    pub(crate) algorithm: Algorithm,
    /// Who asked.
    pub(crate) relying_party: RelyingParty,
    /// The key by itself.
    pub(crate) bare: Bare,
    /// The assertions, each over a challenge of its own.
    pub(crate) cases: Vec<Case>,
    /// The moment of all ceremonies.
    pub(crate) now: Timestamp,
}

impl Bench {
    /// So many assertions of that algorithm; `None` where it is another one's check under another number.
    pub(crate) fn of(algorithm: Algorithm, count: usize) -> Result<Option<Self>, Failure> {
        let key = signing_key(algorithm)?;
        let public_key = key.public_key().encode();
        let Some(bare) = Bare::of(algorithm, &public_key)? else { return Ok(None) };
        let relying_party = RelyingParty::new(RP_ID, "bench", [ORIGIN])
            .map_err(|refusal| Failure::new(format!("no relying party: {refusal}")))?;
        let now = server::context::system_now();
        let (mut authenticator, credential_id) = authenticator_with(key)?;
        let stored = StoredCredential {
            credential_id,
            public_key,
            sign_count: 0,
            backup_eligible: false,
            user_handle: HANDLE.to_vec(),
        };
        let mut cases = Vec::with_capacity(count);
        for _ in 0..count {
            cases.push(assertion(&relying_party, &mut authenticator, &stored, now)?);
        }
        Ok(Some(Self { algorithm, relying_party, bare, cases, now }))
    }

    /// Fails unless both ways accept every assertion and neither accepts it under another signature.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let finish = |case: &Case, response: &AuthenticationResponse| {
            authentication::finish(&self.relying_party, &case.state, response, Some(&case.stored), self.now)
        };
        for (case, other) in self.cases.iter().zip(self.cases.iter().cycle().skip(1)) {
            let mut response = AuthenticationResponse::parse(&case.json)
                .map_err(|refusal| Failure::new(format!("an assertion is {}", refusal.code())))?;
            let good = self.bare.verify(&case.message, &case.signature) && finish(case, &response).is_ok();
            response.signature.clone_from(&other.signature);
            let alone = case.signature == other.signature;
            let bad = self.bare.verify(&case.message, &other.signature) || finish(case, &response).is_ok();
            if !good || (bad && !alone) {
                return Err(Failure::new(format!("{:?} is not verified as it should be", self.algorithm)));
            }
        }
        Ok(())
    }
}

const HANDLE: [u8; 32] = [0x6b; 32];

fn signing_key(algorithm: Algorithm) -> Result<SigningKey, Failure> {
    let refused = |_| Failure::new(format!("cannot make a {algorithm:?} key"));
    match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => {
            let no_key = "cannot make an RSA key";
            let pair = rsa::KeyPair::generate(KeySize::Rsa2048).map_err(Failure::because(no_key))?;
            let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(Failure::because(no_key))?;
            SigningKey::from_rsa_pkcs8(algorithm, der.as_ref()).map_err(refused)
        }
        _ => SigningKey::generate(algorithm, &mut SystemEntropy).map_err(refused),
    }
}

/// An authenticator with one credential, whose key is this one.
fn authenticator_with(key: SigningKey) -> Result<(Authenticator, Vec<u8>), Failure> {
    let mut authenticator = Authenticator::new(Settings::platform());
    let request = Request {
        client_data_hash: [0; 32],
        rp: RelyingPartyEntity { id: RP_ID.to_owned(), name: RP_ID.to_owned() },
        user: UserEntity { id: HANDLE.to_vec().into(), name: "bench".into(), display_name: "bench".into() },
        algorithms: vec![Algorithm::Es256.id()],
        exclude: Vec::new(),
        cred_protect: None,
        resident_key: true,
        user_presence: true,
        user_verification: true,
        ..Request::default()
    };
    let made = authenticator.make_credential(&request, &mut SystemEntropy);
    let made = made.map_err(|status| Failure::new(format!("no credential was made: {status:?}")))?;
    let credential = authenticator.vault.get_mut(&made.credential_id);
    credential.ok_or_else(|| Failure::new("the authenticator lost its credential"))?.key = key.into();
    Ok((authenticator, made.credential_id))
}

fn assertion(
    relying_party: &RelyingParty,
    authenticator: &mut Authenticator,
    stored: &StoredCredential,
    now: Timestamp,
) -> Result<Case, Failure> {
    let request = AuthenticationRequest::discoverable("bench");
    let (options, state) = authentication::begin(relying_party, request, now, &mut SystemEntropy);
    let options = serde_json::to_string(&options).map_err(Failure::because("cannot write the options"))?;
    let json = client::get_text(authenticator, ORIGIN, &options)
        .map_err(|error| Failure::new(format!("no assertion: {}", error.name())))?;
    let response = AuthenticationResponse::parse(&json)
        .map_err(|refusal| Failure::new(format!("an assertion is {}", refusal.code())))?;
    let hash = digest::sha256(&response.client_data_json);
    let message = [response.authenticator_data.as_slice(), &hash].concat();
    Ok(Case { json, state, stored: stored.clone(), message, signature: response.signature })
}
