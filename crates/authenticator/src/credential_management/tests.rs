use fido::ctap::Command;
use fido::options::UserEntity;

use super::*;
use crate::platform::HeldToken;
use crate::platform::tests::Table;

/// Two sites with two passkeys, a third with one, and a credential that is not discoverable.
fn full() -> Table {
    let mut table = Table::new();
    for (id, rp_id) in [(1, "a.example"), (2, "b.example"), (3, "a.example"), (4, "c.example")] {
        table.keep(id, rp_id, true);
    }
    table.keep(5, "b.example", true);
    table.keep(6, "a.example", false);
    table
}

fn ask(table: &mut Table, request: &Request) -> Result<Response, Status> {
    let answer = table.call(Command::CredentialManagement, &request.encode())?;
    Ok(Response::parse(&answer).unwrap())
}

fn manager(table: &mut Table) -> HeldToken {
    table.token(Permissions::CREDENTIAL_MANAGEMENT, None)
}

fn of(subcommand: Subcommand) -> Request {
    Request::of(subcommand, None)
}

fn about(rp_id: &str) -> Option<Parameters> {
    Some(Parameters { rp_id_hash: Some(digest::sha256(rp_id.as_bytes())), ..Parameters::default() })
}

fn named(id: u8, user: Option<UserEntity>) -> Option<Parameters> {
    let credential = Some(CredentialDescriptor::new(vec![id; 16], Vec::new()));
    Some(Parameters { credential, user, ..Parameters::default() })
}

fn renamed(handle: u8) -> Option<UserEntity> {
    let display_name = "Ada Lovelace".to_owned();
    Some(UserEntity { id: vec![handle].into(), name: String::new(), display_name })
}

#[test]
fn everything_that_is_discoverable_is_listed_once() {
    let mut table = full();
    let token = manager(&mut table);
    let metadata = ask(&mut table, &token.manage(of(Subcommand::GetCredsMetadata))).unwrap();
    assert_eq!(metadata.existing, Some(5));
    assert!(metadata.remaining.is_some());

    let first = ask(&mut table, &token.manage(of(Subcommand::EnumerateRpsBegin))).unwrap();
    assert_eq!(first.total_rps, Some(3));
    let mut sites = vec![first];
    while let Ok(next) = ask(&mut table, &of(Subcommand::EnumerateRpsGetNextRp)) {
        assert_eq!(next.total_rps, None);
        sites.push(next);
    }
    let names: Vec<String> = sites.iter().map(|site| site.rp.clone().unwrap().0).collect();
    assert_eq!(names, ["a.example", "b.example", "c.example"]);
    assert_eq!(sites[0].rp.as_ref().unwrap().1, "The site a.example");
    assert_eq!(sites[0].rp_id_hash, Some(digest::sha256(b"a.example")));

    let begin = Request::of(Subcommand::EnumerateCredentialsBegin, about("a.example"));
    let first = ask(&mut table, &token.manage(begin)).unwrap();
    assert_eq!((first.total_credentials, first.user.unwrap().id[0]), (Some(2), 3), "newest first");
    let second = ask(&mut table, &of(Subcommand::EnumerateCredentialsGetNextCredential)).unwrap();
    assert_eq!(second.total_credentials, None);
    assert_eq!(&*second.credential.unwrap().id, &[1; 16]);
    assert_eq!(second.large_blob_key, Some([1; 32]));
    assert_eq!(second.public_key, Some(table.key.vault().get(&[1; 16]).unwrap().key.public_key().encode()));
    let end = ask(&mut table, &of(Subcommand::EnumerateCredentialsGetNextCredential));
    assert_eq!(end, Err(Status::NotAllowed));
}

#[test]
fn an_enumeration_ends_by_any_other_command_by_time_and_by_power() {
    let next = of(Subcommand::EnumerateRpsGetNextRp);
    let mut table = full();
    assert_eq!(ask(&mut table, &next), Err(Status::NotAllowed), "none begun");
    let ends: [fn(&mut Table); 5] = [
        |table| assert!(table.call(Command::GetInfo, &[]).is_ok()),
        |table| assert!(ask(table, &of(Subcommand::GetCredsMetadata)).is_err()),
        |table| assert!(table.call(Command::CredentialManagement, &[0xa0]).is_err()),
        |table| table.wait(Span::from_millis(30_001)),
        |table| table.key.power_cycle(table.now),
    ];
    for end in ends {
        let token = manager(&mut table);
        ask(&mut table, &token.manage(of(Subcommand::EnumerateRpsBegin))).unwrap();
        table.wait(PATIENCE);
        assert!(ask(&mut table, &next).is_ok());
        end(&mut table);
        assert_eq!(ask(&mut table, &next), Err(Status::NotAllowed));
    }
    // The other kind of enumeration does not go on with this one.
    let token = manager(&mut table);
    ask(&mut table, &token.manage(of(Subcommand::EnumerateRpsBegin))).unwrap();
    let other = of(Subcommand::EnumerateCredentialsGetNextCredential);
    assert_eq!(ask(&mut table, &other), Err(Status::NotAllowed));
}

