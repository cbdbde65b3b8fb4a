//! `keyward policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use primitives::time::Timestamp;

use super::time;

/// The organisation's policy.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Print the policy in force, or an earlier version, as `check` and `apply` take it
    #[command(disable_version_flag = true)]
    Show {
        /// That version; 0 is the configuration's
        #[arg(long, value_name = "NUMBER")]
        version: Option<i64>,
    },
    /// Say what a policy would do to everybody; exit status 0 where nobody is locked out, else 1
    Check {
        /// The policy; "-" is standard input
        file: PathBuf,
    },
    /// Put a policy in force
    Apply {
        /// The policy; "-" is standard input
        file: PathBuf,
        /// How, and from when
        #[command(flatten)]
        terms: Terms,
    },
    /// Say what one policy says otherwise than another: {"key","from","to"}
    Diff {
        /// A file or the number of a version
        one: String,
        /// Another one; what is in force if not given, which is then the old one
        other: Option<String>,
    },
    /// List versions, newest first
    History {
        /// At most so many
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
        /// Only those before this one
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
    },
    /// Put an earlier version in force again, as a new version
    #[command(disable_version_flag = true)]
    Restore {
        /// Its number; 0 is the configuration's
        version: i64,
        /// How, and from when
        #[command(flatten)]
        terms: Terms,
    },
    /// Undo a version within 24 hours of its taking effect, or before
    #[command(disable_version_flag = true)]
    Undo {
        /// Its number
        version: i64,
    },
}

/// How a policy is applied.
#[derive(Debug, Args)]
pub struct Terms {
    /// Lock out exactly so many people, as `check` counted them
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub lock_out: u64,
    /// Refuse if there is a newer version than this one
    #[arg(long, value_name = "NUMBER")]
    pub base: Option<i64>,
    /// From when it holds, in RFC 3339; until then it only stands in the history
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub effective: Option<Timestamp>,
    /// What it is for
    #[arg(long, default_value = "")]
    pub comment: String,
}
