//! The wizard: W-1, W-5a, W-5c, W-5d, W-6, W-9 and W-10. What leads to a phone is in [`super::phone`].

use account::methods::MOST_PASSKEYS;
use account::passkey::{Attachment, Passkey, PasskeyId, Place, parse_passkey_name};
use account::policy::{Effective, judge};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use service::manage_password::{self, PasswordStatus};
use service::{Who, go_passwordless, manage_passkeys, register_passkey};

use super::passkeys::{Name, name_problem};
use super::security::id;
use super::{cards, passkeys_problem, phone};
use crate::aaguid;
use crate::context::Visit;
use crate::fields::{Form, Json, Path, Query};
use crate::pages::Ceremony;
use crate::pages::wizard::{Choice, Choose, Create, NameIt, NewPlace, OtherWay};
use crate::pages::wizard_end::{AddDone, BackupOffer};
use crate::pages::wizard_phone::{HowProblem, PhoneKind};
use crate::problem::{Answer, Problem, Stop};
use crate::routes::sign_in::{Finish, began, ceremony_refused};
use crate::text::Text;

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    place: String,
    /// The phone's system, where a phone was chosen.
    #[serde(default)]
    phone: String,
}

/// What a passkey is remembered to have been made for. That a phone makes it over our page is not asked here.
fn place_of(place: NewPlace) -> Place {
    match place {
        NewPlace::ThisComputer => Place::ThisComputer,
        NewPlace::SecurityKey => Place::SecurityKey,
        NewPlace::Authenticator | NewPlace::PhoneLink | NewPlace::PhoneBrowser => Place::Phone,
    }
}

/// Whether this browser itself can be asked for a passkey in that place.
fn is_made_here(place: NewPlace) -> bool {
    !matches!(place, NewPlace::Authenticator | NewPlace::PhoneLink)
}

/// Whether the page is shown on a phone.
fn on_phone(visit: &Visit) -> bool {
    PhoneKind::of_device(&visit.caller().client.browser).is_some()
}

/// Whether policy could keep a passkey made in that place: it is said before one is made (experience R20).
fn policy_takes(visit: &Visit, policy: &Effective, place: NewPlace) -> bool {
    // What a phone makes is backed up, and nothing vouches for it.
    let of_phone = place_of(place) == Place::Phone || place == NewPlace::ThisComputer && on_phone(visit);
    judge::may_begin(&policy.passkeys, place_of(place)).is_ok()
        && (!of_phone || judge::takes_unproven_backed_up(&policy.passkeys))
}

fn choices(visit: &Visit, who: &Who, passkeys: &[Passkey]) -> Vec<Choice> {
    let policy = visit.app.service.settings().of(&who.user);
    let phones = &policy.phones;
    let places: &[NewPlace] = if on_phone(visit) {
        &[NewPlace::ThisComputer, NewPlace::SecurityKey]
    } else {
        &[NewPlace::Authenticator, NewPlace::ThisComputer, NewPlace::SecurityKey]
    };
    let mut choices: Vec<Choice> = places
        .iter()
        .map(|place| Choice {
            place: *place,
            allowed: policy_takes(visit, &policy, *place)
                && (*place != NewPlace::Authenticator || phones.link || phones.hybrid),
            have: count(passkeys.iter().filter(|passkey| passkey.place == place_of(*place)).count()),
            recommended: false,
        })
        .collect();
    // Another place than those that there are: what is lost with one is still in the other.
    if let Some(choice) = choices.iter_mut().find(|choice| choice.allowed && choice.have == 0) {
        choice.recommended = true;
    }
    choices
}

/// What there is beside passkeys, with what the organisation has turned off.
fn others(policy: &Effective) -> Vec<OtherWay> {
    let way = |key, hint, path, allowed: bool| OtherWay { key, hint, path: allowed.then_some(path) };
    let passwords = policy.passwords.enabled;
    vec![
        way("other-password", "other-password-hint", "/me/security/password", passwords),
        // They are the second step after a password.
        way("other-codes", "other-codes-hint", "/me/security/codes", passwords && policy.codes.enabled),
        way(
            "backup-codes",
            "backup-codes-hint",
            "/me/security/recovery-codes",
            policy.recovery_codes.enabled,
        ),
    ]
}

