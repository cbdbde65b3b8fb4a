//! WN-1 and WN-2: the first sign-in, from what is to be done to what has been done.

use account::passkey::Passkey;
use service::Who;
use service::first_run::{self, SetUp};

use super::{cards, passkeys_problem};
use crate::context::Visit;
use crate::pages::welcome::{AllSet, SavedPasskey, Welcome};
use crate::problem::{Answer, Stop};

async fn passkeys(visit: &mut Visit) -> Result<(Who, Vec<Passkey>), Stop> {
    let who = visit.anyone().await?;
    let passkeys =
        service::manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    Ok((who, passkeys))
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let (who, passkeys) = passkeys(&mut visit).await?;
    let tried = passkeys.iter().any(|passkey| passkey.tried);
    let next = match passkeys.first() {
        None => "/me/security/add".to_owned(),
        Some(passkey) if !tried => format!("/me/security/add/{}/try", passkey.id),
        Some(_) if passkeys.len() < 2 && !who.session.is_limited() => "/me/security/add".to_owned(),
        Some(_) => "/welcome/done".to_owned(),
    };
    let page = Welcome {
        shell: visit.shell_for(&who),
        name: who.user.name.clone(),
        created: !passkeys.is_empty(),
        tried,
        backed_up: passkeys.len() > 1,
        backup_required: visit.app.service.settings().of(&who.user).passkeys.at_least > 1,
        next,
    };
    visit.page(&page)
}

pub(super) async fn done(mut visit: Visit) -> Answer {
    let (who, passkeys) = passkeys(&mut visit).await?;
    if passkeys.is_empty() {
        return visit.see_other("/welcome");
    }
    let next = match first_run::status(&visit.app.service, &who).await? {
        SetUp::NeedsDetails | SetUp::NeedsPasskeys { .. } => "/setup",
        SetUp::NotYours | SetUp::Done => "/me/security",
    };
    let saved = passkeys
        .iter()
        .map(|passkey| SavedPasskey { name: passkey.name.clone(), provider: cards::provider(passkey) });
    // An application waits for the passkey that there is now; before the first run's end nothing does.
    let application = visit.led_on().filter(|_| next != "/setup");
    let next = application.as_ref().map_or(next.to_owned(), |(path, _)| path.clone());
    let page = AllSet {
        passkeys: saved.collect(),
        contact: visit.contact(),
        next,
        application: application.map(|(_, name)| name),
        shell: visit.shell_for(&who),
    };
    visit.page(&page)
}
