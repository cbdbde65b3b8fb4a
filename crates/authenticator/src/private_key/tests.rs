use primitives::cose::{Algorithm, KeyRefusal, SigningKey};
use primitives::entropy::{Entropy, SystemEntropy};
use zeroize::Zeroizing;

use super::{P256_ORDER, PrivateKey};

fn of(algorithm: Algorithm, seed: [u8; 32]) -> Result<PrivateKey, KeyRefusal> {
    PrivateKey::from_seed(algorithm, Zeroizing::new(seed))
}

#[test]
fn a_seed_is_the_key_that_signing_key_makes_of_it() {
    for algorithm in Algorithm::ALL {
        let Ok(key) = of(algorithm, [7; 32]) else { continue };
        let eager = SigningKey::from_seed(algorithm, &[7; 32]).unwrap();
        assert_eq!(key.public_key(), eager.public_key());
        assert_eq!(key.public_key().verify(b"message", &key.sign(b"message")), Ok(()));
        assert_eq!(key.seed(), Some(&[7; 32]));
        assert_eq!(key.clone(), key);
    }
}

#[test]
fn what_is_no_seed_is_refused_before_it_is_used() {
    let mut last = P256_ORDER;
    last[31] -= 1;
    for algorithm in [Algorithm::Es256, Algorithm::Esp256] {
        assert_eq!(of(algorithm, [0; 32]), Err(KeyRefusal::ScalarRange));
        assert_eq!(of(algorithm, P256_ORDER), Err(KeyRefusal::ScalarRange));
        assert_eq!(of(algorithm, [0xff; 32]), Err(KeyRefusal::ScalarRange));
        let key = of(algorithm, last).unwrap();
        assert_eq!(key.public_key().verify(b"m", &key.sign(b"m")), Ok(()));
    }
    for algorithm in [Algorithm::EdDsa, Algorithm::MlDsa44, Algorithm::Es384, Algorithm::Es512] {
        for seed in [[0; 32], [0xff; 32]] {
            let key = of(algorithm, seed).unwrap();
            assert_eq!(key.public_key().algorithm(), algorithm, "parsed without a panic");
        }
    }
    assert_eq!(of(Algorithm::Rs256, [7; 32]), Err(KeyRefusal::KeyType));
    assert_eq!(of(Algorithm::Ps256, [7; 32]), Err(KeyRefusal::KeyType));
}

/// Gives what is no scalar first.
struct Unlucky(bool);

impl Entropy for Unlucky {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(if std::mem::replace(&mut self.0, true) { 5 } else { 0xff });
    }
}

#[test]
fn generating_draws_again_and_knows_rsa() {
    let key = PrivateKey::generate(Algorithm::Es256, &mut Unlucky(false)).unwrap();
    assert_eq!(key.seed(), Some(&[5; 32]));
    let key = PrivateKey::generate(Algorithm::Rs256, &mut SystemEntropy).unwrap();
    assert_eq!((key.seed(), key.algorithm()), (None, Algorithm::Rs256));
    assert_eq!(format!("{key:?}"), "PrivateKey(Rs256)");
}
