//! SEC-1: everything by which a person signs in.

use account::temporary_pass::{Pass, Usability};

use service::manage_passkeys::{ManagePasskeysError, Methods};
use service::report_entry;

use super::{cards, interrupt, methods, passkeys_problem};
use crate::context::Visit;
use crate::cookies::{self, Keep};
use crate::pages::Flash;
use crate::pages::security::{PassRow, PassRowState, Resume, SecurityInfo, Signals};
use crate::problem::{Answer, Problem};

/// The advice to add a second passkey returns after 30 days (experience R47).
const LATER: Keep = Keep::Seconds(30 * 24 * 3600);

pub(super) async fn show(mut visit: Visit) -> Answer {
    let (who, Methods { passkeys, pass, orders, .. }) = visit.anyone_with_methods().await?;
    let onboarding = who.session.is_limited();
    let unfinished = passkeys.iter().find(|passkey| !passkey.tried && onboarding);
    let settings = visit.app.service.settings();
    let page = SecurityInfo {
        methods: methods::rows(&visit, &who, &passkeys).await?,
        silent: interrupt::may_save_silently(&visit, &who),
        frozen: who.session.pass().is_some()
            && !report_entry::frozen(&visit.app.service, &who).await?.is_empty(),
        pass: pass.and_then(|(pass, usability)| pass_row(&pass, usability)),
        resume: unfinished
            .map(|passkey| Resume {
                name: Some(passkey.name.clone()),
                next: format!("/me/security/add/{}/try", passkey.id),
            })
            .or_else(|| visit.step_to_resume().map(|next| Resume { name: None, next })),
        nudge: passkeys.iter().filter(|passkey| passkey.is_enabled()).count() == 1 && !visit.sealed.later,
        limit: i64::try_from(account::methods::MOST_PASSKEYS).unwrap_or(i64::MAX),
        orders,
        // The list is complete and true whoever looks, but an onboarding session without a passkey has
        // nothing to tell, and an empty list would hide passkeys that are about to be made.
        signals: (!passkeys.is_empty()).then(|| Signals {
            rp_id: visit.app.site.rp_id.clone(),
            user_handle: who.user.handle.to_vec(),
            login: who.user.login.shown().to_owned(),
            name: who.user.name.clone(),
            credential_ids: passkeys.iter().map(|passkey| passkey.credential_id.clone()).collect(),
        }),
        passkeys: passkeys.iter().map(|passkey| cards::card(&settings, passkey, &who)).collect(),
        shell: visit.shell_for(&who),
    };
    visit.page(&page)
}

fn pass_row(pass: &Pass, usability: Usability) -> Option<PassRow> {
    let state = match usability {
        Usability::Usable => PassRowState::Usable,
        Usability::NotYetValid { .. } => PassRowState::NotYetValid,
        Usability::Expired { .. } => PassRowState::Expired,
        Usability::Used { .. } => PassRowState::Used,
        Usability::Revoked | Usability::Locked | Usability::BlockedByPolicy => return None,
    };
    Some(PassRow { state, starts: pass.starts, ends: pass.ends, one_time: pass.one_time })
}

pub(super) async fn later(mut visit: Visit) -> Answer {
    visit.full().await?;
    visit.set_cookies.push(cookies::set(cookies::LATER, "1", LATER));
    visit.see_other("/me/security")
}

pub(super) async fn delete_pass(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    let flash = match service::manage_passkeys::delete_pass(&visit.app.service, &mut caller, &who).await {
        Ok(()) => Flash::PassDeleted,
        Err(ManagePasskeysError::NotFound) => Flash::AlreadyGone,
        Err(error) => return Err(passkeys_problem(error)),
    };
    visit.set_flash(&flash);
    visit.see_other("/me/security")
}

/// Reads the id in an address; what is none is nobody's.
pub(super) fn id<T>(text: &str) -> Result<primitives::id::Id<T>, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
