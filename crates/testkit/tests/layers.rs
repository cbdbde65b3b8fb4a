//! The house stands as ARCHITECTURE.md draws it: the layer table equals the manifests, and the pure crates
//! are pure.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// One row of the table in ARCHITECTURE.md: floor, and the crates of this workspace that it may use.
struct Row {
    floor: u32,
    may_use: BTreeSet<String>,
}

fn table() -> BTreeMap<String, Row> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let start = text.find("<!-- layers -->").expect("ARCHITECTURE.md marks the layer table");
    let end = text.find("<!-- /layers -->").expect("ARCHITECTURE.md closes the layer table");
    text[start..end]
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let name = cells[0].trim_matches('`').to_owned();
            let may_use = cells[2]
                .split(',')
                .map(|word| word.trim().trim_matches('`').to_owned())
                .filter(|word| !word.is_empty() && word != "–")
                .collect();
            (name, Row { floor: cells[1].parse().unwrap(), may_use })
        })
        .collect()
}

/// Dependencies of a crate on crates of this workspace, as its manifest declares them.
fn declared(name: &str, section: &str, members: &BTreeSet<String>) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    manifest
        .get(section)
        .and_then(|value| value.as_table())
        .map(|table| table.keys().filter(|key| members.contains(*key)).cloned().collect())
        .unwrap_or_default()
}

fn members() -> BTreeSet<String> {
    fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn the_table_names_every_crate_and_no_other() {
    assert_eq!(table().into_keys().collect::<BTreeSet<_>>(), members());
}

#[test]
fn the_manifests_use_what_the_table_allows_and_nothing_else() {
    let members = members();
    for (name, row) in table() {
        let declared = declared(&name, "dependencies", &members);
        let beyond: Vec<_> = declared.difference(&row.may_use).collect();
        assert!(beyond.is_empty(), "{name} uses {beyond:?}, which ARCHITECTURE.md does not allow");
        let unused: Vec<_> = row.may_use.difference(&declared).collect();
        assert!(unused.is_empty(), "ARCHITECTURE.md lets {name} use {unused:?}, which it does not");
    }
}

#[test]
fn dependencies_point_downwards() {
    let table = table();
    for (name, row) in &table {
        for used in &row.may_use {
            assert!(table[used].floor < row.floor, "{name} on floor {} uses {used}", row.floor);
        }
    }
}

/// What a crate on floors 0 to 2 must not mention: a clock, a file, a socket, a thread, an executor.
const IMPURE: [&str; 10] = [
    "std::fs",
    "std::net",
    "std::thread",
    "std::env",
    "std::process::Command",
    "SystemTime",
    "Instant::now",
    "tokio",
    "async fn",
    ".await",
];

#[test]
fn floors_zero_to_two_are_pure() {
    for (name, row) in table() {
        if row.floor > 2 {
            continue;
        }
        for file in sources(&root().join("crates").join(&name).join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in IMPURE {
                    assert!(
                        !code.contains(word),
                        "{}:{} mentions {word}, and {name} is pure",
                        file.display(),
                        number + 1
                    );
                }
            }
        }
    }
}

#[test]
fn only_primitives_calls_cryptographic_primitives() {
    for name in members() {
        let text = fs::read_to_string(root().join("crates").join(&name).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        for provider in ["aws-lc-rs", "argon2", "x509-parser"] {
            // `bench verify` holds what a verification costs here against aws-lc's own.
            let measured = name == "bench" && provider == "aws-lc-rs";
            assert!(
                name == "primitives" || measured || !dependencies.contains_key(provider),
                "{name} depends on {provider}; only primitives may"
            );
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            found.push(path);
        }
    }
    found
}
