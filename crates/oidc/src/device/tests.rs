use std::collections::BTreeSet;

use primitives::entropy::SystemEntropy;

use super::*;

/// Says each byte once after the other.
struct Counter(u8);

impl Entropy for Counter {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
    }
}

#[test]
fn codes_have_eight_of_twenty_consonants() {
    assert_eq!(user_code(&mut Counter(0)), "BCDF-GHJK");
    let mut seen = BTreeSet::new();
    for _ in 0..1000 {
        let code = user_code(&mut SystemEntropy);
        assert_eq!((code.len(), code.find('-')), (9, Some(4)));
        assert!(code.bytes().all(|byte| byte == b'-' || LETTERS.contains(&byte)), "{code}");
        assert_eq!(normalise(&code).as_ref(), Some(&code));
        seen.insert(code);
    }
    assert_eq!(seen.len(), 1000);
    // 20^8 codes: a guess within five tries hits one in five thousand million.
    assert_eq!(u64::try_from(LETTERS.len()).unwrap().pow(8), 25_600_000_000);
}

#[test]
fn no_letter_is_likelier_than_another() {
    let mut counts = std::collections::BTreeMap::new();
    let mut counter = Counter(0);
    // Sixteen bytes of each round of 256 are passed over: 15 codes of 8 letters take 128 bytes at most.
    for _ in 0..30 {
        for letter in user_code(&mut counter).chars().filter(|letter| *letter != '-') {
            *counts.entry(letter).or_insert(0) += 1;
        }
    }
    assert_eq!(counts.len(), 20);
    assert!(counts.values().all(|count| *count == 12), "{counts:?}");
}

#[test]
fn what_people_type_is_understood_and_nothing_else() {
    for typed in ["WDJB-MJHT", "wdjb-mjht", "wdjbmjht", " WDJB MJHT ", "w-d-j-b-m-j-h-t"] {
        assert_eq!(normalise(typed).as_deref(), Some("WDJB-MJHT"), "{typed}");
    }
    for nonsense in [
        "",
        "-",
        "WDJB-MJH",
        "WDJB-MJHTB",
        "WDJB-MJH1",
        "WDJB-MJHA",
        "WDJB_MJHT",
        "ＷDJB-MJHT",
        &"-".repeat(65),
    ] {
        assert_eq!(normalise(nonsense), None, "{nonsense}");
    }
}
