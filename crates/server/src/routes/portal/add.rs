//! The wizard: W-1, W-5a, W-5d, W-6, W-9 and W-10.

use account::methods::MOST_PASSKEYS;
use account::passkey::{Passkey, PasskeyId, Place, parse_passkey_name};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use service::{Who, manage_passkeys, register_passkey};

use super::passkeys::{Name, name_problem};
use super::security::id;
use super::{cards, passkeys_problem};
use crate::aaguid;
use crate::context::Visit;
use crate::fields::{Form, Json, Path, Query};
use crate::pages::Ceremony;
use crate::pages::wizard::{AddDone, BackupOffer, Choice, Choose, Create, NameIt, NewPlace};
use crate::problem::{Answer, Problem, Stop};
use crate::routes::sign_in::{Finish, began, ceremony_refused};

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    place: String,
}

fn place_of(place: NewPlace) -> Place {
    match place {
        NewPlace::ThisComputer => Place::ThisComputer,
        NewPlace::SecurityKey => Place::SecurityKey,
    }
}

/// Whether a full session must first confirm that it adds a passkey. An onboarding session has its pass.
async fn choose_page(visit: &mut Visit, who: &Who, chosen: Option<NewPlace>) -> Result<Choose, Stop> {
    let passkeys = manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)?;
    let choice = |place| Choice {
        place,
        allowed: true,
        have: count(passkeys.iter().filter(|passkey| passkey.place == place_of(place)).count()),
    };
    Ok(Choose {
        choices: vec![choice(NewPlace::ThisComputer), choice(NewPlace::SecurityKey)],
        chosen: chosen.or(Some(NewPlace::ThisComputer)),
        confirm: register_passkey::must_confirm(who, &passkeys, visit.now()),
        limit_reached: (passkeys.len() >= MOST_PASSKEYS).then(|| count(MOST_PASSKEYS)),
        missing: false,
        shell: visit.shell_for(who),
    })
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) async fn choose(mut visit: Visit, Query(query): Query<Chosen>) -> Answer {
    let who = visit.anyone().await?;
    let page = choose_page(&mut visit, &who, NewPlace::parse(&query.place)).await?;
    visit.page(&page)
}

pub(super) async fn chosen(mut visit: Visit, Form(form): Form<Chosen>) -> Answer {
    let who = visit.anyone().await?;
    let Some(place) = NewPlace::parse(&form.place) else {
        let page = Choose { missing: true, chosen: None, ..choose_page(&mut visit, &who, None).await? };
        return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let place_code = place.code();
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    if register_passkey::must_confirm(&who, &passkeys, visit.now()) {
        return visit.see_other(&format!("/me/confirm?for=add-passkey&place={place_code}"));
    }
    visit.see_other(&format!("/me/security/add/{place_code}/create"))
}

pub(super) async fn create(mut visit: Visit, Path(place): Path<String>) -> Answer {
    let who = visit.anyone().await?;
    let place = NewPlace::parse(&place).ok_or_else(Problem::not_found)?;
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    let try_only = match passkeys.as_slice() {
        [only] => Some(format!("/me/security/add/{}/try", only.id)),
        _ => None,
    };
    let shell = visit.shell_for(&who);
    visit.page(&Create { shell, place, try_only })
}

pub(super) async fn begin(mut visit: Visit, Json(sent): Json<Chosen>) -> Answer {
    let who = visit.anyone().await?;
    let place = NewPlace::parse(&sent.place).ok_or_else(Problem::not_found)?;
    let mut caller = visit.caller();
    match register_passkey::begin(&visit.app.service, &mut caller, &who, place_of(place)).await {
        Ok(started) => began(visit, started),
        Err(error) => ceremony_refused(visit, Ceremony::Create, &error),
    }
}

pub(super) async fn finish(mut visit: Visit, Json(sent): Json<Finish>) -> Answer {
    let who = visit.anyone().await?;
    let mut caller = visit.caller();
    let (service, device) = (&visit.app.service, caller.client.browser.clone());
    let suggested = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, Some(&device), "Passkey", &[]);
    let (state, response) = (&sent.state, sent.response.get());
    match register_passkey::finish(service, &mut caller, &who, state, response, suggested).await {
        Ok(registered) => {
            let next = format!("/me/security/add/{}/name", registered.passkey.id);
            visit.ok(json!({ "next": next }))
        }
        Err(error) => ceremony_refused(visit, Ceremony::Create, &error),
    }
}

/// The passkey of this step. One that is gone leads back to the start: what else was finished is kept.
pub(super) async fn find(visit: &mut Visit, text: &str) -> Result<(Who, Passkey), Stop> {
    let who = visit.anyone().await?;
    let passkey_id: PasskeyId = id(text)?;
    let passkey =
        manage_passkeys::get(&visit.app.service, &who, passkey_id).await.map_err(passkeys_problem)?;
    Ok((who, passkey))
}

pub(super) async fn name_form(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let shell = visit.shell_for(&who);
    visit.page(&NameIt { shell, id: passkey.id.to_string(), name: passkey.name, problem: None })
}

pub(super) async fn name(mut visit: Visit, Path(text): Path<String>, Form(form): Form<Name>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let name = match parse_passkey_name(&form.name) {
        Ok(name) => name,
        Err(refusal) => {
            let (shell, id) = (visit.shell_for(&who), passkey.id.to_string());
            let page = NameIt { shell, id, name: form.name, problem: Some(name_problem(refusal)) };
            return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    if name != passkey.name {
        let mut caller = visit.caller();
        manage_passkeys::rename(&visit.app.service, &mut caller, &who, passkey.id, &name)
            .await
            .map_err(passkeys_problem)?;
    }
    visit.see_other(&format!("/me/security/add/{}/try", passkey.id))
}

pub(super) async fn backup(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    let done = format!("/me/security/add/{}/done", passkey.id);
    // A second one exists, or this session may not make one: there is nothing to offer.
    if passkeys.len() > 1 || who.session.is_limited() {
        return visit.see_other(&done);
    }
    let other = match passkey.place {
        Place::SecurityKey => NewPlace::ThisComputer,
        Place::ThisComputer | Place::Phone => NewPlace::SecurityKey,
    };
    let shell = visit.shell_for(&who);
    visit.page(&BackupOffer { shell, places: vec![other], required: false, later: done })
}

pub(super) async fn done(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    // With one passkey this was the first sign-in, which has a page of its own at its end.
    let next = if passkeys.len() == 1 { "/welcome/done" } else { "/me/security" }.to_owned();
    let page = AddDone {
        shell: visit.shell_for(&who),
        provider: cards::provider(&passkey),
        tried: passkey.tried,
        name: passkey.name,
        next,
    };
    visit.page(&page)
}
