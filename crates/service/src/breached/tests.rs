//! Every line is found, and nothing else, in lists of either kind.

use super::*;

/// A list of these lines in a file of its own, sorted as it must be.
fn list(name: &str, lines: &[String], end: &str) -> BreachedList {
    let mut lines = lines.to_vec();
    lines.sort_unstable();
    let path = std::env::temp_dir().join(format!("keyward-breached-{}-{name}", std::process::id()));
    let text: String = lines.iter().map(|line| format!("{line}{end}")).collect();
    std::fs::write(&path, text).unwrap();
    let list = BreachedList::open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    list
}

fn passwords() -> Vec<String> {
    let mut passwords: Vec<String> =
        (0..300_usize).map(|number| format!("{}{number}", "x".repeat(number % 7))).collect();
    passwords.push("pass:word:1".to_owned());
    passwords.push("é".repeat(300));
    passwords
}

#[test]
fn passwords_themselves() {
    for (name, end) in [("lf", "\n"), ("crlf", "\r\n")] {
        let list = list(name, &passwords(), end);
        for known in passwords() {
            assert!(list.contains(&known).unwrap(), "{known}");
        }
        for unknown in ["", "~", "!", "pass", "pass:word", "x300", "\n", "0\n1"] {
            assert!(!list.contains(unknown).unwrap(), "{unknown:?}");
        }
    }
}

#[test]
fn digests_with_and_without_a_count() {
    for (name, count) in [("bare", ""), ("counted", ":12")] {
        let digest =
            |text: &String| format!("{}{count}", encoding::hex_upper(&digest::sha1(text.as_bytes())));
        let list = list(name, &passwords().iter().map(digest).collect::<Vec<_>>(), "\n");
        for known in passwords() {
            assert!(list.contains(&known).unwrap(), "{known}");
        }
        for number in 1_000..1_300 {
            assert!(!list.contains(&number.to_string()).unwrap(), "{number}");
        }
    }
}

#[test]
fn an_empty_list_and_a_last_line_without_its_end() {
    assert!(!list("empty", &[], "").contains("anything").unwrap());
    let one = list("one", &["password".to_owned()], "");
    assert!(one.contains("password").unwrap());
    assert!(!one.contains("passwor").unwrap());
}
