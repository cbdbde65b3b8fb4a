use primitives::id::Id;
use primitives::time::Timestamp;

use super::*;

fn names() -> GroupNames {
    let mut names = GroupNames::default();
    for (number, name) in [(1, "Admins"), (2, "Staff, all")] {
        names.add(&Group {
            id: Id::from_bytes([number; 16]),
            name: name.to_owned(),
            description: String::new(),
            external_id: None,
            created: Timestamp::EPOCH,
            changed: Timestamp::EPOCH,
        });
    }
    names
}

#[test]
fn lines_say_claims_and_are_said_again() {
    for (line, source) in [
        ("who = login", Source::Login),
        ("teams = groups", Source::Groups(Vec::new())),
        ("teams = groups(Admins)", Source::Groups(vec![Id::from_bytes([1; 16])])),
        ("tenant = constant(acme, inc.)", Source::Constant("acme, inc.".to_owned())),
        (
            "role = in-group(Admins, admin, user)",
            Source::InGroup {
                group: Id::from_bytes([1; 16]),
                member: "admin".to_owned(),
                other: "user".to_owned(),
            },
        ),
        (
            "role = in-group(Admins, admin)",
            Source::InGroup {
                group: Id::from_bytes([1; 16]),
                member: "admin".to_owned(),
                other: String::new(),
            },
        ),
        ("key = passkey-model", Source::PasskeyModel),
    ] {
        for (end, in_id_token) in [("", false), (IN_ID_TOKEN, true)] {
            let line = format!("{line}{end}");
            let mapping = ClaimLine::parse(&line).unwrap().resolve(&names()).unwrap();
            assert_eq!((&mapping.source, mapping.in_id_token), (&source, in_id_token), "{line}");
            assert_eq!(spell(&mapping, &names()), line);
        }
    }
}

#[test]
fn a_group_that_no_line_can_name_stands_by_its_id() {
    let mapping = Mapping {
        claim: "teams".to_owned(),
        source: Source::Groups(vec![Id::from_bytes([2; 16])]),
        in_id_token: false,
    };
    let line = spell(&mapping, &names());
    assert_eq!(ClaimLine::parse(&line).unwrap().resolve(&names()), Ok(mapping));
}

#[test]
fn what_says_nothing_is_no_claim() {
    for line in [
        "",
        "role",
        "role =",
        "role = password",
        "role = groups()",
        "role = in-group(Admins)",
        "a = constant(x",
    ] {
        assert_eq!(ClaimLine::parse(line), Err(NotAClaim), "{line}");
    }
    let unknown = ClaimLine::parse("teams = groups(Nobody)").unwrap();
    assert_eq!(unknown.groups(), ["Nobody"]);
    assert_eq!(unknown.resolve(&names()), Err("Nobody".to_owned()));
}
