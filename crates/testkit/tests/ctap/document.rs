//! The list as it is written.

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/conformance-ctap.md");

/// The rows of the table under `heading`, without its head: cells without white space and backquotes.
pub(crate) fn rows(heading: &str) -> Vec<Vec<String>> {
    let list = std::fs::read_to_string(LIST).unwrap();
    let begin = list.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    let section = list[begin + 4..].split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let inner = line.trim().trim_matches('|');
        inner.split('|').map(|cell| cell.trim().replace('`', "")).collect::<Vec<_>>()
    };
    lines.map(cells).skip(2).collect()
}

/// A status byte as the list writes it, `0x14`.
pub(crate) fn byte(cell: &str) -> u8 {
    let hexadecimal = cell.strip_prefix("0x").unwrap_or_else(|| panic!("{cell} is no byte"));
    u8::from_str_radix(hexadecimal, 16).unwrap()
}
