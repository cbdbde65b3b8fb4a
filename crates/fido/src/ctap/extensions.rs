//! Inputs of extensions in CTAP2 messages (CTAP 2.3 section 12), and of `prf` over the hybrid transport.
//!
//! What is not known here is passed over, as section 12 wants it; what is known must be what its definition says.

use primitives::cbor::{Key, Value};
use primitives::secret::SecretBytes;

use super::client_pin::{agreement_key, agreement_point};
use super::members;
use super::read::{self, MessageRefusal};
use crate::extension::CredentialProtection;

/// Inputs at creation, without `credProtect`, which has a place of its own in the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreationInputs {
    /// `hmac-secret`: whether the credential shall derive secrets.
    pub hmac_secret: bool,
    /// `hmac-secret-mc`: what to derive at once.
    pub hmac_secret_mc: Option<HmacInput>,
    /// `credBlob`: what to keep.
    pub cred_blob: Option<Vec<u8>>,
    /// `largeBlobKey`: whether to make one. There is nothing but `true`.
    pub large_blob_key: bool,
    /// `minPinLength`: tell how long a PIN must be.
    pub min_pin_length: bool,
    /// `prf`: the same as `hmac-secret`, in clear, because the hybrid transport encrypts.
    pub prf: Option<PrfInput>,
}

/// Inputs at an assertion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssertionInputs {
    /// `hmac-secret`: what to derive.
    pub hmac_secret: Option<HmacInput>,
    /// `credBlob`: give what is kept.
    pub cred_blob: bool,
    /// `largeBlobKey`: give the key. There is nothing but `true`.
    pub large_blob_key: bool,
    /// `prf`: what to derive, by which credential.
    pub prf: Option<PrfInput>,
}

/// Input of `hmac-secret` at an assertion (section 12.7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HmacInput {
    /// 0x01: the platform's key, as an uncompressed point.
    pub key_agreement: Vec<u8>,
    /// 0x02: one or two salts, encrypted.
    pub salt_enc: Vec<u8>,
    /// 0x03: the proof that the platform sent them.
    pub salt_auth: Vec<u8>,
    /// 0x04: the PIN/UV auth protocol; absent is the first.
    pub protocol: Option<u64>,
}

/// One or two salts, hashed by the client already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salts {
    /// Of the first secret.
    pub first: [u8; 32],
    /// Of the second, if one is wanted.
    pub second: Option<[u8; 32]>,
}

/// Input of `prf`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrfInput {
    /// For whichever credential it is.
    pub eval: Option<Salts>,
    /// For those credentials; at an assertion only.
    pub eval_by_credential: Vec<(Vec<u8>, Salts)>,
}

impl PrfInput {
    /// The salts for the credential `id`.
    pub fn salts(&self, id: &[u8]) -> Option<Salts> {
        let named = self.eval_by_credential.iter().find(|(other, _)| other == id).map(|(_, salts)| *salts);
        named.or(self.eval)
    }
}

/// `credProtect` among the inputs at creation (section 12.1).
pub(super) fn cred_protect(
    inputs: Option<&Value<'_>>,
) -> Result<Option<CredentialProtection>, MessageRefusal> {
    let Some(level) = input(inputs, "credProtect", Value::as_integer)? else { return Ok(None) };
    CredentialProtection::from_level(level).map(Some).ok_or(MessageRefusal::MemberValue)
}

impl CreationInputs {
    /// Reads the `extensions` of a request, if it has any.
    pub(super) fn read(inputs: Option<&Value<'_>>) -> Result<Self, MessageRefusal> {
        is_map(inputs)?;
        Ok(Self {
            hmac_secret: input(inputs, "hmac-secret", Value::as_bool)?.unwrap_or(false),
            hmac_secret_mc: hmac(inputs, "hmac-secret-mc")?,
            cred_blob: input(inputs, "credBlob", |value| value.as_bytes().map(<[u8]>::to_vec))?,
            large_blob_key: only_true(inputs, "largeBlobKey")?,
            min_pin_length: input(inputs, "minPinLength", Value::as_bool)?.unwrap_or(false),
            prf: prf(inputs)?,
        })
    }

