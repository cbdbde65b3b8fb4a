//! What can be said, and what exits with 2.

use super::*;
use clap::CommandFactory;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("keyward").chain(line.split(' ')))
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn what_the_design_promises_can_be_said() {
    for line in [
        "serve",
        "serve --demo",
        "serve --origin https://id.example.com --listen 127.0.0.1:8080 --database keyward.db",
        "user add ana@example.com --name Ana --json",
        "user list --json --database x.db",
        "role set ana@example.com helpdesk",
        "pass issue ana@example.com --lifetime 60m --once --start 2026-11-24T08:00:00+01:00 --reason new",
        "pass revoke ana@example.com",
        "passkey remove ana@example.com 0193a1b2-0000-7000-8000-000000000001",
        "password set ana@example.com --must-change --json",
        "password off ana@example.com",
        "password allow ana@example.com",
        "audit verify",
        "audit export out.jsonl",
        "config check",
        "backup out.db",
        "restore out.db",
        "key list",
        "hook add https://siem.example.com/in --kinds signed_in,user_added --personal --json",
        "hook list",
        "hook test 0193a1b2-0000-7000-8000-000000000001",
        "hook enable 0193a1b2-0000-7000-8000-000000000001",
        "hook disable 0193a1b2-0000-7000-8000-000000000001",
        "hook remove 0193a1b2-0000-7000-8000-000000000001",
        "upgrade",
        "upgrade --no-copy",
        "upgrade --check --folder /tmp --json",
        "explain 7F3K-22QX --json",
        "explain --ndjson cases.ndjson",
        "explain -",
        "explain --list",
    ] {
        parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[test]
fn nonsense_exits_with_two() {
    for line in [
        "user add ana@example.com",
        "user add ana@example.com --name \u{7}",
        "role set ana@example.com root",
        "pass issue ana@example.com --lifetime soon",
        "pass issue ana@example.com --start tomorrow",
        "passkey remove ana@example.com 7",
        "password set ana@example.com hunter2hunter2",
        "audit list --limit 0",
        "serve --demo --database x.db",
        "upgrade --check --no-copy",
        "upgrade --folder /tmp",
        "explain --list 7F3K-22QX",
        "explain --list --ndjson",
        "frobnicate",
    ] {
        assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
    }
}
