//! A passkey on the phone, as the computer sees it: W-2, W-3, W-4 and W-5b.

use std::sync::Arc;

use account::enrolment::{EnrolmentId, Stage};
use account::passkey::Place;
use axum::http::StatusCode;
use serde::Deserialize;
use service::enrol_phone::{self, EnrolError, Progress};
use service::{Caller, CeremonyError, Who, manage_passkeys, manage_sessions, register_passkey};

use super::passkeys_problem;
use super::security::id;
use crate::app::App;
use crate::context::Visit;
use crate::cookies::{self, Keep};
use crate::fields::{Form, Path, Query};
use crate::live::{self, Seen};
use crate::pages::wizard_link::{Code, Link, NumberProblem, Phone, View, Waiting};
use crate::pages::wizard_phone::{Check, How, HowProblem, PhoneKind, Which};
use crate::problem::{Answer, Problem, Stop};
use crate::qr;
use crate::text::Text;

/// Which phone, as a form or an address says.
#[derive(Deserialize)]
pub(super) struct Kind {
    #[serde(default)]
    phone: String,
    /// The page shows a code that replaces another.
    #[serde(default)]
    new: bool,
}

#[derive(Deserialize)]
pub(super) struct Number {
    #[serde(default)]
    number: String,
}

/// For how long Security info offers to go on.
const RESUMABLE: Keep = Keep::Seconds(15 * 60);

impl Visit {
    /// Remembers at which step the person is, for as long as Security info offers to go on with it.
    fn remember_step(&mut self, step: &str) {
        self.set_cookies.push(cookies::set(cookies::WIZARD, step, RESUMABLE));
    }

    /// The wizard is past that, or was left for good.
    pub(super) fn forget_step(&mut self) {
        if self.sealed.wizard.is_some() {
            self.set_cookies.push(cookies::remove(cookies::WIZARD));
        }
    }

    /// Where the person was on the way to a phone a little while ago: a path of ours.
    pub(super) fn step_to_resume(&self) -> Option<String> {
        let step = self.sealed.wizard.as_deref()?;
        let known = ["phone/check", "phone/which", "phone/how"].contains(&step)
            || step.strip_prefix("phone/").is_some_and(|id| id.parse::<EnrolmentId>().is_ok());
        known.then(|| format!("/me/security/add/{step}"))
    }
}

/// The path, with the phone's system where it is known.
pub(super) fn with_kind(path: &str, kind: Option<PhoneKind>) -> String {
    kind.map_or_else(|| path.to_owned(), |kind| format!("{path}?phone={}", kind.code()))
}

pub(super) async fn check(mut visit: Visit) -> Answer {
    let who = visit.anyone().await?;
    let phones = visit.app.service.settings().policy.phones.clone();
    if !phones.link && !phones.hybrid {
        return visit.see_other("/me/security/add");
    }
    visit.remember_step("phone/check");
    let page = Check {
        android: i64::from(phones.android),
        ios: i64::from(phones.ios),
        by_browser: phones.hybrid,
        next: "/me/security/add/phone/which".to_owned(),
        shell: visit.shell_for(&who),
    };
    visit.page(&page)
}

pub(super) async fn which(mut visit: Visit, Query(query): Query<Kind>) -> Answer {
    let who = visit.anyone().await?;
    let chosen = match PhoneKind::parse(&query.phone) {
        Some(kind) => Some(kind),
        None => last_phone(&visit, &who).await?,
    };
    visit.remember_step("phone/which");
    let shell = visit.shell_for(&who);
    visit.page(&Which { shell, chosen, missing: false })
}

/// The system of the phone that the person used last, by their passkeys and sessions.
async fn last_phone(visit: &Visit, who: &Who) -> Result<Option<PhoneKind>, Stop> {
    let passkeys = manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)?;
    let by_passkey = passkeys.iter().rev().find_map(|passkey| {
        let used = passkey.last_used_on.as_deref().and_then(PhoneKind::of_device);
        used.or_else(|| PhoneKind::of_device(&passkey.created_on))
    });
    if by_passkey.is_some() || who.session.is_limited() {
        return Ok(by_passkey);
    }
    let Ok(sessions) = manage_sessions::list(&visit.app.service, visit.now(), who).await else {
        return Ok(None);
    };
    Ok(sessions.iter().find_map(|session| PhoneKind::of_device(&session.client.browser)))
}

pub(super) async fn which_chosen(mut visit: Visit, Form(form): Form<Kind>) -> Answer {
    let who = visit.anyone().await?;
    if form.phone == "here" {
        return visit.see_other("/me/security/add/this-computer/create");
    }
    let Some(kind) = PhoneKind::parse(&form.phone) else {
        let shell = visit.shell_for(&who);
        let page = Which { shell, chosen: None, missing: true };
        return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let phones = visit.app.service.settings().policy.phones.clone();
    // With one way left there is nothing to choose.
    if phones.link && !phones.hybrid {
        return begin(visit, &who, Some(kind), false).await;
    }
    let path = if phones.link || !phones.hybrid {
        "/me/security/add/phone/how"
    } else {
        "/me/security/add/phone-browser/create"
    };
    visit.see_other(&with_kind(path, Some(kind)))
}

async fn how_page(visit: &mut Visit, who: &Who, phone: Option<PhoneKind>) -> Result<How, Stop> {
    let passkeys = manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)?;
    let phones = &visit.app.service.settings().policy.phones;
    let (link, by_browser) = (phones.link, phones.hybrid);
    let confirm = register_passkey::must_confirm(&visit.app.service.settings(), who, &passkeys, visit.now());
    Ok(How { phone, link, by_browser, confirm, problem: None, shell: visit.shell_for(who) })
}

