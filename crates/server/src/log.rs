//! The log: structured lines on standard error, set up once per process.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging as configured. Fails with a sentence if the filter makes no sense.
pub(crate) fn start(log: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&log.filter)
        .map_err(|error| format!("The value of `log.filter` cannot be used: {error}."))?;
    let ansi = std::io::stderr().is_terminal() && !log.json;
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi);
    let started = if log.json {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    } else {
        builder.try_init()
    };
    started.map_err(|error| format!("Logging could not start: {error}."))
}
