//! What can be said to `keyward explain`.

use clap::Args;

/// Explaining a ceremony.
#[derive(Debug, Args)]
#[command(
    after_help = "A case is one JSON object; docs/admin/explain.md says what is in it and how to record one. \
Without --ndjson the exit status is 0 for an accepted ceremony and 1 for a refused one.

Examples:
  keyward explain 7F3K-22QX
  keyward explain case.json
  keyward explain --ndjson < cases.ndjson"
)]
pub struct Explain {
    /// A file with one case, - for standard input (the default), or the reference that the person was shown
    #[arg(value_name = "FILE|-|REFERENCE")]
    pub input: Option<String>,
    /// Read one case a line and print {"id","verdict","reason","step","explanation"} for each
    #[arg(long)]
    pub ndjson: bool,
    /// List the refused ceremonies that are kept, newest first
    #[arg(long, conflicts_with_all = ["input", "ndjson"])]
    pub list: bool,
}