pub(super) async fn how(mut visit: Visit, Query(query): Query<Kind>) -> Answer {
    let who = visit.anyone().await?;
    visit.remember_step("phone/how");
    let page = how_page(&mut visit, &who, PhoneKind::parse(&query.phone)).await?;
    visit.page(&page)
}

/// W-4 once more, because the choice did not hold.
pub(super) async fn how_again(
    mut visit: Visit,
    who: &Who,
    phone: Option<PhoneKind>,
    problem: HowProblem,
) -> Answer {
    let page = How { problem: Some(problem), ..how_page(&mut visit, who, phone).await? };
    visit.page_with(StatusCode::CONFLICT, &page)
}

/// Begins an errand and leads to its code.
pub(super) async fn begin(visit: Visit, who: &Who, phone: Option<PhoneKind>, renewed: bool) -> Answer {
    let mut caller = visit.caller();
    match enrol_phone::begin(&visit.app.service, &mut caller, who).await {
        Ok(begun) => {
            let path = with_kind(&format!("/me/security/add/phone/{}", begun.id), phone);
            let mark = if path.contains('?') { '&' } else { '?' };
            visit.see_other(&if renewed { format!("{path}{mark}new=true") } else { path })
        }
        Err(error) => refused(visit, who, phone, &error).await,
    }
}

/// What is done about a refusal that leads elsewhere than to the errand's own page.
async fn refused(visit: Visit, who: &Who, phone: Option<PhoneKind>, error: &EnrolError) -> Answer {
    match error {
        EnrolError::PhonesOff => how_again(visit, who, phone, HowProblem::Changed).await,
        EnrolError::Ceremony(CeremonyError::ConfirmNeeded) => {
            visit.see_other("/me/confirm?for=add-passkey&place=phone-link")
        }
        // The page of the first step says that there are as many as there may be.
        EnrolError::Ceremony(CeremonyError::TooManyPasskeys) => visit.see_other("/me/security/add"),
        error => Err(problem(error).into()),
    }
}

fn problem(error: &EnrolError) -> Problem {
    match error {
        EnrolError::TicketUnknown => Problem::not_found(),
        EnrolError::SessionEnded | EnrolError::Ceremony(CeremonyError::SessionEnded) => {
            Problem::session_ended()
        }
        EnrolError::TooManyTries { .. } => Problem::too_many(60),
        EnrolError::Store(error) | EnrolError::Ceremony(CeremonyError::Store(error)) => {
            Problem::from(error.clone())
        }
        other => Problem::forbidden(other.code()),
    }
}

fn waiting(progress: &Progress) -> Waiting {
    let passkey = progress.passkey;
    Waiting {
        stage: progress.stage,
        mode: progress.mode,
        phone: progress
            .phone
            .as_ref()
            .map(|phone| Phone { device: phone.browser.clone(), address: phone.address.clone() }),
        another_tried: progress.another_tried,
        lost: progress.lost_contact,
        reason: progress.reason.clone(),
        other_login: progress.other_login.clone(),
        next: passkey.map(|id| match progress.stage {
            // Tried already on the phone: the name is left, and the rest follows from there.
            Stage::Tried | Stage::CreatedOk => format!("/me/security/add/{id}/name"),
            _ => "/me/security".to_owned(),
        }),
        try_instead: None,
        version: i64::try_from(progress.version).unwrap_or(i64::MAX),
    }
}

/// Where a passkey that the phone turns out to have already is tried: the only one on a phone, else the list of them. The
/// page has it from the start, so that its events need not look for it.
async fn try_instead(visit: &Visit, who: &Who) -> Result<Option<String>, Stop> {
    let passkeys = manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)?;
    let mut on_phones = passkeys.iter().filter(|passkey| passkey.place == Place::Phone);
    Ok(match (on_phones.next(), on_phones.next()) {
        (Some(only), None) => Some(format!("/me/security/add/{}/try", only.id)),
        _ => None,
    })
}

