//! Prints the cases of `testkit::cases`, one a line, each with the reason that it must get as `expected`:
//!
//! ```text
//! cargo run -p testkit --example cases | keyward explain --ndjson
//! ```

use std::io::{BufWriter, Write, stdout};

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for case in testkit::cases::all() {
        writeln!(out, "{}", case.with_expected())?;
    }
    out.flush()
}
