//! The program `keyward`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::commands::main()
}
