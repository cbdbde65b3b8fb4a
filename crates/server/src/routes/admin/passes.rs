//! `/admin/users/{id}/pass` and `/admin/passes`: issuing, taking back and listing passes (AT-2 to AT-4).

use account::role::Permission;
use account::temporary_pass::{Pass, PassId, Stated, Wish};
use account::user::{User, UserId};
use axum::http::StatusCode;
use primitives::secret::SecretText;
use serde::Deserialize;
use service::administer_passes::{self, Give, Granted, Issued, Overview};
use service::administer_users::AdministerError;
use service::order_pass::OrderError;
use service::{Authority, Unauthorised, Who};

use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::Flash;
use crate::pages::console::passes::{
    CurrentPass, IssuePass, MailWay, PassForm, PassList, PassRow, Recipient,
};
use crate::pages::orders::state_key;
use crate::pages::passes::{PassLetter, PassNews, ShownPass, issuer, reason};
use crate::pass_terms;
use crate::problem::{Answer, Problem, Stop};

/// Passes on a page.
const PAGE: u32 = 50;

fn id(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let page = page(&mut visit, &who, id(&text)?, None).await?;
    visit.page(&page)
}

/// The form, as it was typed and with what is wrong with it, or fresh.
async fn page(
    visit: &mut Visit,
    who: &Who,
    user: UserId,
    typed: Option<(PassForm, &'static str)>,
) -> Result<IssuePass, Stop> {
    let overview = administer_passes::overview(&visit.app.service, Authority::Person(who), user).await;
    let Overview { user, refusal, pass, mails, orders, manager, second } = overview.map_err(problem)?;
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    let policy = visit.app.service.settings().of(&user);
    let (amount, unit) = pass_terms::amount_of(policy.passes.default);
    let fresh = PassForm { amount, unit: unit.to_owned(), ..PassForm::default() };
    let (form, problem) = match typed {
        Some((form, problem)) => (form, Some(problem)),
        None => (fresh, None),
    };
    let now = visit.now();
    let current = pass.map(|(pass, name)| CurrentPass {
        state: pass.usability(now, &policy.passes),
        starts: pass.starts,
        ends: pass.ends,
        one_time: pass.one_time,
        issuer: issuer(shell.text, pass.issuer, name),
        reason: reason(shell.text, &pass.reason),
        serial: pass.serial(),
        mails,
    });
    let by_policy = matches!(
        &refusal,
        Some(AdministerError::PassBlocked(blocked)) if blocked.is_policy()
    ) || matches!(&refusal, Some(AdministerError::Issue(_)));
    Ok(IssuePass {
        blocked: refusal.as_ref().map(AdministerError::code),
        by_policy: by_policy && nav.may(Permission::ReadPolicy),
        current,
        orders: orders.iter().map(|order| (order.id.to_string(), state_key(order.standing(now)))).collect(),
        second,
        manager,
        mail: mail_way(visit, &user),
        once_falls_short: !policy.phones.number,
        only_once: policy.passes.one_time_only,
        bounds: (policy.passes.shortest, policy.passes.longest),
        person: Recipient { id: user.id.to_string(), name: user.name, login: user.login.shown().to_owned() },
        form: PassForm {
            note: form.note.chars().take(400).collect(),
            amount: form.amount.chars().take(6).collect(),
            ..form
        },
        problem,
        shell,
        nav,
    })
}

fn mail_way(visit: &Visit, user: &User) -> MailWay {
    let Some(address) = user.directory.private_email.clone() else { return MailWay::NoAddress };
    if !visit.app.site.mails {
        MailWay::Off
    } else if user.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(&address)) {
        MailWay::OwnMailbox(address)
    } else {
        MailWay::To(address)
    }
}

/// What was typed, as a wish.
fn wish(form: &PassForm, visit: &Visit) -> Result<(Wish, Give), &'static str> {
    let stated = Stated::parse(&form.why, Some(&form.check), &form.note).map_err(|refusal| refusal.code())?;
    let starts = pass_terms::starts(&form.from, (&form.at, &form.zone), visit.now())?;
    let give = match form.how.as_str() {
        "mail" if !visit.app.site.mails => return Err("mail_off"),
        "mail" => Give::Mail,
        "manager" => Give::Manager,
        _ => Give::Show,
    };
    let wish = Wish {
        lifetime: Some(pass_terms::lifetime(&form.amount, &form.unit)?),
        starts,
        one_time: form.once == "yes",
        reason: stated.text(),
    };
    Ok((wish, give))
}

