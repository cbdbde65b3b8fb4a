//! The desktop: a notification with buttons, and its own ways to know the person. All of it over D-Bus, none of it
//! needed: where a service is not there, the answer is that it cannot be found out.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use zbus::{Connection, Proxy};
use zbus::{OwnedObjectPath, Variant};

use super::verify::Outcome;
use crate::text::Text;

/// How long a finger may take to come.
const FINGER: Duration = Duration::from_secs(25);

/// How many accounts get a button.
const BUTTONS: usize = 6;

/// What polkit is asked about (`debian/org.keyfob.policy`).
const ACTION: &str = "org.keyfob.approve";

/// polkit's AllowUserInteraction.
const INTERACTION: u32 = 1;

/// The person's desktop.
#[derive(Clone, Debug)]
pub struct Desktop {
    session: Connection,
}

impl Desktop {
    /// The session's; `None` without one.
    pub async fn connect() -> Option<Self> {
        Connection::session().await.ok().map(Self::on)
    }

    /// On that connection.
    pub fn on(session: Connection) -> Self {
        Self { session }
    }

    /// Shows a question with buttons; the account that they mean, or `None` for no.
    pub async fn ask(&mut self, text: Text, lines: &[String], accounts: &[String]) -> Option<usize> {
        self.notify(text, lines, accounts).await.ok().flatten()
    }

    /// Shows lines until what it gives is dropped.
    pub async fn tell(&self, text: Text, lines: &[String]) -> Option<Shown> {
        let proxy = self.notifications().await.ok()?;
        let number = show(&proxy, text, lines, &[]).await.ok()?;
        Some(Shown { proxy, number: Some(number) })
    }

    async fn notifications(&self) -> zbus::Result<Proxy<'static>> {
        const SERVICE: &str = "org.freedesktop.Notifications";
        Proxy::new(&self.session, SERVICE, "/org/freedesktop/Notifications", SERVICE).await
    }

    async fn notify(&self, text: Text, lines: &[String], accounts: &[String]) -> zbus::Result<Option<usize>> {
        let proxy = self.notifications().await?;
        // Before anything is shown: a quick person's press is not to be missed.
        let mut pressed = proxy.receive_signal("ActionInvoked").await?;
        let mut closed = proxy.receive_signal("NotificationClosed").await?;
        let buttons = buttons(text, accounts);
        let actions: Vec<&str> =
            buttons.iter().flat_map(|(key, label)| [key.as_str(), label.as_str()]).collect();
        let number = show(&proxy, text, lines, &actions).await?;
        let taken_back = Shown { proxy: proxy.clone(), number: Some(number) };
        loop {
            tokio::select! {
                Some(signal) = pressed.next() => {
                    let (of, key): (u32, String) = signal.body().deserialize()?;
                    if of == number {
                        return Ok(key.strip_prefix("account-").and_then(|place| place.parse().ok()));
                    }
                }
                Some(signal) = closed.next() => {
                    let (of, _reason): (u32, u32) = signal.body().deserialize()?;
                    if of == number {
                        taken_back.done();
                        return Ok(None);
                    }
                }
                else => return Ok(None),
            }
        }
    }
}

/// The number of a notification with those buttons: key and label of each.
async fn show(proxy: &Proxy<'_>, text: Text, lines: &[String], actions: &[&str]) -> zbus::Result<u32> {
    let hints = HashMap::from([("urgency", Variant::U8(2)), ("transient", Variant::Bool(true))]);
    let body = escaped(&lines.join("\n"));
    let title = text.say("notice-title");
    let shown = (title.as_str(), 0_u32, "dialog-password", title.as_str(), body, actions, hints, 0_i32);
    proxy.call("Notify", &shown).await
}

fn buttons(text: Text, accounts: &[String]) -> Vec<(String, String)> {
    let mut buttons: Vec<(String, String)> = match accounts {
        [] | [_] => vec![("account-0".to_owned(), text.say("notice-approve"))],
        several => several
            .iter()
            .take(BUTTONS)
            .enumerate()
            .map(|(place, account)| (format!("account-{place}"), account.clone()))
            .collect(),
    };
    buttons.push(("refuse".to_owned(), text.say("notice-refuse")));
    buttons
}