    /// The entries of the `extensions` map.
    pub(super) fn entries(&self) -> Vec<(Key<'_>, Value<'_>)> {
        let mut entries = Vec::new();
        let mut add = |name, value| entries.push((Key::Text(name), value));
        if self.hmac_secret {
            add("hmac-secret", Value::Bool(true));
        }
        if let Some(hmac) = &self.hmac_secret_mc {
            add("hmac-secret-mc", hmac.value());
        }
        if let Some(blob) = &self.cred_blob {
            add("credBlob", Value::Bytes(blob));
        }
        if self.large_blob_key {
            add("largeBlobKey", Value::Bool(true));
        }
        if self.min_pin_length {
            add("minPinLength", Value::Bool(true));
        }
        if let Some(prf) = &self.prf {
            add("prf", prf.value());
        }
        entries
    }
}

impl AssertionInputs {
    /// Reads the `extensions` of a request, if it has any.
    pub(super) fn read(inputs: Option<&Value<'_>>) -> Result<Self, MessageRefusal> {
        is_map(inputs)?;
        Ok(Self {
            hmac_secret: hmac(inputs, "hmac-secret")?,
            cred_blob: input(inputs, "credBlob", Value::as_bool)?.unwrap_or(false),
            large_blob_key: only_true(inputs, "largeBlobKey")?,
            prf: prf(inputs)?,
        })
    }

    /// The entries of the `extensions` map.
    pub(super) fn entries(&self) -> Vec<(Key<'_>, Value<'_>)> {
        let mut entries = Vec::new();
        let mut add = |name, value| entries.push((Key::Text(name), value));
        if let Some(hmac) = &self.hmac_secret {
            add("hmac-secret", hmac.value());
        }
        if self.cred_blob {
            add("credBlob", Value::Bool(true));
        }
        if self.large_blob_key {
            add("largeBlobKey", Value::Bool(true));
        }
        if let Some(prf) = &self.prf {
            add("prf", prf.value());
        }
        entries
    }
}

impl HmacInput {
    fn value(&self) -> Value<'_> {
        members::map([
            (1, Some(agreement_key(&self.key_agreement))),
            (2, Some(Value::Bytes(&self.salt_enc))),
            (3, Some(Value::Bytes(&self.salt_auth))),
            (4, self.protocol.map(members::number)),
        ])
    }
}

impl Salts {
    fn value(&self) -> Value<'_> {
        let first = (Key::Text("first"), Value::Bytes(&self.first));
        let second = self.second.as_ref().map(|second| (Key::Text("second"), Value::Bytes(second)));
        Value::Map([first].into_iter().chain(second).collect())
    }

    fn read(value: &Value<'_>) -> Result<Self, MessageRefusal> {
        value.as_map().ok_or(MessageRefusal::MemberType)?;
        Ok(Self {
            first: read::array_of_32(value.get("first"))?,
            second: value.get("second").map(|salt| read::array_of_32(Some(salt))).transpose()?,
        })
    }
}

impl PrfInput {
    fn value(&self) -> Value<'_> {
        let mut entries = Vec::new();
        if let Some(salts) = &self.eval {
            entries.push((Key::Text("eval"), salts.value()));
        }
        if !self.eval_by_credential.is_empty() {
            let named = self.eval_by_credential.iter().map(|(id, salts)| (Key::Bytes(id), salts.value()));
            entries.push((Key::Text("evalByCredential"), Value::Map(named.collect())));
        }
        Value::Map(entries)
    }
}

fn is_map(inputs: Option<&Value<'_>>) -> Result<(), MessageRefusal> {
    match inputs {
        Some(value) if value.as_map().is_none() => Err(MessageRefusal::MemberType),
        _ => Ok(()),
    }
}

