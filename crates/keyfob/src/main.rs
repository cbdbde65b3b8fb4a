//! The program `keyfob`.

use std::process::ExitCode;

fn main() -> ExitCode {
    keyfob::commands::main()
}
