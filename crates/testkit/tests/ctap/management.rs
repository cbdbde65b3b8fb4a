//! Management of passkeys, configuration and large blobs.

use authenticator::platform::large_blob_array;
use fido::CredentialDescriptor;
use fido::ctap::{Command, config, credential_management as management, large_blobs};
use fido::options::UserEntity;
use primitives::cbor::{Key, Value};
use primitives::digest;
use primitives::time::Span;

use super::Case;
use crate::requests::{bent, request, with_proof};
use crate::world::{SITE, World};

/// Management of what `what` says, with a token for those permissions and that site.
fn about(
    world: &mut World,
    bits: u64,
    site: Option<&str>,
    what: impl FnOnce(&mut management::Parameters) -> management::Subcommand,
) -> u8 {
    let mut parameters = management::Parameters::default();
    let subcommand = what(&mut parameters);
    let token = world.token(bits, site);
    let request = token.manage(management::Request::of(subcommand, Some(parameters)));
    world.send(Command::CredentialManagement, &request.encode())
}

fn configure(world: &mut World, what: impl FnOnce(&mut config::Parameters)) -> u8 {
    let mut parameters = config::Parameters::default();
    what(&mut parameters);
    let token = world.token(0x20, None);
    let request = token.configure(config::Request::of(config::Subcommand::SetMinPinLength, Some(parameters)));
    world.send(Command::Config, &request.encode())
}

fn nothing() -> large_blobs::Request {
    large_blobs::Request::default()
}

fn blobs(world: &mut World, request: large_blobs::Request) -> u8 {
    world.send(Command::LargeBlobs, &request.encode())
}

/// A piece with the proof of a token for it.
fn write(world: &mut World, piece: &[u8], offset: u32, length: Option<u64>) -> u8 {
    let token = world.token(0x10, None);
    blobs(world, token.write(piece, offset, length))
}

