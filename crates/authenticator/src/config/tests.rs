use fido::ctap::Command;

use super::*;
use crate::Settings;
use crate::platform::HeldToken;
use crate::platform::tests::{PIN, Table};
use crate::vault::MemoryVault;

fn configure(table: &mut Table, request: &Request) -> Result<(), Status> {
    table.call(Command::Config, &request.encode()).map(|answer| assert!(answer.is_empty()))
}

fn administrator(table: &mut Table) -> HeldToken {
    table.token(Permissions::AUTHENTICATOR_CONFIG, None)
}

fn set_length(table: &mut Table, parameters: Parameters) -> Result<(), Status> {
    let token = administrator(table);
    let request = token.configure(Request::of(Subcommand::SetMinPinLength, Some(parameters)));
    configure(table, &request)
}

fn length(length: u64) -> Parameters {
    Parameters { new_min_pin_length: Some(length), ..Parameters::default() }
}

#[test]
fn always_uv_goes_on_and_off() {
    let mut table = Table::new();
    for on in [true, false] {
        let token = administrator(&mut table);
        let request = token.configure(Request::of(Subcommand::ToggleAlwaysUv, None));
        assert_eq!(configure(&mut table, &request), Ok(()));
        assert_eq!(table.key.vault().state().always_uv, on);
    }
}

#[test]
fn pins_grow_longer_and_never_shorter() {
    let mut table = Table::new();
    table.set_pin(PIN).unwrap();
    assert_eq!(set_length(&mut table, length(4)), Ok(()));
    assert!(!table.key.vault().state().force_pin_change);
    assert_eq!(set_length(&mut table, length(6)), Ok(()));
    assert!(table.key.vault().state().force_pin_change, "four are not six");
    for bad in [0, 5, 64, 256 + 6] {
        assert_eq!(set_length(&mut table, length(bad)), Err(Status::PinPolicyViolation), "{bad}");
    }
    assert_eq!(table.change_pin(PIN, "12345"), Err(Status::PinPolicyViolation));
    assert_eq!(table.change_pin(PIN, "123456"), Ok(Vec::new()));
    assert_eq!(set_length(&mut table, Parameters::default()), Ok(()), "the same as before");
    assert!(!table.key.vault().state().force_pin_change);
}

#[test]
fn a_pin_that_must_change_ends_the_token() {
    let mut table = Table::new();
    let forced = Parameters { force_change_pin: Some(true), ..Parameters::default() };
    assert_eq!(set_length(&mut table, forced.clone()), Err(Status::PinNotSet));
    table.set_pin(PIN).unwrap();
    let token = administrator(&mut table);
    let request = token.configure(Request::of(Subcommand::SetMinPinLength, Some(forced)));
    assert_eq!(configure(&mut table, &request), Ok(()));
    assert!(table.key.vault().state().force_pin_change);
    assert_eq!(configure(&mut table, &request), Err(Status::PinAuthInvalid));
}

#[test]
fn eight_sites_may_be_told_and_nothing_changes_for_nine() {
    let mut table = Table::new();
    let sites = |count: usize| (0..count).map(|at| format!("{at}.example")).collect::<Vec<_>>();
    let told = |count| Parameters { min_pin_length_rp_ids: Some(sites(count)), ..length(8) };
    assert_eq!(set_length(&mut table, told(MOST_RP_IDS + 1)), Err(Status::KeyStoreFull));
    assert_eq!(table.key.vault().state().min_pin_length, 4);
    assert_eq!(set_length(&mut table, told(MOST_RP_IDS)), Ok(()));
    assert_eq!(table.key.vault().state().min_pin_rp_ids, sites(MOST_RP_IDS));
    assert_eq!(set_length(&mut table, told(1)), Ok(()), "these replace those");
    assert_eq!(table.key.vault().state().min_pin_rp_ids, sites(1));
}

#[test]
fn there_is_no_enterprise_attestation_and_nothing_of_vendors() {
    let mut table = Table::new();
    let token = administrator(&mut table);
    let request = token.configure(Request::of(Subcommand::EnableEnterpriseAttestation, None));
    assert_eq!(configure(&mut table, &request), Err(Status::InvalidParameter));
    for subcommand in [0, 4, 0xff, 0x102] {
        let request = Request { subcommand, ..Request::default() };
        assert_eq!(configure(&mut table, &request), Err(Status::InvalidParameter), "{subcommand}");
    }
}

#[test]
fn another_permission_or_another_message_does_not_do() {
    let mut table = Table::new();
    let wrong = table.token(Permissions::from_bits(0x17), Some("example.org"));
    let toggle = || Request::of(Subcommand::ToggleAlwaysUv, None);
    assert_eq!(configure(&mut table, &wrong.configure(toggle())), Err(Status::PinAuthInvalid));
    let token = administrator(&mut table);
    let other = token.configure(Request::of(Subcommand::SetMinPinLength, Some(length(6))));
    let moved = Request { auth_param: other.auth_param, ..token.configure(toggle()) };
    assert_eq!(configure(&mut table, &moved), Err(Status::PinAuthInvalid));
    assert!(!table.key.vault().state().always_uv);
}

#[test]
fn who_cannot_be_verified_configures_without_a_token() {
    let settings = Settings { built_in_verification: false, ..Settings::keyfob() };
    let mut table = Table::of(settings, MemoryVault::default());
    let toggle = Request::of(Subcommand::ToggleAlwaysUv, None);
    let longer = Request::of(Subcommand::SetMinPinLength, Some(length(6)));
    assert_eq!(configure(&mut table, &longer), Ok(()));
    assert_eq!(configure(&mut table, &toggle), Ok(()));
    assert_eq!(configure(&mut table, &longer), Err(Status::PuatRequired));
    assert_eq!(configure(&mut table, &toggle), Ok(()), "that can be taken back");
    table.set_pin("123456").unwrap();
    assert_eq!(configure(&mut table, &toggle), Err(Status::PuatRequired));
}

#[test]
fn nobody_is_told_that_there_is_a_policy_of_pins() {
    let mut table = Table::new();
    let with = |policy| Parameters { pin_complexity_policy: Some(policy), ..length(6) };
    assert_eq!(set_length(&mut table, with(true)), Err(Status::InvalidParameter));
    assert_eq!(table.key.vault().state().min_pin_length, 4);
    assert_eq!(set_length(&mut table, with(false)), Ok(()));
}
