//! `keyfob links`: the devices that may ask without a code.

use clap::{Args, Subcommand};
use serde_json::json;

use super::unlock;
use super::{Failure, now, print, table};
use crate::cli::Common;
use crate::holder::Wish;
use crate::links::Device;
use crate::server::plain;
use crate::text::Text;

const REFUSAL: &str = "The devices were not listed";
const NOT_FORGOTTEN: &str = "Nothing was forgotten";

/// Its arguments.
#[derive(Debug, Args)]
#[command(
    after_help = "A device is remembered by `keyfob scan`, if it asks for that and you agree. `keyfob serve` answers it \
while it knows a relay (--relay-domain)."
)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

/// What to do with them; without, they are listed.
#[derive(Debug, Subcommand)]
enum What {
    /// Forget one: it needs a code again
    Remove {
        /// Its name, or its link's id
        #[arg(value_name = "NAME")]
        name: String,
    },
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        None => now(list(common)),
        Some(What::Remove { name }) => now(remove(common, name)),
    }
}

async fn list(common: &Common) -> Result<(), Failure> {
    let open = unlock::open(common, REFUSAL).await?;
    let devices = open.holder.devices().await;
    let devices = devices.map_err(|error| Failure::refused(format!("{REFUSAL}: {error}.")))?;
    let json = serde_json::to_value(&devices).unwrap_or_else(|_| json!([]));
    print(common, &json, || shown(open.text, &devices))
}

fn shown(text: Text, devices: &[Device]) -> String {
    if devices.is_empty() {
        return text.say("links-empty");
    }
    let head = ["list-name", "links-since", "links-until", "list-used", "list-id"];
    let mut rows = vec![head.map(|id| text.say(id)).to_vec()];
    let day = |at: &str| at.split('T').next().unwrap_or_default().to_owned();
    for device in devices {
        let used = device.last_used.as_deref().map_or_else(|| text.say("never"), day);
        let (since, until) = (day(&device.since), day(&device.until));
        rows.push(vec![plain(&device.name, 60), since, until, used, device.id.clone()]);
    }
    table(&rows)
}

async fn remove(common: &Common, name: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{NOT_FORGOTTEN}: {error}."));
    let open = unlock::open(common, NOT_FORGOTTEN).await?;
    let devices = open.holder.devices().await.map_err(|error| failed(&error))?;
    let meant = devices.iter().find(|device| device.name == name || device.id == name);
    let device = meant.ok_or_else(|| failed(&"there is no such device; `keyfob links` lists them"))?;
    open.holder.wish(Wish::Unlink { id: device.id.clone() }).await.map_err(|error| failed(&error))?;
    let name = plain(&device.name, 60);
    print(common, &json!({ "id": device.id, "name": device.name }), || {
        open.text.with("links-removed", &[("name", &name)])
    })
}