pub(crate) const MANAGEMENT: &[Case] = &[
    ("credentialManagement-unknown-subcommand", |world| {
        let request = management::Request { subcommand: 8, ..management::Request::default() };
        world.send(Command::CredentialManagement, &request.encode())
    }),
    ("enumerateRPsGetNextRP-without-begin", |world| {
        let request = management::Request::of(management::Subcommand::EnumerateRpsGetNextRp, None);
        world.send(Command::CredentialManagement, &request.encode())
    }),
    ("credentialManagement-other-permission", |world| {
        let request = management::Request::of(management::Subcommand::GetCredsMetadata, None).encode();
        let token = world.token(0x33, None);
        let request = with_proof(Command::CredentialManagement, &request, &token);
        world.send(Command::CredentialManagement, &request)
    }),
    ("getCredsMetadata-token-for-a-site", |world| {
        let request = management::Request::of(management::Subcommand::GetCredsMetadata, None).encode();
        let token = world.token(0x04, Some("example.org"));
        let request = with_proof(Command::CredentialManagement, &request, &token);
        world.send(Command::CredentialManagement, &request)
    }),
    ("enumerateRPsBegin-empty", |world| {
        let world = &mut World::new(world.kind);
        let (command, request) = request("credentialManagement.enumerateRPsBegin", world, None);
        world.send(command, &request)
    }),
    ("deleteCredential-twice", |world| {
        let (command, first) = request("credentialManagement.deleteCredential", world, None);
        assert_eq!(world.send(command, &first), 0);
        world.send(command, &first)
    }),
    ("config-enterprise", |world| world.send(Command::Config, &[0xa1, 0x01, 0x01])),
    ("config-vendor", |world| world.send(Command::Config, &[0xa1, 0x01, 0x18, 0xff])),
    ("largeBlobs-nothing-asked", |world| world.send(Command::LargeBlobs, &[0xa1, 0x03, 0x00])),
    ("credentialManagement-without-protection", |world| {
        let request = management::Request::of(management::Subcommand::GetCredsMetadata, None);
        super::unprotected(world).send(Command::CredentialManagement, &request.encode())
    }),
    ("credentialManagement-protocol-3", |world| {
        let (command, whole) = request("credentialManagement.getCredsMetadata", world, None);
        world.send(command, &bent(&whole, 3, Value::Integer(3)))
    }),
    ("credentialManagement-proof-of-another-subcommand", |world| {
        let (command, whole) = request("credentialManagement.getCredsMetadata", world, None);
        world.send(command, &bent(&whole, 1, Value::Integer(2)))
    }),
    ("enumerateRPsGetNextRP-after-the-last", |world| {
        let (command, next) = request("credentialManagement.enumerateRPsGetNextRP", world, None);
        assert_eq!(world.send(command, &next), 0);
        world.send(command, &next)
    }),
    ("enumerateRPsGetNextRP-late", |world| {
        let (command, next) = request("credentialManagement.enumerateRPsGetNextRP", world, None);
        world.wait(Span::from_secs(31));
        world.send(command, &next)
    }),
    ("enumerateRPsGetNextRP-after-another-command", |world| {
        let (command, next) = request("credentialManagement.enumerateRPsGetNextRP", world, None);
        assert_eq!(world.send_bytes(&[0x04]), 0);
        world.send(command, &next)
    }),
    ("enumerateRPsGetNextRP-of-credentials", |world| {
        let (command, _) = request("credentialManagement.enumerateCredentialsGetNextCredential", world, None);
        let next = management::Request::of(management::Subcommand::EnumerateRpsGetNextRp, None);
        world.send(command, &next.encode())
    }),
    ("enumerateCredentialsBegin-unknown-site", |world| {
        about(world, 0x04, None, |about| {
            about.rp_id_hash = Some([9; 32]);
            management::Subcommand::EnumerateCredentialsBegin
        })
    }),
    ("enumerateCredentialsBegin-token-for-another-site", |world| {
        about(world, 0x04, Some("example.com"), |about| {
            about.rp_id_hash = Some(digest::sha256(SITE.as_bytes()));
            management::Subcommand::EnumerateCredentialsBegin
        })
    }),
    ("enumerateCredentialsBegin-hash-of-another-length", |world| {
        let hash = Value::Map(vec![(Key::Integer(1), Value::Bytes(&[9; 31]))]);
        let (command, whole) = request("credentialManagement.enumerateCredentialsBegin", world, None);
        world.send(command, &bent(&whole, 2, hash))
    }),
    ("deleteCredential-unknown", |world| {
        about(world, 0x04, None, |about| {
            about.credential = Some(CredentialDescriptor::new(vec![9; 16], Vec::new()));
            management::Subcommand::DeleteCredential
        })
    }),
    ("deleteCredential-token-for-another-site", |world| {
        let first = world.ids[0].clone();
        about(world, 0x04, Some("example.com"), |about| {
            about.credential = Some(CredentialDescriptor::new(first, Vec::new()));
            management::Subcommand::DeleteCredential
        })
    }),
    ("updateUserInformation-another-user", |world| {
        let first = world.ids[0].clone();
        about(world, 0x04, None, |about| {
            about.credential = Some(CredentialDescriptor::new(first, Vec::new()));
            about.user = Some(UserEntity { id: b"two".as_slice().into(), ..UserEntity::default() });
            management::Subcommand::UpdateUserInformation
        })
    }),
    ("config-other-permission", |world| {
        let parameters = config::Request::of(config::Subcommand::ToggleAlwaysUv, None).encode();
        let token = world.token(0x17, None);
        world.send(Command::Config, &with_proof(Command::Config, &parameters, &token))
    }),
    ("config-without-protection", |world| {
        let parameters = config::Request::of(config::Subcommand::ToggleAlwaysUv, None).encode();
        super::unprotected(world).send(Command::Config, &parameters)
    }),
    ("setMinPINLength-shorter", |world| configure(world, |asked| asked.new_min_pin_length = Some(3))),
    ("setMinPINLength-64", |world| configure(world, |asked| asked.new_min_pin_length = Some(64))),
    ("setMinPINLength-of-2-to-the-40", |world| {
        configure(world, |asked| asked.new_min_pin_length = Some(1 << 40))
    }),
    ("setMinPINLength-nine-sites", |world| {
        configure(world, |asked| asked.min_pin_length_rp_ids = Some(vec![SITE.to_owned(); 9]))
    }),
    ("setMinPINLength-force-without-PIN", |world| {
        let world = &mut World::new(world.kind);
        configure(world, |asked| asked.force_change_pin = Some(true))
    }),
    ("setMinPINLength-policy", |world| configure(world, |asked| asked.pin_complexity_policy = Some(true))),
    ("setMinPINLength-without-parameters", |world| {
        let parameters = config::Request::of(config::Subcommand::SetMinPinLength, None).encode();
        let token = world.token(0x20, None);
        world.send(Command::Config, &with_proof(Command::Config, &parameters, &token))
    }),
    ("largeBlobs-both-asked", |world| {
        blobs(world, large_blobs::Request { get: Some(1), set: Some(vec![1]), offset: Some(0), ..nothing() })
    }),
    ("largeBlobs-get-too-much", |world| {
        blobs(world, large_blobs::Request { get: Some(7546), offset: Some(0), ..nothing() })
    }),
    ("largeBlobs-get-at-the-end", |world| {
        blobs(world, large_blobs::Request { get: Some(1), offset: Some(17), ..nothing() })
    }),
    ("largeBlobs-get-beyond", |world| {
        blobs(world, large_blobs::Request { get: Some(1), offset: Some(18), ..nothing() })
    }),
    ("largeBlobs-get-far-beyond", |world| {
        blobs(world, large_blobs::Request { get: Some(1), offset: Some(1 << 62), ..nothing() })
    }),
    ("largeBlobs-get-with-length", |world| {
        blobs(world, large_blobs::Request { get: Some(1), offset: Some(0), length: Some(17), ..nothing() })
    }),
    ("largeBlobs-set-larger-than-there-is-room", |world| write(world, &[0; 17], 0, Some(32 * 1024 + 1))),
    ("largeBlobs-set-shorter-than-the-least", |world| write(world, &[0; 16], 0, Some(16))),
    ("largeBlobs-set-more-than-said", |world| write(world, &[0; 18], 0, Some(17))),
    ("largeBlobs-set-out-of-order", |world| {
        assert_eq!(write(world, &[0; 10], 0, Some(40)), 0);
        write(world, &[0; 10], 11, None)
    }),
    ("largeBlobs-set-without-a-beginning", |world| write(world, &[0; 10], 10, None)),
    ("largeBlobs-set-with-length-in-the-middle", |world| write(world, &[0; 10], 10, Some(40))),
    ("largeBlobs-set-wrong-digest", |world| write(world, &[0; 17], 0, Some(17))),
    ("largeBlobs-set-after-power-cycle", |world| {
        assert_eq!(write(world, &[0; 10], 0, Some(40)), 0);
        world.power_cycle();
        write(world, &[0; 10], 10, None)
    }),
    ("largeBlobs-set-other-permission", |world| {
        let token = world.token(0x27, None);
        blobs(world, token.write(&large_blob_array(&[0x80]), 0, Some(17)))
    }),
    ("largeBlobs-set-without-protection", |world| {
        let set = Some(large_blob_array(&[0x80]));
        let request = large_blobs::Request { set, offset: Some(0), length: Some(17), ..nothing() };
        blobs(&mut super::unprotected(world), request)
    }),
];