/// Notifications may hold markup; ours hold none.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A notification, which is taken back when this is dropped.
#[derive(Debug)]
pub struct Shown {
    proxy: Proxy<'static>,
    number: Option<u32>,
}

impl Shown {
    fn done(mut self) {
        self.number = None;
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let (Some(number), Ok(runtime)) = (self.number, tokio::runtime::Handle::try_current()) else {
            return;
        };
        let proxy = self.proxy.clone();
        runtime.spawn(async move {
            let _: zbus::Result<()> = proxy.call("CloseNotification", &(number,)).await;
        });
    }
}

/// The desktop's own authentication (polkit), a finger where that has no say.
pub async fn verify() -> Outcome {
    let Ok(system) = Connection::system().await else { return Outcome::Unable };
    match polkit(&system).await {
        Outcome::Unable => finger(&system).await,
        known => known,
    }
}

/// Asks polkit, which asks the person as their desktop does.
pub async fn polkit(system: &Connection) -> Outcome {
    authorised(system).await.unwrap_or(Outcome::Unable)
}

async fn authorised(system: &Connection) -> zbus::Result<Outcome> {
    let proxy = Proxy::new(
        system,
        "org.freedesktop.PolicyKit1",
        "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority",
    )
    .await?;
    let Some(name) = system.unique_name() else { return Ok(Outcome::Unable) };
    let subject = ("system-bus-name", HashMap::from([("name", Variant::from(name.as_str()))]));
    let details: HashMap<&str, &str> = HashMap::new();
    let (authorized, challenge, _): (bool, bool, HashMap<String, String>) =
        proxy.call("CheckAuthorization", &(subject, ACTION, details, INTERACTION, "")).await?;
    Ok(match (authorized, challenge) {
        (true, _) => Outcome::Verified,
        // Nobody was there to ask them: this session has no agent.
        (false, true) => Outcome::Unable,
        (false, false) => Outcome::Wrong,
    })
}

/// Asks for a finger.
pub async fn finger(system: &Connection) -> Outcome {
    match tokio::time::timeout(FINGER, touched(system)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Outcome::Unable,
        Err(_) => Outcome::Wrong,
    }
}

async fn touched(system: &Connection) -> zbus::Result<Outcome> {
    const SERVICE: &str = "net.reactivated.Fprint";
    let manager =
        Proxy::new(system, SERVICE, "/net/reactivated/Fprint/Manager", "net.reactivated.Fprint.Manager")
            .await?;
    let path: OwnedObjectPath = manager.call("GetDefaultDevice", &()).await?;
    let device = Proxy::new(system, SERVICE, path, "net.reactivated.Fprint.Device").await?;
    let mut told = device.receive_signal("VerifyStatus").await?;
    let () = device.call("Claim", &("",)).await?;
    let outcome = async {
        let () = device.call("VerifyStart", &("any",)).await?;
        while let Some(signal) = told.next().await {
            let (result, done): (String, bool) = signal.body().deserialize()?;
            match (result.as_str(), done) {
                ("verify-match", _) => return Ok(Outcome::Verified),
                ("verify-no-match", true) => return Ok(Outcome::Wrong),
                (_, true) => return Ok(Outcome::Unable),
                // A finger that lay badly: the reader goes on by itself.
                (_, false) => {}
            }
        }
        Ok::<_, zbus::Error>(Outcome::Unable)
    }
    .await;
    // The reader is everybody's: it is given back whatever came of it.
    let _: zbus::Result<()> = device.call("VerifyStop", &()).await;
    let _: zbus::Result<()> = device.call("Release", &()).await;
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_writes_no_markup() {
        assert_eq!(escaped("<b>bank</b> & co"), "&lt;b&gt;bank&lt;/b&gt; &amp; co");
    }

    #[test]
    fn each_account_has_a_button_and_no_is_the_last() {
        let accounts: Vec<String> = (0..20).map(|number| format!("a{number}")).collect();
        let all = buttons(Text::English, &accounts);
        assert_eq!((all.len(), all[5].1.as_str(), all[6].0.as_str()), (7, "a5", "refuse"));
        assert_eq!(buttons(Text::English, &[])[0].0, "account-0");
    }
}