/// The value is in the answer to this very POST and nowhere else; asking again needs another confirmation and makes
/// another pass.
pub(super) async fn issue(mut visit: Visit, Path(text): Path<String>, Form(form): Form<PassForm>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let user = id(&text)?;
    let wanted = match wish(&form, &visit) {
        Ok(wanted) => wanted,
        Err(code) => return again(visit, &who, user, (form, code)).await,
    };
    let mut caller = visit.caller();
    let authority = Authority::Person(&who);
    match administer_passes::give(&visit.app.service, &mut caller, authority, user, wanted).await {
        Ok(Granted::Issued(issued)) => {
            let found = service::administer_passes::overview(&visit.app.service, authority, user).await;
            let Overview { user, .. } = found.map_err(problem)?;
            let back = format!("/admin/users/{}/pass", user.id);
            let Issued { pass, value } = *issued;
            let issuer = who.user.name.clone();
            shown_once(visit, &who, &user, (&pass, &value), (issuer, back))
        }
        Ok(Granted::Mailed(_)) => {
            visit.set_flash(&Flash::Pass(PassNews::Mailed));
            visit.see_other(&format!("/admin/users/{user}/pass"))
        }
        Ok(Granted::Ordered(order)) => {
            let second = order.kind == account::pass_order::Kind::SecondPerson;
            visit.set_flash(&Flash::Pass(if second { PassNews::Waits } else { PassNews::ForManager }));
            visit.see_other(&format!("/admin/orders/{}", order.id))
        }
        Err(error) => match typed_wrong(error) {
            Ok(code) => again(visit, &who, user, (form, code)).await,
            Err(stop) => Err(stop),
        },
    }
}

/// AT-3.
pub(in crate::routes) fn shown_once(
    mut visit: Visit,
    who: &Who,
    user: &User,
    (pass, value): (&Pass, &SecretText),
    (issuer, back): (String, String),
) -> Answer {
    let shell = visit.shell_for(who);
    let holds = visit.app.service.settings().orders.letter_code;
    let letter = PassLetter::new(&visit.app.site, user, (pass, value), holds, (issuer, visit.now()));
    visit.page(&ShownPass { shell, letter, back })
}

async fn again(mut visit: Visit, who: &Who, user: UserId, typed: (PassForm, &'static str)) -> Answer {
    let page = page(&mut visit, who, user, Some(typed)).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The code of what the form can say; everything else ends the request.
pub(in crate::routes) fn typed_wrong(error: OrderError) -> Result<&'static str, Stop> {
    match error {
        OrderError::Administer(
            error @ (AdministerError::Store(_)
            | AdministerError::NotFound
            | AdministerError::Unauthorised(Unauthorised::SessionEnded)),
        ) => Err(problem(error)),
        other => Ok(other.code()),
    }
}

pub(super) async fn revoke(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let user = id(&text)?;
    let mut caller = visit.caller();
    let authority = Authority::Person(&who);
    let news = match administer_passes::revoke(&visit.app.service, &mut caller, authority, user).await {
        Ok(()) => PassNews::Revoked,
        Err(AdministerError::NotFound) => PassNews::NothingToRevoke,
        Err(error) => {
            let code = typed_wrong(error.into())?;
            let page = page(&mut visit, &who, user, None).await?;
            let page = IssuePass { problem: Some(code), ..page };
            return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    visit.set_flash(&Flash::Pass(news));
    visit.see_other(&format!("/admin/users/{user}/pass"))
}

/// What the list is asked for.
#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    all: String,
    after: Option<String>,
}

pub(super) async fn list(mut visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let after =
        wanted.after.map(|after| after.parse::<PassId>().map_err(|_| Problem::not_found())).transpose()?;
    let outstanding = wanted.all != "yes";
    let service = &visit.app.service;
    let listed =
        administer_passes::listed(service, Authority::Person(&who), after, (outstanding, PAGE)).await;
    let listed = listed.map_err(problem)?;
    let full = u32::try_from(listed.len()).unwrap_or(u32::MAX) >= PAGE;
    let next = listed.last().filter(|_| full).map(|last| last.pass.id.to_string());
    let (settings, now) = (visit.app.service.settings(), visit.now());
    let shell = visit.shell_for(&who);
    let text = shell.text;
    let rows = listed.into_iter().map(|listed| PassRow {
        state: listed.pass.usability(now, &settings.of(&listed.user).passes),
        starts: listed.pass.starts,
        ends: listed.pass.ends,
        one_time: listed.pass.one_time,
        issuer: issuer(text, listed.pass.issuer, listed.issuer),
        reason: reason(text, &listed.pass.reason),
        serial: listed.pass.serial(),
        revocable: listed.revocable,
        user: listed.user.id.to_string(),
        login: listed.user.login.shown().to_owned(),
        name: listed.user.name,
    });
    let page = PassList { nav: visit.nav(&who), passes: rows.collect(), outstanding, next, shell };
    visit.page(&page)
}

pub(in crate::routes) fn problem(error: AdministerError) -> Stop {
    match error {
        AdministerError::Store(error) => Problem::from(error).into(),
        AdministerError::NotFound => Problem::not_found().into(),
        AdministerError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
