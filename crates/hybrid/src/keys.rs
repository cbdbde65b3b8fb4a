//! What is derived from the secret of a QR code or of a link (CTAP 2.3 section 11.5.1.2).

use primitives::hkdf;
use zeroize::Zeroizing;

/// What a derived key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    EidKey,
    TunnelId,
    Psk,
}

impl Purpose {
    fn info(self) -> [u8; 4] {
        let number: u32 = match self {
            Purpose::EidKey => 1,
            Purpose::TunnelId => 2,
            Purpose::Psk => 3,
        };
        number.to_le_bytes()
    }
}

/// The two keys of the advertisement: 32 bytes to encrypt, 32 to authenticate. The salt is empty for a QR code and
/// the client's nonce for a link.
pub fn eid_key(secret: &[u8], salt: &[u8]) -> Zeroizing<[u8; 64]> {
    let mut out = Zeroizing::new([0; 64]);
    hkdf::sha256(salt, secret, &Purpose::EidKey.info(), out.as_mut_slice());
    out
}

/// The name under which both sides of a QR code meet at the tunnel service.
pub fn tunnel_id(secret: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    hkdf::sha256(&[], secret, &Purpose::TunnelId.info(), &mut out);
    out
}

/// The key that both have before the handshake: of the secret, and of what the phone sent by radio.
pub fn psk(secret: &[u8], eid: &[u8; 16]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    hkdf::sha256(eid, secret, &Purpose::Psk.info(), out.as_mut_slice());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use primitives::encoding::hex;

    const SECRET: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    #[test]
    fn the_known_keys() {
        assert_eq!(
            hex(eid_key(&SECRET, &[]).as_slice()),
            "d06e92859fa9afce38139c04dae7f64196acfdb9a28dffb326f3a8f2cc0788e2\
             28bd73c3484f2f7de169d9b087c30e6f409e70bc86f5d65e03d762b4b0df2af7"
        );
        assert_eq!(hex(&tunnel_id(&SECRET)), "de1d8150b45f03349b2b00a52e2e893e");
        let eid = [0, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0xa1, 0xb2, 0xc3, 0, 0];
        assert_eq!(
            hex(psk(&SECRET, &eid).as_slice()),
            "c835a629cee43d8bf66afa4c5f206fa9cb5b52e50a402b6bbe85e82ceac667f7"
        );
    }
}
