//! Another authenticator (1Password's passkey-authenticator, with RustCrypto underneath) and ours get the same requests.
//! Each side's messages are read by the other, signatures are checked with the other's arithmetic, and a passkey of ours
//! signs on the other side. Anything that either does not understand ends the run.

mod ours;
mod theirs;
mod wire;

use std::process::ExitCode;

use authenticator::ctap2::Transport;
use fido::authenticator_data::AuthenticatorData;
use fido::ctap::{get_assertion, get_info, make_credential};
use passkey_types::ctap2 as other;
use primitives::cose::{Algorithm, PublicKey};

use crate::ours::Ours;
use crate::theirs::Theirs;

/// Passkeys of each algorithm.
const ROUNDS: u8 = 20;
/// Those that Keyfob makes.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa44];

/// What was to be and was not.
type Checked<T> = Result<T, String>;

fn main() -> ExitCode {
    let mut failed = false;
    let mut told = |what: &str, checked: Checked<u32>| match checked {
        Ok(count) => println!("{what}: {count} agree"),
        Err(difference) => {
            eprintln!("{what}: {difference}");
            failed = true;
        }
    };
    for algorithm in ALGORITHMS {
        told(
            &format!("{algorithm:?}, passkeys of ours, read and used by the other"),
            each(algorithm, of_ours),
        );
        told(&format!("{algorithm:?}, passkeys of the other, read by ours"), each(algorithm, of_theirs));
    }
    told("secrets of prf", each(Algorithm::Es256, secrets));
    told("refusals", refusals());
    told("getInfo", infos());
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn each(algorithm: Algorithm, check: fn(Algorithm, u8) -> Checked<()>) -> Checked<u32> {
    (0..ROUNDS).try_for_each(|round| {
        check(algorithm, round).map_err(|difference| format!("round {round}: {difference}"))
    })?;
    Ok(u32::from(ROUNDS))
}

/// Whether two things are the same, by the name of what they are.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, ours: T, theirs: T) -> Checked<()> {
    if ours == theirs { Ok(()) } else { Err(format!("{what}: ours {ours:02x?}, theirs {theirs:02x?}")) }
}

/// What the other side asks, read and answered by ours; what ours answers, read by the other side, whose arithmetic
/// checks the signatures; and the passkey signs over there.
fn of_ours(algorithm: Algorithm, round: u8) -> Checked<()> {
    let mut ours = Ours::new();
    let asked = wire::creation(algorithm, round)?;
    let message = wire::canonical(&asked)?;
    let read = make_credential::Request::parse(&message).map_err(|refusal| format!("{refusal:?}"))?;
    same("RP ID", read.rp.id.as_str(), asked.rp.id.as_str())?;
    same("user handle", read.user.id.to_vec(), asked.user.id.to_vec())?;
    same("names", (&read.user.name, &read.user.display_name), (&asked.user.name, &asked.user.display_name))?;
    same("algorithms", read.algorithms, vec![-65535, algorithm.id()])?;
    same("rk and uv", (read.resident_key, read.user_verification), (asked.options.rk, asked.options.uv))?;

    let reply = ours.approve(Transport::Usb, 0x01, &message)?;
    let response: other::make_credential::Response = wire::read(&reply)?;
    let raw = make_credential::Response::parse(&reply).map_err(|refusal| format!("{refusal:?}"))?;
    same("authenticator data", raw.object.authenticator_data.to_vec(), response.auth_data.to_vec())?;
    same("format", response.fmt.as_str(), "packed")?;
    let credential = ours.newest()?;
    let attested = response.auth_data.attested_credential_data.as_ref().ok_or("no credential")?;
    same("credential id", credential.id.as_slice(), attested.credential_id())?;
    let mut key = theirs::secret_key(&credential.key)?;
    same("public key", credential.key.public_key().encode(), theirs::public_cose(&key)?)?;
    let signed = [raw.object.authenticator_data, &asked.client_data_hash].concat();
    theirs::verify(&key, &signed, &theirs::statement_signature(&response.att_stmt)?)?;

    let question = wire::assertion(round, &credential.id);
    let message = wire::canonical(&question)?;
    let reply = ours.approve(Transport::Usb, 0x02, &message)?;
    let response: other::get_assertion::Response = wire::read(&reply)?;
    let signed = [response.auth_data.to_vec().as_slice(), &question.client_data_hash].concat();
    theirs::verify(&key, &signed, &response.signature)?;
    same("user", response.user.map(|user| user.id.to_vec()), Some(asked.user.id.to_vec()))?;

    let mut theirs = Theirs::holding(ours.newest()?, &mut key)?;
    let moved =
        theirs.get(question).map_err(|status| format!("the other refuses our passkey: {status:#04x}"))?;
    same("credential", moved.credential.map(|it| it.id.to_vec()), Some(ours.newest()?.id.clone()))?;
    same("hash of the RP ID", response.auth_data.rp_id_hash(), moved.auth_data.rp_id_hash())?;
    let signed = [moved.auth_data.to_vec().as_slice(), &wire::hash(round)].concat();
    let public = ours.newest()?.key.public_key();
    public.verify(&signed, &moved.signature).map_err(|_| "our arithmetic refuses their signature".to_owned())
}

