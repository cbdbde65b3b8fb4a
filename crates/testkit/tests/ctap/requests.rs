//! Requests that succeed in a furnished world, by the names that the list gives them.

use authenticator::Vault;
use authenticator::pin_protocol::Protocol;
use authenticator::platform::{HeldToken, large_blob_array};
use authenticator::token::Permissions;
use fido::CredentialDescriptor;
use fido::ctap::client_pin::{self, Subcommand};
use fido::ctap::extensions::{AssertionInputs, CreationInputs, HmacInput};
use fido::ctap::{Command, PinUvAuth, config, credential_management as management, get_assertion};
use fido::ctap::{large_blobs, make_credential};
use fido::extension::CredentialProtection;
use fido::options::{RelyingPartyEntity, UserEntity};
use primitives::cbor::{self, Key, Value};
use primitives::digest;
use primitives::entropy::SystemEntropy;

use crate::world::{HASH, PIN, SITE, World, changed};

/// A passkey of that user of [`SITE`], with built-in verification or a token.
pub(crate) fn creation(user: &[u8], auth: Option<PinUvAuth>) -> Vec<u8> {
    make_credential::Request { auth, ..creation_of(user) }.encode()
}

pub(crate) fn creation_of(user: &[u8]) -> make_credential::Request {
    make_credential::Request {
        client_data_hash: HASH,
        rp: RelyingPartyEntity { id: SITE.to_owned(), name: "Example".to_owned() },
        user: UserEntity { id: user.into(), name: "ada".to_owned(), display_name: "Ada".to_owned() },
        algorithms: vec![-7],
        exclude: vec![CredentialDescriptor::new(vec![9; 16], Vec::new())],
        cred_protect: Some(CredentialProtection::UserVerificationOptional),
        resident_key: true,
        user_presence: true,
        user_verification: true,
        ..make_credential::Request::default()
    }
}

pub(crate) fn assertion_of(world: &World) -> get_assertion::Request {
    get_assertion::Request {
        rp_id: SITE.to_owned(),
        client_data_hash: HASH,
        allow: world.ids.iter().map(|id| CredentialDescriptor::new(id.clone(), Vec::new())).collect(),
        user_presence: true,
        user_verification: true,
        ..get_assertion::Request::default()
    }
}

fn extended_creation(world: &mut World) -> make_credential::Request {
    let extensions = CreationInputs {
        hmac_secret: true,
        hmac_secret_mc: Some(salts(world, &[5; 32])),
        cred_blob: Some(b"blob".to_vec()),
        large_blob_key: true,
        min_pin_length: true,
        prf: None,
    };
    let attestation_formats = vec!["packed".to_owned()];
    make_credential::Request { extensions, attestation_formats, exclude: Vec::new(), ..creation_of(b"three") }
}

fn extended_assertion(world: &mut World) -> get_assertion::Request {
    let hmac_secret = Some(salts(world, &[5; 64]));
    let extensions = AssertionInputs { hmac_secret, cred_blob: true, large_blob_key: true, prf: None };
    get_assertion::Request { extensions, ..assertion_of(world) }
}

/// Input of `hmac-secret` for those salts.
pub(crate) fn salts(world: &mut World, salts: &[u8]) -> HmacInput {
    let session = world.session(Protocol::Two);
    let salt_enc = session.secret().seal(salts, &mut SystemEntropy);
    let salt_auth = session.secret().authenticate(&salt_enc);
    HmacInput { key_agreement: session.point().to_vec(), salt_enc, salt_auth, protocol: Some(2) }
}

/// The command of that name and its parameters, with the member at `path` missing, or null if `null`. The proof of a
/// token covers what is sent, so that it is never what is refused, unless `path` is about the proof.
pub(crate) fn request(name: &str, world: &mut World, change: Option<(&str, bool)>) -> (Command, Vec<u8>) {
    let (command, parameters) = unproved(name, world);
    let (param, protocol) = match command {
        Command::MakeCredential => ("0x8", "0x9"),
        Command::GetAssertion => ("0x6", "0x7"),
        Command::LargeBlobs => ("0x5", "0x6"),
        Command::CredentialManagement | Command::Config => ("0x4", "0x3"),
        _ => ("", ""),
    };
    let apply = |parameters: Vec<u8>, change: Option<(&str, bool)>| match change {
        Some((path, null)) => changed(&parameters, path, null),
        None => parameters,
    };
    let about_proof = change.filter(|(path, _)| *path == param || *path == protocol);
    let other = change.filter(|_| about_proof.is_none());
    let parameters = prove(name, command, apply(parameters, other), world);
    (command, apply(parameters, about_proof))
}

