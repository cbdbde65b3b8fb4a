//! Words about what could not be read. Each completes a sentence that names the thing.

use fido::attestation_object::AttestationObjectRefusal;
use fido::authenticator_data::AuthenticatorDataRefusal;
use fido::client_data::ClientDataRefusal;
use fido::extension::ExtensionRefusal;
use fido::json::JsonRefusal;
use fido::response::ResponseRefusal;
use primitives::cbor::CborRefusal;
use primitives::cose::KeyRefusal;

pub(super) fn response(refusal: ResponseRefusal) -> String {
    match refusal {
        ResponseRefusal::TooLong => "is longer than 128 KiB",
        ResponseRefusal::Json(refusal) => json(refusal),
        ResponseRefusal::NotAnObject => "is no JSON object",
        ResponseRefusal::CredentialType => "has another `type` than `public-key`",
        ResponseRefusal::MemberMissing => "lacks a member that it must have",
        ResponseRefusal::MemberType => "has a member of the wrong type",
        ResponseRefusal::MemberTooLong => "has a member that is longer than it may be",
        ResponseRefusal::NotBase64Url => "has a member that is not base64url without padding",
        ResponseRefusal::CredentialIdLength => "has a credential id that is empty or longer than 1023 bytes",
        ResponseRefusal::IdIsNotRawId => "says one credential under `id` and another under `rawId`",
        ResponseRefusal::TooManyTransports => "names more transports than there are",
        ResponseRefusal::Extension(refusal) => {
            return format!("has an extension output that cannot be taken: {}", extension(refusal));
        }
    }
    .to_owned()
}

pub(super) fn client_data(refusal: ClientDataRefusal) -> String {
    match refusal {
        ClientDataRefusal::TooLong => "are longer than 8 KiB",
        ClientDataRefusal::NotUtf8 => "are not UTF-8",
        ClientDataRefusal::Json(JsonRefusal::Syntax) => "are not JSON",
        ClientDataRefusal::Json(JsonRefusal::DuplicateMember) => "have a member twice",
        ClientDataRefusal::Json(JsonRefusal::TooDeep) => "nest deeper than any real ones",
        ClientDataRefusal::Json(JsonRefusal::TooMany) => "have more members than any real ones",
        ClientDataRefusal::NotAnObject => "are no JSON object",
        ClientDataRefusal::MemberMissing => "lack `type`, `challenge` or `origin`",
        ClientDataRefusal::Type => "have a `type` that is no text",
        ClientDataRefusal::Challenge => "have a `challenge` that is no text",
        ClientDataRefusal::Origin => "have an `origin` that is no text",
        ClientDataRefusal::CrossOriginNotBoolean => "have a `crossOrigin` that is neither true nor false",
        ClientDataRefusal::TopOrigin => "have a `topOrigin` that is no text",
    }
    .to_owned()
}

fn json(refusal: JsonRefusal) -> &'static str {
    match refusal {
        JsonRefusal::Syntax => "is not JSON",
        JsonRefusal::DuplicateMember => "has a member twice",
        JsonRefusal::TooDeep => "nests deeper than any real one",
        JsonRefusal::TooMany => "has more members or items than any real one",
    }
}

pub(super) fn attestation_object(refusal: AttestationObjectRefusal) -> String {
    match refusal {
        AttestationObjectRefusal::TooLong => "is longer than 64 KiB".to_owned(),
        AttestationObjectRefusal::Cbor(refusal) => format!("is not canonical CBOR: {}", cbor(refusal)),
        AttestationObjectRefusal::NotAMap => "is no map".to_owned(),
        AttestationObjectRefusal::MemberMissing => "lacks `fmt`, `attStmt` or `authData`".to_owned(),
        AttestationObjectRefusal::MemberType => "has a member of the wrong type".to_owned(),
        AttestationObjectRefusal::ForeignMember => "has a member that does not belong there".to_owned(),
    }
}

