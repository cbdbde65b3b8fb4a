//! `keyward mail`.

use primitives::entropy::SystemEntropy;
use primitives::id::Id;
use serde_json::json;

use super::{Failure, print};
use crate::cli::{Common, MailCommand};
use crate::config::Config;
use crate::context::system_now;
use crate::mail::{Mailer, letter};
use crate::serve::site;

pub(super) async fn run(common: &Common, command: MailCommand) -> Result<(), Failure> {
    let MailCommand::Test { to } = command;
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let Some(mail) = &config.mail else {
        return Err(Failure::refused(
            "No mail was sent: there is no `[mail]` in the configuration, so notices stay on the pages.",
        ));
    };
    let site = site(&config, &config.origin_at(config.listen));
    let mailer = Mailer::new(mail, &site).map_err(Failure::usage)?;
    let (now, server) = (system_now(), format!("{}:{}", mail.host, mail.port));
    let id: Id<letter::Letter> = Id::new(now, &mut SystemEntropy);
    let sent = mailer.test(&to, &id.to_string(), now).await;
    sent.map_err(|error| Failure::refused(format!("No mail was sent by {server}: {error}.")))?;
    print(common, &json!({ "to": to, "sent": true, "server": server }), || {
        format!("{server} took a mail for {to}. Look whether it arrives.")
    })
}
