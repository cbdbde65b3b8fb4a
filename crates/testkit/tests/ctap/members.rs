//! Each member of each command, missing and of another type.

use std::collections::BTreeSet;

use primitives::cbor::{self, Key, Value};

use crate::document;
use crate::requests::request;
use crate::vaults::Kind;
use crate::world::World;

#[test]
fn every_request_of_the_list_succeeds_as_it_stands() {
    let names: BTreeSet<String> = document::rows("Members").into_iter().map(|row| row[0].clone()).collect();
    for (name, kind) in names.iter().flat_map(|name| Kind::ALL.map(|kind| (name, kind))) {
        let mut world = World::furnished(kind);
        let (command, parameters) = request(name, &mut world, None);
        assert_eq!(world.send(command, &parameters), 0, "{name} {kind:?}");
    }
    assert_eq!(names.len(), 23);
}

#[test]
fn each_member_that_is_missing_or_of_another_type_has_the_status_of_the_list() {
    let mut wrong = Vec::new();
    for row in document::rows("Members") {
        let [name, path, missing, other] = row.as_slice() else { panic!("{row:?}") };
        let mut found = String::new();
        for null in [false, true] {
            let mut world = World::furnished(Kind::Memory);
            let (command, parameters) = request(name, &mut world, Some((path, null)));
            found += &format!(" `{:#04x}` |", world.send(command, &parameters));
        }
        if found != format!(" `{missing}` | `{other}` |") {
            wrong.push(format!("| `{name}` | `{path}` |{found} and not {missing}, {other}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_list_has_every_member_of_its_requests() {
    let rows = document::rows("Members");
    let names: BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
    for name in names {
        let (_, parameters) = request(name, &mut World::furnished(Kind::Memory), None);
        let mut paths = Vec::new();
        walk(&cbor::parse_message(&parameters).unwrap(), "", &mut paths);
        let listed: BTreeSet<&str> =
            rows.iter().filter(|row| row[0] == *name).map(|row| row[1].as_str()).collect();
        let lines: Vec<String> =
            paths.iter().map(|path| format!("| `{name}` | `{path}` | `0x00` | `0x11` |")).collect();
        let paths = paths.iter().map(String::as_str).collect::<BTreeSet<_>>();
        assert!(paths == listed, "the list is to have\n{}", lines.join("\n"));
    }
}

fn walk(value: &Value<'_>, above: &str, paths: &mut Vec<String>) {
    let below = |step: String| if above.is_empty() { step } else { format!("{above}.{step}") };
    match value {
        Value::Map(members) => {
            for (key, member) in members {
                let path = below(match key {
                    Key::Integer(number) if *number < 0 => number.to_string(),
                    Key::Integer(number) => format!("{number:#x}"),
                    Key::Text(text) => (*text).to_owned(),
                    Key::Bytes(_) => continue,
                });
                walk(member, &path, paths);
                paths.push(path);
            }
        }
        // One item stands for all.
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate().take(1) {
                let path = below(at.to_string());
                walk(item, &path, paths);
                paths.push(path);
            }
        }
        _ => {}
    }
}