/// What the other side makes and signs, read and checked by ours.
fn of_theirs(algorithm: Algorithm, round: u8) -> Checked<()> {
    let mut theirs = Theirs::empty();
    let asked = wire::creation(algorithm, round)?;
    let made = theirs.make(asked).map_err(|status| format!("the other makes none: {status:#04x}"))?;
    let bytes = wire::canonical(&made)?;
    let read = make_credential::Response::parse(&bytes).map_err(|refusal| format!("{refusal:?}"))?;
    let data =
        AuthenticatorData::parse(read.object.authenticator_data).map_err(|refusal| format!("{refusal:?}"))?;
    same("flags", data.flags.user_present() && data.flags.user_verified(), true)?;
    let attested = data.attested_credential.ok_or("no credential")?;
    let key = PublicKey::parse_registered(attested.public_key).map_err(|refusal| format!("{refusal:?}"))?;
    same("algorithm", key.algorithm(), algorithm)?;

    let id = attested.credential_id.to_vec();
    let given =
        theirs.get(wire::assertion(round, &id)).map_err(|status| format!("no assertion: {status:#04x}"))?;
    let bytes = wire::canonical(&given)?;
    let read = get_assertion::Response::parse(&bytes).map_err(|refusal| format!("{refusal:?}"))?;
    same("credential", &read.credential_id, &id)?;
    let signed = [read.authenticator_data.as_slice(), &wire::hash(round)].concat();
    key.verify(&signed, &read.signature).map_err(|_| "our arithmetic refuses their signature".to_owned())
}

/// From the same CredRandom and salts come the same secrets, with verification and without.
fn secrets(algorithm: Algorithm, round: u8) -> Checked<()> {
    for verified in [true, false] {
        let mut ours = Ours::new();
        ours.approve(Transport::Usb, 0x01, &wire::canonical(&wire::creation(algorithm, round)?)?)?;
        let credential = ours.newest()?;
        let mut theirs = Theirs::holding(credential, &mut theirs::secret_key(&credential.key)?)?;
        let salts = [[round; 32], [round ^ 0xff; 32]];
        let ours = ours.prf(round, verified, salts)?;
        same("secrets", ours, theirs.prf(round, verified, salts)?)?;
    }
    Ok(())
}

/// The same requests are refused with the same status.
fn refusals() -> Checked<u32> {
    let mut ours = Ours::new();
    let mut theirs = Theirs::empty();
    theirs.make(wire::creation(Algorithm::Es256, 0)?).map_err(|status| format!("{status:#04x}"))?;
    ours.approve(Transport::Usb, 0x01, &wire::canonical(&wire::creation(Algorithm::Es256, 0)?)?)?;
    let mut count = 0_u32;
    let rows: [(&str, fn(&mut other::make_credential::Request)); 2] = [
        ("no algorithm that it can do", |request| request.pub_key_cred_params.truncate(1)),
        ("up false", |request| request.options.up = false),
    ];
    for (what, change) in rows {
        let altered = || {
            wire::creation(Algorithm::Es256, 1).map(|mut request| {
                change(&mut request);
                request
            })
        };
        let mut message = wire::canonical(&altered()?)?;
        if !altered()?.options.up {
            message = wire::without_presence(&message)?;
        }
        let refused = ours.approve(Transport::Usb, 0x01, &message);
        let status = theirs.make(altered()?).err().unwrap_or(0);
        same(what, refused.err(), Some(ours::refusal(status)))?;
        count += 1;
    }
    let unknown = || wire::assertion(1, &[9; 16]);
    let refused = ours.approve(Transport::Usb, 0x02, &wire::canonical(&unknown())?);
    let status = theirs.get(unknown()).err().unwrap_or(0);
    same("no such credential", refused.err(), Some(ours::refusal(status)))?;
    Ok(count + 1)
}

/// Each side reads what the other says about itself.
fn infos() -> Checked<u32> {
    let ours = Ours::new();
    for transport in [Transport::Usb, Transport::Hybrid] {
        let info: other::get_info::Response = wire::read(&ours.info(transport))?;
        same("aaguid", info.aaguid.0, authenticator::authenticator::KEYFOB_SOFTWARE)?;
        same("versions", info.versions.len(), 2)?;
        same("algorithms", info.algorithms.map(|all| all.len()), Some(ALGORITHMS.len()))?;
        let options = info.options.ok_or("no options")?;
        same("rk", options.rk, true)?;
        same("uv", options.uv, Some(true))?;
    }
    let theirs = wire::canonical(&Theirs::empty().info())?;
    let read = get_info::Response::parse(&theirs).map_err(|refusal| format!("{refusal:?}"))?;
    same("versions", read.versions.first().map(String::as_str), Some("FIDO_2_0"))?;
    same("rk", read.option("rk"), Some(true))?;
    Ok(3)
}