pub(super) fn authenticator_data(refusal: AuthenticatorDataRefusal) -> String {
    match refusal {
        AuthenticatorDataRefusal::TooLong => "are longer than any real ones".to_owned(),
        AuthenticatorDataRefusal::Truncated => "end before what their flags announce".to_owned(),
        AuthenticatorDataRefusal::CredentialIdEmpty => "have an empty credential id".to_owned(),
        AuthenticatorDataRefusal::CredentialIdTooLong => {
            "have a credential id of more than 1023 bytes".to_owned()
        }
        AuthenticatorDataRefusal::PublicKeyCbor(refusal) => {
            format!("have a public key that is not canonical CBOR: {}", cbor(refusal))
        }
        AuthenticatorDataRefusal::ExtensionsCbor(refusal) => {
            format!("have extensions that are not canonical CBOR: {}", cbor(refusal))
        }
        AuthenticatorDataRefusal::Extensions(refusal) => {
            format!("have an extension output that cannot be taken: {}", extension(refusal))
        }
        AuthenticatorDataRefusal::TrailingBytes => "go on after what their flags announce".to_owned(),
    }
}

fn cbor(refusal: CborRefusal) -> &'static str {
    match refusal {
        CborRefusal::Truncated => "it ends too early",
        CborRefusal::TrailingBytes => "something follows it",
        CborRefusal::NotShortest => "a number is not in its shortest form",
        CborRefusal::IndefiniteLength => "a length is indefinite",
        CborRefusal::ReservedHead => "a head is reserved",
        CborRefusal::IntegerRange => "a number does not fit 64 bits",
        CborRefusal::NotUtf8 => "a text is not UTF-8",
        CborRefusal::KeyType => "a key is neither number nor text",
        CborRefusal::DuplicateKey => "a key occurs twice",
        CborRefusal::UnsortedKeys => "keys are out of order",
        CborRefusal::Tag => "there is a tag",
        CborRefusal::SimpleValue => "there is a value that is neither true, false nor null",
        CborRefusal::TooDeep => "it nests too deep",
        CborRefusal::TooManyEntries => "it announces too many entries",
    }
}

fn extension(refusal: ExtensionRefusal) -> &'static str {
    match refusal {
        ExtensionRefusal::Shape => "the outputs are no map of names",
        ExtensionRefusal::CredProtect => "`credProtect` is none of its levels",
        ExtensionRefusal::CredProps => "`credProps` is not what it must be",
        ExtensionRefusal::MinPinLength => "`minPinLength` is no length",
        ExtensionRefusal::HmacSecret => "`hmac-secret` is not what it must be",
        ExtensionRefusal::HmacSecretMc => "`hmac-secret-mc` is not what it must be",
        ExtensionRefusal::CredBlob => "`credBlob` is not what it must be",
        ExtensionRefusal::Uvm => "`uvm` is not one to three methods",
        ExtensionRefusal::Prf => "`prf` is not what it must be",
        ExtensionRefusal::LargeBlob => "`largeBlob` is not what it must be",
        ExtensionRefusal::TooLong => "an output is longer than it may be",
    }
}

pub(super) fn key(refusal: KeyRefusal) -> String {
    match refusal {
        KeyRefusal::Cbor(refusal) => return format!("is not canonical CBOR: {}", cbor(refusal)),
        KeyRefusal::NotAMap => "is no map",
        KeyRefusal::AlgorithmMissing => "does not say its algorithm",
        KeyRefusal::AlgorithmUnknown => "cannot be verified here",
        KeyRefusal::KeyType => "has a key type that is not its algorithm's",
        KeyRefusal::Curve => "has a curve that is not its algorithm's",
        KeyRefusal::MemberMissing => "lacks a member",
        KeyRefusal::MemberType => "has a member of the wrong type",
        KeyRefusal::ForeignMember => "has a member that no public key of its type has, such as a private one",
        KeyRefusal::CoordinateLength => "has a coordinate that is not of its curve's length",
        KeyRefusal::PointCompressed => "has a compressed point, which WebAuthn forbids",
        KeyRefusal::PointNotOnCurve => "has a point that is not on its curve",
        KeyRefusal::PointSmallOrder => "has a point of small order, under which forged signatures hold",
        KeyRefusal::RsaModulus => "has a modulus that is even, empty or begins with zeros",
        KeyRefusal::RsaModulusSize => "has a modulus of fewer than 2048 or more than 4096 bits",
        KeyRefusal::RsaExponent => "has an exponent that is even, 1 or longer than 64 bits",
        KeyRefusal::MlDsaLength => "has not the length of its parameter set",
        KeyRefusal::ScalarRange => "is out of its curve's range",
    }
    .to_owned()
}
