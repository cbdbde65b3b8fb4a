//! The five commands that seal a key and open it again, and their answers (TPM 2.0 Library, part 3). Pure, over bytes.
//!
//! Every answer is looked at as if a stranger had written it: its length, its tag, and the length of each part.

use zeroize::Zeroizing;

use super::TpmRefusal;

/// The longest answer that is looked at; the specification's own bound for a PC is 4,096 bytes, too.
pub(super) const LONGEST: usize = 4096;
/// Tag, length and code.
pub(super) const HEAD: usize = 10;
/// Longest public or private part of a sealed object: SHA-256 and AES make less than 200 bytes of each.
const LONGEST_PART: usize = 400;

const TAG_NO_SESSIONS: u16 = 0x8001;
const TAG_SESSIONS: u16 = 0x8002;

const CREATE_PRIMARY: u32 = 0x0131;
const CREATE: u32 = 0x0153;
const LOAD: u32 = 0x0157;
const UNSEAL: u32 = 0x015e;
const FLUSH_CONTEXT: u32 = 0x0165;

/// The hierarchy of the machine's owner.
const OWNER: u32 = 0x4000_0001;
/// Authorisation by a password.
const PASSWORD: u32 = 0x4000_0009;

const ALG_AES: u16 = 0x0006;
const ALG_KEYEDHASH: u16 = 0x0008;
const ALG_SHA256: u16 = 0x000b;
const ALG_NULL: u16 = 0x0010;
const ALG_ECC: u16 = 0x0023;
const ALG_CFB: u16 = 0x0043;
const CURVE_P256: u16 = 0x0003;

/// fixedTPM, fixedParent, userWithAuth, noDA: bound to this TPM, and no wrong guess elsewhere locks it.
const SEALED: u32 = 0x0000_0452;
/// The same, and sensitiveDataOrigin, restricted, decrypt: a storage key.
const STORAGE: u32 = 0x0003_0472;

/// TPM_RC_BAD_AUTH and TPM_RC_INTEGRITY, without the number of what they speak of.
const BAD_AUTH: u32 = 0x0a2;
const INTEGRITY: u32 = 0x09f;

/// A loaded object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle(pub(super) u32);

/// A key that only one TPM opens, as it lies in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::vault_file) struct Sealed {
    public: Vec<u8>,
    private: Vec<u8>,
}

impl Sealed {
    /// TPM2B_PUBLIC, then TPM2B_PRIVATE.
    pub(in crate::vault_file) fn to_bytes(&self) -> Vec<u8> {
        [sized(&self.public), sized(&self.private)].concat()
    }

    /// From a file.
    pub(in crate::vault_file) fn read(bytes: &[u8]) -> Option<Self> {
        let mut parts = Parts(bytes);
        let (public, private) = (parts.part()?, parts.part()?);
        parts.0.is_empty().then_some(Self { public, private })
    }
}

/// TPM2_CreatePrimary: the storage key that the owner's seed gives for our template, on P-256.
pub(super) fn create_primary() -> Zeroizing<Vec<u8>> {
    let mut public = Vec::new();
    put16(&mut public, &[ALG_ECC, ALG_SHA256]);
    public.extend_from_slice(&STORAGE.to_be_bytes());
    // No policy; AES-128 in CFB mode for what lies under it, no scheme, the curve, no KDF, no point yet.
    put16(&mut public, &[0, ALG_AES, 128, ALG_CFB, ALG_NULL, CURVE_P256, ALG_NULL, 0, 0]);
    command(CREATE_PRIMARY, OWNER, &new_object(&[], &public))
}

/// TPM2_Create: seals `key` under the storage key.
pub(super) fn create(parent: Handle, key: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut public = Vec::new();
    put16(&mut public, &[ALG_KEYEDHASH, ALG_SHA256]);
    public.extend_from_slice(&SEALED.to_be_bytes());
    // No policy, no scheme, nothing unique.
    put16(&mut public, &[0, ALG_NULL, 0]);
    command(CREATE, parent.0, &new_object(key, &public))
}

/// TPM2_Load.
pub(super) fn load(parent: Handle, sealed: &Sealed) -> Zeroizing<Vec<u8>> {
    command(LOAD, parent.0, &[sized(&sealed.private), sized(&sealed.public)].concat())
}

/// TPM2_Unseal.
pub(super) fn unseal(item: Handle) -> Zeroizing<Vec<u8>> {
    command(UNSEAL, item.0, &[])
}

/// TPM2_FlushContext, the only one without an authorisation.
pub(super) fn flush(handle: Handle) -> Zeroizing<Vec<u8>> {
    let mut bytes = Vec::with_capacity(HEAD + 4);
    put16(&mut bytes, &[TAG_NO_SESSIONS]);
    put32(&mut bytes, &[14, FLUSH_CONTEXT, handle.0]);
    Zeroizing::new(bytes)
}