fn unproved(name: &str, world: &mut World) -> (Command, Vec<u8>) {
    if let Some(subcommand) = name.strip_prefix("clientPIN.") {
        return (Command::ClientPin, client_pin(subcommand, world).encode());
    }
    if let Some(subcommand) = name.strip_prefix("credentialManagement.") {
        return (Command::CredentialManagement, manage(subcommand, world).encode());
    }
    match name {
        "makeCredential" => (Command::MakeCredential, creation(b"three", None)),
        "makeCredential.extensions" => (Command::MakeCredential, extended_creation(world).encode()),
        "getAssertion" => (Command::GetAssertion, assertion_of(world).encode()),
        "getAssertion.extensions" => (Command::GetAssertion, extended_assertion(world).encode()),
        "config.toggleAlwaysUv" => {
            (Command::Config, config::Request::of(config::Subcommand::ToggleAlwaysUv, None).encode())
        }
        "config.setMinPINLength" => {
            let parameters = config::Parameters {
                new_min_pin_length: Some(6),
                min_pin_length_rp_ids: Some(vec![SITE.to_owned()]),
                force_change_pin: Some(false),
                pin_complexity_policy: Some(false),
            };
            let request = config::Request::of(config::Subcommand::SetMinPinLength, Some(parameters));
            (Command::Config, request.encode())
        }
        "largeBlobs.get" => {
            let request =
                large_blobs::Request { get: Some(100), offset: Some(0), ..large_blobs::Request::default() };
            (Command::LargeBlobs, request.encode())
        }
        "largeBlobs.set" => {
            let array = large_blob_array(&[0x80]);
            let request = large_blobs::Request {
                length: Some(u64::try_from(array.len()).unwrap()),
                set: Some(array),
                offset: Some(0),
                ..large_blobs::Request::default()
            };
            (Command::LargeBlobs, request.encode())
        }
        _ => panic!("no request is called {name}"),
    }
}

fn client_pin(subcommand: &str, world: &mut World) -> client_pin::Request {
    let session = world.session(Protocol::Two);
    let entropy = &mut SystemEntropy;
    match subcommand {
        "getPINRetries" => client_pin::Request::of(Subcommand::GetPinRetries),
        "getUVRetries" => client_pin::Request::of(Subcommand::GetUvRetries),
        "getKeyAgreement" => {
            client_pin::Request { protocol: Some(2), ..client_pin::Request::of(Subcommand::GetKeyAgreement) }
        }
        "setPIN" => {
            let mut state = world.key.vault().state().clone();
            state.pin = None;
            world.key.vault_mut().set_state(state).unwrap();
            session.set_pin(PIN, entropy)
        }
        "changePIN" => session.change_pin(PIN, "5678", entropy),
        "getPinToken" => session.pin_token(PIN, entropy),
        "getPinUvAuthTokenUsingPinWithPermissions" => {
            session.token_by_pin(PIN, (Permissions::DEFAULT, Some(SITE)), entropy)
        }
        "getPinUvAuthTokenUsingUvWithPermissions" => {
            session.token_by_verification(Permissions::DEFAULT, Some(SITE))
        }
        _ => panic!("no subcommand is called {subcommand}"),
    }
}

