//! Values of recovery codes.

use super::*;
use crate::samples::Counting;
use crate::temporary_pass::{ALPHABET, grouped};

#[test]
fn a_code_has_more_than_sixty_bits_beside_its_check_character() {
    let alphabet = f64::from(u32::try_from(ALPHABET.len()).unwrap());
    assert!(f64::from(LENGTH - 1) * alphabet.log2() > 60.0);
    assert_eq!(grouped(&generate(&mut Counting(3))).reveal().len(), 19);
}

#[test]
fn spelling_does_not_matter_and_a_slip_is_noticed() {
    let code = generate(&mut Counting(9));
    let shown = grouped(&code).reveal().to_lowercase();
    assert_eq!(normalise(&format!(" {shown} ")), Ok(code.clone()));
    for place in 0..16 {
        let mut wrong = code.reveal().to_owned();
        let other = if &wrong[place..=place] == "A" { "B" } else { "A" };
        wrong.replace_range(place..=place, other);
        assert_eq!(normalise(&wrong), Err(Slip::CheckCharacter), "{place}");
    }
    assert_eq!(normalise(""), Err(Slip::Empty));
}

#[test]
fn a_pass_is_no_recovery_code() {
    let pass = temporary_pass::generate(12, &mut Counting(5));
    assert_eq!(normalise(pass.reveal()), Err(Slip::Length));
}
