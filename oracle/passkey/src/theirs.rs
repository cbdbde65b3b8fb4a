//! The other authenticator, its arithmetic, and somebody in front of it who agrees.

use async_trait::async_trait;
use authenticator::{Credential, PrivateKey};
use ciborium::Value;
use passkey_authenticator::extensions::HmacSecretConfig;
use passkey_authenticator::{Authenticator, Ctap2Api, UiHint, UserCheck, UserValidationMethod};
use passkey_crypto::coset::{
    CborSerializable, CoseKey, CoseKeyBuilder, KeyType, RegisteredLabelWithPrivate, iana,
};
use passkey_crypto::iana::EnumI64;
use passkey_crypto::rust_crypto::{RustCryptoBackend, RustCryptoSecretKey};
use passkey_crypto::{PublicKeyT, SecretKeyT};
use passkey_types::ctap2::extensions::{AuthenticatorPrfInputs, AuthenticatorPrfValues};
use passkey_types::ctap2::{Aaguid, Ctap2Error, StatusCode, get_assertion, get_info, make_credential};
use passkey_types::{CredentialExtensions, Passkey, StoredHmacSecret};
use pollster::block_on;
use primitives::cose::Algorithm;

use crate::{Checked, wire};

/// Who agrees and is known.
struct Willing;

#[async_trait]
impl UserValidationMethod for Willing {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// The other authenticator; it keeps one passkey.
pub(crate) struct Theirs(Authenticator<Option<Passkey>, Willing, RustCryptoBackend>);

impl Theirs {
    pub(crate) fn empty() -> Self {
        Self::with(None)
    }

    fn with(passkey: Option<Passkey>) -> Self {
        let made = Authenticator::new(Aaguid::new_empty(), passkey, Willing, RustCryptoBackend);
        Self(made.hmac_secret(HmacSecretConfig::new_without_uv()))
    }

    /// One with a passkey of ours.
    pub(crate) fn holding(credential: &Credential, key: &mut RustCryptoSecretKey) -> Checked<Self> {
        let (with, without) = credential.cred_random.split_at(32);
        let secrets =
            StoredHmacSecret { cred_with_uv: with.to_vec(), cred_without_uv: Some(without.to_vec()) };
        Ok(Self::with(Some(Passkey {
            key: key.to_cose_key(),
            credential_id: credential.id.clone().into(),
            rp_id: credential.rp_id.clone(),
            user_handle: Some(credential.user.id.to_vec().into()),
            username: Some(credential.user.name.clone()),
            user_display_name: Some(credential.user.display_name.clone()),
            counter: None,
            extensions: CredentialExtensions { hmac_secret: Some(secrets) },
        })))
    }

    pub(crate) fn make(
        &mut self,
        request: make_credential::Request,
    ) -> Result<make_credential::Response, u8> {
        block_on(self.0.make_credential(request)).map_err(byte)
    }

    pub(crate) fn get(&mut self, request: get_assertion::Request) -> Result<get_assertion::Response, u8> {
        block_on(self.0.get_assertion(request)).map_err(byte)
    }

    pub(crate) fn info(&self) -> get_info::Response {
        *block_on(Ctap2Api::get_info(&self.0))
    }

    /// Both secrets.
    pub(crate) fn prf(&mut self, round: u8, verified: bool, salts: [[u8; 32]; 2]) -> Checked<Vec<u8>> {
        let [first, second] = salts;
        let eval = Some(AuthenticatorPrfValues { first, second: Some(second) });
        let prf = Some(AuthenticatorPrfInputs { eval, eval_by_credential: None });
        let id = self.0.store().as_ref().map(|passkey| passkey.credential_id.to_vec()).unwrap_or_default();
        let request = get_assertion::Request {
            extensions: Some(get_assertion::ExtensionInputs { prf, ..Default::default() }),
            options: get_assertion::Options { up: true, uv: verified },
            ..wire::assertion(round, &id)
        };
        let response = self.get(request).map_err(|status| format!("no secrets over there: {status:#04x}"))?;
        let outputs =
            response.unsigned_extension_outputs.and_then(|outputs| outputs.prf).ok_or("no prf over there")?;
        let second = outputs.results.second.ok_or("one secret over there")?;
        Ok([outputs.results.first, second].concat())
    }
}

fn byte(status: StatusCode) -> u8 {
    status.into()
}

/// The key in the other side's arithmetic, from the seed alone.
pub(crate) fn secret_key(key: &PrivateKey) -> Checked<RustCryptoSecretKey> {
    let seed = key.seed().ok_or("no seed")?.to_vec();
    let cose = match key.algorithm() {
        Algorithm::Es256 => {
            let curve = iana::EllipticCurve::P_256;
            let blank = CoseKeyBuilder::new_ec2_priv_key(curve, vec![0; 32], vec![0; 32], seed);
            blank.algorithm(iana::Algorithm::ES256).build()
        }
        Algorithm::EdDsa => CoseKeyBuilder::new_okp_key()
            .algorithm(iana::Algorithm::EdDSA)
            .param(iana::OkpKeyParameter::Crv.to_i64(), iana::EllipticCurve::Ed25519.to_i64().into())
            .param(iana::OkpKeyParameter::D.to_i64(), seed.into())
            .build(),
        _ => CoseKey {
            kty: KeyType::Assigned(iana::KeyType::AKP),
            alg: Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::ML_DSA_44)),
            params: vec![(
                passkey_crypto::coset::Label::Int(iana::AkpKeyParameter::Priv.to_i64()),
                Value::Bytes(seed),
            )],
            ..CoseKey::default()
        },
    };
    RustCryptoSecretKey::from_cose_key(&cose)
        .map_err(|error| format!("the other takes no such key: {error:?}"))
}

/// The public half as COSE_Key, in canonical order.
pub(crate) fn public_cose(key: &RustCryptoSecretKey) -> Checked<Vec<u8>> {
    let cose = key.public_key().to_cose_key().to_vec().map_err(|error| format!("{error:?}"))?;
    wire::canonical(&wire::read::<Value>(&cose)?)
}

/// Whether the other side's arithmetic takes the signature.
pub(crate) fn verify(key: &RustCryptoSecretKey, message: &[u8], signature: &[u8]) -> Checked<()> {
    key.public_key()
        .verify(message, signature)
        .map_err(|_| "their arithmetic refuses our signature".to_owned())
}

/// `sig` of a packed statement.
pub(crate) fn statement_signature(statement: &Value) -> Checked<Vec<u8>> {
    let members = statement.as_map().ok_or("no statement")?;
    let member = members.iter().find(|(name, _)| name.as_text() == Some("sig")).map(|(_, value)| value);
    member.and_then(Value::as_bytes).cloned().ok_or_else(|| "no signature in the statement".to_owned())
}