#[test]
fn a_credential_that_went_during_an_enumeration_is_not_told() {
    let mut table = full();
    let token = manager(&mut table);
    let begin = Request::of(Subcommand::EnumerateCredentialsBegin, about("a.example"));
    ask(&mut table, &token.manage(begin)).unwrap();
    table.key.vault_mut().remove(&[1; 16]).unwrap();
    let next = ask(&mut table, &of(Subcommand::EnumerateCredentialsGetNextCredential));
    assert_eq!(next, Err(Status::NotAllowed));
}

#[test]
fn credentials_are_deleted_and_their_users_renamed() {
    let mut table = full();
    let token = manager(&mut table);
    let update = Request::of(Subcommand::UpdateUserInformation, named(1, renamed(1)));
    assert_eq!(ask(&mut table, &token.manage(update)), Ok(Response::default()));
    let user = &table.key.vault().get(&[1; 16]).unwrap().user;
    assert_eq!((user.name.as_str(), user.display_name.as_str()), ("", "Ada Lovelace"));
    let other = Request::of(Subcommand::UpdateUserInformation, named(1, renamed(9)));
    assert_eq!(ask(&mut table, &token.manage(other)), Err(Status::InvalidParameter), "another user");

    let delete = token.manage(Request::of(Subcommand::DeleteCredential, named(1, None)));
    assert_eq!(ask(&mut table, &delete), Ok(Response::default()));
    assert!(table.key.vault().get(&[1; 16]).is_none());
    assert_eq!(ask(&mut table, &delete), Err(Status::NoCredentials));
    // One that is not discoverable is none of this command's.
    let hidden = token.manage(Request::of(Subcommand::DeleteCredential, named(6, None)));
    assert_eq!(ask(&mut table, &hidden), Err(Status::NoCredentials));
    assert!(table.key.vault().get(&[6; 16]).is_some());
}

#[test]
fn a_token_for_one_site_manages_that_site_only() {
    let mut table = full();
    let token = table.token(Permissions::CREDENTIAL_MANAGEMENT, Some("a.example"));
    for all in [Subcommand::GetCredsMetadata, Subcommand::EnumerateRpsBegin] {
        assert_eq!(ask(&mut table, &token.manage(of(all))), Err(Status::PinAuthInvalid));
    }
    let list = |rp_id| token.manage(Request::of(Subcommand::EnumerateCredentialsBegin, about(rp_id)));
    assert_eq!(ask(&mut table, &list("b.example")), Err(Status::PinAuthInvalid));
    assert_eq!(ask(&mut table, &list("nowhere.example")), Err(Status::PinAuthInvalid));
    assert_eq!(ask(&mut table, &list("a.example")).unwrap().total_credentials, Some(2));
    let delete = |id| token.manage(Request::of(Subcommand::DeleteCredential, named(id, None)));
    assert_eq!(ask(&mut table, &delete(2)), Err(Status::PinAuthInvalid));
    let update = token.manage(Request::of(Subcommand::UpdateUserInformation, named(2, renamed(2))));
    assert_eq!(ask(&mut table, &update), Err(Status::PinAuthInvalid));
    assert_eq!(ask(&mut table, &delete(1)), Ok(Response::default()));
    assert_eq!(table.key.vault().get(&[2; 16]).unwrap().user.name, "ada");
}

#[test]
fn where_there_is_nothing_nothing_is_listed() {
    let mut table = Table::new();
    table.keep(1, "a.example", false);
    let token = manager(&mut table);
    let metadata = ask(&mut table, &token.manage(of(Subcommand::GetCredsMetadata))).unwrap();
    assert_eq!(metadata.existing, Some(0));
    let rps = ask(&mut table, &token.manage(of(Subcommand::EnumerateRpsBegin)));
    assert_eq!(rps, Err(Status::NoCredentials));
    let begin = Request::of(Subcommand::EnumerateCredentialsBegin, about("a.example"));
    assert_eq!(ask(&mut table, &token.manage(begin)), Err(Status::NoCredentials));
}

#[test]
fn another_permission_or_another_message_does_not_do() {
    let mut table = full();
    let wrong = table.token(Permissions::from_bits(0x33), Some("example.org"));
    let refused = ask(&mut table, &wrong.manage(of(Subcommand::GetCredsMetadata)));
    assert_eq!(refused, Err(Status::PinAuthInvalid));
    let token = manager(&mut table);
    let proof = token.manage(Request::of(Subcommand::DeleteCredential, named(1, None)));
    let moved = Request {
        auth_param: proof.auth_param,
        ..token.manage(Request::of(Subcommand::DeleteCredential, named(2, None)))
    };
    assert_eq!(ask(&mut table, &moved), Err(Status::PinAuthInvalid));
    assert!(table.key.vault().get(&[2; 16]).is_some());
}
