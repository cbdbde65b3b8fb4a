use fido::ctap::PinUvAuth;
use primitives::entropy::SystemEntropy;
use primitives::time::Span;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const HASH: [u8; 32] = [7; 32];

/// A state with a token in use, and the proof of it over [`HASH`].
fn with(permissions: Permissions, rp_id: Option<&str>) -> (PinUv, PinUvAuth) {
    let mut state = PinUv::default();
    let good_for = (permissions, rp_id.map(str::to_owned));
    let token = Token::begin(Protocol::Two, good_for, false, NOW, &mut SystemEntropy);
    let param = Protocol::Two.authenticate(state.begin(token), &HASH);
    (state, PinUvAuth { param, protocol: Some(2) })
}

fn refusal(state: &mut PinUv, auth: &PinUvAuth, permission: Permissions, rp_id: &str) -> Option<Status> {
    state.authorize_site(auth, &HASH, (permission, rp_id), NOW).err()
}

#[test]
fn the_first_site_binds_the_token() {
    let (mut state, auth) = with(Permissions::DEFAULT, None);
    assert_eq!(refusal(&mut state, &auth, Permissions::MAKE_CREDENTIAL, "a"), None);
    assert_eq!(refusal(&mut state, &auth, Permissions::MAKE_CREDENTIAL, "b"), Some(Status::PinAuthInvalid));
    assert_eq!(refusal(&mut state, &auth, Permissions::GET_ASSERTION, "a"), None);
    let (mut state, auth) = with(Permissions::DEFAULT, Some("b"));
    assert_eq!(refusal(&mut state, &auth, Permissions::GET_ASSERTION, "a"), Some(Status::PinAuthInvalid));
}

#[test]
fn what_is_missing_and_what_is_wrong_have_their_statuses() {
    let (mut state, auth) = with(Permissions::GET_ASSERTION, None);
    let mut ask = |protocol, param| {
        let proof = Proof { protocol, param };
        state.authorize(proof, &HASH, Permissions::GET_ASSERTION, NOW).err()
    };
    assert_eq!(ask(Some(2), None), Some(Status::PuatRequired));
    assert_eq!(ask(None, Some(&auth.param)), Some(Status::MissingParameter));
    for number in [0, 3, u64::MAX] {
        assert_eq!(ask(Some(number), Some(&auth.param)), Some(Status::InvalidParameter));
    }
    assert_eq!(ask(Some(1), Some(&auth.param)), Some(Status::PinAuthInvalid), "the other protocol");
    assert_eq!(ask(Some(1), Some(&auth.param[..16])), Some(Status::PinAuthInvalid));
    assert_eq!(ask(Some(2), Some(&[])), Some(Status::PinAuthInvalid));
    assert_eq!(ask(Some(2), Some(&auth.param)), None);
    let wrong = refusal(&mut state, &auth, Permissions::MAKE_CREDENTIAL, "a");
    assert_eq!(wrong, Some(Status::PinAuthInvalid), "another permission");
}

#[test]
fn a_spent_token_and_one_whose_time_is_over_are_good_for_nothing() {
    let (mut state, auth) = with(Permissions::DEFAULT, None);
    state.token(NOW).unwrap().spend();
    assert_eq!(refusal(&mut state, &auth, Permissions::GET_ASSERTION, "a"), Some(Status::PinAuthInvalid));
    let (mut state, auth) = with(Permissions::DEFAULT, None);
    let late = NOW + Span::from_millis(30_001);
    let late = state.authorize_site(&auth, &HASH, (Permissions::GET_ASSERTION, "a"), late).err();
    assert_eq!(late, Some(Status::PinAuthInvalid));
    let (mut state, auth) = with(Permissions::DEFAULT, None);
    state.reset_tokens();
    assert_eq!(refusal(&mut state, &auth, Permissions::GET_ASSERTION, "a"), Some(Status::PinAuthInvalid));
}

#[test]
fn keys_stay_until_a_mismatch_or_the_power_takes_them() {
    let mut state = PinUv::default();
    let point = |state: &mut PinUv, protocol| state.public_key(protocol, &mut SystemEntropy);
    let (one, two) = (point(&mut state, Protocol::One), point(&mut state, Protocol::Two));
    assert_ne!(one, two);
    assert_eq!(point(&mut state, Protocol::One), one);
    state.mismatched(Protocol::One);
    assert_ne!(point(&mut state, Protocol::One), one);
    assert_eq!(point(&mut state, Protocol::Two), two, "the other's stays");
    state.power_cycle();
    assert_ne!(point(&mut state, Protocol::Two), two);
}
