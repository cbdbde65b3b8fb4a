//! Another implementation of Noise (snow) shakes hands with ours, as client and as phone, in both patterns, and talks
//! with it afterwards. Anything that either does not understand ends the run.

use std::process::ExitCode;

use hybrid::handshake::{Established, HandshakeRefusal, Initiator, MESSAGE, respond_contact, respond_qr};
use primitives::agreement::PrivateKey;
use primitives::digest;
use primitives::entropy::{self, Entropy};
use snow::{Builder, HandshakeState};

/// Handshakes of each kind.
const ROUNDS: u64 = 50;

/// Reproducible: a difference can be looked at again.
struct Seeded(u64, u64);

impl Entropy for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.1 = self.1.wrapping_add(1);
            let block = [self.0.to_be_bytes(), self.1.to_be_bytes()].concat();
            *byte = digest::sha256(&block).first().copied().unwrap_or_default();
        }
    }
}

/// What both sides know before.
struct Before {
    psk: [u8; 32],
    scalar: [u8; 32],
    ours: PrivateKey,
}

#[derive(Debug)]
enum Difference {
    Snow(#[expect(dead_code, reason = "printed")] snow::Error),
    Ours(#[expect(dead_code, reason = "printed")] HandshakeRefusal),
    Text,
    Hash,
    Key,
}

impl From<snow::Error> for Difference {
    fn from(error: snow::Error) -> Self {
        Difference::Snow(error)
    }
}

impl From<HandshakeRefusal> for Difference {
    fn from(refusal: HandshakeRefusal) -> Self {
        Difference::Ours(refusal)
    }
}

fn main() -> ExitCode {
    let kinds: [(&str, fn(u64) -> Result<(), Difference>); 4] = [
        ("KNpsk0, snow is the phone", |seed| code(seed, true)),
        ("KNpsk0, snow is the client", |seed| code(seed, false)),
        ("NKpsk0, snow is the phone", |seed| contact(seed, true)),
        ("NKpsk0, snow is the client", |seed| contact(seed, false)),
    ];
    for (name, kind) in kinds {
        if let Some((seed, difference)) =
            (0..ROUNDS).find_map(|seed| kind(seed).err().map(|found| (seed, found)))
        {
            eprintln!("{name}: seed {seed}: {difference:?}");
            return ExitCode::FAILURE;
        }
        println!("{name}: {ROUNDS} handshakes and talks agree");
    }
    ExitCode::SUCCESS
}

fn before(entropy: &mut Seeded) -> Result<Before, Difference> {
    let scalar = entropy::array(entropy);
    let ours = PrivateKey::from_scalar(scalar).map_err(|_| Difference::Key)?;
    Ok(Before { psk: entropy::array(entropy), scalar, ours })
}

fn code(seed: u64, snow_is_phone: bool) -> Result<(), Difference> {
    let mut entropy = Seeded(seed, 0);
    let Before { psk, scalar, ours: client_key } = before(&mut entropy)?;
    let public = client_key.public_uncompressed();
    let builder = Builder::new("Noise_KNpsk0_P256_AESGCM_SHA256".parse()?).psk(0, &psk)?.prologue(&[1])?;
    let ephemeral = PrivateKey::generate(&mut entropy);
    if snow_is_phone {
        let mut phone = builder.remote_public_key(&public)?.build_responder()?;
        let (client, first) = Initiator::qr(&psk, &client_key, ephemeral)?;
        let second = answer(&mut phone, &first)?;
        talk(phone, client.finish(Some(&client_key), &second)?, seed)
    } else {
        let mut client = builder.local_private_key(&scalar)?.build_initiator()?;
        let first = say(&mut client)?;
        let (second, phone) = respond_qr(&psk, &client_key.public_compressed(), &first, &ephemeral)?;
        hear(&mut client, &second)?;
        talk(client, phone, seed)
    }
}

fn contact(seed: u64, snow_is_phone: bool) -> Result<(), Difference> {
    let mut entropy = Seeded(seed, 1 << 32);
    let Before { psk, scalar, ours: identity } = before(&mut entropy)?;
    let public = identity.public_uncompressed();
    let builder = Builder::new("Noise_NKpsk0_P256_AESGCM_SHA256".parse()?).psk(0, &psk)?.prologue(&[0])?;
    let ephemeral = PrivateKey::generate(&mut entropy);
    if snow_is_phone {
        let mut phone = builder.local_private_key(&scalar)?.build_responder()?;
        let (client, first) = Initiator::contact(&psk, &public, ephemeral)?;
        let second = answer(&mut phone, &first)?;
        talk(phone, client.finish(None, &second)?, seed)
    } else {
        let mut client = builder.remote_public_key(&public)?.build_initiator()?;
        let first = say(&mut client)?;
        let (second, phone) = respond_contact(&psk, &identity, &first, &ephemeral)?;
        hear(&mut client, &second)?;
        talk(client, phone, seed)
    }
}

fn say(theirs: &mut HandshakeState) -> Result<Vec<u8>, Difference> {
    let mut message = vec![0; MESSAGE];
    let length = theirs.write_message(&[], &mut message)?;
    if length == MESSAGE { Ok(message) } else { Err(Difference::Text) }
}

fn hear(theirs: &mut HandshakeState, message: &[u8]) -> Result<(), Difference> {
    let mut text = [0; MESSAGE];
    if theirs.read_message(message, &mut text)? == 0 { Ok(()) } else { Err(Difference::Text) }
}

fn answer(theirs: &mut HandshakeState, message: &[u8]) -> Result<Vec<u8>, Difference> {
    hear(theirs, message)?;
    say(theirs)
}

/// Messages both ways. Ours are padded; snow knows nothing of that, so the padding is undone and made here.
fn talk(theirs: HandshakeState, mut ours: Established, seed: u64) -> Result<(), Difference> {
    if theirs.get_handshake_hash() != ours.hash {
        return Err(Difference::Hash);
    }
    let mut theirs = theirs.into_transport_mode()?;
    for number in 0..20_u8 {
        let text = vec![number; usize::try_from(seed).unwrap_or_default().wrapping_mul(7) % 200];
        let sealed = ours.cipher.seal(&text).map_err(|_| Difference::Text)?;
        let mut opened = vec![0; sealed.len()];
        let length = theirs.read_message(&sealed, &mut opened)?;
        if !opened.get(..length).is_some_and(|padded| padded.starts_with(&text)) {
            return Err(Difference::Text);
        }
        let mut padded = text.clone();
        padded.extend([0, 0, 2]);
        let mut sealed = vec![0; padded.len().saturating_add(16)];
        let length = theirs.write_message(&padded, &mut sealed)?;
        sealed.truncate(length);
        if *ours.cipher.open(&sealed).map_err(|_| Difference::Text)? != text {
            return Err(Difference::Text);
        }
    }
    Ok(())
}
