use fido::ctap::Command;
use fido::ctap::client_pin::{Request, Response, Subcommand};
use primitives::entropy::SystemEntropy;
use primitives::time::Span;

use super::*;
use crate::Settings;
use crate::pin_uv::MOST_UV_RETRIES;
use crate::platform::Session;
use crate::platform::tests::{PIN, Table};
use crate::vault::MemoryVault;

fn retries(table: &mut Table) -> (u64, bool) {
    let answer = Response::parse(&table.pin(&Request::of(Subcommand::GetPinRetries)).unwrap()).unwrap();
    (answer.pin_retries.unwrap(), answer.power_cycle.unwrap())
}

fn uv_retries(table: &mut Table) -> u64 {
    let answer = table.pin(&Request::of(Subcommand::GetUvRetries)).unwrap();
    Response::parse(&answer).unwrap().uv_retries.unwrap()
}

#[test]
fn a_pin_is_set_once_and_then_changed_under_both_protocols() {
    for protocol in Protocol::ALL {
        let mut table = Table::new();
        let request = table.session(protocol).set_pin(PIN, &mut SystemEntropy);
        assert_eq!(table.pin(&request), Ok(Vec::new()));
        assert_eq!(table.set_pin("5678"), Err(Status::PinAuthInvalid), "there is one");
        let request = table.session(protocol).change_pin(PIN, "56789", &mut SystemEntropy);
        assert_eq!(table.pin(&request), Ok(Vec::new()));
        assert_eq!(table.try_pin(PIN).err(), Some(Status::PinInvalid));
        assert!(table.try_pin("56789").is_ok());
        assert_eq!(table.key.vault().state().pin.as_ref().unwrap().length, 5);

        let session = table.session(protocol);
        let answer = table.pin(&session.pin_token("56789", &mut SystemEntropy)).unwrap();
        assert!(session.token(&answer).is_some(), "getPinToken");
    }
}

#[test]
fn three_in_a_row_wait_for_a_power_cycle_and_eight_in_all_for_a_reset() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    assert_eq!(retries(&mut table), (8, false));
    for (left, refusal) in [
        (7, Status::PinInvalid),
        (6, Status::PinInvalid),
        (5, Status::PinAuthBlocked),
        (4, Status::PinInvalid),
        (3, Status::PinInvalid),
        (2, Status::PinAuthBlocked),
        (1, Status::PinInvalid),
        (0, Status::PinBlocked),
    ] {
        assert_eq!(table.try_pin("0000").err(), Some(refusal), "{left}");
        assert_eq!(retries(&mut table), (left, refusal == Status::PinAuthBlocked));
        if refusal == Status::PinAuthBlocked {
            assert_eq!(table.try_pin(PIN).err(), Some(Status::PinAuthBlocked), "not even the right one");
            assert_eq!(table.change_pin(PIN, "5678"), Err(Status::PinAuthBlocked));
            assert_eq!(retries(&mut table), (left, true), "and nothing is used up");
            table.key.power_cycle(table.now);
        }
    }
    table.key.power_cycle(table.now);
    assert_eq!(table.try_pin(PIN).err(), Some(Status::PinBlocked));
    assert_eq!(table.change_pin(PIN, "5678"), Err(Status::PinBlocked));
    let session = table.session(Protocol::One);
    assert_eq!(table.pin(&session.pin_token(PIN, &mut SystemEntropy)), Err(Status::PinBlocked));

    assert_eq!(table.call(Command::Reset, &[]), Ok(Vec::new()));
    assert_eq!(retries(&mut table), (8, false));
    assert_eq!(table.try_pin(PIN).err(), Some(Status::PinNotSet));
}

#[test]
fn the_right_pin_gives_all_attempts_back() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    for _ in 0..2 {
        assert_eq!(table.try_pin("0000").err(), Some(Status::PinInvalid));
    }
    assert!(table.try_pin(PIN).is_ok());
    assert_eq!(retries(&mut table), (8, false));
    for _ in 0..2 {
        assert_eq!(table.change_pin("0000", "5678"), Err(Status::PinInvalid));
    }
    assert_eq!(retries(&mut table), (6, false));
}

#[test]
fn a_wrong_pin_takes_the_shared_secret_along() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    let session = table.session(Protocol::Two);
    assert_eq!(table.pin(&session.pin_token("0000", &mut SystemEntropy)), Err(Status::PinInvalid));
    // The right one under the old secret is a wrong one.
    assert_eq!(table.pin(&session.pin_token(PIN, &mut SystemEntropy)), Err(Status::PinInvalid));
    assert!(table.try_pin(PIN).is_ok());
    // What cannot be decrypted counts as well: 16 bytes without an initialization vector.
    let session = table.session(Protocol::Two);
    let short = Request { pin_hash: Some(vec![0; 16]), ..session.pin_token(PIN, &mut SystemEntropy) };
    assert_eq!(table.pin(&short), Err(Status::PinInvalid));
    assert_eq!(retries(&mut table), (7, false));
}

