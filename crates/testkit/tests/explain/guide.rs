//! The administrator's guide has the table of reasons that the code has.

use std::fs;
use std::path::Path;

use webauthn::explain::REASONS;

#[test]
fn the_guide_has_every_reason_with_its_meaning_and_remedy() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/admin/explain.md");
    let text = fs::read_to_string(path).unwrap();
    let (start, end) = (text.find("<!-- reasons -->").unwrap(), text.find("<!-- /reasons -->").unwrap());
    let found: Vec<&str> = text[start..end].lines().filter(|line| line.starts_with("| `")).collect();
    let row = |reason: &webauthn::explain::Reason| {
        format!("| `{}` | {} | {} |", reason.code, reason.meaning, reason.remedy)
    };
    let expected: Vec<String> = REASONS.iter().map(row).collect();
    assert_eq!(found, expected, "docs/admin/explain.md should have:\n{}", expected.join("\n"));
}
