//! How long people's data stay in the audit log.

use serde::Deserialize;
use service::retention::{Retention, SHORTEST};

use super::ConfigRefusal;
use super::raw::{span, value};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRetention {
    sign_ins: Option<String>,
    events: Option<String>,
}

pub(super) fn parse(raw: &RawRetention) -> Result<Retention, ConfigRefusal> {
    let default = Retention::default();
    let retention = Retention {
        sign_ins: span("retention.sign_ins", raw.sign_ins.as_deref(), default.sign_ins)?,
        events: span("retention.events", raw.events.as_deref(), default.events)?,
    };
    for (key, span) in [("retention.sign_ins", retention.sign_ins), ("retention.events", retention.events)] {
        if span < SHORTEST {
            return Err(value(key, "people are shown 30 days of their own history: write 30d or more"));
        }
    }
    Ok(retention)
}