/// What both creations take: the sensitive part with no password, the template, nothing from outside, no registers.
fn new_object(secret: &[u8], public: &[u8]) -> Zeroizing<Vec<u8>> {
    // Room for all of it at once: a buffer that moves leaves the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    put16(&mut bytes, &[length16(secret).saturating_add(4), 0, length16(secret)]);
    bytes.extend_from_slice(secret);
    put16(&mut bytes, &[length16(public)]);
    bytes.extend_from_slice(public);
    put16(&mut bytes, &[0]);
    put32(&mut bytes, &[0]);
    bytes
}

/// A command about one handle, authorised by the empty password.
fn command(code: u32, handle: u32, parameters: &[u8]) -> Zeroizing<Vec<u8>> {
    const AUTHORISATION: usize = 4 + 9;
    let length = HEAD + 4 + AUTHORISATION + parameters.len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    put16(&mut bytes, &[TAG_SESSIONS]);
    put32(&mut bytes, &[u32::try_from(length).unwrap_or(u32::MAX), code, handle, 9, PASSWORD]);
    // No nonce, no attributes, no password.
    bytes.extend_from_slice(&[0, 0, 0, 0, 0]);
    bytes.extend_from_slice(parameters);
    bytes
}

/// How long the answer that begins with these bytes says that it is; `None` for one that is none.
pub(super) fn stated_length(front: &[u8]) -> Option<usize> {
    let length: [u8; 4] = front.get(2..6)?.try_into().ok()?;
    let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
    (HEAD..=LONGEST).contains(&length).then_some(length)
}

/// The answer of a command that gives nothing but success.
pub(super) fn done(answer: &[u8]) -> Result<(), TpmRefusal> {
    body(answer).map(|_| ())
}

/// The object that TPM2_CreatePrimary or TPM2_Load made.
pub(super) fn handle(answer: &[u8]) -> Result<Handle, TpmRefusal> {
    body(answer)?.u32().map(Handle).ok_or(TpmRefusal::Nonsense)
}

/// The answer of TPM2_Create.
pub(super) fn created(answer: &[u8]) -> Result<Sealed, TpmRefusal> {
    let mut parts = parameters(answer)?;
    let (private, public) = (parts.part(), parts.part());
    let sealed = private.zip(public).map(|(private, public)| Sealed { public, private });
    sealed.ok_or(TpmRefusal::Nonsense)
}

/// The answer of TPM2_Unseal.
pub(super) fn unsealed(answer: &[u8]) -> Result<Zeroizing<[u8; 32]>, TpmRefusal> {
    let mut parts = parameters(answer)?;
    let secret = parts.sized().filter(|secret| secret.len() == 32 && parts.0.is_empty());
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(secret.ok_or(TpmRefusal::Nonsense)?);
    Ok(key)
}

/// What follows the head of an answer that says success.
fn body(answer: &[u8]) -> Result<Parts<'_>, TpmRefusal> {
    if stated_length(answer) != Some(answer.len()) {
        return Err(TpmRefusal::Nonsense);
    }
    let mut parts = Parts(answer);
    let (tag, _, code) = (parts.u16(), parts.u32(), parts.u32());
    match (tag, code) {
        (Some(TAG_NO_SESSIONS | TAG_SESSIONS), Some(0)) => Ok(parts),
        (Some(TAG_NO_SESSIONS | TAG_SESSIONS), Some(code)) => Err(refusal(code)),
        _ => Err(TpmRefusal::Nonsense),
    }
}

/// The parameters of an answer with an authorisation behind them and no handle in front.
fn parameters(answer: &[u8]) -> Result<Parts<'_>, TpmRefusal> {
    let mut parts = body(answer)?;
    let length = parts.u32().and_then(|length| usize::try_from(length).ok());
    length.and_then(|length| parts.0.get(..length)).map(Parts).ok_or(TpmRefusal::Nonsense)
}

/// Part 2, section 6.6: codes of format one say in bits 6 and 8 to 11 which handle, session or parameter they mean.
fn refusal(code: u32) -> TpmRefusal {
    match code & 0x0bf {
        BAD_AUTH => TpmRefusal::Owned,
        INTEGRITY => TpmRefusal::NotSealedHere,
        _ => TpmRefusal::Refused(code),
    }
}

/// What is left of an answer.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn u16(&mut self) -> Option<u16> {
        let (front, rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*front))
    }

    fn u32(&mut self) -> Option<u32> {
        let (front, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*front))
    }

    /// A TPM2B.
    fn sized(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(self.u16()?);
        let (front, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(front)
    }

    /// A part of a sealed object.
    fn part(&mut self) -> Option<Vec<u8>> {
        self.sized().filter(|part| (1..=LONGEST_PART).contains(&part.len())).map(<[u8]>::to_vec)
    }
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [length16(bytes).to_be_bytes().as_slice(), bytes].concat()
}

fn length16(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX)
}

fn put16(bytes: &mut Vec<u8>, numbers: &[u16]) {
    numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_be_bytes()));
}

fn put32(bytes: &mut Vec<u8>, numbers: &[u32]) {
    numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_be_bytes()));
}
