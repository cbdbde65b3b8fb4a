//! The program `keyfob`.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