/// Whether a full session must first confirm that it adds a passkey. An onboarding session has its pass.
async fn choose_page(visit: &mut Visit, who: &Who, chosen: Option<NewPlace>) -> Result<Choose, Stop> {
    let passkeys = manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)?;
    let choices = choices(visit, who, &passkeys);
    // A limited session reaches the wizard for passkeys and nothing else.
    let others = if who.session.is_limited() {
        Vec::new()
    } else {
        others(&visit.app.service.settings().of(&who.user))
    };
    let recommended = choices.iter().find(|choice| choice.recommended).map(|choice| choice.place);
    Ok(Choose {
        chosen: chosen.or(recommended).or(Some(NewPlace::ThisComputer)),
        choices,
        others,
        confirm: register_passkey::must_confirm(&visit.app.service.settings(), who, &passkeys, visit.now()),
        limit_reached: (passkeys.len() >= MOST_PASSKEYS).then(|| count(MOST_PASSKEYS)),
        missing: false,
        on_phone: on_phone(visit),
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
    if register_passkey::must_confirm(&visit.app.service.settings(), &who, &passkeys, visit.now()) {
        return visit.see_other(&format!("/me/confirm?for=add-passkey&place={place_code}"));
    }
    let phones = visit.app.service.settings().policy.phones.clone();
    let kind = PhoneKind::parse(&form.phone);
    match place {
        // The policy has changed since the page was shown.
        NewPlace::Authenticator if !phones.link && !phones.hybrid => {
            let page = Choose { missing: true, chosen: None, ..choose_page(&mut visit, &who, None).await? };
            visit.page_with(StatusCode::CONFLICT, &page)
        }
        NewPlace::PhoneLink if !phones.link => phone::how_again(visit, &who, kind, HowProblem::Changed).await,
        NewPlace::PhoneBrowser if !phones.hybrid => {
            phone::how_again(visit, &who, kind, HowProblem::Changed).await
        }
        NewPlace::Authenticator => visit.see_other("/me/security/add/phone/check"),
        NewPlace::PhoneLink => phone::begin(visit, &who, kind, false).await,
        NewPlace::ThisComputer | NewPlace::SecurityKey | NewPlace::PhoneBrowser => {
            let path = format!("/me/security/add/{place_code}/create");
            visit.see_other(&phone::with_kind(&path, kind))
        }
    }
}

pub(super) async fn create(
    mut visit: Visit,
    Path(place): Path<String>,
    Query(query): Query<Chosen>,
) -> Answer {
    let who = visit.anyone().await?;
    let place =
        NewPlace::parse(&place).filter(|place| is_made_here(*place)).ok_or_else(Problem::not_found)?;
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    let try_only = match passkeys.as_slice() {
        [only] => Some(format!("/me/security/add/{}/try", only.id)),
        _ => None,
    };
    let page = Create {
        place,
        try_only,
        on_phone: on_phone(&visit),
        phone: PhoneKind::parse(&query.phone),
        link: visit.app.service.settings().policy.phones.link,
        shell: visit.shell_for(&who),
    };
    visit.page(&page)
}

pub(super) async fn begin(mut visit: Visit, Json(sent): Json<Chosen>) -> Answer {
    let who = visit.anyone().await?;
    let place =
        NewPlace::parse(&sent.place).filter(|place| is_made_here(*place)).ok_or_else(Problem::not_found)?;
    let mut caller = visit.caller();
    match register_passkey::begin(&visit.app.service, &mut caller, &who, place_of(place)).await {
        Ok(started) => began(visit, started),
        Err(error) => ceremony_refused(visit, Ceremony::Create, &error),
    }
}

pub(super) async fn finish(mut visit: Visit, Json(sent): Json<Finish>) -> Answer {
    let who = visit.anyone().await?;
    let mut caller = visit.caller();
    let (state, response) = (&sent.state, sent.response.get());
    let phone = Text::new(visit.facts.language).say("phone-name").to_string();
    let device = aaguid::device(response, &caller.client.browser, &phone);
    let suggested = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, Some(&device), "Passkey", &[]);
    let service = &visit.app.service;
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
    visit.forget_step();
    let shell = visit.shell_for(&who);
    let saved_here = is_saved_here(&passkey);
    visit.page(&NameIt { shell, id: passkey.id.to_string(), name: passkey.name, problem: None, saved_here })
}

