//! PO-2: editing a part, or a profile of passkeys, as a form. What is saved is a draft.

use account::policy::{Policy, Profile};
use account::role::Permission;
use axum::http::StatusCode;
use service::Who;

use super::{Desk, keep};
use crate::context::Visit;
use crate::fields::{Form, Path};
use crate::pages::console::policy::{PolicyEdit, ProfileLine, audience, refused};
use crate::policy_form::{self, Around, Fields, Part, ProfileForm, Wrong, known_models};
use crate::problem::{Answer, Problem, Stop};
use crate::text::Text;

type Sent = Vec<(String, String)>;

fn part(code: &str) -> Result<Part, Stop> {
    Part::parse(code).filter(|part| *part != Part::Strengths).ok_or_else(|| Problem::not_found().into())
}

pub(crate) async fn show(mut visit: Visit, Path(code): Path<String>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let part = part(&code)?;
    let desk = Desk::of(&visit, &who).await?;
    let fields = policy_form::fill(part, desk.policy()?, &desk.groups);
    let page = form(&mut visit, &who, &desk, part, &(fields, Vec::new(), None))?;
    visit.page(&page)
}

/// What the form holds, what is wrong with it, and why the document refuses it.
type Held = (Fields, Vec<Wrong>, Option<String>);

fn form(visit: &mut Visit, who: &Who, desk: &Desk, part: Part, held: &Held) -> Result<PolicyEdit, Stop> {
    let (fields, wrong, refusal) = held;
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    let (text, policy) = (shell.text, desk.policy()?);
    let around = Around { text, groups: &desk.groups, policy };
    let profiles = (part == Part::Passkeys).then(|| profiles(text, policy, desk));
    Ok(PolicyEdit {
        title: text.say(&format!("policy-part-{}", part.code())).to_string(),
        lead: text.say(&format!("policy-about-{}", part.code())).to_string(),
        action: part.path(),
        controls: policy_form::controls(part, &around, fields, wrong),
        profiles,
        remove: None,
        models: Vec::new(),
        refusal: refusal.clone(),
        back: "/admin/policy",
        may_edit: nav.may(Permission::EditPolicy),
        shell,
        nav,
    })
}

fn profiles(text: Text, policy: &Policy, desk: &Desk) -> Vec<ProfileLine> {
    let line = |(place, profile): (usize, &Profile)| ProfileLine {
        place,
        name: profile.name.clone(),
        state: audience(text, &profile.audience, &desk.groups),
    };
    policy.passkeys.terms.profiles.iter().enumerate().map(line).collect()
}

pub(crate) async fn save(mut visit: Visit, Path(code): Path<String>, Form(sent): Form<Sent>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let part = part(&code)?;
    let desk = Desk::of(&visit, &who).await?;
    let fields = Fields::from(sent);
    let read = policy_form::read(part, desk.policy()?, &desk.groups, &fields);
    let held = match judged(&visit, &desk, read) {
        Ok(document) => {
            let then = fields.one("then").to_owned();
            return keep(visit, &who, (desk.base(), &document), (&then, "/admin/policy")).await;
        }
        Err((wrong, refusal)) => (fields, wrong, refusal),
    };
    let page = form(&mut visit, &who, &desk, part, &held)?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The document of what was read, or what is wrong with it.
pub(crate) fn judged(
    visit: &Visit,
    desk: &Desk,
    read: Result<Policy, Vec<Wrong>>,
) -> Result<String, (Vec<Wrong>, Option<String>)> {
    let policy = read.map_err(|wrong| (wrong, None))?;
    let text = Text::new(visit.facts.spoken());
    desk.document(&policy).map_err(|refusal| (Vec::new(), Some(refused(text, &refusal))))
}

/// The form of the profile at that place; `new` is that of none.
fn profile_form(visit: &Visit, policy: &Policy, place: &str) -> Result<ProfileForm, Stop> {
    let models = &visit.app.service.settings().models;
    if place == "new" {
        return Ok(ProfileForm::new(None, models));
    }
    let place: usize = place.parse().map_err(|_| Problem::not_found())?;
    let found = policy.passkeys.terms.profiles.get(place);
    found.map(|_| ProfileForm::new(Some(place), models)).ok_or_else(|| Problem::not_found().into())
}

pub(crate) async fn show_profile(mut visit: Visit, Path(place): Path<String>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let policy = desk.policy()?;
    let form = profile_form(&visit, policy, &place)?;
    let stored = form.place.and_then(|place| policy.passkeys.terms.profiles.get(place)).cloned();
    let new = Profile { name: String::new(), ..Profile::anything() };
    let fields = form.fill(&stored.unwrap_or(new), &desk.groups);
    let page = of_profile(&mut visit, &who, &desk, &form, &(fields, Vec::new(), None))?;
    visit.page(&page)
}

fn of_profile(
    visit: &mut Visit,
    who: &Who,
    desk: &Desk,
    form: &ProfileForm,
    held: &Held,
) -> Result<PolicyEdit, Stop> {
    let (fields, wrong, refusal) = held;
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    let (text, policy) = (shell.text, desk.policy()?);
    let around = Around { text, groups: &desk.groups, policy };
    let place = form.place.map_or_else(|| "new".to_owned(), |place| place.to_string());
    let action = format!("/admin/policy/passkeys/profiles/{place}");
    let title = match form.place.and_then(|place| policy.passkeys.terms.profiles.get(place)) {
        Some(profile) => text.say("policy-profile-heading").with("name", &profile.name).to_string(),
        None => text.say("policy-profile-new").to_string(),
    };
    let lasts = form.place.is_some() && policy.passkeys.terms.profiles.len() > 1;
    Ok(PolicyEdit {
        title,
        lead: text.say("policy-profile-lead").to_string(),
        remove: lasts.then(|| format!("{action}/remove")),
        action,
        controls: form.controls(&around, fields, wrong),
        profiles: None,
        models: model_names(visit),
        refusal: refusal.clone(),
        back: "/admin/policy/passkeys",
        may_edit: nav.may(Permission::EditPolicy),
        shell,
        nav,
    })
}

/// Every name once.
pub(crate) fn model_names(visit: &Visit) -> Vec<String> {
    let known = known_models(&visit.app.service.settings().models);
    let mut names: Vec<String> = known.into_values().collect();
    names.sort();
    names.dedup();
    names
}

pub(crate) async fn save_profile(
    mut visit: Visit,
    Path(place): Path<String>,
    Form(sent): Form<Sent>,
) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let policy = desk.policy()?;
    let form = profile_form(&visit, policy, &place)?;
    let fields = Fields::from(sent);
    let read = form.read(policy, &desk.groups, &fields);
    let held = match judged(&visit, &desk, read) {
        Ok(document) => {
            let then = fields.one("then").to_owned();
            return keep(visit, &who, (desk.base(), &document), (&then, "/admin/policy/passkeys")).await;
        }
        Err((wrong, refusal)) => (fields, wrong, refusal),
    };
    let page = of_profile(&mut visit, &who, &desk, &form, &held)?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

pub(crate) async fn remove_profile(mut visit: Visit, Path(place): Path<String>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let mut next = desk.policy()?.clone();
    let form = profile_form(&visit, &next, &place)?;
    let profiles = &mut next.passkeys.terms.profiles;
    if let Some(place) = form.place.filter(|place| *place < profiles.len() && profiles.len() > 1) {
        profiles.remove(place);
    }
    let document = judged(&visit, &desk, Ok(next)).map_err(|_| Problem::not_found())?;
    keep(visit, &who, (desk.base(), &document), ("stay", "/admin/policy/passkeys")).await
}