#[test]
fn pins_are_counted_in_code_points_and_fit_with_a_zero_behind() {
    let longest = "x".repeat(63);
    for (pin, outcome) in [
        ("", Err(Status::PinPolicyViolation)),
        ("123", Err(Status::PinPolicyViolation)),
        ("äöü", Err(Status::PinPolicyViolation)),
        ("🔑🔑🔑🔑", Ok(Vec::new())),
        (longest.as_str(), Ok(Vec::new())),
        (&"x".repeat(64), Err(Status::PinPolicyViolation)),
        (&"x".repeat(80), Err(Status::InvalidParameter)),
    ] {
        let mut table = Table::new();
        assert_eq!(table.set_pin(pin), outcome, "{pin}");
        assert_eq!(table.key.vault().state().pin.is_some(), outcome.is_ok());
    }
}

#[test]
fn a_pin_is_text_in_64_bytes() {
    let mut table = Table::new();
    let session = table.session(Protocol::One);
    let with = |padded: &[u8]| {
        let sealed = session.secret().seal(padded, &mut SystemEntropy);
        Request {
            auth_param: Some(session.secret().authenticate(&sealed)),
            new_pin: Some(sealed),
            ..session.request(Subcommand::SetPin)
        }
    };
    let mut odd = [0; 64];
    odd[..5].copy_from_slice(&[0xff, 0xfe, b'a', b'b', b'c']);
    assert_eq!(table.pin(&with(&odd)), Err(Status::PinPolicyViolation), "no UTF-8");
    assert_eq!(table.pin(&with(&[b'1'; 32])), Err(Status::InvalidParameter));
    let bad = Request { auth_param: Some(vec![0; 16]), ..with(&[0; 64]) };
    assert_eq!(table.pin(&bad), Err(Status::PinAuthInvalid));
    let uneven = Request { new_pin: Some(vec![1; 63]), ..with(&[0; 64]) };
    let tag = session.secret().authenticate(&[1; 63]);
    assert_eq!(table.pin(&Request { auth_param: Some(tag), ..uneven }), Err(Status::PinAuthInvalid));
}

#[test]
fn who_must_change_the_pin_gets_no_token_and_may_not_keep_it() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    let mut state = table.key.vault().state().clone();
    state.force_pin_change = true;
    table.key.vault_mut().set_state(state).unwrap();
    assert_eq!(table.try_pin(PIN).err(), Some(Status::PinPolicyViolation));
    let session = table.session(Protocol::Two);
    assert_eq!(table.pin(&session.pin_token(PIN, &mut SystemEntropy)), Err(Status::PinInvalid));
    assert_eq!(retries(&mut table), (8, false), "it was the right one");
    assert_eq!(table.change_pin(PIN, PIN), Err(Status::PinPolicyViolation));
    assert_eq!(table.change_pin(PIN, "5678"), Ok(Vec::new()));
    assert!(!table.key.vault().state().force_pin_change);
    assert!(table.try_pin("5678").is_ok());
}

#[test]
fn a_changed_pin_ends_the_token() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    let token = table.try_pin(PIN).unwrap();
    table.change_pin(PIN, "5678").unwrap();
    let request = fido::ctap::credential_management::Request::of(
        fido::ctap::credential_management::Subcommand::GetCredsMetadata,
        None,
    );
    let request = token.manage(request).encode();
    assert_eq!(table.call(Command::CredentialManagement, &request), Err(Status::PinAuthInvalid));
}

#[test]
fn built_in_verification_gives_a_token_to_who_is_known() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    let session = table.session(Protocol::One);
    let request = session.token_by_verification(Permissions::DEFAULT, Some("example.org"));
    let answer = table.pin(&request).unwrap();
    assert!(session.token(&answer).is_some());
    table.answer = Answer::Denied;
    assert_eq!(table.pin(&request), Err(Status::OperationDenied));
    table.answer = Answer::TimedOut;
    assert_eq!(table.pin(&request), Err(Status::UserActionTimeout));
    assert_eq!(uv_retries(&mut table), u64::from(MOST_UV_RETRIES), "neither was a failure");

    table.answer = Answer::Approved { verified: false, account: 0 };
    for left in (1..MOST_UV_RETRIES).rev() {
        assert_eq!(table.pin(&request), Err(Status::UvInvalid), "{left}");
        assert_eq!(uv_retries(&mut table), u64::from(left));
    }
    assert_eq!(table.pin(&request), Err(Status::UvBlocked));
    table.answer = Answer::Approved { verified: true, account: 0 };
    assert_eq!(table.pin(&request), Err(Status::UvBlocked), "nobody is asked any more");
    table.try_pin(PIN).unwrap();
    assert_eq!(uv_retries(&mut table), u64::from(MOST_UV_RETRIES), "the right PIN helps");
    assert!(table.pin(&session.token_by_verification(Permissions::DEFAULT, Some("example.org"))).is_ok());
}