/// Whether a phone was meant and the device itself answered, as the browser says. It decides what is told and nothing
/// else.
fn is_saved_here(passkey: &Passkey) -> bool {
    passkey.place == Place::Phone
        && passkey.attachment == Some(Attachment::Platform)
        && PhoneKind::of_device(&passkey.created_on).is_none()
}

pub(super) async fn name(mut visit: Visit, Path(text): Path<String>, Form(form): Form<Name>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let name = match parse_passkey_name(&form.name) {
        Ok(name) => name,
        Err(refusal) => {
            let (shell, id) = (visit.shell_for(&who), passkey.id.to_string());
            let page = NameIt {
                shell,
                id,
                name: form.name,
                problem: Some(name_problem(refusal)),
                saved_here: is_saved_here(&passkey),
            };
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
    let settings = visit.app.service.settings();
    let required = settings.lacks(&who.user, &passkeys) > 0;
    // A second one exists, or this session may not make one: there is nothing to offer.
    if passkeys.len() > 1 && !required || who.session.is_limited() {
        return visit.see_other(&done);
    }
    let policy = settings.of(&who.user);
    let phones = policy.phones.link || policy.phones.hybrid;
    // Codes are no second passkey.
    let recovery_codes =
        (policy.recovery_codes.enabled && !required).then(|| "/me/security/recovery-codes".to_owned());
    let places = match passkey.place {
        Place::SecurityKey => [NewPlace::ThisComputer, NewPlace::Authenticator],
        Place::ThisComputer => [NewPlace::SecurityKey, NewPlace::Authenticator],
        Place::Phone => [NewPlace::SecurityKey, NewPlace::ThisComputer],
    };
    let works = |place: &NewPlace| {
        (phones || *place != NewPlace::Authenticator) && policy_takes(&visit, &policy, *place)
    };
    let places = places.into_iter().filter(works).collect();
    let shell = visit.shell_for(&who);
    visit.page(&BackupOffer { shell, places, recovery_codes, required, later: done })
}

/// Whether there is a password, and nothing that stands in the way of doing without.
async fn can_turn_password_off(visit: &Visit, who: &Who) -> Result<bool, Stop> {
    let service = &visit.app.service;
    if !service.settings().of(&who.user).passwords.enabled || who.session.is_limited() {
        return Ok(false);
    }
    let on = matches!(manage_password::status(service, who).await?, PasswordStatus::On { .. });
    Ok(on && go_passwordless::eligibility(service, who).await?.ready)
}

pub(super) async fn done(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let (who, passkey) = find(&mut visit, &text).await?;
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    // With one passkey this was the first sign-in, which has a page of its own at its end.
    let next = if passkeys.len() == 1 { "/welcome/done" } else { "/me/security" }.to_owned();
    // An application that waits for this passkey is where it goes on to.
    let next = visit.led_on().filter(|_| passkeys.len() > 1).map_or(next, |(path, _)| path);
    let passwordless =
        can_turn_password_off(&visit, &who).await?.then(|| "/me/security/password/off".to_owned());
    let page = AddDone {
        shell: visit.shell_for(&who),
        provider: cards::provider(&passkey),
        tried: passkey.tried,
        name: passkey.name,
        next,
        passwordless,
    };
    visit.page(&page)
}