fn manage(subcommand: &str, world: &mut World) -> management::Request {
    use management::{Parameters, Request, Subcommand};
    let first = world.ids.first().cloned().unwrap_or_default();
    let credential = Some(CredentialDescriptor::new(first, Vec::new()));
    let rp_id_hash = Some(digest::sha256(SITE.as_bytes()));
    let user =
        UserEntity { id: b"one".as_slice().into(), name: "a".to_owned(), display_name: "A".to_owned() };
    let about = |parameters| Some(parameters);
    match subcommand {
        "getCredsMetadata" => Request::of(Subcommand::GetCredsMetadata, None),
        "enumerateRPsBegin" => Request::of(Subcommand::EnumerateRpsBegin, None),
        "enumerateRPsGetNextRP" => {
            let mut elsewhere = creation_of(b"one");
            elsewhere.rp.id = "example.com".to_owned();
            assert_eq!(world.send(Command::MakeCredential, &elsewhere.encode()), 0);
            let (command, begin) = request("credentialManagement.enumerateRPsBegin", world, None);
            assert_eq!(world.send(command, &begin), 0);
            Request::of(Subcommand::EnumerateRpsGetNextRp, None)
        }
        "enumerateCredentialsBegin" => Request::of(
            Subcommand::EnumerateCredentialsBegin,
            about(Parameters { rp_id_hash, ..Parameters::default() }),
        ),
        "enumerateCredentialsGetNextCredential" => {
            let (command, begin) = request("credentialManagement.enumerateCredentialsBegin", world, None);
            assert_eq!(world.send(command, &begin), 0);
            Request::of(Subcommand::EnumerateCredentialsGetNextCredential, None)
        }
        "deleteCredential" => Request::of(
            Subcommand::DeleteCredential,
            about(Parameters { credential, ..Parameters::default() }),
        ),
        "updateUserInformation" => Request::of(
            Subcommand::UpdateUserInformation,
            about(Parameters { credential, user: Some(user), ..Parameters::default() }),
        ),
        _ => panic!("no subcommand is called {subcommand}"),
    }
}

/// The parameters with the proof of a token for them.
fn prove(name: &str, command: Command, parameters: Vec<u8>, world: &mut World) -> Vec<u8> {
    let bits = match (command, name) {
        // These two want none.
        (_, "largeBlobs.get") => return parameters,
        (_, name) if name.contains("GetNext") => return parameters,
        (Command::MakeCredential, _) => 0x01,
        (Command::GetAssertion, _) => 0x02,
        (Command::CredentialManagement, _) => 0x04,
        (Command::LargeBlobs, _) => 0x10,
        (Command::Config, _) => 0x20,
        _ => return parameters,
    };
    let token = world.token(bits, None);
    with_proof(command, &parameters, &token)
}

/// The parameters with the proof of that token.
pub(crate) fn with_proof(command: Command, parameters: &[u8], token: &HeldToken) -> Vec<u8> {
    let value = cbor::parse_message(parameters).unwrap();
    let number = |key: i64| value.at(key).and_then(Value::as_integer).and_then(|it| u8::try_from(it).ok());
    let below = value.at(2).map(Value::encode).unwrap_or_default();
    let (message, param_key, protocol_key) = match command {
        Command::MakeCredential => (HASH.to_vec(), 8, 9),
        Command::GetAssertion => (HASH.to_vec(), 6, 7),
        Command::CredentialManagement => ([&[number(1).unwrap_or(0)], below.as_slice()].concat(), 4, 3),
        Command::Config => {
            let head = [&[0xff; 32][..], &[0x0d, number(1).unwrap_or(0)]].concat();
            ([head.as_slice(), &below].concat(), 4, 3)
        }
        _ => {
            let piece = value.at(2).and_then(Value::as_bytes).unwrap_or_default();
            let offset = value.at(3).and_then(Value::as_integer).unwrap_or(0);
            let offset = u32::try_from(offset).unwrap().to_le_bytes();
            let head = [&[0xff; 32][..], &[0x0c, 0], &offset].concat();
            ([head.as_slice(), &digest::sha256(piece)].concat(), 5, 6)
        }
    };
    let param = token.prove(&message);
    let mut members = value.as_map().unwrap().to_vec();
    members.push((Key::Integer(param_key), Value::Bytes(&param)));
    members.push((Key::Integer(protocol_key), Value::Integer(2)));
    Value::Map(members).encode()
}

/// The parameters with that value at that key.
pub(crate) fn bent(parameters: &[u8], key: i64, value: Value<'_>) -> Vec<u8> {
    let whole = cbor::parse_message(parameters).unwrap();
    let mut members = whole.as_map().unwrap().to_vec();
    members.retain(|(other, _)| *other != Key::Integer(key));
    members.push((Key::Integer(key), value));
    Value::Map(members).encode()
}