async fn link_page(visit: &mut Visit, who: &Who, progress: Progress, query: &Kind) -> Result<Link, Stop> {
    let mut waiting = waiting(&progress);
    if !waiting.view().is_last() {
        waiting.try_instead = try_instead(visit, who).await?;
    }
    let origin = visit.app.site.origin.clone();
    let code = if waiting.view() == View::Code {
        let mut caller = visit.caller();
        // A phone may have taken it up meanwhile: the page then comes without it, and is told so at once.
        let shown = enrol_phone::show_again(&visit.app.service, &mut caller, who, progress.id).await;
        shown.ok().map(|begun| {
            let address = format!("{origin}/a/e/{}", begun.ticket);
            Code {
                picture: qr::svg(&address),
                address,
                typed: begun.code.as_ref().map(std::string::ToString::to_string),
            }
        })
    } else {
        None
    };
    let path = format!("phone/{}", progress.id);
    if waiting.view().is_last() {
        visit.forget_step()
    } else {
        visit.remember_step(&path)
    }
    Ok(Link {
        id: progress.id.to_string(),
        waiting,
        code,
        companion: format!("{}/a", origin.as_str().trim_start_matches("https://")),
        ends: progress.ends,
        phone: PhoneKind::parse(&query.phone),
        renewed: query.new,
        problem: None,
        shell: visit.shell_for(who),
    })
}

async fn follow(visit: &Visit, who: &Who, id: EnrolmentId) -> Result<Progress, Stop> {
    enrol_phone::follow(&visit.app.service, visit.now(), who, id)
        .await
        .map_err(|error| problem(&error).into())
}

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>, Query(query): Query<Kind>) -> Answer {
    let who = visit.anyone().await?;
    let progress = follow(&visit, &who, id(&text)?).await?;
    let page = link_page(&mut visit, &who, progress, &query).await?;
    visit.page(&page)
}

pub(super) async fn stage(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.anyone().await?;
    let progress = follow(&visit, &who, id(&text)?).await?;
    let text = Text::new(visit.facts.spoken());
    visit.ok(waiting(&progress).json(text))
}

pub(super) async fn events(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.anyone().await?;
    let id: EnrolmentId = id(&text)?;
    follow(&visit, &who, id).await?;
    let Some(watcher) = visit.app.live.watch(who.session.id) else { return Ok(live::full()) };
    let (app, text) = (Arc::clone(&visit.app), Text::new(visit.facts.spoken()));
    Ok(live::stream(watcher, move || {
        let (app, who) = (Arc::clone(&app), who.clone());
        async move { look(&app, &who, id, text).await }
    }))
}

/// One look for a page that waits: one read. Nothing if there is nothing to see any more; the page then asks by itself.
async fn look(app: &App, who: &Who, id: EnrolmentId, text: Text) -> Option<Seen> {
    let now = app.service.db.not_before(app.ambient.now());
    let waiting = waiting(&enrol_phone::follow(&app.service, now, who, id).await.ok()?);
    let told = waiting.json(text);
    Some(Seen { mark: mark(&told), told, last: waiting.view().is_last() })
}

/// By what a state is recognised: time alone changes it too, without a new version.
fn mark(told: &serde_json::Value) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    told.to_string().hash(&mut hasher);
    hasher.finish()
}

pub(super) async fn number(mut visit: Visit, Path(text): Path<String>, Form(form): Form<Number>) -> Answer {
    let who = visit.anyone().await?;
    let id: EnrolmentId = id(&text)?;
    let mut caller = visit.caller();
    let typed = enrol_phone::type_number(&visit.app.service, &mut caller, &who, id, &form.number).await;
    let problem = match typed {
        Err(EnrolError::NumberWrong { .. }) if !is_number(&form.number) => NumberProblem::Empty,
        Err(EnrolError::NumberWrong { left }) => NumberProblem::Wrong { left: i64::from(left) },
        Err(error @ (EnrolError::TicketUnknown | EnrolError::SessionEnded | EnrolError::Store(_))) => {
            return Err(self::problem(&error).into());
        }
        // Right, or over: the page itself says which.
        Ok(_) | Err(_) => return visit.see_other(&format!("/me/security/add/phone/{id}")),
    };
    let progress = follow(&visit, &who, id).await?;
    let query = Kind { phone: String::new(), new: false };
    let page = Link { problem: Some(problem), ..link_page(&mut visit, &who, progress, &query).await? };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Two digits; anything else costs no try.
fn is_number(typed: &str) -> bool {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

async fn end(visit: &Visit, caller: &mut Caller, who: &Who, id: EnrolmentId) -> Result<(), Stop> {
    match enrol_phone::stop(&visit.app.service, caller, who, id).await {
        Err(error @ (EnrolError::TicketUnknown | EnrolError::SessionEnded | EnrolError::Store(_))) => {
            Err(problem(&error).into())
        }
        // Over already is as good.
        Ok(()) | Err(_) => Ok(()),
    }
}

pub(super) async fn stop(mut visit: Visit, Path(text): Path<String>, Form(form): Form<Kind>) -> Answer {
    let who = visit.anyone().await?;
    let mut caller = visit.caller();
    end(&visit, &mut caller, &who, id(&text)?).await?;
    visit.forget_step();
    visit.see_other(&with_kind("/me/security/add/phone/how", PhoneKind::parse(&form.phone)))
}

pub(super) async fn again(mut visit: Visit, Path(text): Path<String>, Form(form): Form<Kind>) -> Answer {
    let who = visit.anyone().await?;
    follow(&visit, &who, id(&text)?).await?;
    begin(visit, &who, PhoneKind::parse(&form.phone), true).await
}
