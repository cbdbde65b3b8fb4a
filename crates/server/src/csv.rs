//! Comma-separated values (RFC 4180) that are safe to open in a spreadsheet.
//!
//! A cell that begins like a formula is run by the program that opens the file, whatever its quotes. What people and
//! browsers wrote may begin so; an apostrophe before it makes it a text (OWASP, CSV injection).

use std::fmt::Write as _;

/// One record with its line end.
pub(crate) fn record<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let guard = if is_formula(cell) { "'" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(line, "\"{guard}{}\"", cell.replace('"', "\"\""));
    }
    line.push_str("\r\n");
    line
}

fn is_formula(cell: &str) -> bool {
    // Spreadsheets skip blanks before they look.
    let first = cell.trim_start_matches(' ').chars().next();
    matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
}

#[cfg(test)]
mod tests {
    use super::record;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(record(["a", "b \"c\", d", ""]), "\"a\",\"b \"\"c\"\", d\",\"\"\r\n");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"] {
            assert!(record([formula]).starts_with("\"'"), "{formula:?}");
        }
        assert_eq!(record(["203.0.113.7"]), "\"203.0.113.7\"\r\n");
    }
}
