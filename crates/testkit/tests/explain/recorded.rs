//! Cases that our authenticator cannot make, in `fixtures/cases`.

use super::answers;

#[test]
fn a_tpm_may_sign_with_sha_1_and_nobody_else() {
    let lines = include_str!("../../fixtures/cases/tpm-rs1.ndjson");
    let expected: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect();
    for (case, answer) in expected.iter().zip(answers(lines.as_bytes())) {
        assert_eq!(answer["reason"], case["expected"], "{}: {}", case["id"], answer["explanation"]);
    }
    assert_eq!(expected.len(), 3);
    // The same key as a credential's, offered or not, is none.
    let offered = lines.lines().next().unwrap().replace("[-257]", "[-65535]");
    assert_eq!(answers(offered.as_bytes())[0]["reason"], "algorithm");
}
