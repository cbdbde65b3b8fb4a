use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;

use super::*;

fn ring() -> KeyRing {
    KeyRing::generate(Timestamp::from_secs(1), &mut SystemEntropy)
}

#[test]
fn what_is_spelt_is_read() {
    let mut ring = ring();
    let mut seen = std::collections::BTreeSet::new();
    for generation in [0, 1, 2, u64::MAX] {
        for grant in [[0; 16], [9; 16], [255; 16]] {
            let token = RefreshToken { grant, generation };
            let text = token.spell(&ring);
            assert_eq!(text.len(), 84);
            assert!(text.starts_with("kwr_"));
            assert_eq!(RefreshToken::read(&ring, &text), Some(token));
            assert_eq!(token.spell(&ring), text, "computed, not drawn");
            assert!(seen.insert(text.clone()));
            ring.rotate(Timestamp::from_secs(2), &mut SystemEntropy);
            assert_eq!(RefreshToken::read(&ring, &text), Some(token), "a retired root key still checks");
        }
    }
}

#[test]
fn nothing_else_is_read() {
    let ring = ring();
    let token = RefreshToken { grant: [9; 16], generation: 7 };
    let text = token.spell(&ring);
    assert_eq!(RefreshToken::read(&self::ring(), &text), None, "of another deployment");
    for index in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        assert_eq!(
            RefreshToken::read(&ring, std::str::from_utf8(&changed).unwrap()),
            None,
            "character {index}"
        );
        assert_eq!(RefreshToken::read(&ring, &text[..index]), None, "cut at {index}");
    }
    for nonsense in
        ["", "kwr_", &format!("{text}A"), &format!(" {text}"), &text.replace("kwr_", "kws_"), &"ü".repeat(42)]
    {
        assert_eq!(RefreshToken::read(&ring, nonsense), None, "{nonsense}");
    }
    // A MAC for another purpose over the same bytes.
    let mac = ring.mac(Purpose::AccessToken, &[&token.grant, &token.generation.to_be_bytes()]);
    let octets = [token.grant.as_slice(), &token.generation.to_be_bytes(), &mac].concat();
    let forged = format!("kwr_{}", primitives::encoding::base64url(&octets));
    assert_eq!(RefreshToken::read(&ring, &forged), None);
}
