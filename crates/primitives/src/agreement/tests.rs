use super::*;
use crate::encoding::{from_hex, hex};
use crate::entropy::SystemEntropy;

/// RFC 5903 section 8.1.
const INITIATOR: &str = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
const INITIATOR_X: &str = "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180";
const INITIATOR_Y: &str = "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3";
const RESPONDER: &str = "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53";
const SHARED: &str = "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de";

fn key(scalar: &str) -> PrivateKey {
    PrivateKey::from_scalar(from_hex(scalar).unwrap().try_into().unwrap())
        .unwrap_or_else(|_| panic!("{scalar}"))
}

fn agreed(key: &PrivateKey, peer: &[u8]) -> Result<String, BadPoint> {
    key.agree(peer).map(|shared| hex(shared.as_slice()))
}

#[test]
fn the_answer_of_rfc_5903() {
    let (ours, theirs) = (key(INITIATOR), key(RESPONDER));
    assert_eq!(hex(&ours.public_uncompressed()), format!("04{INITIATOR_X}{INITIATOR_Y}"));
    assert_eq!(hex(&ours.public_compressed()), format!("03{INITIATOR_X}"));
    assert_eq!(agreed(&ours, &theirs.public_uncompressed()), Ok(SHARED.to_owned()));
    assert_eq!(agreed(&ours, &theirs.public_compressed()), Ok(SHARED.to_owned()));
    assert_eq!(agreed(&theirs, &ours.public_compressed()), Ok(SHARED.to_owned()));
}

#[test]
fn both_signs_of_y_are_compressed() {
    // The key of the QR code among the vectors of the hybrid transport.
    let even = key(&"11".repeat(32));
    assert_eq!(
        hex(&even.public_compressed()),
        "020217e617f0b6443928278f96999e69a23a4f2c152bdf6d6cdf66e5b80282d4ed"
    );
}

#[test]
fn numbers_out_of_range_are_no_keys() {
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let below = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
    for scalar in ["00".repeat(32), order.to_owned(), "ff".repeat(32)] {
        let bytes = from_hex(&scalar).unwrap().try_into().unwrap();
        assert_eq!(PrivateKey::from_scalar(bytes).err(), Some(BadScalar), "{scalar}");
    }
    let _ = key(below);
}

#[test]
fn what_is_no_point_is_refused() {
    let ours = key(INITIATOR);
    let good = key(RESPONDER).public_uncompressed();
    let mut off_curve = good;
    off_curve[64] ^= 1;
    let mut hybrid = good;
    hybrid[0] = 6 | (good[64] & 1);
    let mut infinity_like = [0; UNCOMPRESSED];
    infinity_like[0] = 4;
    let mut no_such_x = [0xff; COMPRESSED];
    no_such_x[0] = 2;
    for bad in [&off_curve[..], &hybrid, &infinity_like, &no_such_x, &[0], &[], &good[..64]] {
        assert_eq!(agreed(&ours, bad), Err(BadPoint), "{}", hex(bad));
    }
    for length in 0..200 {
        assert_eq!(agreed(&ours, &vec![0x30; length]), Err(BadPoint), "{length}");
    }
}

#[test]
fn fresh_keys_agree_and_a_source_that_is_stuck_comes_to_an_end() {
    let (one, two) = (PrivateKey::generate(&mut SystemEntropy), PrivateKey::generate(&mut SystemEntropy));
    assert_ne!(one.public_uncompressed(), two.public_uncompressed());
    assert_eq!(agreed(&one, &two.public_compressed()), agreed(&two, &one.public_compressed()));

    struct Stuck(u8);
    impl Entropy for Stuck {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(self.0);
        }
    }
    for byte in [0, 0xff] {
        let _ = PrivateKey::generate(&mut Stuck(byte));
    }
}

#[test]
fn a_compressed_point_gets_its_other_coordinate_back() {
    for byte in 1..40 {
        let key = PrivateKey::from_scalar([byte; 32]).unwrap();
        assert_eq!(uncompressed(&key.public_compressed()), Ok(key.public_uncompressed()), "{byte}");
        assert_eq!(uncompressed(&key.public_uncompressed()), Ok(key.public_uncompressed()));
    }
    for nonsense in [&[][..], &[2; 32], &[4; 65], &[5; 33], &[0], &[6; 65]] {
        assert_eq!(uncompressed(nonsense), Err(BadPoint), "{nonsense:?}");
    }
}
