//! W-7 and W-8: trying a passkey once. From an onboarding session the try is a sign-in.

use account::passkey::{Passkey, Place};
use serde::Deserialize;
use serde_json::json;
use service::manage_passkeys;
use service::manage_passkeys::Tried;

use super::add::find;
use super::security::id;
use crate::context::Visit;
use crate::fields::{Json, Path};
use crate::pages::Ceremony;
use crate::pages::wizard::TryIt;
use crate::pages::wizard_phone::PhoneKind;
use crate::problem::Answer;
use crate::routes::sign_in::{Finish, began, ceremony_refused};
use crate::text::Text;
use primitives::time::Span;

/// Within this time after its creation a passkey is tried as the wizard's last step.
const JUST_CREATED: Span = Span::from_minutes(15);

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let just_created = !passkey.tried && visit.now().since(passkey.created) < JUST_CREATED;
    let next = if just_created {
        format!("/me/security/add/{}/backup", passkey.id)
    } else {
        "/me/security".to_owned()
    };
    let on_phone = is_elsewhere(&visit, &passkey);
    let page = TryIt {
        shell: visit.shell_for(&who),
        id: passkey.id.to_string(),
        name: passkey.name,
        just_created,
        tried: passkey.tried,
        next,
        on_phone,
    };
    visit.page(&page)
}

/// Whether the passkey is on a phone, and this is not one: it is tried there.
fn is_elsewhere(visit: &Visit, passkey: &Passkey) -> bool {
    let here = PhoneKind::of_device(&visit.caller().client.browser);
    passkey.place == Place::Phone && here.is_none() && PhoneKind::of_device(&passkey.created_on).is_some()
}

/// For the page that waits for the phone.
pub(super) async fn stage(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (_, passkey) = find(&mut visit, &text).await?;
    let message = works(&visit, &passkey);
    visit.ok(json!({ "tried": passkey.tried, "message": message }))
}

#[derive(Deserialize)]
pub(super) struct Begin {
    passkey: String,
}

pub(super) async fn begin(mut visit: Visit, Json(sent): Json<Begin>) -> Answer {
    let who = visit.anyone().await?;
    let passkey = id(&sent.passkey)?;
    let mut caller = visit.caller();
    match manage_passkeys::try_begin(&visit.app.service, &mut caller, &who, passkey).await {
        Ok(started) => began(visit, started),
        Err(error) => ceremony_refused(visit, Ceremony::Get, &error),
    }
}

pub(super) async fn finish(mut visit: Visit, Json(sent): Json<Finish>) -> Answer {
    let who = visit.anyone().await?;
    let mut caller = visit.caller();
    let service = &visit.app.service;
    match manage_passkeys::try_finish(service, &mut caller, &who, &sent.state, sent.response.get()).await {
        Ok(Tried { passkey, signed_in }) => {
            if let Some(signed_in) = &signed_in {
                visit.begin_session(signed_in);
            }
            let message = works(&visit, &passkey);
            visit.ok(json!({ "message": message }))
        }
        Err(error) => ceremony_refused(visit, Ceremony::Get, &error),
    }
}

fn works(visit: &Visit, passkey: &Passkey) -> String {
    Text::new(visit.facts.language).say("passkey-works").with("name", &passkey.name).to_string()
}
