//! The handshake (CTAP 2.3 section 11.5.1.4): Noise with P-256, AES-256-GCM and SHA-256, patterns KNpsk0 and NKpsk0
//! (the Noise Protocol Framework, revision 34).
//!
//! Each side sends one message of 81 bytes. Whoever lacks the key that comes of code and advertisement fails at the
//! first; whoever has not the private key of the code, or of the link, at the second.

mod symmetric;

use primitives::agreement::{self, PrivateKey};
use zeroize::Zeroizing;

use crate::frame::Cipher;
use symmetric::{Split, Symmetric};

/// A message: an uncompressed point and the tag of an empty text.
pub const MESSAGE: usize = 65 + 16;

const KN: &[u8; 31] = b"Noise_KNpsk0_P256_AESGCM_SHA256";
const NK: &[u8; 31] = b"Noise_NKpsk0_P256_AESGCM_SHA256";

/// A finished handshake.
pub struct Established {
    /// What encrypts from here on.
    pub cipher: Cipher,
    /// The digest of all that was said, which a link's signature covers.
    pub hash: [u8; 32],
}

/// The client's half, between its message and the phone's.
pub struct Initiator {
    state: Symmetric,
    ephemeral: PrivateKey,
}

impl Initiator {
    /// For a QR code: the phone knows the client's key. Returns the first message, too.
    pub fn qr(
        psk: &[u8; 32],
        client_key: &PrivateKey,
        ephemeral: PrivateKey,
    ) -> Result<(Self, Vec<u8>), HandshakeRefusal> {
        let mut state = Symmetric::new(KN, &[1]);
        state.mix_hash(&client_key.public_uncompressed());
        state.mix_psk(psk);
        let message = Self::first(&mut state, &ephemeral, None)?;
        Ok((Self { state, ephemeral }, message))
    }

    /// For a contact: the client knows the phone's key. Returns the first message, too.
    pub fn contact(
        psk: &[u8; 32],
        identity: &[u8; 65],
        ephemeral: PrivateKey,
    ) -> Result<(Self, Vec<u8>), HandshakeRefusal> {
        let mut state = Symmetric::new(NK, &[0]);
        state.mix_hash(identity);
        state.mix_psk(psk);
        let message = Self::first(&mut state, &ephemeral, Some(identity))?;
        Ok((Self { state, ephemeral }, message))
    }

    fn first(
        state: &mut Symmetric,
        ephemeral: &PrivateKey,
        identity: Option<&[u8; 65]>,
    ) -> Result<Vec<u8>, HandshakeRefusal> {
        let mut message = ephemeral.public_uncompressed().to_vec();
        state.mix_ephemeral(&message);
        if let Some(identity) = identity {
            state.mix_key(agreed(ephemeral, identity)?.as_slice());
        }
        message.extend(state.seal(&[]));
        Ok(message)
    }

    /// Reads the phone's message. The client's key of the code is needed again, none for a contact.
    pub fn finish(
        mut self,
        client_key: Option<&PrivateKey>,
        message: &[u8],
    ) -> Result<Established, HandshakeRefusal> {
        let (point, tag) = parts(message)?;
        self.state.mix_ephemeral(point);
        self.state.mix_key(agreed(&self.ephemeral, point)?.as_slice());
        if let Some(client_key) = client_key {
            self.state.mix_key(agreed(client_key, point)?.as_slice());
        }
        self.state.open_empty(tag)?;
        let Split { first, second, hash } = self.state.split();
        Ok(Established { cipher: Cipher::new(&first, &second), hash })
    }
}

/// The phone's half for a QR code: reads the client's message, and returns its own.
pub fn respond_qr(
    psk: &[u8; 32],
    client_key: &[u8; 33],
    message: &[u8],
    ephemeral: &PrivateKey,
) -> Result<(Vec<u8>, Established), HandshakeRefusal> {
    let client = agreement::uncompressed(client_key).map_err(|_| HandshakeRefusal::Point)?;
    let (point, tag) = parts(message)?;
    let mut state = Symmetric::new(KN, &[1]);
    state.mix_hash(&client);
    state.mix_psk(psk);
    state.mix_ephemeral(point);
    state.open_empty(tag)?;
    let mut reply = ephemeral.public_uncompressed().to_vec();
    state.mix_ephemeral(&reply);
    state.mix_key(agreed(ephemeral, point)?.as_slice());
    state.mix_key(agreed(ephemeral, &client)?.as_slice());
    reply.extend(state.seal(&[]));
    Ok((reply, responded(state)))
}

/// The phone's half for a contact: reads the client's message, and returns its own.
pub fn respond_contact(
    psk: &[u8; 32],
    identity: &PrivateKey,
    message: &[u8],
    ephemeral: &PrivateKey,
) -> Result<(Vec<u8>, Established), HandshakeRefusal> {
    let (point, tag) = parts(message)?;
    let mut state = Symmetric::new(NK, &[0]);
    state.mix_hash(&identity.public_uncompressed());
    state.mix_psk(psk);
    state.mix_ephemeral(point);
    state.mix_key(agreed(identity, point)?.as_slice());
    state.open_empty(tag)?;
    let mut reply = ephemeral.public_uncompressed().to_vec();
    state.mix_ephemeral(&reply);
    state.mix_key(agreed(ephemeral, point)?.as_slice());
    reply.extend(state.seal(&[]));
    Ok((reply, responded(state)))
}

/// The first key is the client's to send with.
fn responded(state: Symmetric) -> Established {
    let Split { first, second, hash } = state.split();
    Established { cipher: Cipher::new(&second, &first), hash }
}

fn agreed(key: &PrivateKey, peer: &[u8]) -> Result<Zeroizing<[u8; 32]>, HandshakeRefusal> {
    key.agree(peer).map_err(|_| HandshakeRefusal::Point)
}

fn parts(message: &[u8]) -> Result<(&[u8; 65], &[u8; 16]), HandshakeRefusal> {
    let (point, tag) = message.split_first_chunk::<65>().ok_or(HandshakeRefusal::Length)?;
    let tag = tag.try_into().map_err(|_| HandshakeRefusal::Length)?;
    if !matches!(point, [4, ..]) {
        return Err(HandshakeRefusal::Point);
    }
    Ok((point, tag))
}

/// Why a handshake fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandshakeRefusal {
    /// A message is not 81 bytes long.
    Length,
    /// What should be a point of the curve is none.
    Point,
    /// The other side has not the same keys: it has not seen the code or not heard the advertisement, or somebody
    /// changed a message.
    Proof,
}

impl HandshakeRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            HandshakeRefusal::Length => "handshake_length",
            HandshakeRefusal::Point => "handshake_point",
            HandshakeRefusal::Proof => "handshake_proof",
        }
    }
}

#[cfg(test)]
mod tests;