#[test]
fn without_built_in_verification_there_are_no_such_subcommands() {
    let settings = Settings { built_in_verification: false, ..Settings::keyfob() };
    let mut table = Table::of(settings, MemoryVault::default());
    let session = table.session(Protocol::Two);
    let request = session.token_by_verification(Permissions::DEFAULT, None);
    assert_eq!(table.pin(&request), Err(Status::InvalidSubcommand));
    assert_eq!(table.pin(&Request::of(Subcommand::GetUvRetries)), Err(Status::InvalidSubcommand));
}

#[test]
fn permissions_are_asked_for_by_name_and_only_those_that_there_are() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    let mut ask_for = |bits: u64, site: Option<&str>| {
        let session = table.session(Protocol::Two);
        let by_pin = session.token_by_pin(PIN, (Permissions::DEFAULT, site), &mut SystemEntropy);
        let by_pin = table.pin(&Request { permissions: Some(bits), ..by_pin }).err();
        let by_uv = session.token_by_verification(Permissions::DEFAULT, site);
        let by_uv = table.pin(&Request { permissions: Some(bits), ..by_uv }).err();
        assert_eq!(by_pin, by_uv, "{bits:#x}");
        by_pin
    };
    for bits in [0x01, 0x02, 0x15, 0x37, 0x83] {
        assert_eq!(ask_for(bits, None), Some(Status::MissingParameter), "{bits:#x}: for which site?");
    }
    for bits in [0x04, 0x10, 0x20, 0x34, 0x80] {
        assert_eq!(ask_for(bits, None), None, "{bits:#x}");
    }
    let mut ask = |bits| ask_for(bits, Some("example.org"));
    assert_eq!(ask(0), Some(Status::InvalidParameter));
    for bits in [0x01, 0x02, 0x04, 0x10, 0x20, 0x37, 0x80, 0x8000_0001] {
        assert_eq!(ask(bits), None, "{bits:#x}");
    }
    for bits in [0x08, 0x40, 0x0b, 0x44] {
        assert_eq!(ask(bits), Some(Status::UnauthorizedPermission), "{bits:#x}");
    }
    let session = table.session(Protocol::Two);
    let old = session.pin_token(PIN, &mut SystemEntropy);
    let with = Request { permissions: Some(1), ..old.clone() };
    assert_eq!(table.pin(&with), Err(Status::InvalidParameter));
    let with = Request { rp_id: Some("example.org".to_owned()), ..old };
    assert_eq!(table.pin(&with), Err(Status::InvalidParameter));
}

#[test]
fn a_point_off_the_curve_is_refused_before_anything_is_used_up() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    let mut point = table.session(Protocol::Two).point().to_vec();
    point[64] ^= 1;
    let session: Session = table.session(Protocol::Two);
    let request = Request { key_agreement: Some(point), ..session.pin_token(PIN, &mut SystemEntropy) };
    assert_eq!(table.pin(&request), Err(Status::InvalidParameter));
    assert_eq!(retries(&mut table), (8, false));
}

#[test]
fn a_fresh_token_replaces_the_old_one_and_power_ends_it() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    let request = || {
        fido::ctap::credential_management::Request::of(
            fido::ctap::credential_management::Subcommand::GetCredsMetadata,
            None,
        )
    };
    let manage = |table: &mut Table, token: &crate::platform::HeldToken| {
        table.call(Command::CredentialManagement, &token.manage(request()).encode()).err()
    };
    let first = table.try_pin(PIN).unwrap();
    let second = table.try_pin(PIN).unwrap();
    assert_eq!(manage(&mut table, &first), Some(Status::PinAuthInvalid));
    assert_eq!(manage(&mut table, &second), None);
    table.wait(Span::from_secs(601));
    assert_eq!(manage(&mut table, &second), Some(Status::PinAuthInvalid));
    let third = table.try_pin(PIN).unwrap();
    table.key.power_cycle(table.now);
    assert_eq!(manage(&mut table, &third), Some(Status::PinAuthInvalid));
}