fn input<'m, 'a, T>(
    inputs: Option<&'m Value<'a>>,
    name: &str,
    as_type: impl FnOnce(&'m Value<'a>) -> Option<T>,
) -> Result<Option<T>, MessageRefusal> {
    let value = inputs.and_then(|inputs| inputs.get(name));
    value.map(|value| as_type(value).ok_or(MessageRefusal::MemberType)).transpose()
}

/// `largeBlobKey` is true or not there (section 12.3).
fn only_true(inputs: Option<&Value<'_>>, name: &str) -> Result<bool, MessageRefusal> {
    match input(inputs, name, Value::as_bool)? {
        Some(false) => Err(MessageRefusal::OptionValue),
        wanted => Ok(wanted.is_some()),
    }
}

fn hmac(inputs: Option<&Value<'_>>, name: &str) -> Result<Option<HmacInput>, MessageRefusal> {
    let Some(input) = input(inputs, name, |value| value.as_map().map(|_| value))? else { return Ok(None) };
    let key = input.at(1).ok_or(MessageRefusal::MemberMissing)?;
    key.as_map().ok_or(MessageRefusal::MemberType)?;
    Ok(Some(HmacInput {
        key_agreement: agreement_point(key),
        salt_enc: read::bytes(input.at(2))?,
        salt_auth: read::bytes(input.at(3))?,
        protocol: members::optional_unsigned(input, 4)?,
    }))
}

fn prf(inputs: Option<&Value<'_>>) -> Result<Option<PrfInput>, MessageRefusal> {
    let Some(input) = input(inputs, "prf", |value| value.as_map().map(|_| value))? else { return Ok(None) };
    let eval = input.get("eval").map(Salts::read).transpose()?;
    let named = match input.get("evalByCredential") {
        None => Vec::new(),
        Some(named) => {
            let entries = named.as_map().ok_or(MessageRefusal::MemberType)?;
            entries.iter().map(named_salts).collect::<Result<_, _>>()?
        }
    };
    Ok(Some(PrfInput { eval, eval_by_credential: named }))
}

fn named_salts((key, value): &(Key<'_>, Value<'_>)) -> Result<(Vec<u8>, Salts), MessageRefusal> {
    let Key::Bytes(id) = key else { return Err(MessageRefusal::MemberType) };
    Ok((id.to_vec(), Salts::read(value)?))
}

/// What `prf` gives, outside the signature: whether there is one, or secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrfResults {
    /// At creation: that the credential can.
    pub enabled: Option<bool>,
    /// One or two secrets of 32 bytes each.
    pub secrets: Option<SecretBytes>,
}

impl PrfResults {
    /// As `unsignedExtensionOutputs`.
    pub(super) fn outputs(&self) -> Value<'_> {
        let enabled = self.enabled.map(|enabled| (Key::Text("enabled"), Value::Bool(enabled)));
        let results = self.secrets.as_ref().map(|secrets| {
            let (first, second) = secrets.reveal().split_at_checked(32).unwrap_or((secrets.reveal(), &[]));
            let second = (!second.is_empty()).then_some((Key::Text("second"), Value::Bytes(second)));
            let named = [(Key::Text("first"), Value::Bytes(first))].into_iter().chain(second).collect();
            (Key::Text("results"), Value::Map(named))
        });
        let prf = Value::Map(enabled.into_iter().chain(results).collect());
        Value::Map(vec![(Key::Text("prf"), prf)])
    }

    /// From `unsignedExtensionOutputs`, if `prf` is among them.
    pub(super) fn read(outputs: Option<&Value<'_>>) -> Result<Option<Self>, MessageRefusal> {
        let Some(prf) = outputs.and_then(|outputs| outputs.get("prf")) else { return Ok(None) };
        let secrets = match prf.get("results") {
            None => None,
            Some(results) => {
                let salts = Salts::read(results)?;
                Some(SecretBytes::new(
                    [salts.first.as_slice(), salts.second.as_ref().map_or(&[], |it| it.as_slice())].concat(),
                ))
            }
        };
        let enabled = prf.get("enabled").map(|it| it.as_bool().ok_or(MessageRefusal::MemberType));
        Ok(Some(Self { enabled: enabled.transpose()?, secrets }))
    }
}
